# A pointer that the loop reads and doesn't change must lead where it led: to the same variable, the
# same block, the same element. What grew since, and where memory lies, doesn't matter.
. "$(dirname "$0")/lib.sh"

cat >program.c <<'C'
#include <signal.h>
#include <string.h>

#include "sim.h"

enum { N = 20 };

struct rule {
    uint64_t factor;
};

static uint64_t table[N], odd, even;
static const struct rule fast = {3}, slow = {3}; /* equal, but two */

static size_t value(const char *name, size_t otherwise)
{
    return getenv(name) ? strtoul(getenv(name), NULL, 10) : otherwise;
}

int main(void)
{
    uint64_t *first = calloc(N, sizeof *first), *second = calloc(N, sizeof *second);
    uint64_t one = 0, two = 0, *local = value("LOCAL", 0) ? &one : &two;
    uint64_t *variable = value("VARIABLE", 0) ? &odd : &even;
    const struct rule *rule = value("RULE", 0) ? &fast : &slow;
    uint64_t *block = value("BLOCK", 0) ? first : second;
    uint64_t *own = first + value("OWN", 4);
    uint64_t *element = table + value("ELEMENT", 3), *end = table + value("END", N);
    uint64_t *skipped = table + value("SKIPPED", 0);
    uint64_t *grown = calloc(4, sizeof *grown);
    uint64_t *walk = table + value("WALK", 0), *turn = table + value("TURN", 0);
    size_t stop = value("STOP", 1000), n = 4, i = 0;

#pragma checkpoint name("p") on(TERM) skip(stop, skipped) save(first[:N], second[:N], own[:2],      \
                                                               grown[:n]) alloc(grown[:n])
    for (turn = first; turn != second; i++) {
        *variable += i * rule->factor;
        *local += *variable % 10;
        table[i % N] += spend(*block + *element + *variable) % 1000;
        first[i % N] += table[i % 7];
        second[i % N] += i ^ first[i % 3];
        own[i % 2] += 3;
        *walk += i;
        walk = walk + 1 == end ? table : walk + 1;
        grown[i % n] += i + *skipped % 1;
        if (i == 120 || i == 140) {
            uint64_t *more = realloc(grown, 100 * n * sizeof *grown);

            if (!more)
                return 2;
            memset(more + n, 0, 99 * n * sizeof *more);
            grown = more;
            n *= 100;
        }
        turn = i == 149 ? second : first + i % N;
        if (i == stop)
            raise(SIGTERM);
    }
    print("one, two", one * 3 + two + (rule == &fast));
    print("odd, even", odd * 3 + even);
    print("blocks", digest(1, first, N * sizeof *first) + digest(2, second, N * sizeof *second));
    print("table", DIGEST(table));
    print("grown", digest(3, grown, n * sizeof *grown));
    free(first);
    free(second);
    free(grown);
    return 3;
}
C
build_plain plain program.c
build p program.c

# with ITERATION SETTING: started after a run without SETTING that was stopped there.
with() {
    rm -rf "$states"
    STOP=$1 run ./p
    [ "$status" = 143 ] || { cat said >&2; fail "status $status instead of TERM's"; }
    status_of env "$2" ./plain >expected
    run env "$2" ./p
    ended_as expected
}
elsewhere() {
    fresh_because "input '$1' leads elsewhere [(]name it in 'skip' if it doesn't matter[)]"
}

# What would have been the choice anyway; before it grew, and twice after.
for stop in 90 120 130 145; do
    with $stop ELEMENT=3
    resumed_at $((stop + 1))
done
with 90 SKIPPED=5
resumed_at 91

with 90 TURN=3 # set in the head of the loop
resumed_at 91

with 90 LOCAL=1
elsewhere local
with 90 RULE=1
elsewhere rule
with 90 VARIABLE=1
elsewhere variable
with 90 BLOCK=1
elsewhere block
with 90 OWN=9
elsewhere own
with 90 ELEMENT=4
elsewhere element
with 90 END=19
elsewhere end
with 130 VARIABLE=1
elsewhere variable
with 90 WALK=1
fresh_because "start value 'walk' leads elsewhere"

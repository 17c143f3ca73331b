# What saved variables hold in front of the loop must be equal, too, where that says anything: not
# what comes from clocks and random numbers, what nothing has set, what `save` names.
. "$(dirname "$0")/lib.sh"

cat >program.c <<'C'
#include <signal.h>
#include <string.h>
#include <time.h>

#include "sim.h"

struct particle {
    double at, speed;
    const char *name;
};

static uint64_t totals[8];
static struct particle particles[2] = {{1, 2, "first"}, {3, 4, "second"}};
static time_t last;
static unsigned seed;

static long value(const char *name)
{
    return getenv(name) ? strtol(getenv(name), NULL, 10) : 0;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(void)
{
    uint64_t sum = (uint64_t)value("SUM"), scratch[4], named = (uint64_t)getpid();
    uint64_t given;
    int stop = getenv("STOP") ? (int)value("STOP") : -1;
    double begun = now(), slow = begun;

    totals[3] = (uint64_t)value("TOTAL");
    particles[1].speed += (double)value("SPEED");
    last = time(NULL);
    seed = (unsigned)getpid();
    given = (uint64_t)value("GIVEN") + 1;
#pragma checkpoint save(named) skip(stop) every(1000 iterations) on(TERM)
    for (int i = 0; i < 100; i++) {
        memset(scratch, i, sizeof scratch);
        sum = sum * 3 + scratch[i % 4] % 1000;
        totals[i % 8] += sum % 11;
        particles[i % 2].at += particles[1].speed++;
        given = given * 5 + 1;
        if (i == stop)
            raise(SIGTERM);
        seed = seed * 7 + 1;
        last += time(NULL) > last;
        slow += now() > slow;
        named++;
    }
    print("sum", sum ^ DIGEST(totals) ^ given);
    printf("%g %g\n", particles[0].at, particles[1].at);
    return begun < 0;
}
C
"$memocc" "$CC" -O2 -I"$here" program.c -o p 2>warnings || fail "p"
build_plain plain program.c

STOP=50 ./p >out 2>&1 && fail "it wasn't stopped"
cp -R "$states" saved

with() {
    env "$1" ./plain >expected
    rm -rf "$states"
    cp -R saved "$states"
    env "$1" ./p >out 2>err || fail "$1: status $?"
    cmp out expected || fail "$1: output"
    grep -q "$2" err || { cat err >&2; fail "$1: no word of $2"; }
}
with NOTHING=1 "goes on at iteration 51"
with SUM=5 "start value 'sum' was 0 and is 5 (name it in 'save' if it doesn't matter)"
with TOTAL=7 "start value 'totals' was {0, 0"
with SPEED=1 "start value 'particles"
with GIVEN=1 "start value 'given' was 1 and is 2"

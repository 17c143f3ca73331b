# No space for a save: a line, the output as ever, and what was saved before is still good.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <signal.h>

#include "sim.h"

int main(void)
{
    uint64_t x = 1, *numbers = NULL, stop = getenv("STOP") ? 40 : 1000;
    size_t n = 0;

#pragma checkpoint every(5 iterations) save(numbers[:n]) alloc(numbers[:n]) skip(stop)
    for (int i = 0; i < 60; i++) {
        size_t more = i < 20 ? 100 : 20000;

        numbers = realloc(numbers, (n + more) * sizeof *numbers);
        if (!numbers)
            abort();
        for (size_t k = 0; k < more; k++)
            numbers[n++] = x + k;
        x = spend(x);
        if ((uint64_t)i == stop)
            raise(SIGKILL);
    }
    print("numbers", digest(1, numbers, n * sizeof *numbers));
    return 3;
}
END_C
build_plain plain p.c
run ./plain
mv out expected
build p p.c
# Files can't be longer than 64 blocks, of 512 or 1024 bytes.
(
    ulimit -f 64
    run ./p
    ended_as expected
    grep -q '^memocc: ' said || fail "nothing was said"
    n_states_are 0
    STOP=1 run ./p
)
run ./p
ended_as expected
resumed_at '(5|10|15|20)'

# A file system that is full.
mkdir small
mount -t tmpfs -o size=256k tmpfs small 2>said || exit 0
trap 'umount "$PWD/small"' EXIT
export MEMOCC_CHECKPOINT_DIR="$PWD/small/c"
# shellcheck disable=SC2034 # for n_states
states=$MEMOCC_CHECKPOINT_DIR
run ./p
ended_as expected
grep -q '^memocc: ' said || fail "nothing was said"
n_states_are 0
STOP=1 run ./p
[ "$(n_states)" -ge 1 ] || fail "the older generation is gone"
run ./p
ended_as expected
resumed_at '(5|10|15|20)'
[ -z "$(find small -name '*.tmp-*')" ] || fail "a part of a file was left"

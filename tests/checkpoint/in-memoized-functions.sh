# Where results of earlier calls are known, later ones are the first to enter the loop: each call goes
# on with its own state, also within a loop around them.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <signal.h>

#include "sim.h"

#pragma memo
static uint64_t turn(uint64_t n)
{
    uint64_t x = n;

#pragma checkpoint every(1 iterations)
    for (int i = 0; i < 30; i++)
        x = spend(x + (uint64_t)i);
    return x;
}

static int is_to_stop(uint64_t x)
{
    return getenv("STOP_AT") && strtoul(getenv("STOP_AT"), NULL, 10) == x;
}

/* As turn(), and killed within its loop. */
#pragma memo trust(is_to_stop, raise)
static uint64_t last_turn(uint64_t n)
{
    uint64_t x = n;

#pragma checkpoint every(1 iterations) trust(is_to_stop, raise)
    for (int i = 0; i < 30; i++) {
        x = spend(x + (uint64_t)i);
        if (i == 20 && is_to_stop(n))
            raise(SIGKILL);
    }
    return x;
}

int main(int argc, char **argv)
{
    uint64_t sum = 0;

#ifdef OUTER
#pragma checkpoint every(1000 iterations)
#endif
    for (uint64_t i = 0; i < 3; i++)
        for (uint64_t k = 0; k < 3; k++)
            sum = sum * 31 + turn(i) + last_turn(i * 3 + k);
    print("sum", sum);
    return argc + (argv == NULL) + 2;
}
END_C
export MEMOCC_GATE=off
for form in ALONE OUTER; do
    build_plain plain p.c -D$form
    build p p.c -D$form
    run ./plain
    mv out expected
    for stop in 2 4 7; do
        rm -rf "$MEMOCC_DIR"
        STOP_AT=$stop run ./p
        [ "$status" = 137 ] || { cat said >&2; fail "status $status"; }
        run ./p
        ended_as expected
        [ $form = OUTER ] || resumed_at '(19|20)'
    done
done

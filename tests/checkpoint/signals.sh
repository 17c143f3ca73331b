# TERM, INT and USR1: saved at the next top, exactly there; TERM and INT then end the program by
# that signal, USR1 doesn't; the program's own handlers are back behind the loop.
. "$(dirname "$0")/lib.sh"
victim 'every(2h)' >p.c
build_plain plain p.c
run ./plain
mv out expected
build p p.c
for n in 0 1 77 149; do
    STOP=$n run ./p
    [ "$status" = 143 ] || fail "status $status"
    n_states_are 1
    run ./p
    ended_as expected
    resumed_at $((n + 1))
    n_states_are 0
done
stop ./p
n_states_are 2
MARK=120 run ./p
ended_as expected
resumed_at 101

cat >handlers.c <<'END_C'
#include <signal.h>
#include <unistd.h>

#include "sim.h"

static void on_int(int signal)
{
    (void)signal;
    if (write(1, "handled\n", 8) != 8)
        _exit(4);
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_int}, after;
    uint64_t x = 1, n = getenv("STOP") ? 10 : 200;

    sigaction(SIGINT, &action, NULL);
    raise(SIGINT);
#pragma checkpoint on(INT) skip(n)
    for (uint64_t i = 0; i < 100; i++) {
        x = spend(x);
        if (i == n)
            raise(SIGINT);
    }
    raise(SIGINT);
    sigaction(SIGINT, NULL, &after);
    print("x", x + (after.sa_handler == on_int));
    return 3;
}
END_C
build_plain plain handlers.c
run ./plain
mv out expected
build handlers handlers.c
STOP=1 run ./handlers
[ "$status" = 130 ] || fail "status $status"
run ./handlers
ended_as expected
resumed_at 11

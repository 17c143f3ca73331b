# A second instance of a program starts afresh, says so, and leaves what the first owns alone.
. "$(dirname "$0")/lib.sh"
victim 'every(3 iterations)' >p.c
build_plain plain p.c
run ./plain
mv out expected
build p p.c

# hold: a first instance that waits in iteration 60, $first, with states.
hold() {
    HOLD=60 ./p >first.out 2>first.said &
    first=$!
    trap 'kill -9 $first; exit 1' EXIT
    until grep -q '^State:.T' /proc/$first/status; do
        sleep 0.02
    done
}
# contents: of all states, with their dates.
contents() {
    (cd "$states" && ls -l --time-style=full-iso ./*.ckpt && cat ./*.ckpt)
}
hold
[ "$(n_states)" -ge 1 ] || fail "the first one saved nothing"
sleep 0.1 # for what is being written
contents >before
for _ in 1 2; do
    run ./p
    ended_as expected
    grep -q "^memocc: .* in use by process $first; this run starts afresh" said ||
        { cat said >&2; fail "it says nothing"; }
    contents >after
    cmp before after >&2 || fail "the second one changed what the first owns"
done
kill -CONT $first
status=0
# shellcheck disable=SC2034 # for ended_as
wait $first || status=$?
mv first.out out
mv first.said said
ended_as expected
silent
n_states_are 0

# Once for a loop that is entered often.
cat >often.c <<'END_C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static int hold;

static unsigned work(unsigned x)
{
#pragma checkpoint every(1 iterations) skip(hold)
    for (int i = 0; i < 10; i++) {
        x = x * 31 + 7;
        if (hold)
            raise(SIGSTOP);
    }
    return x;
}

int main(void)
{
    unsigned x = 1;

    hold = getenv("HOLD") != NULL;
    for (int i = 0; i < 50; i++)
        x = work(x);
    printf("%u\n", x);
    return 3;
}
END_C
build_plain plain often.c
run ./plain
mv out expected.often
mv p keep.p
build p often.c
hold
run ./p
ended_as expected.often
[ "$(grep -c "in use by process $first" said)" = 1 ] && [ "$(wc -l <said)" = 1 ] ||
    { cat said >&2; fail "not one line"; }
kill -9 $first
wait $first || :
mv keep.p p

# The first is killed: the next goes on from its state.
hold
kill -9 $first
wait $first || :
run ./p
ended_as expected
resumed_at '(5|6)[0-9]'
trap - EXIT

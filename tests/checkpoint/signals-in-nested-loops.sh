# TERM in a loop inside a loop, both with `on`: the inner state is of use only if the next run comes
# to the same iteration of the outer loop; else the outer one is saved at its next top.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    int stop = getenv("STOP") ? atoi(getenv("STOP")) : -1;
    long sum = 0;

#pragma checkpoint EVERY on(TERM) skip(stop)
    for (int i = 0; i < 8; i++) {
        fprintf(stderr, "outer %d\n", i);
#pragma checkpoint every(1h) on(TERM) skip(stop)
        for (int k = 0; k < 10; k++) {
            sum = sum * 3 % 10007 + k;
            if (i * 10 + k == stop)
                raise(SIGTERM);
        }
    }
    printf("%ld\n", sum);
    return 0;
}
END_C
build_plain plain p.c -DEVERY=
./plain >expected 2>/dev/null

# $1: where TERM comes; $2: the iteration that the next run begins with, or empty: it goes on to the
# end; $3: what it says.
check() {
    rc=0
    STOP=$1 ./p >out 2>err || rc=$?
    [ "$rc" = 143 ] || fail "$1: status $rc"
    grep -q "$3" err || { cat err >&2; fail "$1: what it says"; }
    rc=0
    ./p >out 2>err2 || rc=$?
    [ "$rc" = 0 ] || fail "$1: then status $rc"
    cmp out expected || fail "$1: another result"
    [ "$(grep -m1 outer err2)" = "${2:+outer $2}" ] || { cat err2 >&2; fail "$1: goes on"; }
}

sed 's/EVERY/every(1h)/' p.c >q.c
build p q.c
later='SIGTERM: the loop around it is saved at its next iteration'
check 34 4 "$later"
grep -q "loop 'q.c:main:1' saved at iteration 4 on SIGTERM" err || fail "the outer loop's line"
grep -q "loop 'q.c:main:2' saved" err && fail "the inner loop's line"
check 39 4 'saved at iteration 4 on SIGTERM' # behind the last top of the inner loop
check 75 '' "$later"

# The outer loop has just been saved: the program ends at once.
sed 's/EVERY/every(1 iterations)/' p.c >q.c
build p q.c
check 34 3 "loop 'q.c:main:2' saved at iteration 5 on SIGTERM"
grep -q 'outer 4' err && fail "it didn't end at once"
grep -q "loop 'q.c:main:2' goes on at iteration 5" err2 || { cat err2 >&2; fail "the inner loop"; }

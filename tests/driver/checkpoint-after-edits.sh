# A state is good after edits that don't concern its loop, and after others the loop starts
# afresh and says which function or object has changed.
. "$(dirname "$0")/lib.sh"
MEMOCC_DIR=$PWD/store
export MEMOCC_DIR
cat >step.c <<'END2'
double step(double x) { return x * 0.5 + 1; }
END2
cat >loop.c <<'END2'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
double step(double x);
static double deeper(double x) { return x + 3; }
static double begin(void) { return 0; }
int main(void)
{
    double sum = begin();
    const char *at = getenv("DIE");
    long end = at ? atol(at) : -1;
#pragma checkpoint every(10 iterations) skip(end) name("k")
    for (int i = 0; i < 1000; i++) {
        sum = step(sum) + deeper(i); /* each */
        if (i == end)
            raise(SIGKILL);
    }
    printf("%.17g\n", sum);
    return 0;
}
END2
build() {
    "$CC" -O1 -c step.c
    "$MEMOCC" -O1 loop.c step.o -o program -lm
}
killed() {
    status=0
    DIE=600 ./program >out 2>&1 || status=$?
    [ "$status" -eq 137 ] || fail "it ended with $status: $(cat out)"
}
# after FILE EDIT REGEX: killed, edited and built, it says that, and prints what a build of
# the new text does without a state
after() {
    killed
    sed "$2" "$1" >edited
    ! cmp -s "$1" edited || fail "no edit: $2"
    mv edited "$1"
    build
    ./program >out 2>log || fail "$(cat log)"
    grep -q "^memocc: loop.c:[0-9]*: loop 'k' $3" log || fail "$2: $(cat log)"
    MEMOCC_CHECKPOINT=off ./program >expected 2>log || fail "$(cat log)"
    cmp out expected || fail "$2: $(cat out), not $(cat expected)"
}
build
after loop.c 's/return 0;$/return 1 - 1;/' "goes on at iteration [1-9]"
after loop.c 's|each|every one|' "goes on at iteration [1-9]"
after loop.c 's/"%.17g/"sum %.17g/' "goes on at iteration [1-9]"
after loop.c 's/{ return 0; }/{ return -1 + 1; }/' "goes on at iteration [1-9]"
after loop.c 's/x + 3/x + 4/' "starts afresh: .*function 'deeper'"
after loop.c 's/+ deeper/- deeper/' "starts afresh: .*code"
after loop.c 's/double sum/float sum/' "starts afresh"
after step.c 's/0.5/0.25/' "starts afresh: .*'step.o'"

# Compiler and options are in the key, unless MEMOCC_SLOPPY=toolchain leaves them out.
. "$(dirname "$0")/lib.sh"
cat >f.c <<'END'
#include <stdio.h>
#pragma memo
double f(double x) { return x * 2 + 1; }
int main(void) { printf("%g\n", f(3)); return 0; }
END
"$MEMOCC" -O1 f.c -o one
"$MEMOCC" -O2 f.c -o two
unset MEMOCC
export MEMOCC_GATE=off
misses() { # program: how many calls were computed
    MEMOCC_STATS=stats.json "$1" >out
    grep -qx 7 out || fail "output: $(cat out)"
    sed -n 's/.*"misses": *\([0-9]*\).*/\1/p' stats.json
}
export MEMOCC_DIR="$PWD/exact"
[ "$(misses ./one)" = 1 ] || fail "the first run"
[ "$(misses ./one)" = 0 ] || fail "the same program again"
[ "$(misses ./two)" = 1 ] || fail "-O2 got the result of -O1"
export MEMOCC_DIR="$PWD/sloppy" MEMOCC_SLOPPY=toolchain
[ "$(misses ./one)" = 1 ] || fail "the first run, sloppily"
[ "$(misses ./two)" = 0 ] || fail "-O2 did not get the result of -O1, sloppily"
MEMOCC_SLOPPY=everything ./one >out 2>log
grep -q "^memocc: MEMOCC_SLOPPY: 'everything' is not understood; allowed: toolchain;" log || fail "$(cat log)"

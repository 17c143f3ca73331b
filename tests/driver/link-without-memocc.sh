# A program that another compiler has linked says at its first run which calls nobody
# has judged; its results depend on the program as a whole.
. "$(dirname "$0")/lib.sh"
cat >main.c <<'END'
#include <stdio.h>
double f(double);
double h(double);
int main(void) { printf("%g %g\n", f(2), h(3)); return 0; }
END
cat >f.c <<'END'
#include <math.h>
double g(double);
#pragma memo
double f(double x) { return g(x) * 2; }
#pragma memo
double h(double x) { return sqrt(x) * 2; }
END
echo 'double g(double x) { return x + 1; }' >g.c
"$MEMOCC" -O2 -c main.c f.c g.c
# shellcheck disable=SC2046
"$CC" main.o f.o g.o $("$MEMOCC" --memo-libs) -lm -o program
tool=$MEMOCC
unset MEMOCC
export MEMOCC_DIR="$PWD/store" MEMOCC_GATE=off
./program >out 2>log
grep -qx '6 3.4641' out || fail "output: $(cat out)"
[ "$(grep -c "^memocc: warning: 'f' calls 'g', " log)" -eq 1 ] || fail "first run: $(cat log)"
[ "$(wc -l <log)" -eq 1 ] || fail "first run: $(cat log)"
./program >out 2>log
[ ! -s log ] || fail "second run: $(cat log)"
MEMOCC=readonly MEMOCC_DIR="$PWD/other" ./program >out 2>log
grep -q "^memocc: warning: 'f' calls 'g', " log || fail "without a store: $(cat log)"
# Another g: nothing of the old program is found.
echo 'double g(double x) { return x + 2; }' >g.c
"$CC" -O2 -c g.c
# shellcheck disable=SC2046
"$CC" main.o f.o g.o $("$tool" --memo-libs) -lm -o program
./program >out 2>log
grep -qx '8 3.4641' out || fail "stale: $(cat out)"

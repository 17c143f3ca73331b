# An inline function whose body is in sight may have another one in another unit, which
# is the one that runs: it counts.
. "$(dirname "$0")/lib.sh"
cat >main.c <<'END'
#include <stdio.h>
extern inline __attribute__((gnu_inline)) double g(double x) { return x + 1; }
#pragma memo
double f(double x) { return g(x) * 2; }
int main(void) { printf("%g\n", f(1)); return 0; }
END
tool=$MEMOCC
unset MEMOCC
export MEMOCC_DIR="$PWD/store" MEMOCC_GATE=off
for by in memocc hand; do
    for n in 8 9; do
        echo "double g(double x) { return x + $n; }" >g.c
        "$CC" -O0 main.c g.c -o plain
        if [ $by = memocc ]; then
            "$tool" -O0 main.c g.c -o program
        else
            "$tool" -O0 -c main.c
            # shellcheck disable=SC2046
            "$CC" -O0 main.o g.c $("$tool" --memo-libs) -o program
        fi
        ./plain >want
        ./program >got
        cmp want got || fail "linked by $by, + $n: $(cat got), not $(cat want)"
    done
done

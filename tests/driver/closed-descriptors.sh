# A program started without standard streams doesn't find the store under their
# numbers.
set -eu
cat >f.c <<'END'
#include <stdio.h>
#pragma memo
static int f(int n)
{
    return n * 3;
}
int main(void)
{
    int v = f(4), c = getchar(), p = printf("%d\n", v) < 0 || fflush(stdout);
    return (c != EOF) + 2 * (p == 0) + 4 * (v != 12);
}
END
"$MEMOCC" "$CC" f.c -o prog
unset MEMOCC
export MEMOCC_DIR="$PWD/store" MEMOCC_GATE=off
for _ in 1 2; do
    ./prog <&- >&- 2>&- || {
        echo "exit status $?"
        exit 1
    }
done
size=$(wc -c <store/data.mdb)
[ $((size % 4096)) -eq 0 ]

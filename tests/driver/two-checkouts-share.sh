# Results are found from another folder: keys are free of paths, lines and
# comments, whatever debug information the objects hold.
set -eu
for d in one "another checkout"; do
    mkdir -p "$d/src"
    cat >"$d/src/f.c" <<'END'
#include <math.h>
int helper(int n);
#pragma memo
double f(int n)
{
    return sqrt(n) + helper(n);
}
END
    cat >"$d/src/main.c" <<'END'
#include <stdio.h>
double f(int n);
int helper(int n) { return n * 3; }
int main(void) { printf("%g %g\n", f(2), f(5)); return 0; }
END
done
# A comment and a blank line more: nothing that counts.
sed -i '1i /* this one has a comment */\n' "another checkout/src/f.c"
for d in one "another checkout"; do
    (cd "$d" && "$MEMOCC" "$CC" -g -O2 "$PWD/src/f.c" "$PWD/src/main.c" -o prog -lm)
done
unset MEMOCC
export MEMOCC_DIR="$PWD/store" MEMOCC_GATE=off
first=$(cd one && ./prog)
second=$(cd "another checkout" && MEMOCC_STATS=1 ./prog 2>../stats)
[ "$first" = "$second" ]
awk '$2 == "f" { calls = $3; disk = $5 } END { exit !(calls == 2 && disk == 2) }' stats || {
    cat stats
    exit 1
}

# A loop that appends to files, or updates them, is done, and the program is killed behind it: the next
# run doesn't append once more.
. "$(dirname "$0")/lib.sh"

cat >program.c <<'C'
#include <signal.h>

#include "sim.h"

static void write_to(FILE *to, const char *what, int from)
{
#pragma checkpoint file(to, stdout) every(7 iterations)
    for (int i = from; i < from + 20; i++) {
        fprintf(to, "%s %d\n", what, i);
        printf("%d\n", i);
    }
}

int main(int argc, char **argv)
{
    FILE *log = fopen("log", "a"), *table = fopen("table", "r+");

    if (!log || !table)
        return 1;
    write_to(log, "line", 0);
    fseek(table, 5, SEEK_SET);
    write_to(table, "row", 100);
    write_to(log, "more", 200);
    fflush(NULL);
    if (argc > 1 && getenv("DIE"))
        raise(SIGKILL);
    printf("%s\n", argc > 1 ? argv[1] : "done");
    return 0;
}
C
"$memocc" "$CC" -O2 -Wno-memo-state -I"$here" program.c -o p || fail "p"
build_plain plain program.c

before() {
    echo "old" >log
    seq 1000 >table
    echo "printed" >out
}
before
./plain x >>out
mkdir expected
mv log table out expected

before
DIE=1 ./p x >>out 2>err && fail "it wasn't killed"
DIE=1 ./p x >>out 2>err && fail "it wasn't killed"
./p x >>out 2>err || { cat err >&2; fail "status"; }
for file in log table out; do
    cmp "$file" "expected/$file" || fail "$file"
done
[ -z "$(ls "$states")" ] || { ls "$states"; fail "states are left"; }

# A run that comes to its end is followed by one of its own.
./p x >>out
[ "$(grep -c "^line 7$" log)" = 2 ] || fail "the second run"

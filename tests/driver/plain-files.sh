# Without annotations every file that a compilation makes is what cc makes.
. "$(dirname "$0")/lib.sh"
mkdir -p src/dir src/include
cat >src/dir/a.c <<'END'
#include <stdio.h>
#include "local.h"
#include <other.h>
#pragma GCC optimize("O1")
int f(int n)
{
    printf("%s %d %s\n", __FILE__, n, VALUE);
    return OTHER;
}
#ifdef WITH_MAIN
int main(void) { return f(1) - OTHER; }
#endif
END
echo '#define VALUE "x"' >src/dir/local.h
echo '#define OTHER 7' >src/include/other.h
printf 'int g(void) { return 1; }\n' >src/b.c
printf '.globl h\nh: ret\n' >src/h.s
printf -- '-O2 -Iinclude -D"X=1 2"\n' >src/flags.txt
for options in '-c' '-c -o x.o' '-S' '-S -o x.s' '-c -O2 -g' '-c -O2 -g3' '-c -MD' '-c -MMD -MP' \
    '-c -MD -MF d/x.d -MT target' '-c -Wp,-MMD,x.d' '-c -flto -frandom-seed=1' '-c -pipe' \
    '-c -save-temps' '-c -fPIC' '-c -march=native -O3' '-c -fopenmp' '-c -std=c99 -pedantic' \
    '-E' '-E -o x.i' '-M' '-MM' '-c -include b.c' '-c -imacros dir/local.h' '-c -x c' \
    '-c -DA -UA -isystem include -iquote include -idirafter include' '-fsyntax-only' \
    '-c -Wall -Wextra -Werror' '-c -no-such-option' '-c -Xpreprocessor -DX=1' '-c -Wp,-DX=1' \
    '-c -ffile-prefix-map=dir=gone' '-c -DERROR -include missing.h'; do
    mkdir -p src/d
    # shellcheck disable=SC2086
    compare $options -Iinclude dir/a.c
done
if ! is_clang; then
    compare -c --coverage -frandom-seed=1 -Iinclude dir/a.c
    compare -c -fstack-usage -fdump-tree-optimized -Iinclude dir/a.c
fi
compare -c @flags.txt dir/a.c
compare -c -Iinclude dir/a.c b.c h.s
compare -S -Iinclude dir/a.c b.c
compare -MM -Iinclude dir/a.c b.c
compare -c missing.c
compare
compare --version
compare -print-prog-name=ld
compare -c -o

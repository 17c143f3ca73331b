# An annotated unit makes files of the same names as with cc, and dependency
# files that speak of the user's own source.
. "$(dirname "$0")/lib.sh"
mkdir -p src/dir src/include src/obj
cat >src/dir/a.c <<'END'
#include <stdio.h>
#include "local.h"
#include "other.h"
#pragma memo
int square(int x) { return x * x; }
int main(void) { return printf("%d %s\n", square(VALUE), OTHER) < 0; }
END
cp src/dir/a.c "src/a b.c"
cp src/dir/a.c src/a.c
echo '#define VALUE 5' >src/dir/local.h
cp src/dir/local.h src/local.h
echo '#define OTHER __FILE__' >src/include/other.h
for source in dir/a.c a.c; do
    for options in '-c' '-c -o obj/x.o' '-S' '-c -g -O2' '-c -MD' '-c -MMD -MP' '-c -MD -MF obj/x.d' \
        '-c -MD -MT t1 -MQ t2' '-c -MD -o obj/x.y.o' '-c -Wp,-MMD,obj/x.d' '-c --coverage' \
        '-c --coverage -o obj/x.o' '-c -save-temps' '-c -save-temps=obj -o obj/x.o' '-c -flto' \
        '-o program' '-MD -o program' '-o program -g --coverage' '' '-fsyntax-only' '-c -pipe' \
        '-E -o x.i' '-MM' '-c -Werror=return-type'; do
        # shellcheck disable=SC2086
        compare_names $options -Iinclude $source
    done
done
compare_names -c -MD -Iinclude "a b.c"
[ "$(cat memocc.out/status.txt)" -eq 0 ] || { cat memocc.out/stderr.txt; fail "a blank in a name"; }
is_clang || compare_names -c -g -fstack-usage -fdump-tree-optimized -Iinclude dir/a.c

# An annotated unit finds the headers that cc finds, under the same names.
. "$(dirname "$0")/lib.sh"
mkdir -p app/sub lib
cat >app/main.c <<'END'
#include <stdio.h>
#include "top.h"
#include "sub/nested.h"
#include "lib.h"
#pragma memo
int square(int x) { return x * x; }
int main(void)
{
    puts(__FILE__);
    puts(__BASE_FILE__);
    puts(top());
    puts(nested());
    puts(lib());
    puts(common());
    return square(3) - 9;
}
END
function_header() { echo "static inline const char *$1(void) { return __FILE__; }"; }
function_header top >app/top.h
{ echo '#include "common.h"'; function_header nested; } >app/sub/nested.h
function_header lib >lib/lib.h
function_header common >lib/common.h
check() {
    "$CC" "$@" -o expected
    "$MEMOCC" "$@" -o program
    ./expected >expected.txt
    ./program >output.txt
    diff expected.txt output.txt || fail "$*"
    no_temps_left
}
everywhere() {
    check -Ilib app/main.c
    check -I lib "$PWD/app/main.c"
    (cd app && check -I../lib main.c && check -I. -I../lib main.c && check -I../lib ./main.c &&
        check -isystem . -I../lib main.c && check -iquote . -I../lib main.c)
    (cd lib && check -I. ../app/main.c)
    check -Ilib -isystem app app/main.c
    check -Ilib -Iapp app/main.c
    check -Ilib -ffile-prefix-map=app=gone app/main.c
    check -Ilib -ffile-prefix-map="$PWD"=here "$PWD/app/main.c"
    check -Ilib -fmacro-prefix-map=app/=x/ app/main.c
}
everywhere
# A header beside the source that only a header elsewhere asks for by a name that
# -I resolves: the folder of the source must not come first for it.
echo 'static inline const char *common(void) { return "beside the source"; }' >app/common.h
everywhere
rm app/common.h
# Names of what -include asks for are looked up from the current folder.
echo '#define FORCED 1' >forced.h
echo '#error "forced from beside the source"' >app/forced.h
check -include forced.h -Ilib app/main.c
mkdir forced
mv forced.h forced/forced.h
check -include forced.h -Iforced -Ilib app/main.c

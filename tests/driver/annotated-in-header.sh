# An annotation in a header: the includes are resolved first, and what is made
# has the names, the dependencies and the behaviour of cc's.
. "$(dirname "$0")/lib.sh"
mkdir -p src/dir src/obj
cat >src/dir/square.h <<'END'
#ifndef SQUARE_H
#define SQUARE_H
#pragma memo
static inline int square(int x) { return x * x + EXTRA; }
static inline const char *header_file(void) { return __FILE__; }
#endif
END
cat >src/dir/a.c <<'END'
#include <stdio.h>
#include "square.h"
#include "square.h"
int main(void)
{
    puts(__FILE__);
    puts(header_file());
    return printf("%d %d %d\n", square(5), FORCED, __LINE__) < 0;
}
END
echo '#define FORCED 3' >src/forced.h
echo 'int other;' >src/b.c
cat >src/b2.c <<'END'
#include "dir/square.h"
int more(void) { return square(1); }
END
set -- -DEXTRA=0 -Wp,-DUNUSED=1 -include forced.h -Wall -Wextra -Werror -Wno-unknown-pragmas
for options in '-c' '-c -o obj/x.o' '-S' '-c -g -O2' '-c -MD' '-c -MMD -MP' '-c -MD -MF obj/x.d -MT t' \
    '-c -MD -o obj/x.y.o' '-c -Wp,-MMD,obj/x.d' '-o program' '-MD -o program' '-fsyntax-only' \
    '-c -MD b.c b2.c' '-E -o x.i'; do
    # shellcheck disable=SC2086
    compare_names "$@" $options dir/a.c
    [ "$(cat memocc.out/status.txt)" -eq 0 ] || { cat memocc.out/stderr.txt; fail "$options"; }
done
cd src
"$CC" "$@" dir/a.c b.c b2.c -o expected
"$MEMOCC" "$@" dir/a.c b.c b2.c -o program
./expected >expected.txt
./program | diff expected.txt -
"$MEMOCC" -I dir -x c - "$@" -o program <dir/a.c
./program | tail -1 | grep -qx '25 3 8' || fail "from stdin"
no_temps_left

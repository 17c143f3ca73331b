# Several inputs, some annotated: objects, links, order, languages.
. "$(dirname "$0")/lib.sh"
mkdir -p src/one src/two
cat >src/one/f.c <<'END'
#include "name.h"
#pragma memo
int one(int x) { return x * NAME; }
END
cat >src/two/g.c <<'END'
#include "name.h"
#pragma memo
int two(int x) { return x * NAME; }
END
echo '#define NAME 10' >src/one/name.h
echo '#define NAME 1000' >src/two/name.h
cat >src/main.c <<'END'
#include <stdio.h>
int one(int), two(int), three(void);
int main(void) { return printf("%d %d %d\n", one(2), two(3), three()) < 0; }
END
echo 'int three(void) { return 3; }' >src/three.c
for options in '-c' '-S' '-c -MD' '-c -O2 -g --coverage' '-fsyntax-only'; do
    # shellcheck disable=SC2086
    compare_names $options one/f.c main.c two/g.c three.c
    # shellcheck disable=SC2086
    compare_names $options one/f.c two/g.c
done
for options in '' '-O2 -g' '--coverage' '-flto' '-x c' '-static'; do
    # shellcheck disable=SC2086
    compare_names $options main.c one/f.c three.c two/g.c -o program
    if [ "$(cat memocc.out/status.txt)" -eq 0 ]; then
        (cd memocc.out && ./program) >output
        echo '20 3000 3' | cmp - output
    else
        cat memocc.out/stderr.txt
        fail "doesn't link: $options"
    fi
done
cd src
"$CC" -c three.c
"$MEMOCC" -c one/f.c two/g.c
"$MEMOCC" main.c f.o two/g.c three.o -o program
./program | cmp - ../output
"$MEMOCC" -x c main.c -x none f.o g.o -x c three.c -o program
./program | cmp - ../output
printf 'int three(void) { return 3 }' >three.c
status_of "$MEMOCC" main.c one/f.c two/g.c three.c -o bad 2>/dev/null
[ $status -eq 1 ] || fail "status $status"
[ ! -f bad ] || fail "an executable in spite of errors"
no_temps_left

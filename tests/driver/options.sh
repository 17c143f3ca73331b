# memocc's own options, by themselves and from a response file.
. "$(dirname "$0")/lib.sh"
cat >a.c <<'END'
#pragma memo
int square(int x) { return x * x; }
int main(void) { return square(5); }
END
echo 'int x;' >plain.c
"$MEMOCC" --memo-version | grep -q '^memocc [0-9]' || fail "no version"
"$MEMOCC" --memo-help | grep -q -e --memo-explain || fail "no help"
"$MEMOCC" --memo-off -O2 -c a.c -o off.o
"$CC" -O2 -c a.c -o cc.o
cmp off.o cc.o
"$MEMOCC" --memo-check -c a.c -o checked.o
[ ! -f checked.o ] || fail "--memo-check made an object"
"$MEMOCC" --memo-emit -c a.c >emitted.c
[ ! -f a.o ] || fail "--memo-emit made an object"
! cmp -s a.c emitted.c || fail "nothing was rewritten"
"$MEMOCC" --memo-emit plain.c | cmp - plain.c
# shellcheck disable=SC2046
"$CC" emitted.c $("$MEMOCC" --memo-libs | tr '\n' ' ') -o program ||
    (eval "set -- $("$MEMOCC" --memo-libs | sed "s|^\(.*libmemocc.a\)|'\1'|")" && "$CC" emitted.c "$@" -o program)
status_of ./program
[ $status -eq 25 ] || fail "status $status"
printf -- '-O2\n--memo-off\n-Wno-memo-impure\n' >response
"$MEMOCC" @response -c a.c -o off.o
cmp off.o cc.o
"$MEMOCC" -Wno-memo-impure -Wno-error=memo-impure -Rno-memo -O2 -Werror -c plain.c
# -w silences memocc's warnings, too, and comes before -Werror.
cat >loop.c <<'END'
#include <stdio.h>
void count(int n);
void count(int n)
{
#pragma checkpoint
    for (int i = 0; i < n; i++)
        printf("%d\n", i);
}
END
"$MEMOCC" -c loop.c 2>log
grep -q 'warning: .*memo-stream' log || fail "no warning"
for options in -w '-w -Wmemo-stream' '-Werror=memo-stream -w'; do
    # shellcheck disable=SC2086
    "$MEMOCC" $options -c loop.c 2>log || fail "$options"
    [ ! -s log ] || fail "$options: $(cat log)"
done
# Options that gcc knows, and libclang refuses.
if ! is_clang; then
    for option in -mfpmath=387 -mfunction-return=thunk; do
        "$CC" $option -c plain.c -o off.o 2>/dev/null || continue
        "$MEMOCC" $option -Wno-memo-fp -c a.c -o a.o || fail "$option"
    done
fi

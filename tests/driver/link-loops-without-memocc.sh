# A program that another compiler has linked: nobody has looked at what the calls out of sight of a
# loop change, so that it isn't saved, and says so. Loops without such calls are saved.
. "$(dirname "$0")/lib.sh"
cat >main.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
int next(void);
static int unseen(int die)
{
    int s = 0;
#pragma checkpoint every(1 iterations) name("unseen") skip(die)
    for (int i = 0; i < 10; i++) {
        if (i == 6 && die == 1)
            raise(SIGKILL);
        s += next();
    }
    return s;
}
static int trusted(int die)
{
    int s = 0;
#pragma checkpoint every(1 iterations) name("trusted") trust(next) skip(die)
    for (int i = 0; i < 10; i++) {
        if (i == 6 && die == 2)
            raise(SIGKILL);
        s += next() / 1000 + abs(i);
    }
    return s;
}
int main(void)
{
    int die = getenv("DIE") ? atoi(getenv("DIE")) : 0;
    printf("%d\n", unseen(die));
    printf("%d\n", trusted(die));
    return 0;
}
END
echo 'static int hidden; int next(void) { return ++hidden; }' >next.c
"$MEMOCC" -O2 -c main.c
"$CC" -O2 -c next.c
# shellcheck disable=SC2046
"$CC" main.o next.o $("$MEMOCC" --memo-libs) -o program
tool=$MEMOCC
unset MEMOCC
export MEMOCC_CHECKPOINT_DIR="$PWD/states"
warning="^memocc: warning: main.c:8: loop 'unseen' isn't saved: it calls 'next', which memocc judges when it links the program: link this one with memocc"
for die in 1 2; do
    status_of env DIE=$die ./program >/dev/null 2>log
    [ "$status" -ne 0 ] || fail "wasn't killed"
    [ "$(grep -c "$warning" log)" -eq 1 ] && [ "$(grep -c memocc: log)" -eq 1 ] || fail "killed in $die: $(cat log)"
done
./program >out 2>log
printf '55\n45\n' | cmp - out || fail "output: $(cat out)"
grep -q "$warning" log || fail "$(cat log)"
grep -q "loop 'trusted' goes on at iteration" log || fail "$(cat log)"
[ "$(wc -l <log)" -eq 2 ] || fail "$(cat log)"
# Linked by memocc, which couldn't look into the unit: as with clang's bitcode.
if command -v objcopy >/dev/null; then
    objcopy -R .memocc main.o bare.o
    "$tool" bare.o next.o -o program
    ./program 2>&1 >out | grep -q "loop 'unseen' isn't saved: it calls 'next', which memocc couldn't look into when it linked the program" ||
        fail "without its section"
    printf '55\n45\n' | cmp - out
fi

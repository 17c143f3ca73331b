# memocc in front of a compiler, of ccache, and with words in MEMOCC_CC.
. "$(dirname "$0")/lib.sh"
echo 'int x;' >a.c
cat >m.c <<'END'
#pragma memo
int square(int x) { return x * x; }
int main(void) { return square(5); }
END
check() {
    rm -f program
    "$@" m.c -o program
    status_of ./program
    [ $status -eq 25 ] || fail "$*: status $status"
}
"$CC" -O2 -c a.c -o expected.o
unset MEMOCC_CC
"$MEMOCC" "$CC" -O2 -c a.c
cmp a.o expected.o
"$MEMOCC" "$(basename "$CC")" -O2 -c a.c
cmp a.o expected.o
check "$MEMOCC" "$CC" -O2
MEMOCC_CC="$CC -DX=1" "$MEMOCC" -O2 -c a.c
cmp a.o expected.o
MEMOCC_CC=no-such-compiler "$MEMOCC" "$CC" -O2 -c a.c # a launcher's own word wins
if command -v ccache >/dev/null; then
    CCACHE_DIR=$PWD/cache
    export CCACHE_DIR
    "$MEMOCC" ccache "$CC" -O2 -c a.c
    cmp a.o expected.o
    check "$MEMOCC" ccache "$CC" -O2
    check "$MEMOCC" ccache "$CC" -O2
    MEMOCC_CC="ccache $CC" check "$MEMOCC"
    MEMOCC_CC=$CC check ccache "$MEMOCC" -O2
fi
no_temps_left

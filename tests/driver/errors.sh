# What goes wrong outside is one clear line and a status of 100 or more.
. "$(dirname "$0")/lib.sh"
cat >a.c <<'END'
#pragma memo
int square(int x) { return x * x; }
END
expect() { # status, text, command
    want=$1 text=$2
    shift 2
    status_of "$@" 2>error.txt
    [ $status -eq "$want" ] || { cat error.txt; fail "status $status: $*"; }
    grep -q -e "$text" error.txt || { cat error.txt; fail "no '$text': $*"; }
    [ "$(wc -l <error.txt)" -eq 1 ] || { cat error.txt; fail "more than a line: $*"; }
}
MEMOCC_CC=no-such-compiler expect 101 "cannot find the compiler 'no-such-compiler'" "$MEMOCC" -c a.c
MEMOCC_CC="'$MEMOCC'" expect 101 'is memocc itself' "$MEMOCC" -c a.c
ln -s "$MEMOCC" cc
MEMOCC_CC="'$PWD/cc'" expect 101 'is memocc itself' "$MEMOCC" -c a.c
(unset MEMOCC_CC; PATH=$PWD:$PATH; export PATH; expect 101 'is memocc itself' "$MEMOCC" -c a.c)
TMPDIR=$PWD/nowhere expect 101 "cannot create a directory in '.*nowhere'" "$MEMOCC" -c a.c
expect 100 "unknown option '--memo-of'; did you mean '--memo-off'" "$MEMOCC" --memo-of -c a.c
expect 100 'not in this version' "$MEMOCC" --memo-suggest a.c
expect 101 libclang "$MEMOCC" --memo-libclang="$PWD/no-libclang.so" -c a.c
"$MEMOCC" --memo-libclang="$PWD/no-libclang.so" --memo-off -c a.c 2>/dev/null
echo 'int x;' >plain.c
"$MEMOCC" --memo-libclang="$PWD/no-libclang.so" -c plain.c
status_of "$MEMOCC" -Wmemo-impur -c a.c 2>error.txt
grep -q "unknown option '-Wmemo-impur'" error.txt || { cat error.txt; fail "no warning"; }
"$MEMOCC" -Wno-memo-impur -c plain.c # as with cc, only a unit of ours brings it up
no_temps_left

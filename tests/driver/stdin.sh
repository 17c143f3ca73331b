# A source from stdin reaches the compiler byte for byte, or rewritten.
. "$(dirname "$0")/lib.sh"
printf 'int main(void)\n{\n\treturn __LINE__; /* \\ %% */\n}\n' >plain.c
"$CC" -O2 -g -c -x c - -o a.o <plain.c
"$MEMOCC" -O2 -g -c -x c - -o b.o <plain.c
cmp a.o b.o
"$CC" -E - <plain.c >a.i
"$MEMOCC" -E - <plain.c >b.i
cmp a.i b.i
"$MEMOCC" -E -dM - </dev/null >/dev/null
"$MEMOCC" -x c - -o program <plain.c
status_of ./program
[ $status -eq 3 ] || fail "status $status"
cat >annotated.c <<'END'
#pragma memo
int square(int x) { return x * x; }
int main(void) { return square(5) + __LINE__; }
END
"$MEMOCC" -x c - -o program <annotated.c
status_of ./program
[ $status -eq 28 ] || fail "status $status"
no_temps_left

# Preprocessed input: passed through without annotations, refused with them.
. "$(dirname "$0")/lib.sh"
mkdir src
echo 'int x;' >plain.c
printf '#pragma memo\nint f(int x) { return x; }\n' >a.c
"$CC" -E plain.c -o src/plain.i
"$CC" -E a.c -o src/a.i
compare -c plain.i
compare -c -x cpp-output plain.i
cd src
for options in 'a.i' '-x cpp-output a.i' '-fpreprocessed -x c a.i'; do
    # shellcheck disable=SC2086
    status_of "$MEMOCC" -c $options 2>error.txt
    [ $status -eq 100 ] || fail "status $status"
    grep -q "'a.i' is preprocessed and has annotations" error.txt || fail "no message"
    [ ! -f a.o ] || fail "an object in spite of the error"
done
"$MEMOCC" --memo-off -c a.i

# MEMOCC=explain names the object file, the archive's member, the function of
# another annotated unit, or the library that changed.
. "$(dirname "$0")/lib.sh"

tool=$MEMOCC
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE
MEMOCC_DIR=$PWD/store
MEMOCC_GATE=off
export MEMOCC_DIR MEMOCC_GATE

cat >f.c <<'END'
int plain(int);
int archived(int);
int annotated(int);
int shared(int);
#pragma memo trust(shared)
int f(int x) { return plain(x) + archived(x) + annotated(x) + shared(x); }
END
cat >main.c <<'END'
int f(int);
int main(void) { return f(1) == 0; }
END
echo 'static int deep(int x) { return x + 1; } int plain(int x) { return deep(x); }' >plain.c
echo 'int archived(int x) { return x + 2; }' >archived.c
printf '#pragma memo\nint annotated(int x) { return x + 3; }\n' >annotated.c
echo 'int shared(int x) { return x + 4; }' >shared.c

build() {
    for unit in f main plain archived annotated; do
        "$tool" -O1 -c $unit.c || fail "compile $unit"
    done
    rm -f libarchive.a
    ar rc libarchive.a archived.o
    "$CC" -shared -fPIC shared.c -o libshared.so
    "$tool" f.o main.o plain.o annotated.o -L. -larchive -lshared -Wl,-rpath,"$PWD" -o prog ||
        fail "link"
}

# says TEXT: what a run says of f, without the arguments.
says() {
    env MEMOCC=explain ./prog 2>stderr.txt || fail "the status is $?"
    sed -n 's/^memocc: miss f(.*): \(never\|code\)/\1/p' stderr.txt >said.txt
    printf '%s' "${1:+$1
}" | diff - said.txt >&2 || fail "not what was expected: $(cat stderr.txt)"
}

build
says "never seen: no result of 'f' is stored"
build
says ''
sed -i 's/x + 1/x + 11/' plain.c
build
says "code changed: object file 'plain.o'"
sed -i 's/x + 2/x + 12/' archived.c
build
says "code changed: object file 'libarchive.a(archived.o)'"
sed -i 's/x + 3/x + 13/' annotated.c
build
says "code changed: function of another unit 'annotated'"
sed -i 's/x + 4/x + 14/' shared.c
build
says 'code changed: library libshared.so'
says ''

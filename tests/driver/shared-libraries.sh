# Annotated shared libraries: linked, opened later, and with one runtime.
. "$(dirname "$0")/lib.sh"
cat >lib.c <<'END'
#pragma memo
int square(int x) { return x * x; }
END
cat >main.c <<'END'
int square(int);
int main(void) { return square(5); }
END
cat >opens.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
#pragma memo
int cube(int x) { return x * x * x; }
int main(void)
{
    void *lib = dlopen("./libsquare.so", RTLD_NOW);
    int (*square)(int) = lib ? (int (*)(int))dlsym(lib, "square") : NULL;
    if (!square) {
        puts(dlerror());
        return 1;
    }
    return square(5) + cube(2);
}
END
echo 'int plain;' >plain.c
"$MEMOCC" -fPIC -shared lib.c -o libsquare.so
"$MEMOCC" -fPIC -c lib.c
"$MEMOCC" -shared lib.o -o libsquare2.so
readelf -d libsquare.so libsquare2.so | grep -c 'NEEDED.*libmemocc' | grep -qx 2 || fail "no runtime"
"$MEMOCC" -shared -fPIC plain.c -o libplain.so
! readelf -d libplain.so | grep -q memocc || fail "the runtime in a library without annotations"
"$MEMOCC" main.c -L. -lsquare -Wl,-rpath,. -o program
status_of ./program
[ $status -eq 25 ] || fail "status $status"
"$MEMOCC" opens.c -o opens -ldl
status_of ./opens
[ $status -eq 33 ] || fail "status $status"
nm -D opens | grep -q 'T memo_abi_begin' || fail "the program doesn't share its runtime"
ar rcs libstatic.a lib.o
"$MEMOCC" main.c -L. -lstatic -o program
status_of ./program
[ $status -eq 25 ] || fail "status $status"
"$MEMOCC" -static main.c lib.o -o program
status_of ./program
[ $status -eq 25 ] || fail "status $status"

# Without annotations executables and libraries are what cc makes.
. "$(dirname "$0")/lib.sh"
mkdir src
cat >src/main.c <<'END'
#include <math.h>
#include <stdio.h>
double twice(double);
int main(int n, char **v) { (void)v; return printf("%g\n", twice(sin(n))) < 0; }
END
echo 'double twice(double x) { return 2 * x; }' >src/twice.c
(cd src && "$CC" -c -fPIC main.c twice.c && ar rcs libtwice.a twice.o && rm twice.o)
for options in '' '-O2 -g' '-static' '-no-pie' '-flto -frandom-seed=1' '-pthread' '-s' \
    '-Wl,--gc-sections' '-Wl,--no-as-needed' '-rdynamic' '-fuse-ld=gold' '-fuse-ld=lld'; do
    # The linker may be missing: then both fail alike.
    # shellcheck disable=SC2086
    compare $options main.o -L. -ltwice -lm -o program
    # shellcheck disable=SC2086
    compare $options main.c twice.c -lm -o program -frandom-seed=1
done
compare -x c main.c twice.c -lm
compare -shared -o libm.so main.o
compare -r -o both.o main.o libtwice.a
compare -nostdlib -shared -o lib.so main.o
compare -shared -fPIC -o lib.so twice.c
compare main.o -o program
compare no-such.o -o program
compare -lm

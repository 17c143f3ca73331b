#!/bin/sh
# test_shared.sh: the runtime as a shared library, in a plug-in that is loaded by
# dlopen, called, and unloaded again; and in a program linked with it.

unset MEMOCC # of the tests: the compiler
library=$MEMOCC_BUILD/lib/libmemocc.so
[ -e "$library" ] || { echo "no $library"; exit 125; }
if nm -D "$library" | grep -q -e __asan_ -e __tsan_ -e __gcov -e __llvm; then
    echo "the library is instrumented: skipped"
    exit 125
fi

cat > plugin.c <<'END'
#include "wrap.h"
static int computed;
static long f_body(long x)
{
    computed++;
    return x * 6;
}
MEMO_SCALAR(f, MEMO_SITE_FAST | MEMO_SITE_PROGRAM)
int count(void);
int count(void)
{
    for (int i = 0; i < 20; i++)
        if (f(i % 10) != i % 10 * 6)
            return -1;
    return computed;
}
END
cat > program.c <<'END'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static void *in_thread(void *count)
{
    return (void *)(long)((int (*)(void))count)();
}
int main(int argc, char **argv)
{
    int expected = atoi(argv[1]), n = -1;
    (void)argc;
    for (int round = 0; round < 3; round++) {
        void *plugin = dlopen("./plugin.so", RTLD_NOW | RTLD_LOCAL);
        int (*count)(void) = plugin ? (int (*)(void))dlsym(plugin, "count") : NULL;
        pthread_t thread;
        void *in_other;
        if (!count) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        n = count();
        if (round == 0 && n != expected) {
            fprintf(stderr, "computed %d, expected %d\n", n, expected);
            return 1;
        }
        pthread_create(&thread, NULL, in_thread, (void *)count);
        pthread_join(thread, &in_other);
        if ((int)(long)in_other != n)
            return 1;
        dlclose(plugin);
    }
    puts("done");
    return 0;
}
END
cat > linked.c <<'END'
extern int count(void);
int main(void)
{
    return count() == 10 ? 0 : 1;
}
END

set -e
compile="${TEST_GCC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -I$MEMOCC_SOURCE/runtime -I$MEMOCC_SOURCE/tests/runtime"
libraries="-L$MEMOCC_BUILD/lib -lmemocc -Wl,-rpath,$MEMOCC_BUILD/lib -pthread"
$compile -fPIC -shared plugin.c -o plugin.so $libraries
$compile program.c -o program -ldl -pthread
[ "$(./program 10 2> err)" = "done" ] || { cat err; exit 1; }
[ "$(./program 0 2> err)" = "done" ] || { cat err; exit 1; }
[ ! -s err ] || { cat err; exit 1; }
$compile linked.c plugin.c -o linked $libraries
./linked

# Only what is meant to be seen is seen.
if nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v -e '^memo_' ; then
    echo "unexpected symbols"
    exit 1
fi
if nm -D --defined-only "$library" | awk '{ print $3 }' | grep '^memo__'; then
    echo "internal symbols are visible"
    exit 1
fi

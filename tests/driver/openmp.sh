# Programs and libraries with synchronized code are linked with one OpenMP, others with none.
. "$(dirname "$0")/lib.sh"
include="$MEMOCC_SOURCE/runtime/include"
# What memocc makes of synchronized code, in short.
cat >sync.c <<'END_OF_FILE'
#include "memo_abi.h"
#include "memo_task_abi.h"
struct record { double *to, value; int i; };
static void run(void *records, memo_abi_size n)
{
    struct record *r = records;
    for (; n > 0; n--, r = (struct record *)((char *)r + 32))
        for (int k = 1; k < 20000; k++)
            r->value += 1.0 / (r->i + k);
}
static memo_abi_size commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    for (memo_abi_size i = 0; i < n; i++) {
        struct record *r = (struct record *)((char *)records + i * 32);
        *r->to += r->value;
    }
    return n;
}
static struct memo_task_site site = {.m_abi = MEMO_TASK_ABI, .m_size = 32, .m_file = "sync.c",
    .m_name = "f", .m_text = "sum += f(i)", .m_run = run, .m_commit = commit,
    .m_results = MEMO_TASK_NONE, .m_errno = MEMO_TASK_NONE, .m_ready = MEMO_TASK_NONE,
    .m_to = MEMO_TASK_NONE};
static struct memo_sync_info info = {.m_abi = MEMO_TASK_ABI, .m_file = "sync.c", .m_function = "sum"};
double sum(int n);
double sum(int n)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    double total = 0;
    memo_sync_begin(&s, &info, 0, 0);
    for (int i = 0; i < n; i++) {
        struct record *r = memo_task_room(&s, &site, 32);
        *r = (struct record){&total, 0, i};
    }
    memo_sync_end(&s);
    return total;
}
END_OF_FILE
cat >main.c <<'END_OF_FILE'
#include <stdio.h>
double sum(int n);
int main(void) { printf("%.17g\n", sum(200)); return 0; }
END_OF_FILE
cat >memo.c <<'END_OF_FILE'
#pragma memo
int square(int x) { return x * x; }
END_OF_FILE
echo 'int square(int); int main(void) { return square(5); }' >memo-main.c
echo 'int omp_get_max_threads(void); int threads(void) { return omp_get_max_threads(); }' >user.c
echo 'int threads(void); int main(void) { return threads() > 0 ? 0 : 1; }' >user-main.c

needed() { # file: the OpenMP runtimes that it asks for
    readelf -d "$1" | sed -n 's/.*NEEDED.*\[lib\(gomp\|omp\|iomp5\)[.].*/\1/p' | tr '\n' ' '
}
# loaded FILE: those that are in the process; none with a static program
loaded() { ldd "$1" | sed -n 's/^[[:space:]]*lib\(gomp\|omp\|iomp5\)[.].*/\1/p' | sort -u | tr '\n' ' '; }
check() { # program, what it needs
    [ "$(needed "$1")" = "$2" ] || fail "$1 needs '$(needed "$1")', not '$2'"
    for threads in 1 3; do
        MEMOCC='' OMP_NUM_THREADS=$threads ./"$1" >out || fail "$1: status $?"
        cmp out expected || fail "$1 with $threads threads prints $(cat out)"
    done
}
alone() { [ "$(loaded "$1" | wc -w)" -eq 1 ] || fail "$1 loads $(loaded "$1")"; }

"$CC" -O1 -fPIC -I"$include" -c sync.c main.c
"$MEMOCC" -O1 -fPIC -c memo.c
"$MEMOCC" main.o sync.o -o program
MEMOCC='' ./program >expected
ours=$(needed program)
case $ours in
'gomp ') is_clang && "$CC" -fopenmp user.c user-main.c -o any 2>/dev/null && fail "not clang's own" ;;
'omp ' | 'iomp5 ') is_clang || fail "not gcc's own" ;;
*) fail "program needs '$ours'" ;;
esac
check program "$ours"
alone program

# With -flto, and with the user's own OpenMP.
"$CC" -O1 -flto -I"$include" -c sync.c -o lto.o 2>/dev/null && "$MEMOCC" -flto main.o lto.o -o lto &&
    check lto "$ours"
"$MEMOCC" -fopenmp main.o sync.o user.c -o with-fopenmp
check with-fopenmp "$ours"
alone with-fopenmp
"$MEMOCC" main.o sync.o user.c -lgomp -o with-gomp
check with-gomp 'gomp '
alone with-gomp
if ! is_clang; then
    "$MEMOCC" -static main.o sync.o -o static-program
    check static-program ''
fi

# By hand.
case $("$MEMOCC" --memo-libs) in *omp*) ;; *) fail "--memo-libs names no OpenMP" ;; esac
eval "set -- $("$MEMOCC" --memo-libs | sed "s|^\(.*libmemocc.a\)|'\1'|")"
"$CC" main.o sync.o "$@" -o by-hand
check by-hand "$ours"
"$CC" memo-main.c memo.o "$@" -o by-hand-memo
[ -z "$(needed by-hand-memo)" ] || fail "by hand: a program without synchronized code needs OpenMP"

# Without synchronized code there is none.
"$MEMOCC" memo-main.c memo.o -o memo
[ -z "$(loaded memo)" ] || fail "a memo-only program loads $(loaded memo)"
"$MEMOCC" -shared memo.o -o libmemo.so
[ -z "$(loaded libmemo.so)" ] || fail "a memo-only library loads $(loaded libmemo.so)"
ar rcs libboth.a memo.o sync.o
"$MEMOCC" memo-main.c -L. -lboth -o memo
[ -z "$(loaded memo)" ] || fail "synchronized code that isn't linked brings $(loaded memo)"
"$MEMOCC" main.o -L. -lboth -o archive
check archive "$ours"

# In a shared library, for programs that know nothing of it, or have such code themselves.
"$MEMOCC" -shared sync.o -o libsync.so
[ "$(needed libsync.so)" = "$ours" ] || fail "the library needs '$(needed libsync.so)'"
"$CC" main.o -L. -lsync -Wl,-rpath,"$PWD" -o unaware
check unaware ''
alone unaware
# One that came with another OpenMP: the program takes the same.
"$MEMOCC" -shared sync.o -lgomp -o libsync.so
[ "$(needed libsync.so)" = 'gomp ' ] || fail "the library needs '$(needed libsync.so)'"
sed 's/double sum/double sum2/' sync.c >sync2.c
sed 's/sum(200)/sum(200) + 0 * sum2(3)/; s/^double.*/double sum(int n), sum2(int n);/' main.c >main2.c
"$CC" -O1 -I"$include" -c main2.c sync2.c
"$MEMOCC" main2.o sync2.o -L. -lsync -Wl,-rpath,"$PWD" -o both
check both 'gomp '
alone both

# --memo-no-openmp: the pragmas are ignored.
cat >annotated.c <<'END_OF_FILE'
#include <stdio.h>
#pragma concurrent
static double f(int i)
{
    double s = 0;
    for (int k = 1; k < 20000; k++)
        s += 1.0 / (i + k);
    return s;
}
int main(void)
{
    double total = 0;
#pragma synchronized
    for (int i = 0; i < 200; i++)
        total += f(i);
    printf("%.17g\n", total);
    return 0;
}
END_OF_FILE
"$MEMOCC" -O1 annotated.c -o annotated
check annotated "$ours"
"$MEMOCC" --memo-no-openmp -O1 annotated.c -o serial
check serial ''
! nm serial | grep -q memo_abi_sync || fail "--memo-no-openmp makes tasks"
no_temps_left

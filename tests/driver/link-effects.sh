# Calls out of sight are judged when the program is linked: state and effects in other
# units are errors with the chain of calls, clean code is silence, and what can't be
# looked into is a warning.
. "$(dirname "$0")/lib.sh"
cat >main.c <<'END'
#include <stdio.h>
double f(double);
extern int mode;
void set_mode(int m);
int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 5)
        set_mode(argc);
    printf("%g\n", f(2));
    return 0;
}
END
cat >f.c <<'END'
double g(double);
static double inner(double x) { return g(x) + 1; }
#pragma memo
double f(double x)
{
    return inner(x) * 2;
}
END
cat >mode.c <<'END'
int mode;
void set_mode(int m) { mode = m; }
END
"$MEMOCC" -O2 -c main.c
"$MEMOCC" -O2 -c f.c
"$MEMOCC" -O2 -c mode.c

# link OPTIONS...: link all objects; output in log, status in $status
link() {
    set +e
    "$MEMOCC" main.o f.o mode.o "$@" -o program -lm >log 2>&1
    status=$?
    set -e
}
pic="-O2 -fPIC"
# with TEXT: helper.c has that text; its object is linked at every level
with() {
    cat >helper.c
    for level in -O0 -O2 "-O1 -ffunction-sections -fdata-sections" "-Os -g" ${pic:+"$pic"}; do
        # shellcheck disable=SC2086
        "$CC" $level -c helper.c
        link helper.o
        "$@" || {
            echo "--- $* ($level)" >&2
            cat log >&2
            fail "helper.c: $(cat helper.c)"
        }
    done
}
silent() { [ "$status" -eq 0 ] && [ ! -s log ]; }
refused() { # by an error with that text, at the call in f.c, with the way there
    [ "$status" -ne 0 ] && grep -q "^f.c:2:[0-9]*: error: memoized function 'f' can't be cached.*$1" log &&
        grep -q "^f.c:6:.*note: 'f' calls 'inner' here" log && [ ! -e program ]
}
warned() { [ "$status" -eq 0 ] && grep -q "^f.c:2:[0-9]*: warning: .*$1.*\[-Wmemo-unseen\]" log; }
refuses() { refused "$1" && rm -f program; }
rm -f program

# ---- clean code
with silent <<'END'
double g(double x) { return x * 3; }
END
rm -f program
with silent <<'END'
#include <math.h>
#include <stdlib.h>
#include <string.h>
static int unrelated_counter;
int unrelated(void) { return ++unrelated_counter; }
static const double table[] = {1, 2, 3};
static double poly(double x) { return table[0] + x * (table[1] + x * table[2]); }
static double cube(double x) { return x * x * x; }
static double (*const steps[])(double) = {poly, cube, sin};
double g(double x)
{
    double *v = malloc(3 * sizeof *v), sum = 0;
    if (!v)
        abort();
    memset(v, 0, 3 * sizeof *v);
    for (int i = 0; i < 3; i++)
        v[i] = steps[i](x) + exp(x);
    for (int i = 0; i < 3; i++)
        sum += v[i];
    free(v);
    return sum;
}
END
rm -f program
pic= # there the address of an object that others may see goes into a register first
with silent <<'END'
#include <assert.h>
double scale = 2.5; /* nobody writes it */
double g(double x) { assert(x > 0); return x * scale; }
END
rm -f program

pic="-O2 -fPIC"

rm -f program
with silent <<'END'
#include <stdio.h>
#include <stdlib.h>
void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}
static void *get(size_t n)
{
    void *p = malloc(n);
    if (!p) {
        fprintf(stderr, "no memory for %zu bytes\n", n);
        abort();
    }
    return p;
}
double g(double x)
{
    double *v = get(3 * sizeof *v), sum = 0;
    if (x < 0)
        fail("negative");
    for (int i = 0; i < 3; i++)
        v[i] = i * x;
    for (int i = 0; i < 3; i++)
        sum += v[i];
    free(v);
    return sum;
}
END
rm -f program

# ---- state
with refuses "'g' in helper.o writes 'count'" <<'END'
static int count;
double g(double x) { count++; return x + count; }
END
with refuses "'step' in helper.o writes 'total'" <<'END'
double total;
__attribute__((noinline)) static double step(double x) { total += x; return total; }
double g(double x) { return step(x) * 2 + 1; }
END
with refuses "'g' in helper.o uses 'mode'" <<'END'
extern int mode;
double g(double x) { return x * mode; }
END
grep -q "note: 'set_mode' in mode.o writes 'mode'" log || fail "who writes it? $(cat log)"
grep -q "note: declare it here and write 'reads(mode)' to have its value in the key" log ||
    fail "no advice: $(cat log)"
with refuses "uses 'buffer'\|writes 'buffer'" <<'END'
static double buffer[16];
double *room(void) { return buffer; }
double g(double x) { double *p = room(); p[0] += x; return p[0]; }
END
with refuses "'g' in helper.o writes 'last'" <<'END'
static _Thread_local double last;
double g(double x) { double y = last; last = x; return x - y; }
END

cat >helper.c <<'END'
extern int mode;
double g(double x) { return x * mode; }
END
"$CC" -O2 -c helper.c
{ echo 'extern int mode;' && sed 's/#pragma memo/& reads(mode)/' f.c; } >f-reads.c
"$MEMOCC" -O2 main.c f-reads.c mode.c helper.o -o program >log 2>&1 || fail "reads: $(cat log)"
[ ! -s log ] || fail "reads: $(cat log)"
rm -f program
sed 's/{ return/{ mode++; return/' helper.c >writes.c
! "$MEMOCC" -O2 main.c f-reads.c mode.c writes.c -o program >log 2>&1 || fail "reads, but written"
grep -q "'g' in writes.o writes 'mode'" log || fail "reads, but written: $(cat log)"

# ---- effects
with refuses "writes output: 'g' in helper.o calls 'printf'\|writes output: 'g' in helper.o calls 'puts'" <<'END'
#include <stdio.h>
double g(double x) { printf("in g\n"); return x; }
END
with refuses "depends on time: 'now' in helper.o calls 'time'" <<'END'
#include <time.h>
__attribute__((noinline)) double now(void) { return (double)time(0) + 1; }
double g(double x) { return x + now(); }
END
with refuses "random number generator: 'g' in helper.o calls 'rand'" <<'END'
#include <stdlib.h>
double g(double x) { return x + rand() % 2; }
END
with refuses "environment: 'g' in helper.o calls 'getenv'" <<'END'
#include <stdlib.h>
double g(double x) { return getenv("X") ? x : 1; }
END

# ---- further away
cat >far.c <<'END'
static int calls;
double far(double x) { return x + ++calls; }
END
cat >near.c <<'END'
double far(double);
double near(double x) { return far(x) + 1; }
END
"$CC" -O2 -c far.c near.c
cat >helper.c <<'END'
double near(double);
double g(double x) { return near(x) * 3; }
END
"$CC" -O2 -c helper.c
link helper.o near.o far.o
refused "'far' in far.o writes 'calls'" || fail "two units away: $(cat log)"
grep -q "note: 'g' in helper.o calls 'near'" log || fail "no way there: $(cat log)"
grep -q "note: 'near' in near.o calls 'far'" log || fail "no way there: $(cat log)"
ar rcs libnear.a near.o far.o helper.o
link -L. -lnear
refused "'far' in libnear.a(far.o) writes 'calls'" || fail "in an archive: $(cat log)"

# ---- names in the tables may be the program's own
cat >own.c <<'END'
static int calls;
double erf(double x) { return x + ++calls; }
END
cat >f-erf.c <<'END'
#include <math.h>
#pragma memo
double f(double x) { return erf(x); }
END
"$CC" -O2 -c -fno-builtin own.c
"$MEMOCC" -O2 -c f-erf.c
"$MEMOCC" main.o f-erf.o mode.o -lm -o program >log 2>&1 || fail "libm's erf: $(cat log)"
[ ! -s log ] || fail "libm's erf: $(cat log)"
rm -f program
! "$MEMOCC" main.o f-erf.o mode.o own.o -lm -o program >log 2>&1 || fail "the program's own erf"
grep -q "'erf' in own.o writes 'calls'" log || fail "the program's own erf: $(cat log)"

# ---- what can't be looked into
cat >helper.c <<'END'
double g(double x) { return x * 3; }
END
"$CC" -O2 -fPIC -shared helper.c -o libhelper.so
link -L. -lhelper -Wl,-rpath,.
warned "reaches 'g' in libhelper.so" || fail "in a library: $(cat log)"
grep -q "note: write 'trust(g)'" log || fail "no way out: $(cat log)"
link -L. -lhelper -Wno-memo-unseen
silent || fail "-Wno-memo-unseen: $(cat log)"
rm -f program
link -L. -lhelper -Werror=memo-unseen
[ "$status" -ne 0 ] && [ ! -e program ] || fail "-Werror=memo-unseen"

# ---- the user's word
cat >helper.c <<'END'
#include <stdio.h>
double g(double x) { printf("in g\n"); return x; }
END
"$CC" -O2 -c helper.c
for word in "trust(g)" pure "trust(inner)"; do
    sed "s/#pragma memo/& $word/" f.c >f-word.c
    "$MEMOCC" -O2 main.c f-word.c mode.o helper.o -o program >log 2>&1 || fail "$word: $(cat log)"
    [ ! -s log ] || fail "$word: $(cat log)"
done
cat >g-const.c <<'END'
double g(double) __attribute__((const));
#pragma memo
double f(double x) { return g(x); }
END
"$MEMOCC" -O2 main.c g-const.c mode.o helper.o -o program >log 2>&1 || fail "const: $(cat log)"
# An annotated callee was judged by itself.
{ echo '#pragma memo pure' && cat helper.c; } | sed 's/^#include.*/&/' >tmp.c
cat >g-memo.c <<'END'
#include <stdio.h>
#pragma memo pure
double g(double x) { printf("in g\n"); return x; }
END
"$MEMOCC" -O2 main.c f.c mode.o g-memo.c -o program >log 2>&1 || fail "annotated: $(cat log)"
[ ! -s log ] || fail "annotated: $(cat log)"

# ---- through pointers: any function whose address is taken
cat >pointer.c <<'END'
#pragma memo in(code(step))
double apply(double (*step)(double), double x) { return step(x); }
END
cat >takes.c <<'END'
#include <stdio.h>
double apply(double (*step)(double), double x);
static double half(double x) { return x / 2; }
int main(void) { printf("%g\n", apply(half, 3)); return 0; }
END
"$MEMOCC" -O2 pointer.c takes.c -o program >log 2>&1 || fail "pointer: $(cat log)"
[ ! -s log ] || fail "all of them are clean: $(cat log)"
sed 's/{ return x/{ puts("half"); return x/' takes.c >prints.c
"$MEMOCC" -O2 pointer.c prints.c -o program >log 2>&1 || fail "pointer: $(cat log)"
grep -q "pointer.c:2:.*warning: memoized function 'apply' calls through 'step'.*'half'" log ||
    fail "one of them prints: $(cat log)"
# ---- optimization when linking: machine code beside it where gcc can, else a warning
cat >helper.c <<'END'
static int calls;
double g(double x) { return x + ++calls; }
END
if "$CC" -O2 -flto main.c mode.c helper.c f.c -o program 2>/dev/null; then
    rm -f program
    set +e
    "$MEMOCC" -O2 -flto main.c f.c mode.c helper.c -o program >log 2>&1
    set -e
    if is_clang; then
        grep -q "memocc: warning: 'f.o' is kept for optimization when linking: state and effects of what its memoized functions call in other files would go unnoticed \[-Wmemo-unseen\]" log || fail "bitcode: $(cat log)"
    else
        grep -q "f.c:2:.*warning: memoized function 'f' reaches 'g' in helper.o, which memocc can't look into" log ||
            fail "lto: $(cat log)"
    fi
    rm -f program
fi

# ---- the linker's own names: --wrap, --defsym; names that come from elsewhere
cat >wrap.c <<'END'
double __real_g(double);
static int calls;
double __wrap_g(double x) { return __real_g(x) + ++calls; }
END
cat >helper.c <<'END'
double g(double x) { return x * 3; }
double k(double x) { return x * 4; }
END
"$CC" -O2 -c wrap.c helper.c
rm -f program
link helper.o wrap.o -Wl,--wrap=g
refused "'__wrap_g' in wrap.o writes 'calls'" || fail "--wrap: $(cat log)"
sed 's/double g/double other/' helper.c >defsym.c
"$CC" -O2 -c defsym.c
link defsym.o -Wl,--defsym=g=k
silent || fail "--defsym: $(cat log)"
"$MEMOCC" -O2 -fPIC -shared f.c -o libf.so >log 2>&1 || fail "shared: $(cat log)"
grep -q "reaches 'g', which nothing in this link defines.*\[-Wmemo-unseen\]" log ||
    fail "undefined: $(cat log)"
no_temps_left

# MEMOCC=verify finds functions whose `pure` or `trust` is false, whatever it is
# that their results depend on, and is silent about the others.
. "$(dirname "$0")/lib.sh"

tool=$MEMOCC
unset MEMOCC MEMOCC_STATS MEMOCC_VERBOSE MEMOCC_GATE
MEMOCC_DIR=$PWD/store
export MEMOCC_DIR

cat >hidden.c <<'END'
static int n;
int next(void) { return ++n; }
static double scale = 1;
double get_scale(void) { return scale; }
void set_scale(double s) { scale = s; }
END
cat >a.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
int next(void);
double get_scale(void);
void set_scale(double s);
struct point { char tag; double x, y; };

#pragma memo pure
static int counts(int x) { return x + next(); }
#pragma memo pure
static int draws(int x) { return x + rand() % 1000000; }
#pragma memo trust(get_scale)
static double scales(double x) { return x * get_scale(); }
#pragma memo pure
static long asks_the_time(void) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); return t.tv_nsec + t.tv_sec * 1000000000L; }
#pragma memo pure
static int asks_the_environment(const char *name) { return atoi(getenv(name)); }
#pragma memo pure returns(string)
static char *reads(const char *name)
{
    char *line = calloc(1, 100);
    FILE *f = fopen(name, "r");
    if (f && !fgets(line, 100, f)) *line = 0;
    if (f) fclose(f);
    return line;
}
#pragma memo pure out(p[:n])
static void fills(int n, struct point *p)
{
    for (int i = 0; i < n; i++) {
        p[i].tag = 'p';
        p[i].x = i;
        p[i].y = i == 3 ? get_scale() : 0;
    }
}
#pragma memo pure returns([:3])
static int *makes(int n) { int *r = malloc(3 * sizeof *r); for (int i = 0; i < 3; i++) r[i] = n + (i == 1 ? next() : 0); return r; }
#pragma memo
static double honest(double x) { return x / 3; }
/* Its padding is different each time: no lie. */
#pragma memo pure returns([:n])
static struct point *honest_points(int n)
{
    struct point *p = malloc(n * sizeof *p);
    memset(p, next(), n * sizeof *p);
    for (int i = 0; i < n; i++) { p[i].tag = 1; p[i].x = i; p[i].y = -i; }
    return p;
}

static void write_file(const char *text) { FILE *f = fopen("data", "w"); fputs(text, f); fclose(f); }

int main(void)
{
    struct point p[5];
    for (int i = 0; i < 2; i++) {
        set_scale(i + 1);
        setenv("FACTOR", i ? "3" : "2", 1);
        write_file(i ? "second\n" : "first\n");
        counts(1);
        draws(2);
        scales(1.5);
        asks_the_time();
        asks_the_environment("FACTOR");
        char *line = reads("data");
        fills(5, p);
        int *r = makes(10);
        struct point *q = honest_points(4);
        printf("%s%g %g %g\n", line, p[3].y, honest(2), q[3].y);
        free(line);
        free(r);
        free(q);
    }
    return 0;
}
END
"$CC" -w a.c hidden.c -o plain
"$tool" -w a.c hidden.c -o program
./plain >plain.out

# check MODE: each liar is named, with what differs, and nobody else is.
check() {
    MEMOCC=$1 ./program >out 2>err || fail "$1: status $?"
    cmp out plain.out || fail "$1: the program saw what was stored"
    while IFS= read -r line; do
        grep -q "^memocc: verify: $line" err || { cat err; fail "$1: no line '$line'"; }
    done <<'END'
counts(x = 1) differs in result (byte
draws(x = 2) differs in result (byte
scales(x = 1.5) differs in result (byte 6 of 8): stored 1.5, computed 3;
asks_the_time() differs in result (byte
asks_the_environment(string(name) = "FACTOR") differs in result (byte 0 of 4): stored 2, computed 3;
reads(string(name) = "data") differs in result (byte 0): stored "first\\n", computed "second\\n";
fills(n = 5) differs in p\[:n\]\[3\].y (byte 94 of 120): stored 1, computed 2;
makes(n = 10) differs in result\[1\] (byte 4 of 12): stored
END
    grep -q 'verify: [0-9]* hits recomputed, [0-9]* differed: ' err || fail "$1: no summary"
    grep honest err && fail "$1: a function that doesn't lie (above)"
    return 0
}
check verify=1
rm -rf store
check verify

# What is on disk is looked into as well, and what was wrong is gone afterwards.
rm -rf store
MEMOCC_GATE=off ./program >/dev/null
MEMOCC=verify ./program >out 2>err
grep -q 'verify: asks_the_time() differs .* found on disk, removed' err || { cat err; fail "disk"; }
MEMOCC_STATS=stats.json MEMOCC_GATE=off ./program >/dev/null
grep -q '"name":"asks_the_time","calls":2,"hits":{"memory":1,"disk":0,' stats.json ||
    { cat stats.json; fail "still there"; }

rm -rf store
status_of env MEMOCC=verify,abort ./program >/dev/null 2>err
[ "$status" = 134 ] || fail "abort: status $status"
[ "$(grep -c differs err)" = 1 ] || fail "abort: $(cat err)"

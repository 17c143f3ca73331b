# What compiles without warnings does so with checkpoints, too: above all, variables that have no
# value before the loop, and functions that don't return behind it.
. "$(dirname "$0")/lib.sh"
cat >a.c <<'C'
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int work(int);
extern const char *next_line(void);
struct pair {
    int a;
    double b;
};
enum color { RED, BLUE };

int first_in_the_loop(int n)
{
    int first, s = 0;
#pragma checkpoint trust(work)
    for (int i = 0; i < n; i++) {
        if (i == 0)
            first = work(i);
        s += work(first + i);
    }
    return s;
}

int lines(void)
{
    char buf[100];
    size_t len;
    int total = 0;
    const char *line;
#pragma checkpoint trust(work, next_line) skip(line)
    while ((line = next_line()) != NULL) {
        len = strlen(line);
        if (len < sizeof buf) {
            memcpy(buf, line, len + 1);
            total += work(buf[0]);
        }
    }
    return total;
}

double all_types(int n)
{
    struct pair p, q[3];
    long double wide;
    float f;
    double table[4] = {0}, *best, last, sum = 0;
    enum color c;
    _Bool b;
    char ch;
#pragma checkpoint trust(work) every(10 iterations)
    for (int i = 0, before; i < n; i++) {
        if (i == 0) {
            p.a = 1, p.b = 2, memset(q, 0, sizeof q);
            wide = 1, f = 2, best = table, c = RED, b = 0, ch = 'x', before = 3;
        }
        p.a += work(i + before);
        before = p.a;
        q[i % 3] = p;
        last = q[i % 3].b;
        wide += last;
        f += 1;
        c = c == RED ? BLUE : RED;
        if (*best > 3)
            best = &table[i % 4];
        table[i % 4] += 2;
        b = !b;
        ch++;
        sum += last + (double)wide + (double)f + (double)c + *best + b + ch;
    }
    return sum;
}

int until_zero(int n)
{
    int last;
#pragma checkpoint trust(work)
    do {
        last = work(n);
    } while (--n);
    return last;
}

int endless(int n)
{
#pragma checkpoint trust(work)
    for (;;) {
        if (work(n++) == 3)
            return n;
    }
}

int endless_kept(int n)
{
#pragma checkpoint trust(work) keep
    while (1) {
        int k = work(n++);
        if (k == 3)
            return n;
        if (k == 4)
            exit(1);
    }
}

int endless_do(int n)
{
#pragma checkpoint trust(work) keep
    do {
        if (work(n++) == 3)
            return n;
    } while (1);
}

int branches(int n, int m)
{
    const int limit = n * 2;
    int sum = 0;
    switch (m) {
    case 1:
#pragma checkpoint trust(work)
        for (; sum < limit;)
            sum += work(n);
        break;
    default:
        if (n)
#pragma checkpoint trust(work)
            while (sum < limit * 2)
                sum += work(n);
        else
#pragma checkpoint trust(work) keep
            do
                sum += work(n);
            while (sum < limit * 2);
        break;
    }
    return sum;
}

static jmp_buf env;
int left_by_longjmp(register int n)
{
    volatile int s = 0;
    if (setjmp(env))
        return s;
#pragma checkpoint trust(work) skip(env)
    for (int i = 0; i < n; i++) {
        s += work(i);
        if (s > 1000)
            longjmp(env, 1);
    }
    return s;
}

int behind_pointers(int n, int a[], const char *names[])
{
    int s = 0, v[n];
    memset(v, 0, sizeof v);
#pragma checkpoint trust(work) save(a[:n]) match(names[:n])
    for (int i = 0; i < n; i++) {
        a[i] += work(i);
        v[i] += a[n - 1 - i];
        s += names[i] != 0;
    }
    return s + v[n / 2];
}

void swaps(double *a, double *b, int n, int steps)
{
#pragma checkpoint save(a[:n], b[:n]) every(10s) name("swaps")
    for (int s = 0; s < steps; s++) {
        double *t = a;
        for (int i = 1; i < n - 1; i++)
            b[i] = (a[i - 1] + a[i] + a[i + 1]) / 3;
        a = b;
        b = t;
    }
}

int nested(int n)
{
    int i, s = 0;
#pragma checkpoint keep expires(2h) on(TERM, INT) every(1%)
    for (i = 0; i < n; i++) {
#pragma checkpoint every(100 iterations)
        for (int j = 0; j < i; j++) {
            if (j == 77)
                continue;
            s += i ^ j;
#pragma checkpoint now
        }
        if (s > 100000)
            break;
    }
    return s + i;
}
C
set -- -Werror -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wundef \
    -Wstrict-prototypes -Wnested-externs -Wredundant-decls -Wfloat-equal -Wbad-function-cast \
    -Wdeclaration-after-statement -Wnull-dereference \
    -Wunused-macros -Winit-self -Wuninitialized
if is_clang; then
    set -- "$@" -Wextra-semi-stmt -Wunreachable-code
else
    set -- "$@" -Wmaybe-uninitialized -Wjump-misses-init -Wtraditional-conversion -Wc++-compat \
        -Wduplicated-branches -Wlogical-op -Wcast-align=strict
fi
for options in '-O0 -std=c99' '-O1 -std=c11' '-O2 -std=gnu17' '-O3 -g'; do
    # shellcheck disable=SC2086
    "$CC" "$@" -Wno-unknown-pragmas $options -c a.c || fail "$options: cc warns"
    # shellcheck disable=SC2086
    "$MEMOCC" "$@" $options -c a.c || fail "$options"
done
no_temps_left

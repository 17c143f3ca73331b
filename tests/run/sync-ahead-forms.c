// flags: -lm
/* Loops that end by a result, in many forms: some run ahead, others wait; all end where the serial
 * program does. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define LIMIT 200
#define TOO_HIGH(x) ((x) > LIMIT)
#define LEAVE break

static int n_global;
static int table[256];

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i * 2654435761u;
    for (int k = 0; k < 1000; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
#pragma concurrent
static double root(double x)
{
    return sqrt(x);
}
struct two {
    int a, b;
    double c;
};
#pragma concurrent
static struct two pair(int i)
{
    struct two t = {f(i), i, i * 0.5};
    return t;
}
#pragma memo
#pragma concurrent
static int known(int i)
{
    return f(i) + 1;
}
#pragma concurrent
static const int *find(int i)
{
    return f(i) > 220 ? &table[i & 255] : 0;
}

#pragma synchronized speculate
static int macros(int n)
{
    int i;
    for (i = 0; i < n; i++) {
        int v = f(i);
        if (v > LIMIT)
            LEAVE;
    }
    for (; i < n; i++) {
        if (TOO_HIGH(f(i + 77)))
            return i;
    }
    return -i;
}
#pragma synchronized speculate
static int globals(int n)
{
    int a = 0;
    static int calls;
    int *pa = &a;
    for (int i = 0; i < n; i++) {
        n_global++;
        calls += 2;
        a++;
        if (f(i) > LIMIT)
            break;
        table[i] = i;
        *pa += 2;
    }
    return n_global * 1000 + calls + a + table[3];
}
#pragma synchronized speculate
static double structs(int n)
{
    double sum = 0;
    struct two last = {0, 0, 0};
    for (int i = 0; i < n; i++) {
        struct two t = pair(i);
        sum += t.c;
        last = t;
        if (t.a > 230) {
            sum += t.b;
            sum += last.a;
            break;
        }
    }
    return sum + last.b;
}
#pragma synchronized speculate
static int side(int n)
{
    int r = -1, k = 0, s = 0;
    for (int i = 0; i < n; i++, k += 3)
        if ((r = f(i)) > 240) {
            s = r;
            break;
        }
    return r * 100 + k + s;
}
#pragma synchronized speculate
static int memoized(int n)
{
    for (int i = 0; i < n; i++) {
        int v = known(i);
        if (v > 235) {
            printf("<%d %d>", i, v);
            return v;
        }
        printf("%d ", v);
    }
    return 0;
}
#pragma synchronized speculate
static int guarded(const int *p)
{
    int s = 0;
    for (int i = 0;; i++) {
        int v = f(i);
        if (v > 240)
            break;
        s += p[i] / (241 - v);
        s += p[f(i)];
    }
    return s;
}
#pragma synchronized speculate
static int faulting(int **rows, int n)
{
    int s = 0;
    for (int i = 0; i < n; i++) {
        int v = f(*rows[i]) + 0;
        if (v > 100)
            break;
        s += v;
    }
    return s;
}
#pragma synchronized speculate
static double roots(int n)
{
    double s = 0;
    for (int i = n;; i--) {
        double v = root(i - 5);
        if (v != v)
            return s;
        s += v;
    }
}
#pragma synchronized speculate
static int pointers(int n)
{
    int i = 0;
    while (i < n) {
        const int *p = find(i);
        i += 1 + (i % 5 == 2);
        if (p) {
            return (int)(p - table) * 1000 + i;
        }
    }
    return -1;
}
#pragma synchronized speculate
static int two_exits(int n)
{
    for (int i = 0; i < n; i++) {
        int v = f(i);
        if (v > 250)
            return 1000 + i;
        if (v < 1)
            return i;
    }
    return -1;
}
static int in_block(int n)
{
    int first = -1, k = 5;
#pragma synchronized speculate
    {
        int sum = 0;
        for (int j = 0; j < 3; j++) {
            for (int i = 0; i < n; i++) {
                if (i % 3 == j) {
                    k++;
                    sum += f(i * j);
                }
                if (f(i + 1000 * j) > 225) {
                    first = i;
                    goto done;
                }
            }
            sum += 7;
        }
        printf("(%d) ", sum);
    }
done:
    printf("(%d) ", k);
    return first;
}
#pragma synchronized speculate
static int deep(int n)
{
    int v = 0;
    if (n > 0)
        for (int i = 0; i < 20; i++)
            if (f(i * n) > 210 + 5 * n) {
                v = i;
                break;
            }
    return v + (n > 0 ? deep(n - 1) * 3 : 0);
}
#pragma synchronized speculate
static int twice(int n)
{
    int got = 0;
    for (int r = 0; r < 4; r++) {
        int i = r;
        do {
            int v = f(i * 4 + r);
            if (v > 215) {
                got = got * 31 + i;
                break;
            }
            got += v & 1;
            i++;
        } while (i < n);
        got ^= i;
    }
    return got;
}

int main(void)
{
    int one = 1, two = 9, arr[300];
    for (int i = 0; i < 300; i++)
        arr[i] = i * 1000;
    int *rows[] = {&one, &one, &two, 0, 0, 0};
    for (int n = 0; n < 300; n += n < 8 ? 1 : 60) {
        printf("%d ", macros(n));
        printf("%d ", globals(n > 250 ? 250 : n));
        printf("%g ", structs(n));
        printf("%d ", side(n));
        printf("%d ", memoized(n));
        printf("%d ", pointers(n));
        printf("%d ", two_exits(n));
        printf("%d ", in_block(n));
        printf("%d\n", twice(n + 1));
    }
    printf("%d %d %g %d\n", guarded(arr), faulting(rows, 3), roots(30), deep(6));
    return 0;
}

// warnings: yes
// stats: late tasks>=150
/* Initializations by calls, and what follows from them in the same block. */
#include <stdio.h>
#include <string.h>

#pragma concurrent
static double f(double a, int i)
{
    for (int k = 0; k < 300; k++)
        a = a * 0.9 + (i ^ k) % 7;
    return a;
}
#pragma concurrent
static double g(int i)
{
    double a = i;
    for (int k = 0; k < 300; k++)
        a = a * 0.5 + k % (i + 2);
    return a;
}
#pragma concurrent
static int whole(int i)
{
    return (int)(g(i) * 8) % 9;
}
typedef double real;

#pragma synchronized
static void chains(int n, double *y)
{
    for (int i = 0; i < n; i++) {
        double v = g(i);
        y[i] = f(v, i); /* one task with g's */
    }
    for (int i = 0; i < n; i++) {
        real a = g(i), b = f(0.5, i), c = a + b, *where = &y[i];
        const double d = c * 2;
        *where += d - f(a, 3);
    }
    for (int i = 0; i < n; i++)
        y[i] -= f(f(g(i), i), i + 1);
    for (int i = 0; i < n; i++) {
        double a = g(i), b = f(a / 2, (int)y[(int)(a < 0)] % 3), c = f(b, i); /* each needs the last */
        y[i] += b - c;
    }
}

#pragma synchronized
static void aggregates(int n, double *y)
{
    for (int i = 0; i < n; i++) {
        double pair[2] = {g(i), f(1, i)};
        struct {
            int k;
            double w, z;
        } s = {.z = g(i + 1), .k = whole(i)};
        int table[9] = {[3] = 5};
        table[whole(i)] += i;
        y[i] = pair[0] - pair[1] + s.z * s.k + s.w;
        for (int k = 0; k < 9; k++)
            y[i] += table[k] * k;
    }
}

#pragma synchronized
static int headers(int n)
{
    int sum = 0;
    for (int i = whole(n), last = whole(3) + 6; i < last; i++)
        sum += whole(i);
    for (int i = 0; i < n; i += 1 + whole(i) % 2) /* decides how often */
        sum = sum * 3 % 10007 + i;
    for (int i = 0, v; i < n; i++) {
        v = whole(i);
        sum += v * i;
    }
    return sum;
}

#pragma synchronized
static void sizes(int n)
{
    for (int i = 0; i < n; i++) {
        int m = whole(i) + 1;
        double row[m]; /* its size is a result */
        for (int k = 0; k < m; k++)
            row[k] = g(k + i);
        char text[m + 1];
        memset(text, 'a' + m, (size_t)m);
        text[m] = '\0';
        printf("%d %a %s\n", m, row[m - 1], text);
    }
}

#pragma synchronized
static void types(int n)
{
    for (int i = 0; i < n; i++) {
        __auto_type v = g(i);
        __typeof__(whole(i)) w = whole(i) + (int)sizeof(whole(i));
        float narrow = g(i);
        unsigned char byte = whole(i);
        _Bool truth = whole(i);
        static const int offset = 3;
        enum { SHIFT = 2 };
        typedef unsigned local;
        local u = (local)whole(i) << SHIFT;
        printf("%a %d %a %d %d %u\n", v, w + offset, narrow, byte, truth, u);
    }
}

int main(void)
{
    double y[16];
    chains(16, y);
    for (int i = 0; i < 16; i++)
        printf("%a ", y[i]);
    aggregates(16, y);
    for (int i = 0; i < 16; i++)
        printf("%a ", y[i]);
    printf("\n%d\n", headers(14));
    sizes(7);
    types(7);
    return 0;
}

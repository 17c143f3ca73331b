// flags: -O1 -ffp-contract=off -lm
// stats: cold slow_sine.miss=50 logarithm.miss=22 range.miss=4 smooth.miss=4 paths.miss=168
// stats: warm miss=0 slow_sine.calls=400
// Memo and concurrent on one function: what is known makes no task, equal calls are computed once.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#pragma memo
#pragma concurrent
static double slow_sine(int i)
{
    double s = 0;
    for (int k = 1; k < 200; k++)
        s += sin(i * 0.01 * k) / k;
    return s;
}

/* errno is a result. */
#pragma memo
#pragma concurrent
static double logarithm(double x)
{
    if (x < 0) {
        errno = EDOM;
        return 0;
    }
    return log1p(x);
}

struct pair {
    double low, high;
    int n;
};

#pragma memo in(v[:n])
#pragma concurrent in(v[:n])
static struct pair range(const double *v, int n)
{
    struct pair p = {v[0], v[0], n};
    for (int i = 1; i < n; i++) {
        p.low = v[i] < p.low ? v[i] : p.low;
        p.high = v[i] > p.high ? v[i] : p.high;
    }
    return p;
}

#pragma memo out(to[:n]) in(from[:n])
#pragma concurrent
static int smooth(double *to, const double *from, int n)
{
    to[0] = from[0];
    to[n - 1] = from[n - 1];
    for (int i = 1; i < n - 1; i++)
        to[i] = (from[i - 1] + 2 * from[i] + from[i + 1]) / 4;
    return n - 2;
}

#pragma memo
#pragma concurrent
#pragma synchronized
static unsigned long paths(int x, int y)
{
    if (x == 0 || y == 0)
        return 1;
    unsigned long a = paths(x - 1, y);
    unsigned long b = paths(x, y - 1);
    return a + b;
}

int main(void)
{
    double sum = 0, y[200], rows[16][32], smoothed[16][32];
    int n_errors = 0, n_smoothed = 0;
#pragma synchronized
    for (int i = 0; i < 200; i++) {
        y[i] = slow_sine(i % 50);
        sum += slow_sine(i / 4) * i;
    }
    printf("%.17g %.17g\n", sum, y[199]);
    for (int i = 0; i < 20; i++) {
        double v[2];
        errno = 0;
#pragma synchronized
        {
            v[0] = logarithm(i - 10);
            v[1] = logarithm(i - 12);
        }
        n_errors += errno == EDOM;
        sum += v[0] - v[1];
    }
    printf("%.17g %d\n", sum, n_errors);
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 32; j++)
            rows[i][j] = (i % 4 * 7 + j * 5) % 23;
    double least = 1e9, most = -1e9;
#pragma synchronized
    for (int i = 0; i < 16; i++) {
        struct pair p = range(rows[i], 32);
        least = fmin(least, p.low);
        if (p.high > most)
            most = p.high;
        n_smoothed += smooth(smoothed[i], rows[i], 32);
    }
    for (int i = 0; i < 16; i++)
        sum += smoothed[i][i];
    printf("%g %g %d %.17g\n", least, most, n_smoothed, sum);
    printf("%lu\n", paths(12, 12));
    return 0;
}

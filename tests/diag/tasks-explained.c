// flags: --memo-explain
/* What --memo-explain says of concurrent functions and synchronized code. */
#include <stdio.h>
#include <stdlib.h>

static int printed;

#pragma concurrent
static double f(int n)
{
    double s = 0;
    for (int i = 1; i < n; i++)
        s += 1.0 / i;
    return s;
}

#pragma memo in(x[:n])
#pragma concurrent in(x[:n])
static double total(const double *x, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i];
    return s;
}

#pragma concurrent
static void scale(double *x, double by)
{
    *x *= by;
}

#pragma concurrent
static int noisy(int n)
{
    printed++;
    return n;
}

#pragma synchronized
static double best_of(int n, double *x, double *y)
{
    double best = 0, sum = 0;
    int at = -1;
    for (int i = 0; i < n; i++) {
        double v = f(i);
        if (v > best) {
            best = v;
            at = i;
        }
        sum += v * y[i];
        x[i] = f(i + 1);
        scale(&x[i], 2);
    }
#pragma synchronized wait
    y[0] = noisy(at);
    return sum + best;
}

#pragma synchronized
static void tested(int n, double *x, const double *y)
{
    for (int i = 0; i < n; i++)
        x[i] = total(&y[i], 2);
}

int main(void)
{
    double x[10] = {0}, y[10] = {0};
    double s = best_of(10, x, y);
    tested(9, x, y);
#pragma synchronized
    for (int i = 1; i < 10; i++)
        x[i] = f((int)x[i - 1]);
#pragma synchronized
    for (int i = 1; i < 10; i++)
        x[i] = y[i];
    return s + total(x, 10) < 0;
}

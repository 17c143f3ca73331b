// stats: cold f.miss=20 f.hit=40
// stats: warm f.miss=0
/* Memoized and concurrent: what is known makes no task, equal calls are computed once. */
#include <stdio.h>

#pragma memo
#pragma concurrent
static double f(int i)
{
    double x = i;
    for (int k = 1; k < 3000; k++)
        x = x * 0.75 + (double)(i % k) / k;
    return x;
}
#pragma concurrent
#pragma memo in(v[:n]) out(w[:n])
static int scaled(int n, const double *v, double *w)
{
    for (int i = 0; i < n; i++)
        w[i] = v[i] * 0.5 + i;
    return n;
}

#pragma synchronized
static double all(int n, double *v)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        v[i] = f(i % 20);
        sum = sum * 0.5 + v[i];
    }
    for (int i = 0; i + 10 <= n; i += 10)
        sum += scaled(5, v + i, v + i + 5);
    return sum;
}

int main(void)
{
    double v[60];
    printf("%a\n", all(60, v));
    for (int i = 0; i < 60; i++)
        printf("%a ", v[i]);
    printf("\n");
    return 0;
}

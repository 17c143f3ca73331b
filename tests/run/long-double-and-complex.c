// flags: -lm
// stats: cold calls=6 miss=3 hit=3
/* A long double has 10 bytes in a key: what lies in the other 6 doesn't count. */
#include <complex.h>
#include <stdio.h>
#include <string.h>

#pragma memo
long double third(long double x)
{
    return x / 3;
}

#pragma memo
double complex turn(double complex z)
{
    return z * I;
}

#pragma memo in(v[:n])
long double total(int n, const long double *v)
{
    long double s = 0;
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}

int main(void)
{
    printf("%.20Lg %.20Lg\n", third(1.0L), third(1.0L));
    double complex z = turn(1 + 2 * I), w = turn(1 + 2 * I);
    printf("%g %g %g %g\n", creal(z), cimag(z), creal(w), cimag(w));
    long double a[2], b[2];
    memset(a, 0, sizeof a);
    memset(b, 0xff, sizeof b);
    a[0] = b[0] = 1.5L;
    a[1] = b[1] = 2.25L;
    printf("%Lg %Lg\n", total(2, a), total(2, b));
    return 0;
}

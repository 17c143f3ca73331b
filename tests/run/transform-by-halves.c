// flags: -O1 -ffp-contract=off -lm
// The fast Fourier transform by two halves, in complex numbers; and polynomial products with it.
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#pragma concurrent in(x[:(n - 1) * stride + 1]) out(y[:n])
#pragma synchronized
static void fft(double complex *restrict y, const double complex *restrict x, int n, int stride,
                int sign)
{
    if (n == 1) {
        y[0] = x[0];
        return;
    }
    fft(y, x, n / 2, 2 * stride, sign);
    fft(y + n / 2, x + stride, n / 2, 2 * stride, sign);
    for (int k = 0; k < n / 2; k++) {
        double complex w = cexp(sign * 2 * 3.14159265358979323846 * I * k / n) * y[k + n / 2];
        double complex t = y[k];
        y[k] = t + w;
        y[k + n / 2] = t - w;
    }
}

#pragma concurrent
static double complex root(int k, int n)
{
    return cexp(2 * 3.14159265358979323846 * I * k / n);
}

#pragma synchronized
static double complex sum_of_roots(int n)
{
    double complex s = 0, p = 1;
    for (int k = 0; k < n; k++) {
        s += root(k, n) * k;
        p *= 1 + root(k, n) / 4;
    }
    return s + p;
}

#define N 512
int main(void)
{
    static double complex x[N], y[N], z[N];
    for (int i = 0; i < N; i++)
        x[i] = (i * 7 % 31) / 4.0 + (i % 5) * I;
    fft(y, x, N, 1, -1);
    fft(z, y, N, 1, 1);
    double worst = 0;
    for (int i = 0; i < N; i++)
        worst = fmax(worst, cabs(z[i] / N - x[i]));
    printf("%.17g %.17g %d\n", creal(y[3]), cimag(y[N - 1]), worst < 1e-9);
    double complex s = sum_of_roots(60);
    printf("%.17g %.17g\n", creal(s), cimag(s));
    return 0;
}

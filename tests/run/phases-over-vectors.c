// flags: -O1 -ffp-contract=off -lm
// Spectral norm and power iteration: loops that write a vector which the next loop reads.
#include <math.h>
#include <stdio.h>

#define N 80

static double element(int i, int j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

#pragma concurrent in(v[:n])
static double row_times(int i, const double *v, int n)
{
    double sum = 0;
    for (int j = 0; j < n; j++)
        sum += element(i, j) * v[j];
    return sum;
}

#pragma concurrent in(v[:n])
static double column_times(int j, const double *v, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += element(i, j) * v[i];
    return sum;
}

#pragma synchronized
static void multiply(const double *v, double *tmp, double *out, int n)
{
    for (int i = 0; i < n; i++)
        tmp[i] = row_times(i, v, n);
    for (int i = 0; i < n; i++)
        out[i] = column_times(i, tmp, n);
}

#pragma synchronized
static double power(double v[N], double next[N], int steps)
{
    double norm = 0;
    for (int k = 0; k < steps; k++) {
        norm = 0;
        for (int i = 0; i < N; i++) {
            next[i] = row_times(i, v, N) + 0.5 * column_times(i, v, N);
            norm += next[i] * next[i];
        }
        norm = sqrt(norm);
        for (int i = 0; i < N; i++)
            v[i] = next[i] / norm;
    }
    return norm;
}

int main(void)
{
    static double u[N], v[N], tmp[N];
    double up = 0, down = 0;
    for (int i = 0; i < N; i++)
        u[i] = 1;
    for (int k = 0; k < 6; k++) {
        multiply(u, tmp, v, N);
        multiply(v, tmp, u, N);
    }
    for (int i = 0; i < N; i++) {
        up += u[i] * v[i];
        down += v[i] * v[i];
    }
    printf("%.17g\n", sqrt(up / down));
    for (int i = 0; i < N; i++)
        u[i] = 1.0 / (i + 1);
    printf("%.17g", power(u, v, 12));
    printf(" %.17g %.17g\n", u[0], v[N - 1]);
    return 0;
}

// flags: -O1 -ffp-contract=off -lm
// Strassen's product: seven products of sums, each into a matrix of its own.
#include <stdio.h>
#include <stdlib.h>

#define CUT 16

static void add(double *c, int sc, const double *a, int sa, const double *b, int sb, int n,
                double sign)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            c[i * sc + j] = a[i * sa + j] + sign * b[i * sb + j];
}

/* c = (a1 + s a2) (b1 + t b2), all of n by n; s or t 0: only the first. */
#pragma concurrent out(c[:n * n])                                                                  \
    in(a1[:n * stride], a2[:n * stride], b1[:n * stride], b2[:n * stride])
#pragma synchronized
static void product(double *c, const double *a1, const double *a2, double s, const double *b1,
                    const double *b2, double t, int n, int stride)
{
    double *a = malloc(sizeof(double) * (size_t)(n * n * 2)), *b = a + n * n;
    add(a, n, a1, stride, a2, stride, n, s);
    add(b, n, b1, stride, b2, stride, n, t);
    if (n <= CUT) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++)
                    sum += a[i * n + k] * b[k * n + j];
                c[i * n + j] = sum;
            }
        free(a);
        return;
    }
    int h = n / 2, q = h * h;
    double *m = malloc(sizeof(double) * (size_t)(7 * q));
    const double *a11 = a, *a12 = a + h, *a21 = a + h * n, *a22 = a21 + h;
    const double *b11 = b, *b12 = b + h, *b21 = b + h * n, *b22 = b21 + h;
    product(m, a11, a22, 1, b11, b22, 1, h, n);
    product(m + q, a21, a22, 1, b11, b11, 0, h, n);
    product(m + 2 * q, a11, a11, 0, b12, b22, -1, h, n);
    product(m + 3 * q, a22, a22, 0, b21, b11, -1, h, n);
    product(m + 4 * q, a11, a12, 1, b22, b22, 0, h, n);
    product(m + 5 * q, a21, a11, -1, b11, b12, 1, h, n);
    product(m + 6 * q, a12, a22, -1, b21, b22, 1, h, n);
    for (int i = 0; i < h; i++)
        for (int j = 0; j < h; j++) {
            int k = i * h + j;
            c[i * n + j] = m[k] + m[3 * q + k] - m[4 * q + k] + m[6 * q + k];
            c[i * n + j + h] = m[2 * q + k] + m[4 * q + k];
            c[(i + h) * n + j] = m[q + k] + m[3 * q + k];
            c[(i + h) * n + j + h] = m[k] - m[q + k] + m[2 * q + k] + m[5 * q + k];
        }
    free(m);
    free(a);
}

int main(void)
{
    enum { N = 128 };
    static double a[N * N], b[N * N], c[N * N];
    double trace = 0, all = 0;
    for (int i = 0; i < N * N; i++) {
        a[i] = (i * 7 % 23) / 8.0 + 0.1;
        b[i] = (i * 5 % 19) / 7.0 - 1;
    }
    product(c, a, a, 0, b, b, 0, N, N);
    for (int i = 0; i < N * N; i++) {
        all += c[i] * (i % 13);
        if (i % (N + 1) == 0)
            trace += c[i];
    }
    printf("%.17g %.17g\n", trace, all);
    return 0;
}

// flags: -O1 -ffp-contract=off -lm
// Elimination with pivots, a sparse product in conjugate gradients, Jacobi, all over plain arrays.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 60
static double a[N][N + 1], x[N];

#pragma concurrent in(pivot [from:n - from]) inout(row [from:n - from])
static double eliminate(double *row, const double *pivot, int from, int n)
{
    double m = row[from] / pivot[from];
    for (int j = from; j < n; j++)
        row[j] -= m * pivot[j];
    return m;
}

#pragma synchronized
static double solve(int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++) {
        int p = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(a[i][k]) > fabs(a[p][k]))
                p = i;
        if (p != k)
            for (int j = 0; j <= n; j++) {
                double t = a[k][j];
                a[k][j] = a[p][j];
                a[p][j] = t;
            }
        for (int i = k + 1; i < n; i++)
            sum += eliminate(a[i], a[k], k, n + 1);
    }
    for (int i = n - 1; i >= 0; i--) {
        x[i] = a[i][n];
        for (int j = i + 1; j < n; j++)
            x[i] -= a[i][j] * x[j];
        x[i] /= a[i][i];
    }
    return sum;
}

struct csr {
    int n, *start, *column;
    double *value;
};

#pragma concurrent in(                                                                             \
    *m, m->start [i:2], m->column[:m->start[i + 1]], m->value[:m->start[i + 1]], v[:m->n])
static double row_product(const struct csr *m, int i, const double *v)
{
    double s = 0;
    for (int k = m->start[i]; k < m->start[i + 1]; k++)
        s += m->value[k] * v[m->column[k]];
    return s;
}

#pragma concurrent in(u[:n], v[:n])
static double dot(const double *u, const double *v, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += u[i] * v[i];
    return s;
}

#pragma synchronized
static int gradients(const struct csr *m, double *restrict x, const double *restrict b,
                     double *restrict r, double *restrict p, double *restrict q)
{
    int n = m->n, step = 0;
    for (int i = 0; i < n; i++) {
        x[i] = 0;
        r[i] = p[i] = b[i];
    }
    double rr = dot(r, r, n);
    while (rr > 1e-16 && step < 100) {
        for (int i = 0; i < n; i++)
            q[i] = row_product(m, i, p);
        double alpha = rr / dot(p, q, n);
        for (int i = 0; i < n; i++) {
            x[i] += alpha * p[i];
            r[i] -= alpha * q[i];
        }
        double next = dot(r, r, n), beta = next / rr;
        for (int i = 0; i < n; i++)
            p[i] = r[i] + beta * p[i];
        rr = next;
        step++;
    }
    return step;
}

#pragma concurrent in(v[:n])
static double jacobi_row(int i, const double *v, int n)
{
    double s = i % 7 + 1;
    for (int j = 0; j < n; j++)
        if (j != i)
            s -= v[j] / (1 + (i > j ? i - j : j - i)) / 9;
    return s / 2;
}

#pragma synchronized
static int jacobi(double *old, double *new, int n)
{
    int steps = 0;
    double change;
    do {
        change = 0;
        for (int i = 0; i < n; i++) {
            new[i] = jacobi_row(i, old, n);
            change = fmax(change, fabs(new[i] - old[i]));
        }
        double *t = old;
        old = new;
        new = t;
        steps++;
    } while (change > 1e-6 && steps < 50);
    return steps;
}

int main(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= N; j++)
            a[i][j] = (i * 37 + j * 91) % 101 / 10.0 + (i == j ? 3 : 0);
    printf("%.17g", solve(N));
    printf(" %.17g %.17g\n", x[0], x[N - 1]);
    struct csr m = {200, malloc(201 * sizeof(int)), malloc(1000 * sizeof(int)),
                    malloc(1000 * sizeof(double))};
    static double b[200], u[200], r[200], p[200], q[200];
    int k = 0;
    for (int i = 0; i < m.n; i++) {
        m.start[i] = k;
        for (int d = -7; d <= 7; d += 7)
            if (i + d >= 0 && i + d < m.n) {
                m.column[k] = i + d;
                m.value[k++] = d ? -1 : 2.5;
            }
        b[i] = i % 11;
    }
    m.start[m.n] = k;
    printf("%d", gradients(&m, u, b, r, p, q));
    printf(" %.17g %.17g\n", u[0], u[199]);
    memset(r, 0, sizeof r);
    printf("%d", jacobi(r, p, 100));
    printf(" %.17g %.17g\n", r[5], p[99]);
    free(m.start);
    free(m.column);
    free(m.value);
    return 0;
}

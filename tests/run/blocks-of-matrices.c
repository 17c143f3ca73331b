// flags: -O1 -ffp-contract=off -lm
// Products, Cholesky and all shortest paths by blocks: phases whose calls write what later
// ones read.
#include <math.h>
#include <stdio.h>
#include <string.h>

#define B 8
#define NB 5
#define N (B * NB)

typedef double block[B][B];
static block a[NB][NB], b[NB][NB], c[NB][NB], l[NB][NB];

#pragma concurrent in(*x, *y)inout(*z)
static void multiply(block *z, const block *x, const block *y)
{
    for (int i = 0; i < B; i++)
        for (int j = 0; j < B; j++)
            for (int k = 0; k < B; k++)
                (*z)[i][j] += (*x)[i][k] * (*y)[k][j];
}

#pragma synchronized
static void product(void)
{
    for (int i = 0; i < NB; i++)
        for (int j = 0; j < NB; j++)
            for (int k = 0; k < NB; k++)
                multiply(&c[i][j], &a[i][k], &b[k][j]);
}

/* The inner product of blocks in the outer loop: one call per block in each phase. */
#pragma synchronized
static void product_by_phases(void)
{
    for (int k = 0; k < NB; k++)
        for (int i = 0; i < NB; i++)
            for (int j = 0; j < NB; j++)
                multiply(&c[i][j], &a[i][k], &b[k][j]);
}

#pragma concurrent inout(*x)
static void factor(block *x)
{
    for (int j = 0; j < B; j++) {
        for (int k = 0; k < j; k++)
            for (int i = j; i < B; i++)
                (*x)[i][j] -= (*x)[i][k] * (*x)[j][k];
        double d = sqrt((*x)[j][j]);
        for (int i = j; i < B; i++)
            (*x)[i][j] /= d;
        for (int i = 0; i < j; i++)
            (*x)[i][j] = 0;
    }
}

#pragma concurrent in(*d)inout(*x)
static void solve(block *x, const block *d)
{
    for (int i = 0; i < B; i++)
        for (int j = 0; j < B; j++) {
            for (int k = 0; k < j; k++)
                (*x)[i][j] -= (*x)[i][k] * (*d)[j][k];
            (*x)[i][j] /= (*d)[j][j];
        }
}

#pragma concurrent in(*x, *y)inout(*z)
static void update(block *z, const block *x, const block *y)
{
    for (int i = 0; i < B; i++)
        for (int j = 0; j < B; j++)
            for (int k = 0; k < B; k++)
                (*z)[i][j] -= (*x)[i][k] * (*y)[j][k];
}

#pragma synchronized
static void cholesky(void)
{
    for (int k = 0; k < NB; k++) {
        factor(&l[k][k]);
        for (int i = k + 1; i < NB; i++)
            solve(&l[i][k], &l[k][k]);
        for (int i = k + 1; i < NB; i++)
            for (int j = k + 1; j <= i; j++)
                update(&l[i][j], &l[i][k], &l[j][k]);
    }
}

#pragma concurrent inout(row[:n]) in(via[:n])
static void relax(int *row, const int *via, int first, int n)
{
    for (int j = 0; j < n; j++)
        if (first + via[j] < row[j])
            row[j] = first + via[j];
}

#pragma synchronized
static void shortest(int d[N][N])
{
    for (int k = 0; k < N; k++)
        for (int i = 0; i < N; i++)
            if (i != k)
                relax(d[i], d[k], d[i][k], N);
}

static double check(block m[NB][NB])
{
    double s = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            s += m[i / B][j / B][i % B][j % B] * ((i * 3 + j) % 11 + 1);
    return s;
}

int main(void)
{
    static int d[N][N];
    long sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i / B][j / B][i % B][j % B] = (i * 7 + j * 3) % 17 / 4.0 + 0.1;
            b[i / B][j / B][i % B][j % B] = (i * 5 + j * 11) % 13 / 3.0 - 1;
            l[i / B][j / B][i % B][j % B] = i == j ? 50 + i : 1.0 / (1 + (i > j ? i - j : j - i));
            d[i][j] = i == j ? 0 : 1 + (i * 31 + j * 17) % 97;
        }
    product();
    printf("%.17g\n", check(c));
    product_by_phases();
    printf("%.17g\n", check(c));
    cholesky();
    printf("%.17g\n", check(l));
    shortest(d);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sum = sum * 3 % 1000003 + d[i][j];
    printf("%ld\n", sum);
    return 0;
}

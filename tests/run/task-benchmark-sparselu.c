// flags: -O1 -ffp-contract=off -lm
// LU of a sparse matrix of blocks, some of them NULL, as in the task benchmarks: three
// phases for each diagonal block, blocks made on the way.
#include <stdio.h>
#include <stdlib.h>

#define NB 8
#define BS 12

#pragma concurrent inout(d[:BS * BS])
static void lu0(double *d)
{
    for (int k = 0; k < BS; k++)
        for (int i = k + 1; i < BS; i++) {
            d[i * BS + k] /= d[k * BS + k];
            for (int j = k + 1; j < BS; j++)
                d[i * BS + j] -= d[i * BS + k] * d[k * BS + j];
        }
}

#pragma concurrent in(d[:BS * BS]) inout(c[:BS * BS])
static void fwd(const double *d, double *c)
{
    for (int j = 0; j < BS; j++)
        for (int k = 0; k < BS; k++)
            for (int i = k + 1; i < BS; i++)
                c[i * BS + j] -= d[i * BS + k] * c[k * BS + j];
}

#pragma concurrent in(d[:BS * BS]) inout(r[:BS * BS])
static void bdiv(const double *d, double *r)
{
    for (int i = 0; i < BS; i++)
        for (int k = 0; k < BS; k++) {
            r[i * BS + k] /= d[k * BS + k];
            for (int j = k + 1; j < BS; j++)
                r[i * BS + j] -= r[i * BS + k] * d[k * BS + j];
        }
}

#pragma concurrent in(r[:BS * BS], c[:BS * BS]) inout(x[:BS * BS])
static void bmod(const double *r, const double *c, double *x)
{
    for (int i = 0; i < BS; i++)
        for (int j = 0; j < BS; j++)
            for (int k = 0; k < BS; k++)
                x[i * BS + j] -= r[i * BS + k] * c[k * BS + j];
}

static double *blocks[NB][NB];

static double *new_block(void)
{
    return calloc(BS * BS, sizeof(double));
}

#pragma synchronized
static void factor(void)
{
    for (int k = 0; k < NB; k++) {
        lu0(blocks[k][k]);
        for (int j = k + 1; j < NB; j++)
            if (blocks[k][j])
                fwd(blocks[k][k], blocks[k][j]);
        for (int i = k + 1; i < NB; i++)
            if (blocks[i][k])
                bdiv(blocks[k][k], blocks[i][k]);
        for (int i = k + 1; i < NB; i++) {
            if (!blocks[i][k])
                continue;
            for (int j = k + 1; j < NB; j++) {
                if (!blocks[k][j])
                    continue;
                if (!blocks[i][j])
                    blocks[i][j] = new_block();
                bmod(blocks[i][k], blocks[k][j], blocks[i][j]);
            }
        }
    }
}

int main(void)
{
    unsigned x = 7;
    double sum = 0;
    for (int i = 0; i < NB; i++)
        for (int j = 0; j < NB; j++) {
            if (i != j && (i * 3 + j * 5) % 4 == 1)
                continue;
            blocks[i][j] = new_block();
            for (int k = 0; k < BS * BS; k++) {
                x = x * 1664525 + 1013904223;
                blocks[i][j][k] =
                    (double)(x >> 16) / 65536 + (i == j && k % (BS + 1) == 0 ? 40 : 0);
            }
        }
    factor();
    for (int i = 0; i < NB; i++)
        for (int j = 0; j < NB; j++) {
            double s = 0;
            for (int k = 0; blocks[i][j] && k < BS * BS; k++)
                s += blocks[i][j][k] * (k % 7 + 1);
            printf("%.17g%c", s, j == NB - 1 ? '\n' : ' ');
            sum += s;
            free(blocks[i][j]);
        }
    printf("%.17g\n", sum);
    return 0;
}

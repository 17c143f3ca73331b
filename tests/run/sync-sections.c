// stats: late tasks>=200
/* Calls that read and write sections: stages, two buffers, blocks, neighbours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 96

/* Heat in a rod: each block from the old values. */
#pragma concurrent in(from[lo - 1:hi - lo + 2]) out(to[lo:hi - lo])
static void heat(const double *from, double *to, int lo, int hi)
{
    for (int i = lo; i < hi; i++)
        to[i] = from[i] + 0.25 * (from[i - 1] - 2 * from[i] + from[i + 1]);
}
#pragma synchronized
static double *steps(double *a, double *b, int n, int rounds)
{
    for (int k = 0; k < rounds; k++) {
        for (int lo = 1; lo < n - 1; lo += 10)
            heat(a, b, lo, lo + 10 < n - 1 ? lo + 10 : n - 1);
        b[0] = a[0];
        b[n - 1] = a[n - 1];
        double *t = a;
        a = b;
        b = t;
    }
    return a;
}

/* Stages without clauses: what they touch is seen. */
#pragma concurrent
static void squared(const double *x, double *y, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] * x[i];
}
#pragma concurrent
static double added(const double *x, int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i];
    return s;
}
#pragma concurrent
static void divided(double *x, int n, const double *by)
{
    for (int i = 0; i < n; i++)
        x[i] /= *by;
}
#pragma synchronized
static double pipeline(double *x, int n, double *sums)
{
    double room[N], all = 0;
    for (int i = 0; i < n; i += 8) {
        squared(x + i, room + i, 8);
        sums[i / 8] = added(room + i, 8);
        divided(room + i, 8, &sums[i / 8]);
        all += added(room + i, 8);
    }
    for (int i = 0; i < n; i += 8)
        memcpy(x + i, room + i, 8 * sizeof *x);
    return all;
}

/* Prefix sums by blocks: three phases. */
#pragma concurrent inout(v[:n])
static long scanned(long *v, int n)
{
    for (int i = 1; i < n; i++)
        v[i] += v[i - 1];
    return v[n - 1];
}
#pragma concurrent inout(v[:n])
static void raised(long *v, int n, long by)
{
    for (int i = 0; i < n; i++)
        v[i] += by;
}
#pragma synchronized
static void prefix(long *v, int n, int block)
{
    long sums[N];
    int n_blocks = 0;
    for (int i = 0; i < n; i += block)
        sums[n_blocks++] = scanned(v + i, i + block < n ? block : n - i);
    for (int k = 1; k < n_blocks; k++)
        sums[k] += sums[k - 1];
    for (int k = 1; k < n_blocks; k++)
        raised(v + k * block, k * block + block < n ? block : n - k * block, sums[k - 1]);
}

/* Life on a torus, row by row. */
struct life {
    int rows, columns;
    unsigned char *cells, *next;
};
#pragma concurrent in(l->cells[:l->rows * l->columns]) out(l->next[row * l->columns:l->columns])
static void live(const struct life *l, int row)
{
    for (int j = 0; j < l->columns; j++) {
        int n = 0;
        for (int a = -1; a <= 1; a++)
            for (int b = -1; b <= 1; b++)
                if (a || b)
                    n += l->cells[(row + a + l->rows) % l->rows * l->columns +
                                  (j + b + l->columns) % l->columns];
        l->next[row * l->columns + j] = n == 3 || (n == 2 && l->cells[row * l->columns + j]);
    }
}
#pragma synchronized
static void generations(struct life *l, int n)
{
    while (n--) {
        for (int row = 0; row < l->rows; row++)
            live(l, row);
        unsigned char *t = l->cells;
        l->cells = l->next;
        l->next = t;
    }
}

/* Gauss-Seidel: each row needs the one before. */
#pragma concurrent in(above[:n]) inout(row[:n])
static void relaxed(const double *above, double *row, int n)
{
    for (int i = 0; i < n; i++)
        row[i] = (row[i] + above[i]) / 2;
}
#pragma synchronized
static void sweep(double (*m)[6], int n)
{
    for (int i = 1; i < n; i++)
        relaxed(m[i - 1], m[i], 6);
    for (int i = 0; i < n; i += 2)
        relaxed(m[i + 1], m[i], 6);
}

int main(void)
{
    static double a[N], b[N], sums[N];
    for (int i = 0; i < N; i++)
        a[i] = b[i] = i * i % 31;
    double *last = steps(a, b, N, 7);
    for (int i = 0; i < N; i += 5)
        printf("%a ", last[i]);
    printf("%a\n", pipeline(a, N, sums));
    for (int i = 0; i < N / 8; i++)
        printf("%a %a ", sums[i], a[i * 8 + 3]);
    long v[N];
    for (int block = 7; block < 120; block *= 3) {
        for (int i = 0; i < N; i++)
            v[i] = i * 3 % 11;
        prefix(v, N, block);
        printf("%ld %ld ", v[50], v[N - 1]);
    }
    printf("\n");
    struct life l = {8, 12, calloc(N, 1), calloc(N, 1)};
    unsigned char *rooms[2] = {l.cells, l.next};
    l.cells[1] = l.cells[14] = l.cells[24] = l.cells[25] = l.cells[26] = 1;
    generations(&l, 9);
    for (int i = 0; i < N; i++)
        printf("%s%c", i % 12 ? "" : "\n", l.cells[i] ? '#' : '.');
    free(rooms[0]);
    free(rooms[1]);
    sweep((double(*)[6])a, 16);
    for (int i = 0; i < N; i++)
        printf("%a ", a[i]);
    printf("\n");
    return 0;
}

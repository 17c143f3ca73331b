// flags: -O1 -ffp-contract=off -lm
// Alignment of all pairs of sequences: calls differ in size, results in a triangle.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma concurrent
static int align(const char *a, const char *b)
{
    int n = (int)strlen(a), m = (int)strlen(b);
    int *row = malloc((size_t)(m + 1) * sizeof *row), score;
    for (int j = 0; j <= m; j++)
        row[j] = -2 * j;
    for (int i = 1; i <= n; i++) {
        int diagonal = row[0];
        row[0] = -2 * i;
        for (int j = 1; j <= m; j++) {
            int best = diagonal + (a[i - 1] == b[j - 1] ? 3 : -1);
            if (row[j] - 2 > best)
                best = row[j] - 2;
            if (row[j - 1] - 2 > best)
                best = row[j - 1] - 2;
            diagonal = row[j];
            row[j] = best;
        }
    }
    score = row[m];
    free(row);
    return score;
}

#define N 16
static char *names[N];
static int scores[N][N];

#pragma synchronized
static void all_pairs(char **sequences, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            scores[i][j] = scores[j][i] = align(sequences[i], sequences[j]);
}

#pragma synchronized
static int best_partner(int i, int *how_good)
{
    int at = -1, best = -100000;
    for (int j = 0; j < N; j++) {
        if (j == i)
            continue;
        int s = align(names[i], names[j]);
        if (s > best) {
            best = s;
            at = j;
        }
    }
    *how_good = best;
    return at;
}

int main(void)
{
    unsigned x = 3;
    for (int i = 0; i < N; i++) {
        int len = 10 + (i * i * 7) % 150;
        names[i] = malloc((size_t)len + 1);
        for (int k = 0; k < len; k++) {
            x = x * 1664525 + 1013904223;
            names[i][k] = "ACGT"[x >> 30];
        }
        names[i][len] = 0;
    }
    all_pairs(names, N);
    for (int i = 0; i < N; i++) {
        int how_good, at = best_partner(i, &how_good);
        for (int j = 0; j < N; j++)
            printf("%d ", scores[i][j]);
        printf(": %d %d\n", at, how_good);
    }
    for (int i = 0; i < N; i++)
        free(names[i]);
    return 0;
}

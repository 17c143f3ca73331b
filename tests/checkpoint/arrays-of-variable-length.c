// Arrays of variable length, of one and two dimensions, and pointers to them.
#include "sim.h"

static uint64_t simulate(int n, int m)
{
    double field[n][m], row[m + 1];
    double(*p)[m] = field;
    unsigned counts[n * 2];
    uint64_t x = (uint64_t)n;

    memset(field, 0, sizeof field);
    memset(row, 0, sizeof row);
    memset(counts, 0, sizeof counts);
#pragma checkpoint every(4 iterations)
    for (int t = 0; t < 60 * n; t++) {
        int i, j;

        x = spend(x + (uint64_t)t);
        i = (int)(x % (uint64_t)n);
        j = (int)(x >> 20) & 3;
        field[i][j % m] += (double)(x % 10000) / 3;
        p[(i + 1) % n][0] -= row[j % m];
        row[m] = field[i][0] / 2;
        row[j % m] = row[m] / 3;
        counts[(i + j) % (2 * n)]++;
    }
    x = digest(x, field, sizeof field);
    x = digest(x, row, sizeof row);
    return digest(x, counts, sizeof counts);
}

int main(void)
{
    for (int n = 2; n < 5; n++)
        print("field", simulate(n, n + 3));
    return 0;
}

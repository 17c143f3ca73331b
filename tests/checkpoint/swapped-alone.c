// Two pointers that change places, with nothing else that leads to their blocks; and rows of a
// matrix that are sorted by swapping pointers to them.
#include "sim.h"

enum { N = 500, ROWS = 12, COLUMNS = 10 };

int main(void)
{
    uint32_t *a = calloc(N, sizeof *a), *b = calloc(N, sizeof *b);
    static double matrix[ROWS][COLUMNS];
    double *rows[ROWS];
    uint64_t x = 77;

    for (int i = 0; i < ROWS; i++)
        rows[i] = matrix[i];
#pragma checkpoint save(a[:N], b[:N]) every(4 iterations)
    for (int t = 0; t < 350; t++) {
        uint32_t *swap = a;
        int i;

        x = spend(x + a[t % N]);
        a[x % N] += 3;
        b[(x >> 30) % N] = a[(x >> 10) % N] ^ (uint32_t)t;
        if (x & 4) {
            a = b;
            b = swap;
        }
        rows[x % ROWS][x % COLUMNS] += (double)(x % 1000) / 11;
        i = (int)(x % (ROWS - 1));
        if (rows[i][0] > rows[i + 1][0]) {
            double *row = rows[i];

            rows[i] = rows[i + 1];
            rows[i + 1] = row;
        }
    }
    print("a", digest(1, a, N * sizeof *a));
    print("b", digest(1, b, N * sizeof *b));
    for (int i = 0; i < ROWS; i++)
        printf("%td %.17g\n", rows[i] - matrix[0], rows[i][3]);
    free(a);
    free(b);
    return 0;
}

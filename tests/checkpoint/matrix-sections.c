// Blocks of matrices: sections of two dimensions, arrays of arrays, a pointer to an array.
#include "sim.h"

enum { N = 20 };
static double whole[N][N];

static uint64_t simulate(double (*block)[N], double *flat, int n, int m)
{
    uint64_t x = 5;

#pragma checkpoint save(block [0:n] [0:m], flat [2:n * m]) every(5 iterations)
    for (int t = 0; t < 400; t++) {
        int i = (int)(x % (uint64_t)n), j = (int)(x >> 32) % m;

        if (j < 0)
            j += m;
        x = spend(x);
        block[i][j] += (double)(x % 100) / 7;
        flat[2 + i * m + j] -= block[(i + 1) % n][j];
    }
    return x;
}

int main(void)
{
    double *flat = calloc(300, sizeof *flat);

    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            whole[i][j] = i - j;
    print("x", simulate(whole + 3, flat, 9, 11));
    print("whole", DIGEST(whole));
    print("flat", digest(1, flat, 300 * sizeof *flat));
    free(flat);
    return 0;
}

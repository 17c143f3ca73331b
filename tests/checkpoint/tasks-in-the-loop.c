// A loop whose iterations carry out synchronized code; the number of threads changes.
// threads: vary
#include "sim.h"

enum { N = 12 };

#pragma concurrent
static uint64_t step(uint64_t x, int i)
{
    return spend(x ^ (uint64_t)i);
}

#pragma synchronized
static void update(uint64_t *cells, double *sum)
{
#pragma synchronized
    for (int i = 0; i < N; i++) {
        uint64_t x = step(cells[i], i);

        *sum = *sum * 0.5 + (double)(x % 1000);
        cells[i] = x;
    }
}

int main(void)
{
    uint64_t *cells = calloc(N, sizeof *cells);
    double sum = 0;

#pragma checkpoint save(cells[:N]) every(1 iterations)
    for (int t = 0; t < 40; t++)
        update(cells, &sum);
    print("cells", digest(1, cells, N * sizeof *cells));
    printf("%.17g\n", sum);
    free(cells);
    return 0;
}

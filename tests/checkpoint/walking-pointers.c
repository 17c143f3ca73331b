// Sections that begin at a pointer that the loop moves, in a block that another pointer holds.
#include "sim.h"

int main(void)
{
    enum { N = 200 };
    int *base = malloc(N * sizeof *base), *p = base, n = N;
    unsigned hash = 0;

    for (int i = 0; i < N; i++)
        base[i] = i;
#pragma checkpoint save(base[:N], p[:n]) every(2 iterations)
    while (n > 0) {
        *p = (int)((unsigned)*p * 3 + (unsigned)n + (unsigned)(spend((uint64_t)n) % 7));
        if (n > 1)
            p[1] += *p % 7;
        p++;
        n--;
    }
    for (int i = 0; i < N; i++)
        hash = hash * 31 + (unsigned)base[i];
    printf("%u %d\n", hash, (int)(p - base));
    free(base);
    return 0;
}

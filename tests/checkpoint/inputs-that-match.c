// What the loop reads: tables, a structure behind a pointer, a string; what it skips.
#include "sim.h"

struct parameters {
    int n;
    double rate;
    const char *title;
};

static double weights[16];

static uint64_t simulate(const struct parameters *p, const uint64_t *seeds, int n_seeds,
                         unsigned verbose)
{
    uint64_t x = 1;
    double sum = 0;

#pragma checkpoint match(*p, string(p->title), seeds[:n_seeds]) skip(verbose) every(5 iterations)
    for (int i = 0; i < p->n; i++) {
        x = spend(x ^ seeds[i % n_seeds]) + (unsigned char)p->title[i % 4];
        sum += (double)(x % 100) * weights[x % 16] * p->rate;
        if (verbose)
            x += 0;
    }
    return x + (uint64_t)sum;
}

int main(void)
{
    struct parameters p = {400, 0.75, "wave"};
    uint64_t seeds[] = {3, 1, 4, 1, 5, 9, 2, 6};

    for (int i = 0; i < 16; i++)
        weights[i] = 1.0 / (i + 1);
    print("x", simulate(&p, seeds, 8, 0));
    return 0;
}

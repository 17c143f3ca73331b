// Generators whose state is the program's own: rand_r, erand48, a structure, one behind a pointer.
#include "sim.h"

struct generator {
    uint32_t state[5];
    unsigned at;
};

static struct generator shared = {{1, 2, 3, 4, 5}, 0};

static uint32_t next(struct generator *g)
{
    uint32_t x = g->state[g->at % 5], y = g->state[(g->at + 1) % 5];

    x ^= x << 7;
    y ^= y >> 9;
    g->state[g->at++ % 5] = x + y * 5;
    return x ^ y;
}

int main(void)
{
    struct generator *own = malloc(sizeof *own);
    unsigned short x48[3] = {1, 2, 3};
    unsigned seed = 4;
    double sum = 0;
    uint64_t x = 8;

    *own = (struct generator){{9, 8, 7, 6, 5}, 2};
#pragma checkpoint rng(*own) every(5 iterations)
    for (int i = 0; i < 400; i++) {
        x = spend(x + next(own));
        sum += erand48(x48) * (rand_r(&seed) % 100);
        x ^= next(&shared);
    }
    printf("%.17g %u %u %lu\n", sum, next(own), next(&shared), (unsigned long)rand_r(&seed));
    print("x", x);
    free(own);
    return 0;
}

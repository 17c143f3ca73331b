// Memory behind pointers to void: shapes with casts.
#include "sim.h"

struct cell {
    unsigned k;
    uint64_t d[4];
};

struct grid {
    void *state, *seed;
    struct cell *cells;
    int n;
};

int main(void)
{
    struct grid g = {calloc(1, sizeof(struct cell)), calloc(3, sizeof(uint64_t)),
                     calloc(5, sizeof(struct cell)), 5};
    uint64_t sum = 1;

    if (!g.state || !g.seed || !g.cells)
        return 2;
#pragma checkpoint save(*(struct cell *)g.state, g.cells[:g.n]) rng(((uint64_t *)g.seed)[:3])      \
    every(4 iterations)
    for (int i = 0; i < 500; i++) {
        struct cell *c = g.state;
        uint64_t *seed = g.seed;

        seed[i % 3] += spend(sum + seed[0]);
        c->k++;
        c->d[i & 3] += c->k + seed[2];
        g.cells[i % 5].d[2] ^= c->d[1];
        sum += c->d[3] * 3;
    }
    print("sum", sum);
    print("cells", digest(1, g.cells, 5 * sizeof *g.cells));
    print("seed", digest(1, g.seed, 3 * sizeof(uint64_t)));
    free(g.state);
    free(g.seed);
    free(g.cells);
    return 0;
}

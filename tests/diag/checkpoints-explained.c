// flags: --memo-explain
/* What is saved of a loop, matched and left alone, and where that comes from. */
#include <stdio.h>
#include <stdlib.h>

struct sim {
    double *grid, *cache;
    int n, step;
};
struct generator {
    size_t size;
    void *state;
};
static long calls;
static const int limits[] = {1, 2};
double factor = 2;
size_t get(void *buf, size_t capacity);
void set(const void *buf, size_t len);

static double step(struct sim *s, int i)
{
    static int hidden;
    calls++;
    return s->grid[i % s->n] * factor + limits[hidden++ % 2] + rand();
}

void grow(int wanted, struct sim *s, struct generator *g, FILE *log, double (*last)[3])
{
    int count = 0, capacity = 16;
    char title[20] = "";
    int *primes = malloc(16 * sizeof *primes), *newest = primes;
#pragma checkpoint save(primes[:count], s->grid[:s->n], *s, last[:2][:3]) alloc(primes[:capacity]) \
    skip(wanted, s->cache) match(string(title)) rng(g->state[:g->size]) rng(rand48)            \
    file(log, stdout) state(get, set) every(1%) on(TERM, USR1) keep expires(36h) name("grow")
    for (int i = 2; count < wanted; i++) {
        primes[count] = (int)step(s, i) + (int)last[1][2];
        newest = &primes[count++];
        last[0][0] += *newest;
        s->step++;
        fprintf(log, "%d %d\n", i, *newest);
#pragma checkpoint now
    }
}

int plain(int n)
{
    int sum = 0, i = 0;
#pragma checkpoint
    while (i < n)
        sum += i++;
    return sum;
}

#include "world.h"

void live(uint64_t x, int depth)
{
    population[x % 32] += x >> 40;
    if (depth > 0)
        live(x * 3 + 1, depth - 1);
    census.n++;
    census.last = x;
}

#include "../sim.h"
#include "world.h"

uint64_t population[32] = {5};
struct census census = {1, 2};

uint64_t simulate(int years)
{
    uint64_t x = 7;

#pragma checkpoint every(5 iterations)
    for (int year = 0; year < years; year++) {
        x = spend(x + population[year % 32]);
        population[(x >> 5) % 32]++;
        census.n += 0;
        live(x, 3);
    }
    return x;
}

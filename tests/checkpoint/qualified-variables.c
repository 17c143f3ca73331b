// volatile, _Atomic, _Thread_local, register and extern variables; a flexible array member;
// variables of the loop's body that are static.
#include <stdatomic.h>

#include "sim.h"

struct series {
    size_t n;
    uint64_t values[];
};

volatile unsigned ticks;
static _Atomic uint64_t atomic_sum;
static _Thread_local uint64_t of_the_thread = 3;

static uint64_t touch(uint64_t x)
{
    extern uint64_t defined_below;

    ticks += 2;
    atomic_fetch_add(&atomic_sum, x);
    of_the_thread ^= x >> 3;
    return defined_below += x & 15;
}

uint64_t defined_below = 4;

int main(void)
{
    register uint64_t x = 1;
    struct series *series = malloc(sizeof *series + 400 * sizeof series->values[0]);
    volatile double mean = 0;

    if (!series)
        return 2;
    series->n = 0;
#pragma checkpoint save(*series, series->values[:series->n]) every(5 iterations)
    while (series->n < 400) {
        static uint64_t previous = 7, both[2];

        x = spend(x + touch(previous));
        both[x & 1] += previous;
        previous = x ^ both[0];
        series->values[series->n++] = previous + both[1];
        mean += (double)(x % 100) / 400;
    }
    print("series", digest(1, series->values, series->n * sizeof series->values[0]));
    print("sums", atomic_sum + of_the_thread + defined_below);
    printf("%u %.17g\n", ticks, mean);
    free(series);
    return 0;
}

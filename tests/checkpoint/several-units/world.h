#include <stdint.h>

/* Changed by functions of other units. */
extern uint64_t population[32];
extern struct census {
    unsigned n;
    uint64_t last;
} census;

void live(uint64_t x, int depth);
uint64_t simulate(int years);

// The pragma in a macro, as _Pragma; names that macros make; every few milliseconds.
#include "sim.h"

#define MILLISECONDS 5ms
#define RESUMABLE _Pragma("checkpoint every(4ms)")
#define COUNT counters.n

int main(void)
{
    struct {
        unsigned n;
        uint64_t sum;
    } counters = {0};
    uint64_t x = 3;

    RESUMABLE
    for (int i = 0; i < 200; i++) {
        x = spend(x);
        COUNT += x % 3 == 0;
        counters.sum ^= x;
    }
#pragma checkpoint every(MILLISECONDS) name("second "                                              \
                                            "loop")
    for (int i = 0; i < 200; i++) {
        x = spend(x ^ counters.sum);
        COUNT++;
    }
    print("sum", counters.sum + x);
    return (int)COUNT % 200;
}

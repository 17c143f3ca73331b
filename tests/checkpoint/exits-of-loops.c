// Loops that are left by return, goto and break, in functions that are called many times.
#include "sim.h"

static uint64_t seen;

static uint64_t by_return(uint64_t x, int n)
{
#pragma checkpoint every(2 iterations)
    for (int i = 0; i < n; i++) {
        x = spend(x + seen++);
        if (x % 9 == 0)
            return x / 9;
    }
    return x;
}

static uint64_t by_goto(uint64_t x, int n)
{
    int i;

#pragma checkpoint every(2 iterations)
    for (i = 0; i < n; i++) {
        x = spend(x);
        if (x % 7 == 0)
            goto found;
        if (x % 13 == 0)
            goto again;
    }
    return x;
again:
    x += 2;
found:
    return x + (uint64_t)i;
}

int main(void)
{
    uint64_t x = 11;

    for (int t = 0; t < 15; t++) {
        x = by_return(x, 10 + t);
        print("returned", x);
        x = by_goto(x, 20 - t);
        print("went", x);
#pragma checkpoint every(2 iterations)
        while (1) {
            x = spend(x ^ seen);
            if (x % 11 == 0)
                break;
        }
        print("broke", x);
    }
    return seen % 256;
}

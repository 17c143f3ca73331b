// A memoized function called in the loop: killed, the loop goes on and the store still answers.
#include "sim.h"

#pragma memo
static uint64_t slow(uint64_t x)
{
    uint64_t y = x;

    for (int i = 0; i < 3; i++)
        y = spend(y);
    return y;
}

int main(void)
{
    uint64_t x = 1, d = 0;

#pragma checkpoint every(4 iterations)
    for (int i = 0; i < 250; i++) {
        x = slow(x % 97) + (uint64_t)i;
        d = d * 31 + spend(x);
    }
    print("d", d);
    return 0;
}

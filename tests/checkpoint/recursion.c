// A loop in a function that calls itself, from the loop and from outside of it.
#include "sim.h"

static uint64_t visited;
static unsigned depth_seen[8];

static uint64_t search(unsigned depth, uint64_t x)
{
    uint64_t sum = 0;

    depth_seen[depth]++;
#pragma checkpoint every(1 iterations)
    for (unsigned i = 0; i < 4; i++) {
        x = spend(x + i);
        visited++;
        sum = sum * 3 + (depth < 3 && x % 4 ? search(depth + 1, x ^ depth) : x);
    }
    return sum;
}

int main(void)
{
    for (uint64_t i = 0; i < 4; i++)
        print("found", search(0, i));
    print("depths", DIGEST(depth_seen));
    printf("%llu\n", (unsigned long long)visited);
    return 0;
}

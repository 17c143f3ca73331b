// The loop in one unit, its callee in another, the globals that both change in sight of the loop.
#include "../sim.h"
#include "world.h"

int main(void)
{
    print("x", simulate(400));
    printf("%u %llu\n", census.n, (unsigned long long)census.last);
    print("population", DIGEST(population));
    return 0;
}

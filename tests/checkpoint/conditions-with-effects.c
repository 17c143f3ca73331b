// Conditions that change what they test: n-- > 0, a call, a comma, an assignment.
#include "sim.h"

static unsigned tested;

static uint64_t take(uint64_t *x)
{
    tested++;
    *x = *x * 6364136223846793005u + 1;
    return *x >> 60;
}

int main(void)
{
    uint64_t x = 5, y = 1, d = 0;
    int n = 150, k = 0;

#pragma checkpoint every(3 iterations)
    while (n-- > 0)
        d = spend(d + (uint64_t)n);
    printf("%d\n", n);
#pragma checkpoint every(3 iterations)
    while (take(&x) != 15)
        d = spend(d + x);
    printf("%u\n", tested);
#pragma checkpoint every(3 iterations)
    for (k = 3; tested++, (y = take(&x) + y) < 1000; k += (int)(y & 1))
        d = spend(d + y);
    printf("%u %d %llu\n", tested, k, (unsigned long long)y);
    n = 60;
#pragma checkpoint every(3 iterations)
    do
        d = spend(d ^ (uint64_t)n);
    while (take(&y), --n);
    print("d", d + y);
    return n;
}

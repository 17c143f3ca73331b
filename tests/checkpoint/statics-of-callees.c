// Static locals: of the function itself, of callees two deep, several in a declaration, of the
// same name in different functions and blocks.
#include "sim.h"

static uint64_t inner(uint64_t x)
{
    static uint64_t last = 1, sum, *const where = &sum;
    static struct {
        unsigned n;
        uint64_t ring[16];
    } seen = {.n = 3};

    last = last * 31 + x;
    *where += last >> 7;
    seen.ring[seen.n++ % 16] ^= sum;
    return seen.ring[(seen.n + 5) % 16] + sum;
}

static uint64_t outer(uint64_t x)
{
    static unsigned calls, odd[2];
    static char last[32] = "none";

    calls++;
    odd[calls & 1] += (unsigned)(x & 7);
    if (x % 5 == 0) {
        static uint64_t last = 99; /* another one */

        last ^= inner(x);
        return last + (uint64_t)odd[0];
    }
    x += inner(x ^ calls);
    for (const char *p = last; *p; p++)
        x += (uint64_t)*p;
    snprintf(last, sizeof last, "%u:%llu", calls, (unsigned long long)(x % 1000));
    return x;
}

static uint64_t simulate(uint64_t seed)
{
    static uint64_t runs;
    uint64_t x = seed;

    runs++;
#pragma checkpoint every(4 iterations)
    for (int i = 0; i < 350; i++) {
        static uint64_t iterations;

        x = outer(spend(x + iterations++));
    }
    return x + runs;
}

int main(void)
{
    print("x", simulate(12));
    print("then", outer(4));
    print("and", outer(5));
    return 0;
}

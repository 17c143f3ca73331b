// for, while, do, for (;;) with break, several loop variables, continue, a switch, a body
// without braces; loops one after the other.
#include "sim.h"

static uint64_t once(uint64_t x)
{
    int n = 80;

#pragma checkpoint every(3 iterations)
    while (n)
        x = spend(x + (uint64_t)n--);
#pragma checkpoint every(3 iterations)
    for (;;) {
        x = spend(x ^ (uint64_t)n);
        if (++n % 2)
            continue;
        if (n > 60)
            break;
        x += 3;
    }
#pragma checkpoint every(3 iterations)
    do {
        uint64_t y = spend(x);

        switch (y % 4) {
        case 0:
            x += y;
            break;
        case 1:
            n -= 2;
            /* fall through */
        default:
            x ^= y;
            if (n & 1)
                continue;
        }
        x++;
    } while (--n > 0);
    return x;
}

int main(void)
{
    uint64_t x = once(3);

#pragma checkpoint every(2 iterations)
    for (int i = 0, j = 100; i < j; i++, j -= 2)
        x = spend(x + (uint64_t)(i * j));
#pragma checkpoint every(2 iterations)
    for (unsigned i = 40, *p = &i; *p < 90; ++*p) {
        if (i % 3 == 0)
            continue;
        x = spend(x + i);
    }
#pragma checkpoint every(2 iterations)
    for (double t = 0; t < 3; t += 0.05)
        x = spend(x + (uint64_t)(t * 1000));
    print("x", x);
    return 0;
}

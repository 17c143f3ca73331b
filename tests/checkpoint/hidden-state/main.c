// A list in another unit, given and taken by state(get, set).
// flags: -I..
#include "../sim.h"
#include "hidden.h"

int main(void)
{
    uint64_t x = 1, d = 0;

#pragma checkpoint state(hidden_get, hidden_set) every(5 iterations)
    for (int i = 0; i < 400; i++) {
        x = hidden_next(spend(x));
        d = d * 31 + x;
    }
    print("d", d);
    for (int i = 0; i < 200; i++)
        d = d * 31 + hidden_next(3 * (uint64_t)i);
    print("rest", d);
    return 0;
}

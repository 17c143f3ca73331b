// TERM and INT save, and then end the program.
// signal: TERM
#include "sim.h"

int main(void)
{
    uint64_t x = 1, table[100] = {0};

#pragma checkpoint on(TERM, INT) every(10m)
    for (int i = 0; i < 400; i++) {
        x = spend(x);
        table[x % 100] += x;
    }
    print("table", DIGEST(table));
    return 0;
}

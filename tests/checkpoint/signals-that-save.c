// USR1 saves, and the program goes on.
// signal: USR1
#include "sim.h"

#include <signal.h>

int main(void)
{
    uint64_t x = 1, table[100] = {0};

    signal(SIGUSR1, SIG_IGN); /* before and behind the loop */
#pragma checkpoint on(USR1) every(1h)
    for (int i = 0; i < 400; i++) {
        x = spend(x);
        table[x % 100] += x;
    }
    print("table", DIGEST(table));
    return 0;
}

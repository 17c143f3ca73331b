// `checkpoint now` where something is worth keeping.
#include "sim.h"

int main(void)
{
    uint64_t x = 1, phases[40] = {0};
    int phase = 0;

#pragma checkpoint every(1h)
    for (int i = 0; i < 400; i++) {
        x = spend(x);
        phases[phase] += x;
        if (i % 10 == 9) {
            phase++;
#pragma checkpoint now
        }
    }
    print("phases", DIGEST(phases));
    return phase;
}

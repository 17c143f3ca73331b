// Checkpoint and synchronized before one loop: what is pending belongs to the state.
// threads: vary
#include "sim.h"

#pragma concurrent
static uint64_t energy(uint64_t seed, int i)
{
    return spend(seed + (uint64_t)i * 7);
}

int main(void)
{
    uint64_t best = 0, kept[400];
    int at = -1, n_kept = 0;
    double sum = 0;

#pragma checkpoint every(20 iterations)
#pragma synchronized
    for (int i = 0; i < 400; i++) {
        uint64_t e = energy(42, i);

        if (e > best) {
            best = e;
            at = i;
        }
        sum += (double)(e % 1000) / 3;
        if (e % 3 == 0)
            kept[n_kept++] = e;
    }
    printf("%d %d %.17g\n", at, n_kept, sum);
    print("best", best);
    print("kept", digest(1, kept, (size_t)n_kept * sizeof *kept));
    return 0;
}

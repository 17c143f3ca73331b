// Loops with checkpoints inside a synchronized function: what its tasks are to set, in front of the
// loop, in it and around it, is there when a state is saved. All three forms; left by break.
// threads: vary
#include "sim.h"

#pragma concurrent
static uint64_t work(uint64_t x)
{
    return spend(x);
}

#pragma concurrent
static double weight(uint64_t x)
{
    return (double)(spend(x) % 1000) / 7;
}

#pragma synchronized
static uint64_t simulate(uint64_t *cells, int n)
{
    uint64_t first = work(1), table[8] = {0}, sum = 0;
    double heavy = weight(2), heaviest = 0;

    for (int round = 0; round < 2; round++) {
        uint64_t inner = work((uint64_t)round);
        int left = 25, shown = (int)(work(7) % 10) + 1;

#pragma checkpoint save(cells[:n + shown - shown]) every(2 iterations)
        for (int i = 0; i < n; i++) {
            double w = weight((uint64_t)i);

            cells[i] = work((uint64_t)(i + round));
            inner += work((uint64_t)i * 3);
            table[i % 8] ^= work((uint64_t)i + 5);
            heavy += w;
            if (w > heaviest)
                heaviest = w;
        }
        sum += inner;
        shown = (int)work((uint64_t)shown) & 3;
        sum += (uint64_t)shown;
#pragma checkpoint every(3 iterations) skip(cells)
        do {
            first = first * 31 + work((uint64_t)left);
            if (first % 64 == 3)
                break;
        } while (--left > 0);
#pragma checkpoint every(2 iterations) match(cells[:n])
        while (left < 30) {
            uint64_t x = work(cells[left % n] + (uint64_t)left);

            left++;
            if (x % 5 == 0)
                continue;
            sum ^= x;
            table[x % 8]++;
        }
    }
    printf("%.17g %.17g\n", heavy, heaviest);
    return first + sum + digest(1, table, sizeof table);
}

int main(void)
{
    uint64_t cells[40] = {0};

    print("sum", simulate(cells, 40));
    print("cells", DIGEST(cells));
    return 0;
}

// One annotated loop around others that aren't, with state at all depths.
#include "sim.h"

int main(void)
{
    uint64_t x = 2, best = 0, table[30] = {0};
    int i, j = 0, k = 7;

#pragma checkpoint every(1 iterations)
    for (i = 0; i < 30; i++) {
        for (j = 0; j < 3 + i % 3; j++)
            while (k % 4) {
                x = spend(x + (uint64_t)(k++));
                table[(i + j) % 30] += x % 100;
            }
        for (int t = 0; t < 9; t++) {
            x = spend(x ^ table[t]);
            if (x % 4 == 0) {
                best = x > best ? x : best;
                break;
            }
        }
        k++;
    }
    print("table", DIGEST(table));
    print("best", best);
    printf("%d %d %d\n", i, j, k);
    return 0;
}

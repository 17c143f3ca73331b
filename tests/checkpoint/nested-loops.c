// Annotated loops in annotated loops, three deep; an inner one is entered many times.
#include "sim.h"

static uint64_t grid[6][7];

static uint64_t relax(int row, uint64_t x)
{
    unsigned rounds = 0;

#pragma checkpoint every(2 iterations)
    do {
        x = spend(x + grid[row][rounds % 7]);
        grid[row][x % 7] ^= x;
        rounds++;
    } while (x % 6 && rounds < 12);
    return x + rounds;
}

int main(void)
{
    uint64_t x = 2, sums[3] = {0};

#pragma checkpoint every(1 iterations)
    for (int year = 0; year < 4; year++) {
        sums[0] += x;
#pragma checkpoint every(2 iterations)
        for (int month = 0; month < 6; month++) {
            int days = 3 + month % 3;

            sums[1] ^= x >> 3;
#pragma checkpoint every(3 iterations)
            while (days-- > 0) {
                x = relax((int)(x % 6), spend(x));
                sums[2] += x * (uint64_t)days;
                if (x % 23 == 0)
                    break;
            }
        }
        if (x % 2 == 0)
            x++;
    }
    print("grid", DIGEST(grid));
    print("sums", DIGEST(sums));
    return 0;
}

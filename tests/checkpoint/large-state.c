// 50 MB, of which a little changes in each iteration.
// kills: 4
#include "sim.h"

int main(void)
{
    size_t n = 50 * 1000 * 1000 / sizeof(uint64_t);
    uint64_t *field = malloc(n * sizeof *field), x = 1, d = 0;

    if (!field)
        return 2;
    for (size_t i = 0; i < n; i++)
        field[i] = i * 11400714819323198485u;
#pragma checkpoint save(field[:n]) every(150 iterations)
    for (int t = 0; t < 600; t++) {
        x = spend(x + field[x % n]);
        for (size_t i = 0; i < 100; i++)
            field[(x + i * 60007) % n] ^= x + i;
    }
    for (size_t i = 0; i < n; i++)
        d = (d ^ field[i]) * 0x100000001b3u;
    print("field", d);
    free(field);
    return 0;
}

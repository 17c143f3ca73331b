// Static locals in sections of the program's own, aligned, large, with types made by macros.
// flags: -ffunction-sections -fdata-sections -Wl,--gc-sections
#include "sim.h"

#define OWN_SECTION __attribute__((section("own_data")))
#define NUMBER uint64_t

static uint64_t in_sections(uint64_t x)
{
    static uint64_t mine __attribute__((section("own_data"))) = 4, *const where = &mine;
    static OWN_SECTION struct {
        uint64_t n[3];
    } theirs = {{1, 2, 3}};

    mine += x;
    *where ^= x << 7;
    return theirs.n[x % 3] += mine;
}

static uint64_t aligned(uint64_t x)
{
    static _Alignas(64) uint64_t wide[4];
    static NUMBER number = 5;
    static char text[] = "a"
                         "b";
    static uint64_t large[1 << 12];

    large[x % (1 << 12)] += x;
    x += large[7];
    wide[x % 4] += number++;
    text[x % 2] = (char)('a' + (text[x % 2] + 1 - 'a') % 26);
    return wide[1] + (uint64_t)text[0];
}

int main(void)
{
    uint64_t x = 1;

#pragma checkpoint every(4 iterations)
    for (int i = 0; i < 350; i++)
        x = spend(in_sections(x) + aligned(x));
    print("x", x);
    print("in sections", in_sections(1));
    print("aligned", aligned(1));
    return 0;
}

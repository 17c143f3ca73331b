// Loop variables that are global, static, a member, an element, behind a pointer, a pointer
// themselves, an enumeration, set before the loop.
#include "sim.h"

enum color { RED, GREEN, BLUE, N_COLORS };

static long long global = 12;
static struct {
    short at;
    uint64_t seen;
} position;

static uint64_t count_down(unsigned *n, uint64_t x)
{
#pragma checkpoint save(*n) every(3 iterations)
    for (; *n > 0; --*n)
        x = spend(x + *n);
    return x;
}

int main(void)
{
    static int local;
    int numbers[60], indices[3] = {7, 8, 9}, before = 5;
    enum color color;
    unsigned n = 50;
    uint64_t x = 1;

    for (int i = 0; i < 60; i++)
        numbers[i] = i * i;
#pragma checkpoint every(3 iterations)
    for (global = -20; global < 20; global++)
        x = spend(x ^ (uint64_t)global);
#pragma checkpoint every(3 iterations)
    for (position.at = 0; position.at < 40; position.at = (short)(position.at + 1)) {
        x = spend(x);
        position.seen += x;
    }
#pragma checkpoint every(3 iterations)
    for (local = 0, before *= 2; local < 40; local++, before++)
        x = spend(x + (uint64_t)before);
#pragma checkpoint every(3 iterations)
    for (indices[1] = 3; indices[1] < 50; indices[1] += 2)
        x = spend(x + (uint64_t)numbers[indices[1]]);
#pragma checkpoint every(3 iterations)
    for (int *p = numbers, *end = numbers + 60; p != end; p++)
        *p += (int)((x = spend(x)) % 100);
#pragma checkpoint every(3 iterations)
    for (const int *p = numbers + 60; p-- > numbers;)
        x = spend(x - (uint64_t)*p);
    x = count_down(&n, x);
#pragma checkpoint every(1 iterations)
    for (color = RED; color < N_COLORS; color++)
        for (int i = 0; i < 15; i++)
            x = spend(x + color);
    print("numbers", DIGEST(numbers));
    printf("%lld %d %d %d %d %u %d\n", global, position.at, local, before, indices[1], n,
           (int)color);
    print("x", x ^ position.seen);
    return 0;
}

// The C library's generators, used in the loop and in callees.
#include "sim.h"

static double throw_dart(void)
{
    double x = drand48(), y = drand48();

    return x * x + y * y;
}

static long deal(int n)
{
    return random() % n + (lrand48() & 1);
}

int main(void)
{
    unsigned long n_hits = 0, hands[53] = {0}, dice[6] = {0};
    uint64_t x = 0;

    srandom(99);
    srand48(12345);
    random(); /* before the loop: a rerun does this, too */
#pragma checkpoint every(4 iterations)
    for (int i = 0; i < 400; i++) {
        x = spend(x + (uint64_t)rand());
        n_hits += throw_dart() < 1;
        hands[deal(52)]++;
        dice[rand() % 6]++;
    }
    printf("%lu %d %ld %.17g\n", n_hits, rand(), random(), drand48());
    print("hands", DIGEST(hands));
    print("dice", DIGEST(dice));
    print("x", x);
    return 0;
}

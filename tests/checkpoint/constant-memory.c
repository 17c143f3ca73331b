// save names memory that can't be written: what is there already isn't written.
#include "sim.h"

struct operations {
    int add, (*turn)(int);
};

static int twice(int x)
{
    return 2 * x;
}

static const int table[4] = {1, 2, 3, 4};
static const struct operations operations = {3, twice};

int main(void)
{
    const int *q = table;
    const struct operations *o = &operations;
    char *text = (char *)"abc";
    uint64_t sum = 0;

#pragma checkpoint save(q[:4], text[:4], *o) every(2 iterations)
    for (int i = 0; i < 200; i++) {
        sum = sum * 31 + (unsigned)q[i % 4] + (unsigned char)text[i % 3] + (unsigned)o->turn(i);
        sum += (unsigned)o->add + spend((uint64_t)i) % 7;
    }
    printf("%llu\n", (unsigned long long)sum);
    return 0;
}

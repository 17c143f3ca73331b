// What functions of another unit change through structures by value, and behind const pointers.
#include "../sim.h"
#include "matrix.h"

struct keeper {
    void *walker;
};

int main(void)
{
    double start[16], x[4] = {1, 2, 3, 4};
    int even = 0, odd = 0;
    int *const counters[2] = {&even, &odd};
    matrix a = {4, 4, start}, in = {4, 1, x}, out = {4, 1, calloc(4, sizeof(double))};
    struct keeper keeper = {calloc(1, sizeof(struct walker))};

    if (!out.data || !keeper.walker)
        return 2;
    for (int i = 0; i < 16; i++)
        start[i] = (double)(i * 7 % 5) / 16;
    ((struct walker *)keeper.walker)->at = ((struct walker *)keeper.walker)->steps;
#pragma checkpoint save(out.data[:4], *(struct walker *)keeper.walker) every(3 iterations)
    for (int i = 0; i < 400; i++) {
        struct walker *w = keeper.walker;
        multiply(out, a, in);
        count(counters, i * i % 3);
        x[i & 3] = out.data[(i + 1) & 3] / (1 + (double)(spend((uint64_t)i) & 7));
        *w->at += x[i & 3];
        w->at = w->steps + i % 4;
    }
    print("out", digest(1, out.data, 4 * sizeof *out.data));
    print("x", digest(1, x, sizeof x));
    print("counters", (uint64_t)even << 32 | (uint64_t)odd);
    print("steps", digest(1, ((struct walker *)keeper.walker)->steps, 4 * sizeof(double)));
    free(out.data);
    free(keeper.walker);
    return 0;
}

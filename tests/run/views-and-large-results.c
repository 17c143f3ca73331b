// stats: cold calls=6 miss=2 hit=4
// stats: warm calls=6 miss=0 hit=6
/* A view points into the store; large results lie in files beside it. */
#include <memo.h>
#include <stdio.h>
#include <stdlib.h>

#pragma memo returns(view [:n])
const int *counted(int n)
{
    int *v = malloc(n * sizeof *v);
    for (int i = 0; i < n; i++)
        v[i] = i ^ n;
    return v;
}

#pragma memo returns([:n])
double *large(size_t n)
{
    double *v = malloc(n * sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i] = (double)i * 0.5;
    return v;
}

int main(void)
{
    for (int round = 0; round < 3; round++) {
        const int *v = counted(50000);
        long sum = 0;
        for (int i = 0; i < 50000; i++)
            sum += v[i];
        memo_release(v);
        double *d = large(400000), total = 0;
        for (size_t i = 0; i < 400000; i++)
            total += d[i];
        d[7] = -1;
        free(d);
        printf("%ld %.17g\n", sum, total);
    }
    return 0;
}

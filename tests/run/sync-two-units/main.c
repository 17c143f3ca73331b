// stats: late tasks>=40
/* Concurrent functions of another unit and of a header; memory of theirs. */
#include "work.h"

#include <stdio.h>

#pragma synchronized
static void all(int n, double *v, unsigned *low, unsigned *high)
{
    double weights[4] = {1, 2, 3, 4}, *buffer = far_buffer();
    struct model m = {4, weights};
    for (int i = 0; i < n; i++)
        v[i] = far(i * 0.5, i);
    for (int i = 0; i + 3 <= n; i++)
        v[i] = far_sum(v + i, 3);
    for (int i = 0; i < n; i++) {
        v[i] += far_split((unsigned)near(i) * 77u, &low[i], &high[i]);
        v[i] -= far_model(&m, i);
        weights[i % 4] = near(i);
    }
    for (int i = 0; i < n; i++) {
        v[i] += far_counted(i);
        buffer[i % 8] = far(i, i);
        if (i % 4 == 3)
            far_print("so far");
    }
    far_count += near(n);
}

int main(void)
{
    double v[10];
    unsigned low[10], high[10];
    all(10, v, low, high);
    run_in_another_unit(10, v);
    for (int i = 0; i < 10; i++)
        printf("%a %u %u\n", v[i], low[i], high[i]);
    printf("%d\n", far_count);
    return 0;
}

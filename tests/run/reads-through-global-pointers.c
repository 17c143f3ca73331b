// stats: cold calls=3 miss=2 hit=1
#include <stdio.h>

static int *weights, n_weights;

#pragma memo reads(weights[:n_weights])
int weigh(int x)
{
    int s = 0;
    for (int i = 0; i < n_weights; i++)
        s += x * weights[i];
    return s;
}

int main(void)
{
    int a[3] = {1, 2, 3}, b[3] = {1, 2, 3};
    weights = a;
    n_weights = 3;
    printf("%d\n", weigh(2));
    weights = b;
    printf("%d\n", weigh(2));
    b[0] = 10;
    printf("%d\n", weigh(2));
    return 0;
}

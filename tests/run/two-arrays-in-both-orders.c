// stats: cold calls=6 miss=3 hit=3
/* f(x, x), f(x, y) and f(y, x) are three calls. */
#include <stdio.h>

#pragma memo in(a[:2], b[:2])
int weigh(const int *a, const int *b)
{
    return 2 * a[0] + a[1] + 10 * (3 * b[0] + b[1]);
}

int main(void)
{
    int x[2] = {1, 2}, y[2] = {5, 7};
    for (int i = 0; i < 2; i++)
        printf("%d %d %d\n", weigh(x, x), weigh(x, y), weigh(y, x));
    return 0;
}

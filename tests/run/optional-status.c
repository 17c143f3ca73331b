// stats: cold calls=6 miss=3 hit=3
/* Optional `int *status` parameters: NULL or not is part of the key. */
#include <stdio.h>

#pragma memo out(*status)
int root(int n, int *status)
{
    int r = 0;
    while ((r + 1) * (r + 1) <= n)
        r++;
    if (status)
        *status = r * r == n ? 0 : 1;
    return r;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        int s = 77;
        printf("%d\n", root(17, NULL));
        printf("%d", root(17, &s));
        printf(" %d\n", s);
        printf("%d", root(16, &s));
        printf(" %d\n", s);
    }
    return 0;
}

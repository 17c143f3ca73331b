// stats: cold calls=4 miss=3 hit=1
/* Each dimension may be taken in part. */
#include <stdio.h>

#pragma memo in(a[0:2][0:n][1:2])
int sum(int n, int (*a)[3][4])
{
    int s = 0;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < n; j++)
            s += a[i][j][1] + a[i][j][2];
    return s;
}

int main(void)
{
    int a[2][3][4];
    for (int i = 0; i < 24; i++)
        (&a[0][0][0])[i] = i;
    printf("%d\n", sum(2, a));
    a[1][1][0] = a[0][2][1] = 100; /* outside */
    printf("%d\n", sum(2, a));
    a[1][1][2] = 50;
    printf("%d\n", sum(2, a));
    a[0][1][1] = 70;
    printf("%d\n", sum(2, a));
    return 0;
}

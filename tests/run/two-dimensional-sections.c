// stats: cold calls=5 miss=3 hit=2
/* A part of each row; what lies beside it doesn't count. */
#include <stdio.h>

#pragma memo in(a[0:n][0:m])
int sum(int n, int m, int w, int a[n][w])
{
    int s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            s += a[i][j];
    return s;
}

int main(void)
{
    int a[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
    printf("%d\n", sum(3, 2, 4, a));
    a[0][3] = 100; /* outside */
    printf("%d\n", sum(3, 2, 4, a));
    a[2][1] = 20;
    printf("%d\n", sum(3, 2, 4, a));
    printf("%d\n", sum(3, 4, 4, a));
    printf("%d\n", sum(3, 4, 4, a));
    return 0;
}

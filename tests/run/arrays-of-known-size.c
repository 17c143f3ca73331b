// stats: cold calls=6 miss=4 hit=2
#include <stdio.h>

#pragma memo
int dot(const int a[static 3], int (*b)[3])
{
    return a[0] * (*b)[0] + a[1] * (*b)[1] + a[2] * (*b)[2];
}

#pragma memo
void scale(double v[3], double f)
{
    for (int i = 0; i < 3; i++)
        v[i] *= f;
}

int main(void)
{
    int x[3] = {1, 2, 3}, y[3] = {4, 5, 6};
    printf("%d %d\n", dot(x, &y), dot(x, &y));
    y[2] = 7;
    printf("%d\n", dot(x, &y));
    for (int i = 0; i < 3; i++) {
        double v[3] = {1, 2, i == 1 ? 4 : 3};
        scale(v, 0.5);
        printf("%g %g %g\n", v[0], v[1], v[2]);
    }
    return 0;
}

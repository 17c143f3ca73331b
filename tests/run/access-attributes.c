// stats: cold calls=4 miss=3 hit=1
/* A GNU access attribute with a size counts as a shape. */
#include <stdio.h>

__attribute__((access(read_only, 1, 2))) int sum(const int *v, int n);

#pragma memo
int sum(const int *v, int n)
{
    int s = 0;
    for (int i = 0; i < n; i++)
        s += v[i];
    return s;
}

#pragma memo
__attribute__((access(read_write, 2, 1))) void twice(int n, int *v)
{
    for (int i = 0; i < n; i++)
        v[i] *= 2;
}

int main(void)
{
    int v[3] = {1, 2, 3};
    printf("%d %d\n", sum(v, 3), sum(v, 3));
    v[1] = 7;
    printf("%d\n", sum(v, 3));
    twice(3, v);
    printf("%d %d %d\n", v[0], v[1], v[2]);
    return 0;
}

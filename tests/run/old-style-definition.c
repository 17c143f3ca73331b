// flags: -std=gnu89
// stats: cold calls=2 miss=1 hit=1
#include <stdio.h>

#pragma memo
int knr(a, b)
    int a;
    double b;
{
    return a + (int)b;
}

int main()
{
    printf("%d %d\n", knr(1, 2.5), knr(1, 2.5));
    return 0;
}

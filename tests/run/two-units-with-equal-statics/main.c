// stats: cold calls=4 miss=2 hit=2
/* Static functions of one name in two units are two functions. */
#include <stdio.h>

int other(int n);

#pragma memo
static int f(int n)
{
    return n + 1;
}

int main(void)
{
    printf("%d %d %d %d\n", f(1), other(1), f(1), other(1));
    return 0;
}

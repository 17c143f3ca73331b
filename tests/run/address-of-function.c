// stats: cold calls=3 miss=2 hit=1
/* &f is the memoized function. */
#include <stdio.h>

#pragma memo
int twice(int n)
{
    return 2 * n;
}

static int apply(int (*f)(int), int n)
{
    return f(n);
}

int main(void)
{
    int (*p)(int) = &twice;
    printf("%d %d %d\n", apply(twice, 4), p(4), twice(5));
    printf("%d\n", p == twice);
    return 0;
}

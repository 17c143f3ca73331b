// flags: -O2
// stats: cold calls=79 miss=41 hit=38
/* Recursive calls go through the cache. */
#include <stdio.h>

#pragma memo
unsigned long fib(int n)
{
    return n < 2 ? (unsigned long)n : fib(n - 1) + fib(n - 2);
}

int main(void)
{
    printf("%lu\n", fib(40));
    return 0;
}

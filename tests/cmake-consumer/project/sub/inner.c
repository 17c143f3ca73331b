#include <stdio.h>

#pragma memo
static long inner(long n)
{
    return n + 1;
}

int main(void)
{
    printf("%ld\n", inner(41));
    return 0;
}

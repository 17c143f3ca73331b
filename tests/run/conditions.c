// stats: cold guarded.calls=2 guarded.miss=1 guarded.hit=1 checked.miss=3 checked.stored=1
/* when, store_if and the value they see. */
#include <stdio.h>

#pragma memo when(n >= 10)
int guarded(int n)
{
    return n * 3;
}

#pragma memo store_if(result == 0)
int checked(int n)
{
    return n % 2;
}

int main(void)
{
    printf("%d %d %d %d\n", guarded(3), guarded(3), guarded(10), guarded(10));
    printf("%d %d %d %d\n", checked(1), checked(1), checked(2), checked(2));
    return 0;
}

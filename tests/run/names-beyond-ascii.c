/* Names may hold what the compiler lets them hold. */
// stats: cold miss=2 hit=2
#include <stdio.h>

#pragma memo
double für(double x)
{
    return x * 2;
}

#pragma memo
int dollar$sign(int x)
{
    return x + 1;
}

int main(void)
{
    printf("%g %g\n", für(2), für(2));
    printf("%d %d\n", dollar$sign(2), dollar$sign(2));
    return 0;
}

// stats: cold calls=3 miss=1 hit=2
/* f(1), f(1.0) and f(1.0f) are the same call of f(double). */
#include <stdio.h>

#pragma memo
double half(double x)
{
    return x / 2;
}

int main(void)
{
    printf("%g %g %g\n", half(1), half(1.0), half(1.0f));
    return 0;
}

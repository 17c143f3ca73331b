// stats: cold calls=6 miss=4 hit=2
/* Globals that the function, or what it calls, reads are in the key. */
#include <stdio.h>

static double factor = 2;
static int table[3] = {1, 2, 3};

static double scaled(double x)
{
    return x * factor;
}

#pragma memo
double f(int i)
{
    return scaled(table[i]);
}

int main(void)
{
    printf("%g\n", f(1));
    printf("%g\n", f(1));
    factor = 3;
    printf("%g\n", f(1));
    table[1] = 10;
    printf("%g\n", f(1));
    table[1] = 2;
    factor = 2;
    printf("%g\n", f(1));
    printf("%g\n", f(0));
    return 0;
}

// stats: cold calls=4 miss=2 hit=2
/* code(fp): the function pointed to is identified by its code. */
#include <stdio.h>

static double square(double x)
{
    return x * x;
}

static double cube(double x)
{
    return x * x * x;
}

#pragma memo in(code(f))
double sum(double (*f)(double), int n)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += f(i);
    return s;
}

int main(void)
{
    printf("%g %g %g %g\n", sum(square, 4), sum(cube, 4), sum(square, 4), sum(cube, 4));
    return 0;
}

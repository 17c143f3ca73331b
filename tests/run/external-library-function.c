// flags: -lm
// stats: cold calls=3 miss=2 hit=1
/* Calls of a library function in this unit are redirected; &f and (f)(x) aren't. */
#include <math.h>
#include <stdio.h>

#pragma memo external
double erf(double x);

int main(void)
{
    double (*p)(double) = &erf;
    printf("%.17g %.17g %.17g\n", erf(0.5), erf(0.5), erf(0.25));
    printf("%.17g %.17g\n", (erf)(0.5), p(0.5));
    return 0;
}

// flags: -lm
// stats: cold calls=3 miss=2 hit=1
/* Calls of a library function in this unit are redirected; &f and (f)(x) aren't. */
#include <math.h>
#include <stdio.h>

#pragma memo external
double erf(double x);

int main(void)
{
    double (*volatile p)(double) = &erf;
    volatile double half = 0.5, quarter = 0.25; /* constants, the compiler would compute itself */
    printf("%.17g %.17g %.17g\n", erf(half), erf(half), erf(quarter));
    printf("%.17g %.17g\n", (erf)(half), p(half));
    return 0;
}

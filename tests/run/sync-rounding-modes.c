// flags: -frounding-math -lm
// warnings: yes
// stats: late tasks>=8
/* Calls run with the rounding mode of the place they are called at, and the exceptions
 * they raise are there afterwards. */
#include <fenv.h>
#include <math.h>
#include <stdio.h>

#pragma STDC FENV_ACCESS ON

#pragma concurrent
__attribute__((noinline)) static double third(double a)
{
    volatile double three = 3;
    double sum = 0;
    for (int k = 0; k < 100; k++)
        sum += a / three;
    return sum;
}
#pragma concurrent
__attribute__((noinline)) static double quotient(double a, double b)
{
    return a / b;
}

#pragma synchronized
static void modes(double *v)
{
    static const int modes[4] = {FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO, FE_TONEAREST};
    for (int k = 0; k < 8; k++) {
        fesetround(modes[k % 4]);
        v[k] = third(k + 1);
        v[k] += rint(k + 0.5);
    }
    fesetround(FE_UPWARD);
    double sum = 0;
    for (int k = 0; k < 8; k++)
        sum += third(k) / 7; /* deferred: rounded upwards, too */
    fesetround(FE_TONEAREST);
    v[8] = sum;
}

#pragma synchronized
static void exceptions(double *v, int n)
{
    for (int k = 0; k < n; k++)
        v[k] = quotient(k, k % 5 - 1); /* divides by zero */
}

int main(void)
{
    double v[9];
    modes(v);
    for (int k = 0; k < 9; k++)
        printf("%a ", v[k]);
    printf("%d\n", fegetround() == FE_TONEAREST);
    feclearexcept(FE_ALL_EXCEPT);
    exceptions(v, 9);
    printf("%d %d\n", !!fetestexcept(FE_DIVBYZERO), !!fetestexcept(FE_OVERFLOW));
    feclearexcept(FE_ALL_EXCEPT);
    exceptions(v, 1);
    printf("%d\n", !!fetestexcept(FE_DIVBYZERO));
    return 0;
}

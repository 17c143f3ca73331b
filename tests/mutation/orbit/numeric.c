/* Without annotations. */
#include "orbit.h"

/*@ path */
static const double coefficients[] = {0.001, 0.002, 0.0005};

/*@ drift */
double mean(double a, double b)
{
    return (a + b) / 2.0;
}

/*@ path */
double polynomial(double x)
{
    double value = 0;
    for (int i = 0; i < 3; i++)
        value = value * 0.01 + coefficients[i];
    return clamped(value + x * 0.0001, 0.75);
}

/*@ path */
double clamped(double x, double limit)
{
    return x > limit ? limit : x;
}

/*@ */
double unused_here(double x)
{
    return x * 11 + 2;
}

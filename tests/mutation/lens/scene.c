#include <math.h>
#include "lens.h"

/*@ right */
static double turned(double x)
{
    double once = x - 0.5;
    return once * 2;
}

/*@ right */
#pragma memo name("right")
static double turn(double x)
{
    double pivot = turned(x);
    return pivot + 1;
}

/*@ */
double right_turn(double x)
{
    return turn(x);
}

/*@~ shade */
#pragma memo
double shade(double light)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += filtered(light + i);
    return sum;
}

/*@~ sharp */
#pragma memo
double sharp(double x)
{
    return glass(x) + sqrt(x + 2.0);
}

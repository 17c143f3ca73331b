#include "lens.h"

/*@ view left */
static double turned(double x)
{
    double once = x + 0.5;
    return once * 3;
}

/*@~ view */
#pragma memo
double view(double angle)
{
    double seen = bend(turned(angle), INDEX);
    return seen + 2;
}

/*@~ left */
#pragma memo name("left")
static double turn(double x)
{
    double pivot = turned(x);
    return pivot - 1;
}

/*@ */
double left_turn(double x)
{
    return turn(x);
}

/*@~ both */
#pragma memo
int both(int n)
{
    if (n < 2)
        return 5;
    return both(n - 1) + 3 * both(n - 2);
}

/*@~ -fixed -uses */
static double inner(double x)
{
    return x * 4 + 1;
}

/*@~ -fixed -uses */
#pragma memo name("fixed") version("1")
double fixed(double x)
{
    double all = inner(x);
    return all + 6;
}

/*@~ uses */
#pragma memo name("uses")
double uses_fixed(double x)
{
    return fixed(x) * 2;
}

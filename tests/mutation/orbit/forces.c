/* How strongly things pull at each other. */
#include <assert.h>
#include "orbit.h"

/*@ energy */
const double gravity[4] = {9.81, 3.7, 8.87, 1.62};

/*@ force */
static const struct body bodies[] = {
    {1.0, 0.38f, 1},
    {2.5, 0.95f, 2},
    {4.0, 1.0f, 2},
    {0.5, 0.53f, 1},
    {0.25, 0.1f, 3},
};

/*@~ force */
static double softening(int kind)
{
    double softened = 0.25;
    if (kind == VENUS)
        softened += 0.125;
    return softened * METRES(1);
}

/*@~ force energy path */
double pull(double d, const struct body *b)
{
    double near = d < 0.5 ? 0.5 : d;
    assert(b);
    return b->mass * b->kind / SQUARE(near) - b->radius;
}

/*@~ */
static double unrelated(double x)
{
    double left = x - 17.5;
    return left * 2;
}

/*@~ */
double exported_and_unrelated(double x)
{
    return unrelated(x) + FEET(2);
}

/*@~ force */
#pragma memo
double force(double d, int kind)
{
    const struct body *b = &bodies[kind == EARTH ? 2 : kind % 3];
    double sum = 0;
    for (int i = 1; i <= 4; i++)
        sum += pull(d * i, b) / SOFTENED(d, softening(kind));
    return sum;
}

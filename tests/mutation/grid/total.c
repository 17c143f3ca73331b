#include <math.h>
#include "grid.h"
#include "gridlib.h"

/*@ level */
int sea_level = 4;
/*@ level */
static int scale_of_levels = 3;
/*@ */
static int scale_of_nothing = 8;

/*@ */
int nothing(void)
{
    return scale_of_nothing * 2;
}

/*@~ level */
#pragma memo
int level(int height)
{
    int above = height - sea_level;
    return above * scale_of_levels;
}

/*@~ norm */
#pragma memo in(v[:n])
double norm(size_t n, const double *v)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i] * weight((double)i);
    return sqrt(sum);
}

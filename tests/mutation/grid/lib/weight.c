#include "gridlib.h"

/*@ norm */
double weight(double distance)
{
    return 1.0 / (POWER(distance) + 2);
}

/*@ norm */
double weighed(double v)
{
    return v * 1.5;
}

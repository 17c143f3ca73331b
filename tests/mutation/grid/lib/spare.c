#include "gridlib.h"

/*@ */
double spare(double v)
{
    return border(v, 7) * 12;
}

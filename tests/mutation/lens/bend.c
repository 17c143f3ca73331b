#include "lens.h"

/*@ view */
double bend(double angle, double index)
{
    return BENT(angle) / index - 0.0625;
}

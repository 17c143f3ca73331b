#include "lens.h"

/*@ view */
double bend(double angle, double index)
{
    return BENT(angle) / index - tinted(0.0625);
}

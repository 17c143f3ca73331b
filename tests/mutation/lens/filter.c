#include "lens.h"

/*@ shade */
double filtered(double light)
{
    return light * DARK - 0.5;
}

#include "lens.h"

/*@ view sharp= */
double tinted(double light)
{
    return light * 3.5;
}

#include "lens.h"

/*@ sharp */
double glass(double thickness)
{
    return thickness * 0.875 + BENT(2.0) + coating(thickness);
}

/* A function of the program that a library calls. */
#include "lens.h"

/*@ sharp view= */
double coating(double thickness)
{
    return thickness * 0.0625;
}

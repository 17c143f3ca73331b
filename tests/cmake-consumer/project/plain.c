#include "shapes.h"

double volume(double r)
{
    return 4.25 * r * r * r;
}

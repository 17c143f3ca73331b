#include "gridlib.h"

/*@ smooth edge */
double border(double v, int side)
{
    if (side == LEFT)
        return v * EDGE_WEIGHT;
    return v * (EDGE_WEIGHT + 0.0625 * side) + SIDES;
}

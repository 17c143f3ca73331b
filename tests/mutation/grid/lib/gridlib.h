#ifndef GRIDLIB_H
#define GRIDLIB_H
#include <stddef.h>

/*@ smooth? edge? */
#define EDGE_WEIGHT 0.375
/*@ norm? */
#define POWER(x) ((x) * (x))
/*@ */
#define NOT_USED(x) ((x) - 1)

/*@ edge? smooth? */
enum side { LEFT = 1, RIGHT = 2, SIDES };

/*@ */
double stencil(const double *v, size_t n, size_t i);
double border(double v, int side);
double weight(double distance);
double weighed(double v);
double spare(double v);

#endif

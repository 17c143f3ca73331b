#include "gridlib.h"

/*@ smooth */
static const double kernel[3] = {0.25, 0.5, 0.25};

double stencil(const double *v, size_t n, size_t i)
{
    double sum = v[i] * kernel[1];
    sum += i > 0 ? v[i - 1] * kernel[0] : border(v[i], 1);
    sum += i + 1 < n ? v[i + 1] * kernel[2] : border(v[i], 2);
    return sum;
}

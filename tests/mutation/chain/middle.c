#include "chain.h"

/*@ top */
int middle(int n)
{
    return low(LOWER(n)) + 2;
}

/*@ top */
const short offsets[3] = {40, 50, 60};

/*@ chosen */
static int inner(int n)
{
    return n - 3;
}

/*@ chosen */
int apply(step f, int n)
{
    return inner(f(n)) * 10 + f(n + 1);
}

#include "chain.h"

/*@ top */
int middle(int n)
{
    return low(LOWER(n)) + 2;
}

/*@ chosen */
int apply(step f, int n)
{
    return f(n) * 10 + f(n + 1);
}

#include "chain.h"

/*@ top direct */
static int inside(int n)
{
    int shifted = n << 2;
    return shifted | 1;
}

/*@~ top direct */
int leaf(int n)
{
    return inside(n) + 30;
}

/*@~ alone calls */
#pragma memo
int alone(int n)
{
    return n * 8 + 1;
}

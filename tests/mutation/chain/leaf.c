#include "chain.h"

/*@ top direct */
static int inside(int n)
{
    int shifted = n << 2;
    return shifted | 1;
}

/*@ top direct tuning calls */
extern int tuning;

/*@~ top direct */
int leaf(int n)
{
    return inside(n) + 30 + tuning;
}

/*@~ tuning calls */
#pragma memo name("tuning")
int reads_tuning(int n)
{
    return n + tuning;
}

/*@~ alone calls */
#pragma memo
int alone(int n)
{
    return n * 8 + 1;
}

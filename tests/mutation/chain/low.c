#include "chain.h"

/*@ top direct calls tuning= */
int tuning = 17;

/*@ top */
static int inner(int n)
{
    return n * 3;
}

/*@ top */
__attribute__((weak)) int tuned(int n)
{
    return n + 8;
}

/*@ top */
int low(int n)
{
    return inner(leaf(n * 2)) ^ tuned(5) ^ offsets[n & 1];
}

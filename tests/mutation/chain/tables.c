#include "chain.h"

/*@ indirect */
const int weights[4] = {3, 1, 4, 15};

/*@ any */
static int up(int n)
{
    return n + 9;
}

/*@ any */
static int down(int n)
{
    return n - 9;
}

/*@ any */
const step steps[2] = {up, down};

/*@ own */
#pragma memo
int own(int n)
{
    return n + 21;
}

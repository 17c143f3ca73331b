#include "chain.h"

/*@ top */
int low(int n)
{
    return leaf(n * 2) ^ 5;
}

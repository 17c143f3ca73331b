// stats: cold calls=4 miss=2 hit=2
/* Annotations in a header and in the unit that includes it. */
#include "g.h"
#include <stdio.h>
#pragma memo
int q(int x){return x * 5;}
int main(void)
{
    printf("%d %d %d %d\n", g(1), g(1), q(1), q(1));
    return 0;
}

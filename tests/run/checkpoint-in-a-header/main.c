// runs: cold
/* Loops in a header's functions, `now` alone under an if, a condition that a macro makes. */
#include "loops.h"
#include <stdio.h>
#define COUNT(i, n) (i) < (n)
int main(void)
{
    int k = 0, s = in_header(30);
    double a = 0.5, *p = &a;
#pragma checkpoint
    do
        s += k, k++;
    while (COUNT(k, 10));
#pragma checkpoint
    for (k = 0; COUNT(k, 10); k++)
        *p = *p * 2;
    printf("%d %g\n", s, a);
    return 0;
}

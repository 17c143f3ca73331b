/* Bounds that name what the call writes are evaluated behind it. */
#include <stdlib.h>

#pragma memo out(*n, v[:*n])
void fill(int limit, int *n, int *v)
{
    *n = limit;
    for (int i = 0; i < *n; i++)
        v[i] = i;
}

#pragma memo out(*n) returns([:*n])
int *make(int limit, int *n)
{
    int *p = malloc((size_t)limit * sizeof *p);
    *n = limit;
    for (int i = 0; p && i < limit; i++)
        p[i] = i;
    return p;
}

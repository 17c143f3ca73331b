#include <stdlib.h>

static int table[4];

#pragma memo returns([:4])
int *shared(int n)
{
    return n ? table : NULL; // expected-error {{returns memory that isn't fresh from malloc}}
}

#pragma memo in(p[:n]) returns([:n])
int *points_into(int *p, int n)
{
    (void)n;
    return p; // expected-error {{returns memory that isn't fresh from malloc}}
}

#pragma memo returns([:n])
int *fresh(int n)
{
    int *p = calloc(n, sizeof *p);
    return p;
}

// cc: gcc
/* A function in a header is rewritten in each unit that includes it. */
#include "static-inline-header.h"

int use(int n)
{
    return twice(n);
}

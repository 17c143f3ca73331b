/* Carets stand under what is meant, behind tabs and letters of several bytes. */
#include <stdlib.h>

static int größe;

#pragma memo
int counts(int n)
{
	größe++; /* a tab before it */
	return	n;
}

#pragma memo /* “ä” */ in(p[:n], größer) whenn(n > 3) \
    ignore(p,	n + 1) \
    key(	12x)
int several(const int *p, int n)
{
    return p[n];
}

static int helper(int n)
{
    return /* ü */ n + rand();
}

#pragma memo
int random_below(int n)
{
    return helper(
        n);
}

#pragma	memo	in(värde[:läng])
int names(const int *värden, int längd)
{
    return värden[längd - 1];
}

#pragma memo in(p[:n]
int unbalanced(const int *p, int n)
{
    return p[n];
}

// A function that is memoized and concurrent gets one that tells whether a call is known.
#pragma memo when(n > 0) in(p[:n])
#pragma concurrent
double sum(int n, const double *p)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += p[i];
    return s;
}

#pragma memo
#pragma concurrent
int twice(int n)
{
    return 2 * n;
}

/* What it writes may still be in use by then: there is none. */
#pragma memo out(*to)
#pragma concurrent out(*to)
int store(int n, int *to)
{
    *to = n;
    return 0;
}

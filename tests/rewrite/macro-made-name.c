/* The name may come from a macro, and the pragma too. */
#define PREFIX(name) my_##name
#define MEMO(...) _Pragma(#__VA_ARGS__)

#pragma memo
int PREFIX(square)(int n)
{
    return n * n;
}

MEMO(memo ignore(verbose))
int PREFIX(cube)(int n, int verbose)
{
    (void)verbose;
    return n * n * n;
}

/* Before a function's definition, a loop or a block; waits between statements. */
double g(int n);

#pragma concurrent in(p[:n])
double f(int n, const double *p);
#pragma concurrent in(q[:m])
double f(int m, const double *q)
{
    return m ? q[0] : 0;
}

#pragma concurrent // expected-note {{annotated here}}
#pragma concurrent // expected-error {{'twice' already has a '#pragma concurrent' here}}
double twice(int n);

#pragma concurrent // expected-error {{is not followed by a function}}
int not_a_function;

#pragma synchronized // expected-error {{'#pragma synchronized' stands before a prototype of 'late', whose definition has none}}
double late(int n);
double late(int n) // expected-note {{write it before the definition, here}}
{
    return g(n);
}

#pragma synchronized
double both(int n);
#pragma synchronized // expected-note {{annotated here}}
double both(int n)
{
    return g(n);
}
#pragma synchronized threads(n) // expected-error {{don't mean the same}}
double both(int k);

#pragma synchronized // expected-note {{annotated here}}
#pragma synchronized // expected-error {{'again' already has a '#pragma synchronized' here}}
double again(int n)
{
    return g(n);
}

#pragma synchronized
double elsewhere(int n);

#define SYNC _Pragma("synchronized")
#define SYNC_FOR _Pragma("synchronized threads(2)") for
#define SYNC_LOOP(n) _Pragma("synchronized") for (int i = 0; i < (n); i++) g(i); g(0)
#define SYNC_FUNCTION(name)                                                                        \
    _Pragma("synchronized") double name(int n)                                                     \
    {                                                                                              \
        return g(n);                                                                               \
    }
#define IVDEP _Pragma("GCC ivdep")
#define NOTHING
#define WAIT_AND_CALL _Pragma("synchronized wait") g(0)

SYNC_FUNCTION(made) // expected-error {{'made' is made by a macro as a whole and can't hold synchronized code}}

SYNC static double in_one_line(int n)
{
    double s = g(n);
    _Pragma("synchronized wait") return s;
}

double places(int n)
{
    double s = in_one_line(n);
#pragma synchronized

    /* a comment, blank lines and other pragmas may stand between */
#pragma GCC unroll 4
    for (int i = 0; i < n; i++) {
        s += g(i);
#pragma synchronized wait
    }
    SYNC while (n > 100) n--;
    SYNC IVDEP NOTHING _Pragma("GCC unroll 2") while (n > 90) n--;
    SYNC_FOR (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized
    do
        s += g(0);
    while (n-- > 50);
#pragma synchronized
    {
        s += g(1);
    }
    if (n)
#pragma synchronized
        for (int i = 0; i < n; i++)
            s += g(i);
#pragma synchronized // expected-error {{is not followed by a function's definition, a loop or a block}}
    s += g(2);
#pragma synchronized // expected-error {{is not followed by a function's definition, a loop or a block}}
    double t = g(3);
#pragma synchronized // expected-error {{is not followed by a function's definition, a loop or a block}}
label:
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized // expected-note {{annotated here}}
#pragma synchronized threads(2) // expected-error {{this loop already has a '#pragma synchronized'}}
    for (int i = 0; i < n; i++)
        s += g(i);
#pragma synchronized // expected-note {{annotated here}}
#pragma synchronized // expected-error {{this block already has a '#pragma synchronized'}}
    {
        s += g(1);
    }
    SYNC_LOOP(n); // expected-error {{a macro makes a part of this loop and something else, so that it can't be synchronized}}
#pragma concurrent // expected-error {{'#pragma concurrent' is not followed by a function}}
    if (s < 0)
        goto label;
#pragma synchronized // expected-error {{is not followed by a function's definition, a loop or a block}}
    return s + t;
}

#pragma synchronized wait // expected-error {{outside of synchronized code}}
double waits(int n)
{
    double s = 0;
#pragma synchronized wait // expected-error {{outside of synchronized code}}
#pragma synchronized
    for (int i = 0; i < n; i++) {
        s += g(i);
#pragma synchronized wait
        switch (i) {
        case 1:
#pragma synchronized wait
            s += g(1);
        }
        if (s > 2)
#pragma synchronized wait // expected-error {{must stand between two statements of a block}}
            s = g(2);
        s +=
#pragma synchronized wait // expected-error {{must stand between two statements of a block}}
            g(3);
        WAIT_AND_CALL; // expected-error {{must stand between two statements of a block}}
    }
#pragma synchronized
    for (int i = 0; i < n; i++)
#pragma synchronized wait // expected-error {{outside of synchronized code}}
        s += g(i);
    return s;
}

#if 0
#pragma synchronized nonsense
_Pragma("concurrent nonsense")
#endif
// #pragma synchronized nonsense
const char *text = "#pragma concurrent nonsense";
#pragma synchronized // expected-error {{is not followed by a function's definition, a loop or a block}}

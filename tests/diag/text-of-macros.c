/* What a macro made is pointed at where the macro stands. */
#define COUNT(n) (n) + 3x
#define FIRST(p, n) p[:n]
#define MEMO(...) _Pragma("memo in(q[:n]) key(a +)")
#define STR(x) #x
#define PRAGMA(...) _Pragma(STR(memo __VA_ARGS__))

#pragma memo in(p[: COUNT(n)])
int a(const int *p, int n)
{
    return p[n];
}

#pragma memo in(FIRST(q, n))
int b(const int *p, int n)
{
    return p[n];
}

MEMO(x)
int c(const int *p, int n)
{
    return p[n];
}

PRAGMA(in(p[:m])) int d(const int *p, int n)
{
    return p[n];
}

_Pragma("memo name(\"d\") name(\"e\")") int e(int n)
{
    return n;
}

#pragma memo in(p[:FIRST(n)])
int f(const int *p, int n)
{
    return p[n];
}

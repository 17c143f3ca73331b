struct hidden;

#pragma memo in(p) // expected-error {{'p' is a pointer; write '*p' or 'p[:n]'}}
int a(const int *p)
{
    return *p;
}

#pragma memo in(p[0:n][0:n]) // expected-error {{separate blocks of memory}}
int b(int **p, int n)
{
    return p[0][n - 1];
}

#pragma memo in(*p) // expected-error {{incomplete type}}
int c(const struct hidden *p)
{
    return p != 0;
}

#pragma memo in(*p) // expected-error {{of type void}}
int d(const void *p)
{
    return *(const char *)p;
}

#pragma memo in(p[2:]) // expected-error {{needs a count}}
int e(const int *p)
{
    return p[2];
}

static int g;

#pragma memo in(g) // expected-error {{name it in 'reads'}}
int f(int n)
{
    return n + g;
}

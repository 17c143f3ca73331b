/* Strings and code in the key; results that are strings, views, or point into arguments. */
#include <stdlib.h>
#include <string.h>

#pragma memo returns(string)
char *twice(const char *s)
{
    size_t n = strlen(s);
    char *p = malloc(2 * n + 1);
    if (p) {
        memcpy(p, s, n);
        memcpy(p + n, s, n + 1);
    }
    return p;
}

#pragma memo in(v[:n], code(less)) returns(in v)
int *least(int *v, int n, int (*less)(int, int))
{
    int *p = v;
    for (int i = 1; i < n; i++)
        if (less(v[i], *p))
            p = v + i;
    return p;
}

#pragma memo returns(view [:n]) align(64)
double *squares(int n)
{
    double *p = aligned_alloc(64, (size_t)n * sizeof *p);
    for (int i = 0; p && i < n; i++)
        p[i] = (double)i * i;
    return p;
}

#pragma memo returns(static string)
const char *kind(int n)
{
    return n ? "some" : "none";
}

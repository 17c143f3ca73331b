#include <stdlib.h>
#include <string.h>

struct point {
    double x, y;
    const int *tags;
};

double elsewhere(const double *v, int n);
void fill(double *v, int n);

/* ---- nobody reads, nobody writes ---- */

// expected-note@+2 {{'w[:n]' makes the key longer for nothing}}
// expected-warning@+1 {{memoized function 'one_of_two' never reads 'w[:n]'}}
#pragma memo in(v[:n], w[:n])
double one_of_two(const double *v, const double *w, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += v[i];
    (void)w;
    return sum;
}

/* Whether it is NULL is in the key with the shape only. */
#pragma memo in(v[:n], w[:n])
double one_of_two_is_tested(const double *v, const double *w, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += v[i];
    return w ? sum : 0;
}

// expected-note@+2 {{what is only read is 'in'}}
// expected-warning@+1 {{memoized function 'only_reads' never writes '*v'}}
#pragma memo inout(*v)
int only_reads(int *v)
{
    return *v + 1;
}

static void looks(const int *v)
{
    (void)v;
}

// expected-warning@+1 {{memoized function 'passes_down' never writes 'v[:n]'}}
#pragma memo out(v[:n])
void passes_down(int *v, int n)
{
    if (n > 0)
        looks(v);
}

// expected-warning@+1 {{never reads 'p->y'}}
#pragma memo in(p->x, p->y)
double one_member(const struct point *p)
{
    return p->x;
}

/* ---- somebody does ---- */

#pragma memo in(v[:n]) inout(w[:n])
double out_of_sight(const double *v, double *w, int n)
{
    fill(w, n);
    return elsewhere(v, n);
}

#pragma memo in(*p, p->tags[:1])
double copies(const struct point *p)
{
    struct point q = *p;
    return q.x + q.tags[0];
}

#pragma memo in(*n, v[:*n])
int bound(const int *n, const int *v)
{
    return v[0];
}

#pragma memo in(v[:n]) returns(in v)
const int *last(const int *v, int n)
{
    return v + n;
}

#pragma memo in(a[:n]) out(b[:n])
void library(const int *a, int *b, size_t n)
{
    memcpy(b, a, n * sizeof *b);
}

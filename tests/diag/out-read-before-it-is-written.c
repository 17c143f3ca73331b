#include <stdlib.h>
#include <string.h>

struct sums {
    double mean, square;
    int n;
};

/* ---- read too early ---- */

#pragma memo out(r[:n]) // expected-note {{what is read before it is written is 'inout'}}
void increments(int n, int *r)
{
    for (int i = 0; i < n; i++)
        r[i] = r[i] + 1; // expected-error {{'increments' reads 'r[:n]' before it is written}}
}

#pragma memo out(*r)
int asks(int n, int *r)
{
    if (*r) // expected-error {{'asks' reads '*r' before it is written}}
        return 1;
    *r = n;
    return 0;
}

static int add(int *r, int n)
{
    return *r += n; // expected-error {{'adds_below' reads '*r' before it is written}}
}

#pragma memo out(*r)
int adds_below(int n, int *r)
{
    return add(r, n); // expected-note {{'adds_below' calls 'add' here}}
}

#pragma memo out(*s)
void sums_up(int n, struct sums *s)
{
    while (n-- > 0)
        s->mean += n; // expected-error {{'sums_up' reads '*s' before it is written}}
    s->n = n;
}

static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

#pragma memo out(v[:n])
void sorts(int *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value); // expected-error {{'sorts' reads 'v[:n]' before}}
}

#pragma memo out(v[:n])
int through_a_pointer(int *v, int n)
{
    int *q = v + 1, first = *q++; // expected-error {{'through_a_pointer' reads 'v[:n]' before}}
    memset(v, 0, (size_t)n * sizeof *v);
    return first;
}

#pragma memo out(v[:n])
int never_written(int *v, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        if (i > 3)
            sum += v[i]; // expected-error {{'never_written' reads 'v[:n]' before}}
    return sum;
}

#pragma memo out(h[:16]) // expected-warning {{it can't be seen that every call}}
void on_some_ways(int n, int *h)
{
    if (n > 3)
        memset(h, 0, 16 * sizeof *h);
    h[n & 15]++; // expected-warning {{it can't be seen that every call of 'on_some_ways' writes 'h[:16]' before}}
}

/* ---- written first ---- */

#pragma memo out(t[:n])
void table(int n, long *t)
{
    for (int i = 0; i < n; i++)
        t[i] = i < 2 ? i : t[i - 1] + t[i - 2];
}

#pragma memo out(t[:n])
void triangle(int n, long *t)
{
    for (int i = 0; i < n; i++) {
        long sum = 1;
        for (int j = 0; j < i; j++)
            sum += t[j];
        t[i] = sum;
    }
}

#pragma memo out(t[:n])
void goes_on(int n, long *t)
{
    for (int i = 0; i < n; i++) {
        if (i == 0) {
            t[0] = 1;
            continue;
        }
        t[i] = 2 * t[i - 1];
    }
}

static void zero(int *p, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = 0;
}

#pragma memo out(p[:n])
void in_callees(int *p, int n)
{
    zero(p, n);
    for (int i = 0; i < n; i++)
        add(p + i, i);
}

#pragma memo out(*s, *status)
int members(int n, struct sums *s, int *status)
{
    if (status)
        *status = n;
    s->n = n;
    s->mean = s->square = 0;
    for (int i = 0; i < n; i++)
        s->mean += i, s->square += s->mean;
    return status ? *status : 0;
}

#pragma memo in(v[:n]) out(w[:n])
int early_return(const int *v, int *w, int n)
{
    int *copy = malloc((size_t)n * sizeof *copy);
    memcpy(w, v, (size_t)n * sizeof *w);
    if (!copy)
        return -1;
    qsort(w, (size_t)n, sizeof *w, by_value);
    free(copy);
    return w[0];
}

#pragma memo in(v[0:1]) out(v[1:n])
void overlapping(int *v, int n)
{
    for (int i = 1; i <= n; i++)
        v[i] = v[i - 1] + 1;
}

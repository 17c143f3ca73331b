/* far.c - see far.h. */
#include "far.h"

#include <stdio.h>

static unsigned n_observed, n_counted;
static unsigned *published;

unsigned far_mix(unsigned a, unsigned b)
{
    for (int k = 0; k < 100; k++)
        a = (a ^ (a >> 7)) * 2654435761u + b;
    return a;
}

unsigned far_at(const unsigned *p)
{
    return far_mix(*p, 3);
}

unsigned far_sum(const unsigned *p, int n)
{
    unsigned sum = 0;
    for (int k = 0; k < n; k++)
        sum = sum * 31 + p[k];
    return far_mix(sum, 1);
}

void far_map(const unsigned *p, unsigned *q, int n)
{
    for (int k = 0; k < n; k++)
        q[k] = far_mix(p[k], (unsigned)k);
}

unsigned far_change(unsigned *p, int n, unsigned by)
{
    for (int k = 0; k < n; k++)
        p[k] = p[k] * by + far_mix(by, p[k]) % 100;
    return p[0];
}

void far_split(unsigned a, unsigned *high, unsigned *low)
{
    *high = far_mix(a, 2) >> 16;
    *low = far_mix(a, 5) & 0xffff;
}

void observe(unsigned a)
{
    printf("observed %u: %u\n", ++n_observed, a);
}

unsigned count(unsigned a)
{
    return n_counted += a % 7 + 1;
}

void scramble(unsigned *p, int n)
{
    for (int k = 0; k < n; k++)
        p[k] = p[k] * 5 + (unsigned)k;
}

unsigned glance(const unsigned *p)
{
    return *p + 1;
}

void publish(unsigned *p)
{
    published = p;
}

unsigned peek(void)
{
    return published ? *published : 0;
}

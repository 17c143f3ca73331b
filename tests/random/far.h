/* far.h - what random programs call in another unit: out of the tool's sight. */
#ifndef FAR_H
#define FAR_H

struct item {
    unsigned n;
    double w;
    unsigned char tag;
};

#pragma concurrent
unsigned far_mix(unsigned a, unsigned b);
#pragma concurrent
unsigned far_at(const unsigned *p);
#pragma concurrent in(p[:n])
unsigned far_sum(const unsigned *p, int n);
#pragma concurrent in(p[:n]) out(q[:n])
void far_map(const unsigned *p, unsigned *q, int n);
#pragma concurrent inout(p[:n])
unsigned far_change(unsigned *p, int n, unsigned k);
#pragma concurrent
void far_split(unsigned a, unsigned *high, unsigned *low);

/* Not concurrent. */
void observe(unsigned a);               /* prints, and counts */
unsigned count(unsigned a);             /* hidden state */
void scramble(unsigned *p, int n);      /* changes memory */
unsigned glance(const unsigned *p);     /* only reads, but who knows */
unsigned peek(void);                    /* reads what `publish` was given */
void publish(unsigned *p);

#endif

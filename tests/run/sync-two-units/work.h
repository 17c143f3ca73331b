#ifndef WORK_H
#define WORK_H

struct model {
    int n;
    const double *weights;
};

#pragma concurrent
double far(double x, int i);
#pragma concurrent in(v[:n])
double far_sum(const double *v, int n);
#pragma concurrent out(*low, *high)
int far_split(unsigned x, unsigned *low, unsigned *high);
#pragma concurrent in(m->weights[:m->n])
double far_model(const struct model *m, int i);
#pragma concurrent inout(far_count)
int far_counted(int i);

extern int far_count;
void far_print(const char *text); /* what it touches isn't known here */
double *far_buffer(void);
void run_in_another_unit(int n, double *v);

#pragma concurrent
static inline int near(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 100; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}

#endif

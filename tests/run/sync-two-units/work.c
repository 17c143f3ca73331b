#include "work.h"

#include <stdio.h>

int far_count;
static double buffer[8];

double far(double x, int i)
{
    for (int k = 0; k < 200; k++)
        x = x * 0.9 + i;
    return x;
}
double far_sum(const double *v, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * 0.5 + v[i];
    return sum;
}
int far_split(unsigned x, unsigned *low, unsigned *high)
{
    *low = x & 0xff;
    *high = x >> 8;
    return near((int)x);
}
double far_model(const struct model *m, int i)
{
    return far_sum(m->weights, m->n) * i;
}
int far_counted(int i)
{
    return i * ++far_count;
}
void far_print(const char *text)
{
    printf("%s %d %a\n", text, far_count, buffer[1]);
}
double *far_buffer(void)
{
    return buffer;
}

#pragma synchronized
void run_in_another_unit(int n, double *v)
{
    for (int i = 0; i < n; i++) {
        v[i] = far(v[i], i);
        v[i] += near(i);
    }
}

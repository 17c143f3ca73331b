// stats: cold calls=4 miss=3 hit=1
/* Shapes through members; bit-fields, unions, anonymous members, 2-D sections. */
#include <stdio.h>

struct matrix {
    int rows, cols;
    double *data;
    void *cache;
};

#pragma memo in(m->data[:m->rows * m->cols]) ignore(m->cache)
double trace(const struct matrix *m)
{
    double sum = 0;
    for (int i = 0; i < m->rows && i < m->cols; i++)
        sum += m->data[i * m->cols + i];
    return sum;
}

int main(void)
{
    double d[6] = {1, 2, 3, 4, 5, 6};
    struct matrix m = {2, 3, d, NULL}, n = {3, 2, d, d};
    printf("%g\n", trace(&m));
    printf("%g\n", trace(&n));
    m.cache = d;
    printf("%g\n", trace(&m));
    d[4] = 50;
    printf("%g\n", trace(&m));
    return 0;
}

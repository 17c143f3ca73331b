// stats: cold calls=12 miss=6 hit=6
/* register parameters, extern in a block, bit-fields as shapes and bounds, an
 * element's member as a shape, annotations that differ in looks. */
#include <stdio.h>

struct bits {
    unsigned a : 3, n : 5;
    int v[8];
};
struct inner {
    struct {
        int i, j;
    } q[3];
};

#pragma memo
int with_register(register int x)
{
    return x + 1;
}

#pragma memo
int with_extern(int k)
{
    extern int late;
    return late + k;
}
int late = 4;

#pragma memo in(b->a)
int of_bits(const struct bits *b)
{
    return b->a * 2;
}

#pragma memo in(b->v[:b->n])
int bounded(const struct bits *b)
{
    int s = 0;
    for (unsigned i = 0; i < b->n; i++)
        s += b->v[i];
    return s;
}

#pragma memo in(a[1].q[1].i)
int of_element(const struct inner *a)
{
    return a[1].q[1].i;
}

#pragma memo in(a[:n])
int looks(const int *a, int n);

#pragma memo in(b[0:m])
int looks(const int *b, int m)
{
    return m ? b[0] : 0;
}

int main(void)
{
    struct bits b = {5, 3, {1, 2, 3, 4}};
    struct inner in[2] = {{{{0, 0}}}, {{{1, 2}, {3, 4}, {5, 6}}}};
    for (int i = 0; i < 2; i++) {
        printf("%d %d %d %d ", with_register(1), with_extern(2), of_bits(&b), bounded(&b));
        printf("%d %d\n", of_element(in), looks(b.v, 2));
        b.v[3] = 77; /* beyond the bound */
        in[1].q[1].j = 9;
    }
    return 0;
}

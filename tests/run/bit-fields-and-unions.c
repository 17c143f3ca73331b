// stats: cold calls=6 miss=4 hit=2
#include <stdio.h>
#include <string.h>

struct flags {
    unsigned a : 3, : 2, b : 7;
    signed c : 5;
    struct {
        char d;
        int e;
    };
    union {
        float f;
        unsigned u;
    };
};

#pragma memo in(*p)
int digest(const struct flags *p)
{
    return (int)(p->a + 8 * p->b) + 1000 * p->c + p->d + p->e + (int)p->u;
}

int main(void)
{
    struct flags x, y;
    memset(&x, 0, sizeof x);
    memset(&y, 0xff, sizeof y);
    x.a = y.a = 5;
    x.b = y.b = 99;
    x.c = y.c = -3;
    x.d = y.d = 'd';
    x.e = y.e = 12345;
    x.u = y.u = 77;
    printf("%d %d\n", digest(&x), digest(&y));
    y.c = 4;
    printf("%d\n", digest(&y));
    y.c = -3;
    printf("%d\n", digest(&y));
    y.b = 98;
    printf("%d\n", digest(&y));
    y.u = 78;
    printf("%d\n", digest(&y));
    return 0;
}

// stats: cold calls=4 miss=2 hit=2
/* Two structs that differ in their padding alone are one key. */
#include <stdio.h>
#include <string.h>

struct point {
    char tag;
    double x;
    short s;
};

#pragma memo
double by_value(struct point p)
{
    return p.tag + p.x + p.s;
}

#pragma memo in(*p)
double by_pointer(const struct point *p)
{
    return p->tag * p->x + p->s;
}

int main(void)
{
    struct point a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0xff, sizeof b);
    a.tag = b.tag = 3;
    a.x = b.x = 2.5;
    a.s = b.s = -1;
    printf("%g %g\n", by_value(a), by_value(b));
    printf("%g %g\n", by_pointer(&a), by_pointer(&b));
    return 0;
}

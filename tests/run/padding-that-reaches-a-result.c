// stats: cold calls=2 miss=2 hit=0
/* A function that looks at the bytes of a struct sees its padding: then it
 * counts. */
#include <stdio.h>
#include <string.h>

struct point {
    char tag;
    double x;
};

#pragma memo in(*p)
int sum_of_bytes(const struct point *p)
{
    const unsigned char *b = (const unsigned char *)p;
    int sum = 0;
    for (unsigned i = 0; i < sizeof *p; i++)
        sum += b[i];
    return sum;
}

int main(void)
{
    struct point a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0xff, sizeof b);
    a.tag = b.tag = 3;
    a.x = b.x = 2.5;
    printf("%d\n", sum_of_bytes(&a));
    printf("%d\n", sum_of_bytes(&b));
    return 0;
}

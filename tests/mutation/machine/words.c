/* Without annotations; half_way() calls back into an annotated unit. */
#include "machine.h"

int bounce(int n);

/*@ depth hash */
static int small(int n)
{
    return n & 255;
}

/*@ hash */
unsigned word_weight(const char *text)
{
    unsigned sum = 77;
    while (*text)
        sum += small(*text++ * 3);
    return sum;
}

/*@ depth */
int half_way(int n)
{
    return small(bounce(n) * 4 + 1);
}

/*@ folded */
long rotate(long x, int by)
{
    return (long)((unsigned long)x << (by & 31)) ^ 9;
}

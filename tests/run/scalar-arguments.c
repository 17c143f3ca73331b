// flags: -O2
// stats: cold calls=6 miss=4 hit=2 stored=4
// stats: warm calls=6 miss=0 hit=6
/* Every kind of scalar takes part in the key. */
#include <stdio.h>
#include <stdbool.h>

enum color { RED, GREEN = 7 };

#pragma memo
static double mix(bool b, signed char c, unsigned short s, long l, float f, enum color e)
{
    return b + c * 2.0 + s * 3.0 + l * 5.0 + f * 7.0 + e;
}

int main(void)
{
    printf("%g\n", mix(true, -3, 500, 1L << 40, 0.5f, RED));
    printf("%g\n", mix(true, -3, 500, 1L << 40, 0.5f, GREEN));
    printf("%g\n", mix(false, -3, 500, 1L << 40, 0.5f, RED));
    printf("%g\n", mix(true, -3, 500, 1L << 40, 0.25f, RED));
    printf("%g\n", mix(2, -3, 500, 1L << 40, 0.5f, RED)); /* 2 is true */
    printf("%g\n", mix(true, (signed char)253, 500, 1L << 40, 0.5f, RED)); 
    return 0;
}

// runs: cold warm
// flags: -O2 -ffunction-sections -fdata-sections -Wl,--gc-sections
/* Statics of functions that loops call, two of one name in two units, arrays, one in the body. */
#include <stdio.h>
static int counter(int i)
{
    static int n = 7;
    return n += i * 3;
}
int run(int n);
int other(int n)
{
    int t = 0;
#pragma checkpoint every(5 iterations)
    for (int i = 0; i < n; i++)
        t += counter(i);
    return t;
}
int main(void)
{
    printf("%d ", run(50));
    printf("%d\n", other(40));
    return 0;
}

// stats: cold calls=2 miss=2 stored=1
// stats: warm miss=1 hit=1
/* The length of `out` is known only after the call: if it then lies over `in`, the
 * result is that of this overlap, and isn't kept for calls without it. */
#include <stdio.h>

#pragma memo in(in[:n]) out(*count, out[:*count])
static int fill(const int *in, int n, int *out, int *count)
{
    int sum = 0;

    *count = 5;
    for (int i = 0; i < 5; i++)
        out[i] = 7;
    for (int i = 0; i < n; i++)
        sum += in[i];
    return sum;
}

int main(void)
{
    int together[8] = {0, 0, 0, 0, 1, 5}, in[2] = {1, 5}, out[8], count;

    printf("%d\n", fill(together + 4, 2, together, &count));
    printf("%d\n", fill(in, 2, out, &count));
    return 0;
}

// stderr: cold 'describe': the size of a section is negative
// stderr: warm 'describe': the size of a section is negative
// stderr: verify 'describe': the size of a section is negative
// stderr: refresh 'describe': the size of a section is negative
// stderr: readonly 'describe': the size of a section is negative
// stderr: gated 'describe': the size of a section is negative
// stats: cold calls=8 miss=2 hit=2
/* NULL and empty are two keys; a negative count and NULL with a count above 0
 * are computed, uncached, with one warning. */
#include <stdio.h>

#pragma memo in(v[:n])
int describe(const int *v, int n)
{
    if (!v)
        return n > 0 ? -3 : -1;
    int sum = 100;
    for (int i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

int main(void)
{
    int v[3] = {1, 2, 3};
    for (int i = 0; i < 2; i++) {
        printf("%d\n", describe(NULL, 0));
        printf("%d\n", describe(v, 0));
        printf("%d\n", describe(v, -1));
        printf("%d\n", describe(NULL, 2));
    }
    return 0;
}

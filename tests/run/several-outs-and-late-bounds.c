// stats: cold calls=4 miss=2 hit=2
// stats: warm calls=4 miss=0 hit=4
/* out(*n, v[:*n]): how much of v is written is known after the call. */
#include <stdio.h>

#pragma memo out(*n, v[:*n], *sum)
int divisors(int of, int *n, int *v, long *sum)
{
    int k = 0;
    *sum = 0;
    for (int d = 1; d <= of; d++)
        if (of % d == 0) {
            v[k++] = d;
            *sum += d;
        }
    *n = k;
    return k > 2 ? 0 : 1;
}

int main(void)
{
    for (int round = 0; round < 2; round++)
        for (int of = 12; of < 14; of++) {
            int v[20], n = 0;
            long sum = 0;
            for (int i = 0; i < 20; i++)
                v[i] = -i;
            int prime = divisors(of, &n, v, &sum);
            printf("%d: %d %ld prime=%d:", of, n, sum, prime);
            for (int i = 0; i < 20; i++)
                printf(" %d", v[i]);
            printf("\n");
        }
    return 0;
}

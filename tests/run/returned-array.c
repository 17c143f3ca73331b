// stats: cold calls=4 miss=2 hit=2
// stats: warm calls=4 miss=0 hit=4
/* A hit gives fresh malloc memory: the caller changes and frees it as ever. */
#include <stdio.h>
#include <stdlib.h>

#pragma memo out(*count) returns([:*count])
int *squares(int n, int *count)
{
    int *v = malloc((n + 1) * sizeof *v);
    *count = 0;
    for (int i = 1; i <= n; i++)
        v[(*count)++] = i * i;
    return v;
}

int main(void)
{
    for (int round = 0; round < 2; round++) {
        for (int n = 3; n < 5; n++) {
            int count;
            int *v = squares(n, &count);
            for (int i = 0; i < count; i++)
                printf("%d ", v[i]);
            printf("(%d)\n", count);
            v[0] = -1;
            v = realloc(v, 1000 * sizeof *v);
            free(v);
        }
    }
    return 0;
}

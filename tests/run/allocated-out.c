// stats: cold calls=4 miss=2 hit=2
/* alloc (*pp)[:n]: memory that the call allocates and stores in *pp. */
#include <stdio.h>
#include <stdlib.h>

#pragma memo out(*n, alloc (*pp)[:*n])
int range(int from, int to, int **pp, size_t *n)
{
    *n = 0;
    *pp = NULL;
    if (to < from)
        return -1;
    *n = (size_t)(to - from);
    *pp = malloc(*n * sizeof **pp);
    for (size_t i = 0; i < *n; i++)
        (*pp)[i] = from + (int)i;
    return 0;
}

int main(void)
{
    for (int round = 0; round < 2; round++) {
        int *p;
        size_t n;
        int e = range(3, 8, &p, &n);
        printf("%d %zu:", e, n);
        for (size_t i = 0; i < n; i++)
            printf(" %d", p[i]++);
        printf("\n");
        free(p);
        e = range(3, 2, &p, &n);
        printf("%d %zu %d\n", e, n, p == NULL);
    }
    return 0;
}

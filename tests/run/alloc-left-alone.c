/* A call that leaves the pointer alone isn't remembered: the next caller's may hold
 * something else. */
// stats: cold f.miss=6 f.stored=2
// stats: warm f.miss=4 f.stored=0
#include <stdio.h>
#include <stdlib.h>

#pragma memo out(alloc (*pp)[:4])
int f(int x, int **pp)
{
    int *p;
    if (x < 0)
        return -1;
    if (x == 0) {
        *pp = NULL;
        return 0;
    }
    p = malloc(4 * sizeof *p);
    for (int i = 0; i < 4; i++)
        p[i] = x + i;
    *pp = p;
    return 1;
}

int main(void)
{
    int dummy, *p;
    for (int i = 0; i < 3; i++) {
        p = &dummy;
        printf("%d ", f(-1, &p));
        printf("%d\n", p == &dummy);
    }
    for (int i = 0; i < 3; i++) {
        p = i == 1 ? NULL : &dummy;
        printf("%d ", f(0, &p));
        printf("%d\n", p == NULL);
    }
    for (int i = 0; i < 2; i++) {
        p = NULL;
        printf("%d ", f(5, &p));
        printf("%d\n", p[3]);
        free(p);
    }
    p = NULL;
    printf("%d ", f(-1, &p));
    printf("%d\n", p == NULL);
    return 0;
}

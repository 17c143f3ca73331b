// stats: cold calls=6 miss=3 hit=3
// stats: warm calls=6 miss=0 hit=6
/* NULL, zero and nothing at all are results like any other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma memo returns(string)
char *name_of(int n)
{
    if (n < 0)
        return NULL;
    char *s = malloc(16);
    snprintf(s, 16, "n%d", n);
    return s;
}

#pragma memo
int zero(int n)
{
    return n - n;
}

#pragma memo out(*d)
void twice(int n, int *d)
{
    *d = 2 * n;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        char *s = name_of(-1);
        printf("%s\n", s ? s : "none");
        free(s);
        printf("%d\n", zero(3));
        int d;
        twice(4, &d);
        printf("%d\n", d);
    }
    return 0;
}

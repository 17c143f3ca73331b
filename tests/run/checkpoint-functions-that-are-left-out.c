// runs: cold warm
// flags: -O2
/* Compilers drop functions that are never called, and their statics with them. */
#include <stdio.h>

static int unused(int x)
{
    static int limit = 5, *where;
    static struct {
        int a, b;
        const char *text;
    } s = {1, 2, "x"};
    static int last = 3;

    if (x) {
        static int last = 9;

        last += x;
        x += last;
    }
    last += x;
    return limit + s.b + (s.text != 0) + (where != 0);
}

static inline int counts(int x)
{
    static struct {
        int a, b;
    } n;

    n.b++;
    return x + n.b;
}

int main(void)
{
    int sum = 0;
#pragma checkpoint every(5 iterations)
    for (int i = 0; i < 100; i++) {
        sum += i;
        if (0)
            sum += unused(i) + counts(i);
    }
    printf("%d\n", sum);
    return 0;
}

// stats: cold old.miss=2 fresh.miss=1 fresh.hit=1
/* A hit counts only if valid() says so; old entries are misses. */
#include <stdio.h>

#pragma memo valid(memo_age < 0)
int old(int n)
{
    return n + 1;
}

#pragma memo expires(1h)
int fresh(int n)
{
    return n + 2;
}

int main(void)
{
    printf("%d %d %d %d\n", old(1), old(1), fresh(1), fresh(1));
    return 0;
}

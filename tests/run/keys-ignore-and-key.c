// stats: cold a.miss=1 a.hit=1 b.miss=1 b.hit=1
#include <stdio.h>

#pragma memo ignore(verbose)
int a(int n, int verbose)
{
    (void)verbose;
    return n * 2;
}

#pragma memo key(n / 10)
int b(int n)
{
    return n / 10 * 7;
}

int main(void)
{
    printf("%d %d\n", a(3, 0), a(3, 1));
    printf("%d %d\n", b(11), b(19));
    return 0;
}

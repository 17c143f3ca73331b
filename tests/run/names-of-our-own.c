/* Functions and parameters may have any name. */
#include <stdio.h>

#pragma memo
int v(int k, int s)
{
    return k + s;
}

#pragma memo in(p[:n])out(*r)
void site(const int *p, int n, int *r)
{
    *r = n > 0 ? p[0] : 0;
}

#pragma memo
int c(int result, int memo_age)
{
    return result - memo_age;
}

int main(void)
{
    int x = 4, y = 0;
    site(&x, 1, &y);
    printf("%d %d %d\n", v(1, 2), y, c(5, 3));
    return 0;
}

// stats: cold calls=4 miss=2 hit=2
/* A function that reads errno before it sets it has the old value in the key. */
#include <errno.h>
#include <stdio.h>

#pragma memo
int peek(int n)
{
    int before = errno;
    errno = n;
    return before + n;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        errno = 1;
        printf("%d", peek(40));
        printf(" %d\n", errno);
        errno = 2;
        printf("%d", peek(40));
        printf(" %d\n", errno);
    }
    return 0;
}

// flags: -lm
// stats: warm miss=0
/* errno is a result if the call set it, also to the value it had. */
#include <errno.h>
#include <stdio.h>

#pragma memo
int try(int n)
{
    if (n == 1)
        errno = EDOM;
    if (n == 2)
        errno = 5;
    return n * 10;
}

int main(void)
{
    for (int round = 0; round < 2; round++) {
        errno = 5;
        printf("%d", try(0));
        printf(" %d\n", errno); /* untouched */
        errno = 5;
        printf("%d", try(2));
        printf(" %d\n", errno); /* set to what it was */
        errno = 9;
        printf("%d", try(2));
        printf(" %d\n", errno); /* set, and it was another */
        errno = 9;
        printf("%d", try(1));
        printf(" %d\n", errno);
        errno = 9;
        printf("%d", try(0));
        printf(" %d\n", errno);
    }
    return 0;
}

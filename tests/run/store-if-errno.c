// stats: cold calls=4 miss=3 stored=1
/* store_if may look at errno as the call left it. */
#include <errno.h>
#include <stdio.h>

#pragma memo store_if(errno == 0)
int try(int n)
{
    if (n < 0)
        errno = EDOM;
    return n * 2;
}

int main(void)
{
    for (int i = 0; i < 2; i++) {
        errno = 0;
        printf("%d", try(-1));
        printf(" %d\n", errno);
        errno = 0;
        printf("%d", try(1));
        printf(" %d\n", errno);
    }
    return 0;
}

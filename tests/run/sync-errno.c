// warnings: yes
// stats: late tasks>=20
/* After calls, errno is what the serial program would have. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma concurrent
static long number(const char *text)
{
    long v = strtol(text, NULL, 10); /* may set ERANGE */
    for (int k = 0; k < 300; k++)
        v = v / 7 * 5 + k % 3;
    return v;
}
#pragma concurrent
static int set(int i)
{
    if (i % 3 == 1)
        errno = i;
    return i * 2;
}
#pragma concurrent
static int seen(int i)
{
    return i % 2 ? errno : i; /* as it was when the call was reached */
}

static const char *const texts[] = {"1", "99999999999999999999", "3", "-5", "7"};

#pragma synchronized
static void after(int n, long *v)
{
    errno = 0;
    for (int i = 0; i < n; i++)
        v[i] = number(texts[i % 5]);
}

#pragma synchronized
static int inside(int n)
{
    long v[20];
    int sum = 0;
    for (int i = 0; i < n; i++) {
        errno = 0;
        v[i] = number(texts[i % 5]);
        if (errno == ERANGE)
            sum += i;
        else
            sum += (int)(v[i] % 100);
    }
    errno = 77;
    sum += set(0);
    printf("%d ", errno);
    sum += set(4);
    sum += set(5);
    printf("%s ", strerror(errno));
    return sum;
}

#pragma synchronized
static void sequence(int n)
{
    int v[20];
    errno = 5;
    for (int i = 0; i < n; i++) {
        v[i] = set(i);
        v[i] += seen(i);
    }
    for (int i = 0; i < n; i++)
        printf("%d ", v[i]);
    printf("%d\n", errno);
}

int main(void)
{
    long v[20];
    after(12, v);
    printf("%s %ld %ld\n", errno ? "set" : "none", v[0], v[11]);
    after(1, v);
    printf("%d\n", errno);
    errno = 3;
    printf("%d\n", inside(12));
    sequence(9);
    errno = 0;
    int fd = open("none/such", O_RDONLY);
    after(0, v);
    printf("%d %d\n", fd, errno);
    return 0;
}

// stats: late tasks>=3
/* A call may have locals of 6 MB in a task, too: the stack of the main thread has 8. */
#include <stdio.h>
#include <string.h>

#pragma concurrent
__attribute__((noinline)) static int deep(int i)
{
    char room[6 << 20];
    memset(room, i, sizeof room);
    int sum = 0;
    for (size_t k = 0; k < sizeof room; k += 4000)
        sum += room[k] * (int)(k % 7);
    return sum;
}

#pragma concurrent
__attribute__((noinline)) static long recursive(int n)
{
    char frame[1000];
    frame[n % 1000] = (char)n;
    return n ? frame[n % 1000] + recursive(n - 1) : 0;
}

#pragma synchronized
static void all(int n, int *v, long *w)
{
    for (int i = 0; i < n; i++) {
        v[i] = deep(i + 1);
        w[i] = recursive(1500 + i);
    }
}

int main(void)
{
    int v[3];
    long w[3];
    all(3, v, w);
    for (int i = 0; i < 3; i++)
        printf("%d %ld\n", v[i], w[i]);
    return 0;
}

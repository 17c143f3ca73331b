// stats: late tasks>=150
/* The clauses of synchronized code, and the pragma that waits. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 9;
    for (int k = 0; k < 3000; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}

#pragma synchronized threads(2) progress("two threads")
static int two(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * 3 % 10007 + f(i);
    return sum;
}
#pragma synchronized threads(n > 20 ? n / 10 : 1), progress
static int as_many(int n, int *v)
{
    for (int i = 0; i < n; i++)
        v[i % 16] += f(i);
    return v[0];
}
#pragma synchronized \
    noalias(current, next)
static int buffers(int *current, int *next, int n, int rounds)
{
    for (int k = 0; k < rounds; k++) {
        for (int i = 0; i < n; i++)
            next[i] = f(current[i] + k);
        int *t = current;
        current = next;
        next = t;
    }
    return current[0] + next[1] * 256;
}
#pragma synchronized
static int waits(int *v, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        if (i % 4 == 3) {
#pragma synchronized wait
            sum += v[i];
        }
        sum ^= f(i);
#pragma synchronized wait
    }
#pragma synchronized wait
    v[0] = f(sum);
    _Pragma("synchronized wait");
    v[1] = f(sum + 1);
    return sum + v[0];
}

int main(void)
{
    int v[16] = {0}, w[16] = {0};
    printf("%d ", two(30));
    printf("%d ", as_many(10, v));
    printf("%d ", as_many(40, v));
    printf("%d ", buffers(v, w, 16, 5));
    printf("%d ", waits(v, 16));
    for (int i = 0; i < 16; i++)
        printf("%d %d ", v[i], w[i]);
    printf("\n");
    return 0;
}

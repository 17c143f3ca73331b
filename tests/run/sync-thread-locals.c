// warnings: yes
// stats: late tasks>=9
/* A function that uses a thread's own objects runs in its place; in synchronized code
 * itself they may be used. */
#include <stdio.h>
#include <stdlib.h>

static _Thread_local int calls, scratch[4];

#pragma concurrent
static int f(int i)
{
    scratch[i % 4] += i;
    return ++calls * 100 + scratch[(i + 1) % 4];
}
#pragma concurrent
static int g(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 300; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
#pragma concurrent
static int counted(int i)
{
    static int n;
    return g(i) + n++;
}
#pragma concurrent
static int random_value(int i)
{
    return rand() % 100 + i;
}

#pragma synchronized
static void all(int n, int *v)
{
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        v[i] = v[i] * 2 + g(i);
        calls += g(i) % 3;
        scratch[i % 4] = g(i);
        v[i] += counted(i);
        v[i] ^= random_value(i);
    }
}

int main(void)
{
    int v[9];
    srand(5);
    all(9, v);
    for (int i = 0; i < 9; i++)
        printf("%d ", v[i]);
    printf("%d %d\n", calls, scratch[0]);
    return 0;
}

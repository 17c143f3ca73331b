// warnings: yes
// stats: late tasks>=7
/* A concurrent function that may end the program runs in its place: what came before is
 * there, and what atexit printed. */
#include <stdio.h>
#include <stdlib.h>

static int v[20];

static void last_words(void)
{
    for (int i = 0; i < 8; i++)
        printf("%d ", v[i]);
    printf("at exit\n");
}

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 300; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
#pragma concurrent
static int checked(int i)
{
    if (i == 6) {
        printf("wrong: %d\n", i);
        exit(3);
    }
    return f(i);
}

#pragma synchronized
static void all(int n)
{
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        printf("%d\n", v[i]);
        v[i] += checked(i);
    }
}

int main(void)
{
    if (atexit(last_words))
        return 1;
    all(20);
    return 0;
}

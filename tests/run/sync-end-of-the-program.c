// args: x
// stats: late tasks>=20
/* exit, abort and longjmp by code that is carried out at once: all that is pending
 * has happened by then. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int v[16];
static jmp_buf out;

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i;
    for (int k = 0; k < 300; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 24);
}
static void leave(int i)
{
    if (i == 5)
        longjmp(out, i);
}

#pragma synchronized
static void jumped_over(int n)
{
    for (int i = 0; i < n; i++) {
        v[i] = f(i);
        leave(i);
    }
}
#pragma synchronized
static int jumped_inside(volatile int n)
{
    static jmp_buf again;
    volatile int rounds = 0;
    v[0] = f(20);
    if (setjmp(again) == 0)
        v[1] = f(21);
    v[2] = f(22 + rounds);
    if (rounds++ < n)
        longjmp(again, 1);
    return v[2];
}
#pragma synchronized
static void ended(int n)
{
    for (int i = 0; i < n; i++) {
        v[i] = f(i + 1);
        printf("%d ", f(i));
        if (v[i] > 200)
            exit(v[i] % 100);
        if (i > 14) {
            fflush(stdout);
            _exit(9);
        }
    }
}
static void show(void)
{
    for (int i = 0; i < 16; i++)
        printf("%d ", v[i]);
    printf("\n");
}

int main(void)
{
    for (volatile int k = 0; k < 3; k++)
        if (setjmp(out) == 0)
            jumped_over(16);
        else
            show();
    printf("%d\n", jumped_inside(2));
    show();
    atexit(show);
    ended(16);
    return 0;
}

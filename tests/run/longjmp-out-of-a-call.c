// stats: warm f.miss=3
// stats: cold f.miss=4 f.stored=1
/* A call left by longjmp stores nothing, and doesn't block a later one. */
#include <setjmp.h>
#include <stdio.h>

static jmp_buf env;

#pragma memo
int f(int n)
{
    if (n == 3)
        longjmp(env, 1);
    return n + 1;
}

int main(void)
{
    for (volatile int i = 0; i < 3; i++) {
        if (setjmp(env) == 0)
            printf("%d\n", f(3));
        else
            printf("jumped\n");
    }
    printf("%d\n", f(4));
    return 0;
}

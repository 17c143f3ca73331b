// warnings: yes
/* Clean-up functions of variables run when what is pending is done. */
#include <stdio.h>

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 31;
    for (int k = 0; k < 300; k++)
        h = h * 69069u + 1u;
    return (int)(h >> 25);
}
static void show(int *p)
{
    printf("leaving with %d\n", *p);
}
static void add_up(int (*v)[4])
{
    printf("%d\n", (*v)[0] + (*v)[1] * 2 + (*v)[2] * 3 + (*v)[3] * 5);
}

#pragma synchronized
static int all(int n)
{
    __attribute__((cleanup(show))) int last = 0;
    for (int i = 0; i < n; i++) {
        __attribute__((cleanup(add_up))) int v[4] = {0};
        for (int k = 0; k < 4; k++)
            v[k] = f(i * 4 + k);
        if (i == 2)
            continue;
        last = f(i);
        if (i == 4)
            return f(last);
    }
    last += f(n);
    return last;
}

int main(void)
{
    printf("%d\n", all(4));
    printf("%d\n", all(9));
    return 0;
}

// flags: -O2
/* 5,000 calls deep on a stack of two megabytes: the wrapper's frame is small. */
#include <pthread.h>
#include <stdio.h>

#pragma memo
long depth(int n)
{
    return n == 0 ? 0 : depth(n - 1) + 1;
}

static void *run(void *arg)
{
    *(long *)arg = depth(5000);
    return arg;
}

int main(void)
{
    pthread_attr_t attr;
    pthread_t t;
    long n = 0;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 2 << 20);
    pthread_create(&t, &attr, run, &n);
    pthread_join(t, NULL);
    printf("%ld\n", n);
    return 0;
}

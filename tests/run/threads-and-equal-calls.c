// flags: -pthread
// stats: cold calls=32 miss=4 hit=28
/* Equal calls in flight are computed once. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#pragma memo pure
int slow(int n)
{
    usleep(30000);
    return n * 11;
}

static void *run(void *arg)
{
    long sum = 0;
    for (int i = 0; i < 4; i++)
        sum += slow(i);
    *(long *)arg = sum;
    return NULL;
}

int main(void)
{
    pthread_t t[8];
    long sums[8], total = 0;
    for (int i = 0; i < 8; i++)
        pthread_create(&t[i], NULL, run, &sums[i]);
    for (int i = 0; i < 8; i++) {
        pthread_join(t[i], NULL);
        total += sums[i];
    }
    printf("%ld\n", total);
    return 0;
}

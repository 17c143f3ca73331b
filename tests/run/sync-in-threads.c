// flags: -pthread
// stats: late tasks>=3000
/* Synchronized code in several threads at once, each with its own order. */
#include <pthread.h>
#include <stdio.h>

#define N 150

#pragma concurrent
static int f(int i)
{
    unsigned h = (unsigned)i + 101;
    for (int k = 0; k < 1500; k++)
        h = h * 1597334677u + 3u;
    return (int)(h >> 24);
}

struct job {
    int number, v[N];
    double sum;
};

#pragma synchronized
static void work(struct job *job)
{
    double sum = 0;
    for (int i = 0; i < N; i++) {
        job->v[i] = f(i * job->number);
        sum = sum * 0.75 + f(i);
    }
    job->sum = sum + job->v[N - 1];
}

static void *run(void *arg)
{
    for (int k = 0; k < 3; k++)
        work(arg);
    return NULL;
}

int main(void)
{
    static struct job jobs[6];
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        jobs[i].number = i;
        if (pthread_create(&threads[i], NULL, run, &jobs[i]))
            return 1;
    }
    static struct job own = {.number = 9};
    work(&own);
    for (int i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    work(&own);
    printf("%a\n", own.sum);
    for (int i = 0; i < 6; i++) {
        unsigned h = 0;
        for (int k = 0; k < N; k++)
            h = h * 31 + (unsigned)jobs[i].v[k];
        printf("%a %u\n", jobs[i].sum, h);
    }
    return 0;
}

// flags: -O1 -ffp-contract=off -pthread -fopenmp
// env: OMP_NUM_THREADS=3
// stats: cold ways.miss=49 slow.miss=40
// stats: warm miss=0
// Several threads at once run synchronized code over the same memoized functions, one of which
// is synchronized itself: what one computes the others wait for, and nobody waits in a circle.
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static void nap(long us)
{
    struct timespec t = {0, us * 1000};
    nanosleep(&t, NULL);
}

#pragma memo trust(nap)
#pragma concurrent trust(nap)
static double slow(int i)
{
    nap(i % 5 == 0 ? 1000 : 100);
    return 1.0 / (i + 1);
}

#pragma memo
#pragma concurrent
static double quick(int i)
{
    return 1.0 / (i % 9 + 1);
}

#pragma memo
#pragma concurrent
#pragma synchronized
static unsigned long ways(int x, int y)
{
    double near = 0;
    if (x == 0 || y == 0)
        return 1;
    unsigned long a = ways(x - 1, y);
    unsigned long b = ways(x, y - 1);
    unsigned long c = ways(x - 1, y - 1);
    near += quick((x * 7 + y * 3) % 40);
    return a + b + (near > 0.5 ? c : 0);
}

#pragma synchronized
static double sum(int from, double *v)
{
    double s = 0;
    unsigned long w = 0;
    for (int i = 0; i < 80; i++) {
        v[i] = slow((from + i) % 40);
        s = s / 2 + v[i];
        if (i % 8 == 0)
            w += ways(6, 6 - (from + i / 8) % 2);
    }
    return s + (double)(w % 1000003);
}

struct job {
    pthread_t thread;
    int from;
    double result, v[80];
};

static void *run(void *arg)
{
    struct job *j = arg;
    j->result = sum(j->from, j->v);
    return NULL;
}

int main(void)
{
    static struct job jobs[4];
    static double results[6], rows[6][80];
    for (int i = 0; i < 4; i++) {
        jobs[i].from = i * 11;
        pthread_create(&jobs[i].thread, NULL, run, &jobs[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(jobs[i].thread, NULL);
        printf("%.17g %.17g\n", jobs[i].result, jobs[i].v[79]);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = 0; i < 6; i++)
        results[i] = sum(i * 5, rows[i]);
    for (int i = 0; i < 6; i++)
        printf("%.17g %.17g\n", results[i], rows[i][40]);
    return 0;
}

// Memoized calls on the threads of the user's own OpenMP: equal calls at the same time are
// computed once, also while whoever computes them waits for tasks that come to other calls in
// flight; nobody waits in a circle.
// flags: -fopenmp -O2 -ffp-contract=off
// env: OMP_NUM_THREADS=4
// stats: cold leaf.miss=64 tree.miss=31 pair.miss=10
// stats: warm leaf.miss=0 tree.miss=0 pair.miss=0
#include <stdio.h>
#include <time.h>

static void nap(long us)
{
    struct timespec t = {0, us * 1000};
    nanosleep(&t, NULL);
}

#pragma memo trust(nap)
static double leaf(int i)
{
    if (i % 7 == 0)
        nap(2000);
    return 1.0 / (i + 1);
}

/* Leaves are shared by many nodes, nodes by their parents' neighbours. */
#pragma memo trust(nap)
static double tree(int node)
{
    double left = 0, right = 0, own = 0;
    if (node >= 15)
        return leaf(node) + leaf((node * 5) % 64);
#pragma omp task shared(left) if (node < 7)
    left = tree(2 * node + 1);
#pragma omp task shared(right) if (node < 7)
    right = tree(2 * node + 2);
    for (int i = 0; i < 8; i++)
        own += leaf((node * 8 + i) % 64);
#pragma omp taskwait
    return own + left - right / 3;
}

/* Each waits inside for tasks that need what its neighbours compute. */
#pragma memo trust(nap)
static long pair(int i)
{
    long a = 0, b = 0;
    nap(300);
    if (i < 2)
        return i;
#pragma omp task shared(a)
    a = pair(i - 1);
#pragma omp task shared(b)
    b = pair(i - 2);
#pragma omp taskwait
    return a + b;
}

int main(void)
{
    double sums[32];
    long pairs[64];
#pragma omp parallel
    {
#pragma omp for schedule(dynamic, 1) nowait
        for (int i = 0; i < 32; i++)
            sums[i] = tree(i % 4 == 3 ? 0 : i % 8);
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < 64; i++)
            pairs[i] = pair(i % 2 ? 9 : i / 8);
#pragma omp single
        for (int i = 0; i < 64; i++) {
#pragma omp task firstprivate(i)
            pairs[i] += (long)(1000 * leaf(i));
        }
    }
    for (int i = 0; i < 32; i++)
        printf("%.17g\n", sums[i]);
    for (int i = 0; i < 64; i++)
        printf("%ld\n", pairs[i]);
    return 0;
}

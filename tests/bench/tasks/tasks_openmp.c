/* tasks_openmp.c - the same in OpenMP, by hand. */
#include <stddef.h>

#include "tasks.h"

__attribute__((noinline)) static double work(long i, long iterations, const double *data)
{
    return chain(i, iterations, data);
}

static void loop_static(struct job *j)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < j->n; i++)
        j->results[i] = work(i, j->iterations[i], j->data);
}

static void loop_dynamic(struct job *j)
{
#pragma omp parallel for schedule(dynamic, j->chunk)
    for (long i = 0; i < j->n; i++)
        j->results[i] = work(i, j->iterations[i], j->data);
}

static void loop_taskloop(struct job *j)
{
#pragma omp parallel
#pragma omp single
#pragma omp taskloop
    for (long i = 0; i < j->n; i++)
        j->results[i] = work(i, j->iterations[i], j->data);
}

static void loop_task(struct job *j)
{
#pragma omp parallel
#pragma omp single
    for (long i = 0; i < j->n; i++)
#pragma omp task firstprivate(i)
        j->results[i] = work(i, j->iterations[i], j->data);
}

/* Not the serial sum: its digits depend on the number of threads. */
static void sum_reduction(struct job *j)
{
    double total = 0;

#pragma omp parallel for schedule(static) reduction(+ : total)
    for (long i = 0; i < j->n; i++)
        total += work(i, j->iterations[i], j->data);
    j->sum = total;
}

static long fib(int n, int cutoff)
{
    long a, b;

    if (n < 2)
        return n;
    if (n < cutoff)
        return fib_serial(n);
#pragma omp task shared(a)
    a = fib(n - 1, cutoff);
#pragma omp task shared(b)
    b = fib(n - 2, cutoff);
#pragma omp taskwait
    return a + b;
}

static void run_fib(struct job *j, int cutoff)
{
    long result = 0;

#pragma omp parallel
#pragma omp single
    result = fib((int)j->n, cutoff);
    j->sum = (double)result;
}

static void fib_all(struct job *j)
{
    run_fib(j, 0);
}

static void fib_cutoff(struct job *j)
{
    run_fib(j, FIB_CUTOFF);
}

static long queens(unsigned board, unsigned taken, unsigned left, unsigned right, int rows)
{
    long counts[32], n = 0;
    int n_counts = 0;

    if (taken == board)
        return 1;
    if (rows == 0)
        return queens_serial(board, taken, left, right);
    for (unsigned free = board & ~(taken | left | right); free; free &= free - 1) {
        unsigned bit = free & -free;
        long *count = &counts[n_counts++];
#pragma omp task firstprivate(bit, count)
        *count = queens(board, taken | bit, (left | bit) << 1, (right | bit) >> 1, rows - 1);
    }
#pragma omp taskwait
    for (int i = 0; i < n_counts; i++)
        n += counts[i];
    return n;
}

static void run_queens(struct job *j, int rows)
{
    long result = 0;

#pragma omp parallel
#pragma omp single
    result = queens((1u << j->n) - 1, 0, 0, 0, rows);
    j->sum = (double)result;
}

static void queens_all(struct job *j)
{
    run_queens(j, 32);
}

static void queens_cutoff(struct job *j)
{
    run_queens(j, QUEENS_CUTOFF);
}

const struct variant variants[] = {{"static", loop_static},          {"dynamic", loop_dynamic},
                                   {"taskloop", loop_taskloop},      {"task", loop_task},
                                   {"sum", sum_reduction},           {"fib", fib_all},
                                   {"fib-cutoff", fib_cutoff},       {"queens", queens_all},
                                   {"queens-cutoff", queens_cutoff}, {NULL, NULL}};

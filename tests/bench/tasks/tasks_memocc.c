/* tasks_memocc.c - the serial programs, annotated. */
#include <stddef.h>

#include "tasks.h"

#pragma concurrent in(data[:N_DATA])
__attribute__((noinline)) static double work(long i, long iterations, const double *data)
{
    return chain(i, iterations, data);
}

#pragma synchronized
static void work_on_all(double *results, const long *iterations, const double *data, long n)
{
    for (long i = 0; i < n; i++)
        results[i] = work(i, iterations[i], data);
}

static void loop(struct job *j)
{
    work_on_all(j->results, j->iterations, j->data, j->n);
}

#pragma synchronized
static double sum_of_all(const long *iterations, const double *data, long n)
{
    double total = 0;

    for (long i = 0; i < n; i++)
        total += work(i, iterations[i], data);
    return total;
}

static void sum(struct job *j)
{
    j->sum = sum_of_all(j->iterations, j->data, j->n);
}

#pragma concurrent
#pragma synchronized
static long fib(int n, int cutoff)
{
    if (n < 2)
        return n;
    if (n < cutoff)
        return fib_serial(n);
    long a = fib(n - 1, cutoff);
    long b = fib(n - 2, cutoff);
    return a + b;
}

static void fib_all(struct job *j)
{
    j->sum = (double)fib((int)j->n, 0);
}

static void fib_cutoff(struct job *j)
{
    j->sum = (double)fib((int)j->n, FIB_CUTOFF);
}

#pragma concurrent
#pragma synchronized
static long queens(unsigned board, unsigned taken, unsigned left, unsigned right, int rows)
{
    long n = 0;

    if (taken == board)
        return 1;
    if (rows == 0)
        return queens_serial(board, taken, left, right);
    for (unsigned free = board & ~(taken | left | right); free; free &= free - 1) {
        unsigned bit = free & -free;
        n += queens(board, taken | bit, (left | bit) << 1, (right | bit) >> 1, rows - 1);
    }
    return n;
}

static void queens_all(struct job *j)
{
    j->sum = (double)queens((1u << j->n) - 1, 0, 0, 0, 32);
}

static void queens_cutoff(struct job *j)
{
    j->sum = (double)queens((1u << j->n) - 1, 0, 0, 0, QUEENS_CUTOFF);
}

const struct variant variants[] = {{"loop", loop},
                                   {"sum", sum},
                                   {"fib", fib_all},
                                   {"fib-cutoff", fib_cutoff},
                                   {"queens", queens_all},
                                   {"queens-cutoff", queens_cutoff},
                                   {NULL, NULL}};

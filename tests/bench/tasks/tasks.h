/* tasks.h - one loop and two recursions, each written in several ways.
 *
 * A program is tasks_main.c with one unit of variants: tasks_openmp.c, by hand, or
 * tasks_memocc.c, annotated, which the plain compiler makes the serial program of.
 * tasks.py builds and runs them. */
#ifndef TESTS_BENCH_TASKS_H
#define TESTS_BENCH_TASKS_H

struct job {
    double *results;
    const long *iterations; /* of each call */
    const double *data;     /* N_DATA of them */
    long n;                 /* calls; of a recursion, its argument */
    int chunk;              /* for schedule(dynamic, chunk) and grainsize(chunk) */
    double sum;             /* what the job computes in place of results */
};

struct variant {
    const char *name;
    void (*run)(struct job *);
};

/* Ends with an empty one. */
extern const struct variant variants[];

enum { N_DATA = 64 };

/* A chain of dependent multiplications: about 1.1 ns for each iteration, no memory traffic. */
static inline double chain(long i, long iterations, const double *data)
{
    unsigned long long x = (unsigned long long)i + 1;

    for (long k = 0; k < iterations; k++)
        x = x * 6364136223846793005u + 1442695040888963407u;
    return data[i % N_DATA] + (double)(x >> 11);
}

/* Below these, recursions with a cut-off by hand call the serial function. */
enum { FIB_CUTOFF = 20, QUEENS_CUTOFF = 3 };

static inline long fib_serial(int n)
{
    return n < 2 ? n : fib_serial(n - 1) + fib_serial(n - 2);
}

/* Placements of queens in the rows that are left; a bit for each column of the board, and for
 * those that are taken or attacked. */
static inline long queens_serial(unsigned board, unsigned taken, unsigned left, unsigned right)
{
    long n = 0;

    if (taken == board)
        return 1;
    for (unsigned free = board & ~(taken | left | right); free; free &= free - 1) {
        unsigned bit = free & -free;
        n += queens_serial(board, taken | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return n;
}

#endif

/* bench.h - measure two things side by side.
 *
 * What is to be compared runs in turns in one process, and what counts is the
 * median of the ratios of each turn: absolute times of a shared machine move by
 * tens of percent, ratios of neighbours hardly. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_ROUNDS 101

static inline double bench_now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The compiler must assume that memory was looked at and changed. */
#define BENCH_KEEP(x) __asm__ volatile("" : : "g"(x) : "memory")

struct bench_pair {
    double ours[BENCH_ROUNDS], limit[BENCH_ROUNDS];
    int n;
};

static inline void bench_add(struct bench_pair *p, double ours, double limit)
{
    if (p->n < BENCH_ROUNDS) {
        p->ours[p->n] = ours;
        p->limit[p->n++] = limit;
    }
}

static inline int bench_by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double bench_median(const double *values, int n)
{
    double sorted[BENCH_ROUNDS];

    if (n == 0)
        return 0;
    memcpy(sorted, values, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, bench_by_value);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static inline void bench_title(const char *title)
{
    printf("\n%s\n%-46s %12s %12s %7s %8s\n", title, "", "ours", "limit", "ratio", "target");
}

/* Prints one line; unit_ns is how many ns one unit of the table has. target 0:
 * for information. Returns whether the target is met. */
static inline bool bench_row(const char *name, const struct bench_pair *p, double unit_ns,
                             const char *unit, double target)
{
    double ratios[BENCH_ROUNDS], ratio;

    for (int i = 0; i < p->n; i++)
        ratios[i] = p->ours[i] / p->limit[i];
    ratio = bench_median(ratios, p->n);
    printf("%-46s %9.2f %-2s %9.2f %-2s %7.2f", name, bench_median(p->ours, p->n) / unit_ns, unit,
           bench_median(p->limit, p->n) / unit_ns, unit, ratio);
    if (target > 0)
        printf(" %8.2f%s", target, ratio <= target ? "" : "  missed");
    putchar('\n');
    fflush(stdout);
    return target <= 0 || ratio <= target;
}

#endif

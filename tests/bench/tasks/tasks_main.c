/* tasks_main.c - times one variant.
 *
 *   program VARIANT SHAPE GRAIN N GAP REPETITIONS
 *
 * N calls of GRAIN ns on the average (SHAPE recursion: an argument of N), REPETITIONS
 * times, with a pause of GAP microseconds before each. SHAPE says how the work is
 * spread over the calls: uniform; scattered, where one call in 50 takes 1000 times
 * as long as the others; last, where those stand at the end.
 *
 * Prints: ns of a repetition (median), repetitions that were not disturbed, the
 * sum computed, bytes of memory at most.
 *
 * A repetition counts if the threads of this process together waited for a CPU
 * less than 1 % of the time and 20 microseconds, by /proc/self/task/N/schedstat:
 * on a machine that is used by others the rest measures those. They are made up
 * for by others, three times as many at most; if fewer than three count then, all
 * do. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tasks.h"

#define NS_PER_ITERATION 1.1
#define HEAVY_EVERY 50
#define MAX_REPETITIONS 100
#define MAX_TRIES 4

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* How long the threads of this process were ready to run and didn't; 0 if nobody knows. */
static double waited_ns(void)
{
    DIR *tasks = opendir("/proc/self/task");
    double sum = 0;

    for (struct dirent *d; tasks && (d = readdir(tasks));) {
        char path[300];
        double ran, waited;
        FILE *file;
        snprintf(path, sizeof path, "/proc/self/task/%s/schedstat", d->d_name);
        if (d->d_name[0] == '.' || !(file = fopen(path, "r")))
            continue;
        if (fscanf(file, "%lf %lf", &ran, &waited) == 2)
            sum += waited;
        fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return sum;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static bool is_heavy(const char *shape, long i, long n)
{
    if (strcmp(shape, "scattered") == 0)
        return (unsigned long)i * 2654435761u % 4294967296u < 4294967296u / HEAVY_EVERY;
    return i >= n - n / HEAVY_EVERY;
}

static void *get(size_t n, size_t size)
{
    void *p = calloc(n, size);

    if (!p) {
        perror("tasks");
        exit(1);
    }
    return p;
}

static void spread(struct job *j, const char *shape, double grain)
{
    long *iterations = get((size_t)j->n, sizeof *iterations);
    double light = grain / (1 + 999.0 / HEAVY_EVERY);

    for (long i = 0; i < j->n; i++) {
        double ns = strcmp(shape, "uniform") == 0 ? grain
                    : is_heavy(shape, i, j->n)    ? 1000 * light
                                                  : light;
        iterations[i] = (long)(ns / NS_PER_ITERATION + 0.5);
    }
    j->iterations = iterations;
}

static void check(const struct job *j)
{
    for (long i = 0; i < j->n; i++)
        if (j->results[i] != chain(i, j->iterations[i], j->data)) {
            fprintf(stderr, "tasks: wrong result of call %ld\n", i);
            exit(1);
        }
}

static void measure(const struct variant *v, struct job *j, useconds_t gap, int n)
{
    double all[MAX_REPETITIONS * MAX_TRIES], clean[MAX_REPETITIONS], ns;
    int n_all = 0, n_clean = 0;
    struct rusage usage;

    /* The first makes threads and estimates. */
    for (int i = -1; i < MAX_TRIES * n && n_clean < n; i++) {
        if (gap)
            usleep(gap);
        double waited = waited_ns(), start = now_ns();
        v->run(j);
        ns = now_ns() - start;
        waited = waited_ns() - waited;
        if (i >= 0)
            all[n_all++] = ns;
        if (i >= 0 && waited < ns / 100 + 20e3)
            clean[n_clean++] = ns;
    }
    getrusage(RUSAGE_SELF, &usage);
    ns = n_clean >= 3 ? median(clean, n_clean) : median(all, n_all);
    printf("%.1f %d %.17g %ld\n", ns, n_clean, j->sum, usage.ru_maxrss * 1024);
}

int main(int argc, char **argv)
{
    static double data[N_DATA];
    struct job j = {.data = data};
    const struct variant *v = variants;

    if (argc != 7 || atol(argv[4]) < 1 || atoi(argv[6]) < 1 || atoi(argv[6]) > MAX_REPETITIONS) {
        fprintf(stderr, "usage: %s VARIANT SHAPE GRAIN N GAP REPETITIONS\n", argv[0]);
        return 2;
    }
    while (v->name && strcmp(v->name, argv[1]) != 0)
        v++;
    if (!v->name) {
        fprintf(stderr, "tasks: no variant '%s'\n", argv[1]);
        return 2;
    }
    double grain = atof(argv[3]);
    j.n = atol(argv[4]);
    j.chunk = grain < 20e3 ? (int)(20e3 / (grain + 1)) + 1 : 1;
    for (int i = 0; i < N_DATA; i++)
        data[i] = i;
    if (strcmp(argv[2], "recursion") != 0) {
        spread(&j, argv[2], grain);
        j.results = get((size_t)j.n, sizeof *j.results);
        memset(j.results, 1, (size_t)j.n * sizeof *j.results);
    }
    measure(v, &j, (useconds_t)atol(argv[5]), atoi(argv[6]));
    if (j.results && j.sum == 0)
        check(&j);
    return 0;
}

/* total.c - a whole program, with and without saves: heat in a plate, two grids.
 *
 *   total SIZE STEPS     prints wall time and CPU time of the process in seconds, number of saves
 * by hand, and a sum over the grid
 *
 * PERCENT: checkpoints at every(1%); EVERY=3, EVERY=30: each so many seconds. HAND: saves by hand,
 * each INTERVAL seconds: fwrite, fsync and rename, in the loop. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void spread(const double *restrict from, double *restrict to, size_t n)
{
    for (size_t y = 1; y + 1 < n; y++) {
        const double *above = &from[(y - 1) * n], *row = above + n, *below = row + n;
        double *out = &to[y * n];
        for (size_t x = 1; x + 1 < n; x++)
            out[x] = row[x] + 0.2 * (above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x]);
    }
}

#ifdef HAND
static int n_saves;

static void save(long step, const double *now, size_t cells)
{
    FILE *f = fopen("total.new", "wb");

    if (!f || fwrite(&step, sizeof step, 1, f) != 1 ||
        fwrite(now, sizeof *now, cells, f) != cells || fflush(f) != 0 || fsync(fileno(f)) != 0 ||
        fclose(f) != 0 || rename("total.new", "total.saved") != 0) {
        perror("total.new");
        exit(1);
    }
    n_saves++;
}

static double *run(double *now, double *next, size_t n, long steps)
{
    double last_save = seconds(CLOCK_MONOTONIC);

    for (long step = 0; step < steps; step++) {
        if (seconds(CLOCK_MONOTONIC) - last_save >= INTERVAL) {
            save(step, now, n * n);
            last_save = seconds(CLOCK_MONOTONIC);
        }
        spread(now, next, n);
        double *last = now;
        now = next;
        next = last;
    }
    return now;
}
#else
enum { n_saves = 0 };

static double *run(double *now, double *next, size_t n, long steps)
{
#if defined PERCENT
#pragma checkpoint save(now[:n * n], next[:n * n]) every(1 %)
#elif EVERY == 3
#pragma checkpoint save(now[:n * n], next[:n * n]) every(3s)
#else
#pragma checkpoint save(now[:n * n], next[:n * n]) every(30s)
#endif
    for (long step = 0; step < steps; step++) {
        spread(now, next, n);
        double *last = now;
        now = next;
        next = last;
    }
    return now;
}
#endif

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 250;
    long steps = argc > 2 ? atol(argv[2]) : 1000;
    double *grids = calloc(2 * n * n, sizeof *grids), sum = 0;

    if (n < 3 || !grids)
        return 2;
    for (size_t i = 0; i < n * n; i++)
        grids[i] = grids[n * n + i] = (double)(i % 97);
    double wall = seconds(CLOCK_MONOTONIC);
    const double *last = run(grids, grids + n * n, n, steps);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    for (size_t i = 0; i < n * n; i++)
        sum += last[i];
    printf("%.6f %.6f %d %.17g\n", wall, seconds(CLOCK_PROCESS_CPUTIME_ID), n_saves, sum);
    free(grids);
    return 0;
}

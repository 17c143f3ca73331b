// A grid behind pointers in a structure, which a callee changes and swaps; a log file beside it.
#include "sim.h"

struct grid {
    int rows, columns;
    double *now, *next, mean;
};

static void step(struct grid *g)
{
    double *swap = g->now, sum = 0;

    for (int i = 1; i < g->rows - 1; i++)
        for (int j = 1; j < g->columns - 1; j++) {
            int k = i * g->columns + j;

            g->next[k] = 0.2 * (g->now[k] + g->now[k - 1] + g->now[k + 1] + g->now[k - g->columns] +
                                g->now[k + g->columns]);
            sum += g->next[k];
        }
    g->mean = sum / (g->rows * g->columns);
    g->now = g->next;
    g->next = swap;
}

static void simulate(struct grid *g, int n, FILE *log)
{
    uint64_t x = 0;

#pragma checkpoint save(*g, g->now[:g->rows * g->columns], g->next[:g->rows * g->columns])         \
    file(log) every(1 %)
    for (int t = 0; t < n; t++) {
        step(g);
        g->now[g->columns + 1 + t % 20] += (double)((x = spend(x)) % 9);
        if (t % 10 == 0)
            fprintf(log, "%d %.17g\n", t, g->mean);
    }
}

int main(void)
{
    struct grid g = {60, 50, NULL, NULL, 0};
    size_t n = (size_t)(g.rows * g.columns);
    FILE *log = fopen("log", "w");

    g.now = calloc(n, sizeof *g.now);
    g.next = calloc(n, sizeof *g.next);
    if (!log || !g.now || !g.next)
        return 2;
    for (size_t i = 0; i < n; i++)
        g.now[i] = g.next[i] = (double)(i % 23);
    simulate(&g, 400, log);
    print("now", digest(1, g.now, n * sizeof *g.now));
    print("next", digest(1, g.next, n * sizeof *g.next));
    printf("%.17g\n", g.mean);
    free(g.now);
    free(g.next);
    return fclose(log);
}

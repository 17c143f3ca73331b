/* bench_tasks.c - concurrent calls beside the serial loop and hand-written OpenMP.
 *
 * The same loop, results[i] = f(i), in turns in one process: serial, `parallel for` static
 * and dynamic, and as memocc writes it. What counts is each one's fastest turn, since
 * other processes only make it slower. Columns are speed-ups over serial. Arguments:
 * rounds, and milliseconds of serial work in each turn. */
#include <omp.h>
#include <stddef.h>
#include <unistd.h>

#include "bench.h"
#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

#define MAX_N 2000000

static double results[MAX_N], expected[MAX_N];
static long steps_of[MAX_N];

/* A chain of dependent steps, about 1.3 ns each. */
__attribute__((noinline)) static double f(long i, long steps)
{
    unsigned long x = (unsigned long)i * 2654435761u + 1;

    for (long k = 0; k < steps; k++)
        x = x * 6364136223846793005u + 1442695040888963407u;
    return (double)(x >> 11);
}

struct record {
    long i, steps;
    double *out;
    double r;
};
#define SIZE ((sizeof(struct record) + 15) / 16 * 16)

static void run(void *records, memo_abi_size n)
{
    for (struct record *r = records; n > 0; n--, r++)
        r->r = f(r->i, r->steps);
}

static memo_abi_size commit(void *records, memo_abi_size n, void *env)
{
    struct record *r = records;

    (void)env;
    for (memo_abi_size k = 0; k < n; k++, r++)
        *r->out = r->r;
    return n;
}

/* One for each grain, so that what was measured of one isn't used for another. */
static struct memo_task_site site;
static struct memo_sync_info info;

static void reset(void)
{
    site = (struct memo_task_site){.m_abi = MEMO_TASK_ABI,
                                   .m_size = SIZE,
                                   .m_name = "f",
                                   .m_text = "results[i] = f(i);",
                                   .m_file = "bench.c",
                                   .m_run = run,
                                   .m_commit = commit,
                                   .m_results = MEMO_TASK_NONE,
                                   .m_errno = MEMO_TASK_NONE,
                                   .m_ready = MEMO_TASK_NONE,
                                   .m_to = MEMO_TASK_NONE};
    info = (struct memo_sync_info){
        .m_abi = MEMO_TASK_ABI, .m_file = "bench.c", .m_function = "bench"};
}

static void serial(long n)
{
    for (long i = 0; i < n; i++)
        results[i] = f(i, steps_of[i]);
}

static void ours(long n)
{
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &info, NULL, 0);
    for (long i = 0; i < n; i++) {
        struct record m_r;

        m_r.i = i;
        m_r.steps = steps_of[i];
        m_r.out = &results[i];
        if (memo_task_direct(&s)) {
            run(&m_r, 1);
            (void)commit(&m_r, 1, NULL);
        } else {
            *(struct record *)memo_task_room(&s, &site, SIZE) = m_r;
        }
    }
    memo_sync_end(&s);
}

static void omp_static(long n)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i++)
        results[i] = f(i, steps_of[i]);
}

static void omp_dynamic(long n)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (long i = 0; i < n; i++)
        results[i] = f(i, steps_of[i]);
}

static void omp_tasks(long n)
{
#pragma omp parallel
#pragma omp single
    for (long i = 0; i < n; i++)
#pragma omp task firstprivate(i)
        results[i] = f(i, steps_of[i]);
}

static void (*const variants[])(long) = {serial, omp_static, omp_dynamic, omp_tasks, ours};
#define VARIANTS 5

static void row(const char *name, long n, int rounds, int pause_us)
{
    double best[VARIANTS];
    bool is_wrong = false;

    reset();
    serial(n);
    memcpy(expected, results, (size_t)n * sizeof *results);
    for (int v = 0; v < VARIANTS; v++)
        best[v] = 1e300;
    for (int r = 0; r < rounds; r++) {
        for (int v = 0; v < VARIANTS; v++) {
            double begin, end;

            memset(results, 0, (size_t)n * sizeof *results);
            if (pause_us > 0)
                usleep((unsigned)pause_us);
            begin = bench_now_ns();
            variants[v](n);
            end = bench_now_ns();
            if (end - begin < best[v])
                best[v] = end - begin;
            is_wrong |= memcmp(expected, results, (size_t)n * sizeof *results) != 0;
        }
    }
    printf("%-22s %10.1f", name, best[0] / (double)n);
    for (int v = 1; v < VARIANTS; v++)
        printf(" %8.2f", best[0] / best[v]);
    printf("%s\n", is_wrong ? "  WRONG" : "");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const long grains[] = {0, 2, 5, 10, 20, 50, 100, 300, 1000, 10000, 100000, 1000000};
    int rounds = argc > 1 ? atoi(argv[1]) : 15;
    double budget = (argc > 2 ? atof(argv[2]) : 8) * 1e6;
    char name[64];
    long n, i;

    printf("%d threads\n%-22s %10s %8s %8s %8s %8s\n", omp_get_max_threads(), "", "ns/call", "static",
           "dynamic", "tasks", "memocc");
    for (unsigned g = 0; g < sizeof grains / sizeof *grains; g++) {
        n = (long)(budget / (double)(grains[g] + 3));
        n = n > MAX_N ? MAX_N : n < 8 ? 8 : n;
        for (i = 0; i < n; i++)
            steps_of[i] = grains[g] * 10 / 13;
        snprintf(name, sizeof name, "%ld ns", grains[g]);
        row(name, n, rounds, 0);
    }
    n = 4000; /* one in 100 costs 1000 times as much, all at the end, or spread */
    for (i = 0; i < n; i++)
        steps_of[i] = i >= n - n / 100 ? 80000 : 80;
    row("1000:1, dear last", n, rounds, 0);
    for (i = 0; i < n; i++)
        steps_of[i] = i % 100 == 50 ? 80000 : 80;
    row("1000:1, spread", n, rounds, 0);
    for (i = 0; i < 100000; i++)
        steps_of[i] = i * 2;
    row("rising", 2000, rounds, 0);
    for (i = 0; i < 1000; i++)
        steps_of[i] = 80000;
    row("4 x 100 us, hot", 4, rounds, 0);
    row("4 x 100 us, 5 ms gap", 4, rounds, 5000);
    row("4 x 100 us, 50 ms gap", 4, rounds, 50000);
    for (i = 0; i < 1000; i++)
        steps_of[i] = 800;
    row("8 x 1 us, hot", 8, rounds, 0);
    row("100 x 1 us, hot", 100, rounds, 0);
    row("100 x 1 us, 5 ms gap", 100, rounds, 5000);
    return 0;
}

/* polls_main.c - what an iteration of a checkpointed loop costs while no save is due.
 *
 * Each loop runs in turns with its twin; of a long and a short run the difference
 * counts, so that entering and leaving the loop don't. Then what these cost. */
#include "../bench.h"
#include "polls.h"

#define TARGET_NS 1.0

struct twin {
    const char *name;
    long steps;
    unsigned long (*ours)(long n, long steps), (*plain)(long n, long steps);
};

#define TWIN(name, steps) {#name, steps, ours_##name, plain_##name},
static const struct twin twins[] = {POLLS(TWIN)};

static double run(unsigned long (*loop)(long, long), long n, long steps, unsigned long *result)
{
    double begin = bench_now_ns();

    *result = loop(n, steps);
    return bench_now_ns() - begin;
}

/* Time of an iteration in ns. */
static double slope(unsigned long (*loop)(long, long), long n, long steps, unsigned long *result)
{
    double shorter = run(loop, n / 4, steps, result);

    return (run(loop, n, steps, result) - shorter) / (double)(n - n / 4);
}

static bool measure(const struct twin *t, int rounds)
{
    double difference[BENCH_ROUNDS], ours[BENCH_ROUNDS], plain[BENCH_ROUNDS], extra;
    unsigned long a, b;

    for (int i = 0; i < rounds; i++) {
        plain[i] = slope(t->plain, 20000000 / t->steps, t->steps, &a);
        ours[i] = slope(t->ours, 20000000 / t->steps, t->steps, &b);
        difference[i] = ours[i] - plain[i];
        if (a != b) {
            fprintf(stderr, "polls: %s: %lu with cc, %lu with memocc\n", t->name, a, b);
            exit(1);
        }
    }
    extra = bench_median(difference, rounds);
    printf("%-12s steps %-5ld %9.2f ns %9.2f ns %9.2f ns %7.1f%s\n", t->name, t->steps,
           bench_median(ours, rounds), bench_median(plain, rounds), extra, TARGET_NS,
           extra <= TARGET_NS ? "" : "  missed");
    fflush(stdout);
    return extra <= TARGET_NS;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 15;
    double entry[BENCH_ROUNDS];
    unsigned long result;
    bool met = true;

    printf("\nP14: an iteration with no save due\n%-24s %12s %12s %12s %7s\n", "", "ours", "plain",
           "more", "target");
    rounds = rounds < 1 ? 1 : rounds > BENCH_ROUNDS ? BENCH_ROUNDS : rounds;
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        met &= measure(&twins[i], rounds);
    for (int i = 0; i < rounds; i++)
        entry[i] = run(ours_chain, 1, 1, &result);
    printf("an entry into a loop of one iteration, and its end: %.1f us\n",
           bench_median(entry, rounds) / 1e3);
    return met ? 0 : 1;
}

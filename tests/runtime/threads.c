/* Threads: equal calls are computed once, counters are exact, and calls that wait
 * for each other don't deadlock. */
#include <pthread.h>

#include "wrap.h"

#define N_THREADS 8
#define N_KEYS 200

static int computed; /* __atomic */

static long slow_body(long x)
{
    __atomic_fetch_add(&computed, 1, __ATOMIC_RELAXED);
    usleep(x % 10 == 0 ? 3000 : 0);
    return x * 3;
}
MEMO_SCALAR(slow, MEMO_SITE_FAST)

static void *call_slow(void *unused)
{
    (void)unused;
    for (long x = 0; x < N_KEYS; x++)
        CHECK_EQ(slow(x), x * 3);
    return NULL;
}

/* a(x) needs b(x) and b(x) needs a(x) of the other parity: two threads come to
 * wait for each other. */
static long b(long x);
static __thread int nesting;

static long a_body(long x)
{
    long r;

    usleep(500);
    nesting++;
    r = nesting < 3 ? b(x) : 1;
    nesting--;
    return r < 1000 ? 1 : r;
}
MEMO_SCALAR(a, 0)

static long b_body(long x)
{
    usleep(500);
    nesting++;
    if (nesting < 3)
        a(x);
    nesting--;
    return 1;
}
MEMO_SCALAR(b, 0)

static void *call_a(void *unused)
{
    (void)unused;
    for (long x = 0; x < 50; x++)
        CHECK_EQ(a(x), 1);
    return NULL;
}

static void *call_b(void *unused)
{
    (void)unused;
    for (long x = 0; x < 50; x++)
        CHECK_EQ(b(x), 1);
    return NULL;
}

static void run(void *(*f)(void *), void *(*g)(void *))
{
    pthread_t threads[N_THREADS];

    for (int i = 0; i < N_THREADS; i++)
        pthread_create(&threads[i], NULL, i % 2 ? f : g, NULL);
    for (int i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        run(call_slow, call_slow);
        CHECK_EQ(computed, N_KEYS);
        run(call_a, call_b);
        return failures != 0;
    }
    CHECK_EQ(run_self("run", NULL, "MEMOCC_STATS=stats.json", NULL), 0);
    CHECK_EQ(counter_in("stats.json", "slow", "misses"), N_KEYS);
    CHECK_EQ(counter_in("stats.json", "slow", "calls"), N_KEYS * N_THREADS);
    CHECK_EQ(counter_in("stats.json", "slow", "memory"), N_KEYS * (N_THREADS - 1));
    return failures != 0;
}

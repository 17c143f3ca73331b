/* memo_abi_hit: what synchronized code asks before it makes a task of a call. It gives
 * what is known and counts it; it computes nothing, waits for nobody, and of what isn't
 * known it leaves no trace. */
#include <errno.h>
#include <pthread.h>

#include "wrap.h"

/* int f_hit(long x, long *r, int *err), as generated code has it. */
#define MEMO_ASKED(f)                                                                              \
    static int f##_hit(long x, long *memo_result, int *memo_errno)                                 \
    {                                                                                              \
        memo_abi_u64 key[2] = {0, 0};                                                              \
        struct memo_span spans[2];                                                                 \
        long r;                                                                                    \
                                                                                                   \
        memcpy(key, &x, sizeof x);                                                                 \
        if ((f##_site.m_flags & MEMO_SITE_FAST) &&                                                 \
            memo_abi_fast(&f##_site, key[0], key[1], &r, sizeof r))                                \
            return *memo_result = r, 1;                                                            \
        if (__atomic_load_n(&f##_site.m_bypass, __ATOMIC_RELAXED))                                 \
            return 0;                                                                              \
        spans[0].m_data = key;                                                                     \
        spans[0].m_count = 1;                                                                      \
        spans[1].m_data = &r;                                                                      \
        spans[1].m_count = 1;                                                                      \
        if (!memo_abi_hit(&f##_site, spans, memo_errno))                                           \
            return 0;                                                                              \
        return *memo_result = r, 1;                                                                \
    }

static int computed;

static long f_body(long x)
{
    computed++;
    return x * 7;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)
MEMO_ASKED(f)

static long sets_body(long x)
{
    computed++;
    if (x > 0)
        errno = (int)x;
    return -x;
}
MEMO_SCALAR(sets, 0)
MEMO_ASKED(sets)

static long reads_body(long x)
{
    return x + errno;
}
MEMO_SCALAR(reads, MEMO_SITE_ERRNO_READ)
MEMO_ASKED(reads)

static long slow_body(long x)
{
    usleep(300000);
    return x;
}
MEMO_SCALAR(slow, 0)
MEMO_ASKED(slow)

static void known_and_unknown(void)
{
    long r = 1;

    CHECK_EQ(f_hit(3, &r, NULL), 0);
    CHECK_EQ(r, 1);
    CHECK_EQ(computed, 0);
    CHECK_EQ(f(3), 21);
    CHECK_EQ(f_hit(3, &r, NULL), 1);
    CHECK_EQ(r, 21);
    CHECK_EQ(f_hit(4, &r, NULL), 0);
    CHECK_EQ(computed, 1);
}

static void errno_of_hits(void)
{
    long r;
    int err = -1;

    sets(0);
    sets(EDOM);
    errno = 5;
    CHECK_EQ(sets_hit(0, &r, &err), 1);
    CHECK_EQ(err, -1);
    CHECK_EQ(sets_hit(EDOM, &r, &err), 1);
    CHECK_EQ(r, -EDOM);
    CHECK_EQ(err, EDOM);
    CHECK_EQ(sets_hit(EDOM, &r, NULL), 1);
    CHECK_EQ(sets_hit(ERANGE, &r, &err), 0);
    CHECK_EQ(err, EDOM);
    CHECK_EQ(errno, 5);
    reads(1);
    CHECK_EQ(reads(1), 6);
    CHECK_EQ(reads_hit(1, &r, &err), 0); /* errno isn't what it will be for the call */
}

static void *call_slow(void *unused)
{
    (void)unused;
    CHECK_EQ(slow(1), 1);
    return NULL;
}

static void nobody_is_waited_for(void)
{
    struct timespec before, after;
    pthread_t thread;
    long r;

    slow_hit(0, &r, NULL); /* the store is open */
    pthread_create(&thread, NULL, call_slow, NULL);
    usleep(50000);
    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK_EQ(slow_hit(1, &r, NULL), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 < 200);
    pthread_join(thread, NULL);
    CHECK_EQ(slow_hit(1, &r, NULL), 1);
}

static int cold(void)
{
    known_and_unknown();
    errno_of_hits();
    nobody_is_waited_for();
    return failures != 0;
}

/* What is stored is there in another process: first on disk, then in memory. */
static int warm(bool is_known)
{
    long r = 0;

    CHECK_EQ(f_hit(3, &r, NULL), is_known);
    CHECK_EQ(f_hit(3, &r, NULL), is_known);
    CHECK_EQ(r, is_known ? 21 : 0);
    CHECK_EQ(computed, 0);
    CHECK_EQ(f(3), 21);
    return failures != 0;
}

static int forgotten_asks(void)
{
    long r;

    f(3);
    CHECK_EQ(f_hit(3, &r, NULL), 1);
    CHECK(memo_forget(f(3)));
    CHECK_EQ(f_hit(3, &r, NULL), 0);
    memo_abi_ask(MEMO_ASK_CACHED);
    CHECK_EQ(f_hit(3, &r, NULL), 0); /* an ask waits for its call */
    CHECK_EQ(f(3), 0);
    CHECK_EQ(memo_abi_answer(), 0);
    return failures != 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "cold") == 0)
        return cold();
    if (argc > 1 && strcmp(argv[1], "forgotten") == 0)
        return forgotten_asks();
    if (argc > 1)
        return warm(strcmp(argv[1], "known") == 0);
#define SETTINGS "MEMOCC_DIR=store", "MEMOCC_GATE=off", "MEMOCC_STATS=stats.json"
    CHECK_EQ(run_self("cold", NULL, SETTINGS, NULL), 0);
    CHECK_EQ(counter_in("stats.json", "f", "calls"), 2);
    CHECK_EQ(counter_in("stats.json", "f", "misses"), 1);
    CHECK_EQ(counter_in("stats.json", "f", "memory"), 1);
    CHECK_EQ(counter_in("stats.json", "sets", "calls"), 5);
    CHECK_EQ(counter_in("stats.json", "sets", "memory"), 3);
    CHECK_EQ(counter_in("stats.json", "slow", "misses"), 1);
    CHECK_EQ(run_self("known", NULL, SETTINGS, NULL), 0);
    CHECK_EQ(counter_in("stats.json", "f", "disk"), 1);
    CHECK_EQ(counter_in("stats.json", "f", "memory"), 2);
    CHECK_EQ(run_self("known", NULL, SETTINGS, "MEMOCC=readonly", NULL), 0);
    CHECK_EQ(run_self("unknown", NULL, SETTINGS, "MEMOCC=off", NULL), 0);
    CHECK_EQ(run_self("unknown", NULL, SETTINGS, "MEMOCC=refresh", NULL), 0);
    CHECK_EQ(run_self("unknown", NULL, SETTINGS, "MEMOCC=verify=1", NULL), 0);
    CHECK_EQ(run_self("forgotten", NULL, SETTINGS, NULL), 0);
    return failures != 0;
}

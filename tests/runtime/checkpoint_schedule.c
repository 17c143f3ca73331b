/* checkpoint_schedule.c - saves come when they are due, and cost no more than they may. */
#include <sys/resource.h>

#include "runtime/checkpoints.h"

#define DIR_ "ck"
#define RUN(...)                                                                                   \
    run_self("loop", "err", "MEMOCC_CHECKPOINT_DIR=" DIR_, "MEMOCC_STATS=s.json", __VA_ARGS__, NULL)

#define MAX ((size_t)64 << 20)
static char *state;
static long n;
static const struct memo_part inputs[] = {CK_INPUT("n", "i8", n)};
static const struct memo_ck_piece pieces[] = {
    CK_VARIABLE("i", long),
    {"state", MEMO_CK_VARIABLE | MEMO_CK_CHANGED, MEMO_CK_NONE, 1, 9, NULL, 0}};
CK_SITE(site, "test.c:f:1", inputs, 1, pieces, 2);

static uint64_t cpu_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Computes for T_MS milliseconds of its thread's CPU time, however long that takes. */
static int child(void)
{
    memo_abi_u64 ci = 0;
    long i = -1;
    uint64_t start, most = (uint64_t)setting("T_MS", 1000) * 1000000u;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&n, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {NULL, 0, (size_t)setting("T_SIZE", 1000)}};
    volatile long sum = 0;

    state = spans[1].m_data = malloc(MAX);
    memset(state, 1, MAX);
    site.m_unit = (char)setting("T_UNIT", 's');
    site.m_every = setting("T_EVERY", 1);
    start = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
    if (memo_ck_enter(&ck, &site, in))
        goto restore;
    i = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i % 1000 == 0 && cpu_ns(CLOCK_THREAD_CPUTIME_ID) - start > most)
            break;
        sum += i;
    }
    fprintf(stderr, "process %llu ms, loop %llu ms\n",
            (unsigned long long)(cpu_ns(CLOCK_PROCESS_CPUTIME_ID) / 1000000u),
            (unsigned long long)((cpu_ns(CLOCK_THREAD_CPUTIME_ID) - start) / 1000000u));
    (void)sum;
    free(state);
    return failures > 0;
}

static double seconds_of(const char *counter)
{
    const char *at = strstr(text_of("s.json"), counter);

    return at ? strtod(at + strlen(counter) + 2, NULL) : -1;
}

int main(int argc, char **argv)
{
    long saves;

    (void)argv;
    if (argc > 1)
        return child();

    /* every(100ms), by the clock on the wall: a busy machine may make fewer, never more. */
    CHECK_EQ(RUN("T_MS=1050", "T_EVERY=100000000"), 0);
    saves = counter_in("s.json", "test.c:f:1", "saves");
    CHECK(saves >= 4);
    CHECK_EQ(RUN("T_MS=300", "T_EVERY=30000000000"), 0);
    CHECK_EQ(counter_in("s.json", "test.c:f:1", "saves"), 0);

    /* every(2%) of a small state, and of one whose save is dear: none before it can be paid. */
    CHECK_EQ(RUN("T_MS=1500", "T_UNIT=37", "T_EVERY=20000"), 0);
    saves = counter_in("s.json", "test.c:f:1", "saves");
    CHECK(saves >= 2);
    CHECK(saves <= 200);
    CHECK(seconds_of("seconds_copying") < 0.02 * 1.5);
    CHECK_EQ(RUN("T_MS=500", "T_UNIT=37", "T_EVERY=10000", "T_SIZE=67108864"), 0);
    CHECK_EQ(counter_in("s.json", "test.c:f:1", "saves"), 0);
    CHECK_EQ(counter_in("s.json", "test.c:f:1", "failed"), 0);
    return failures > 0;
}

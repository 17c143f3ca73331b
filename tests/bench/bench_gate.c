/* bench_gate.c - N3: a function that isn't worth caching runs as if it weren't.
 *
 * Functions of some durations, with scalar and with structure keys, called with
 * keys of which none, half, or all come again, in one and in two threads: the
 * time of a memoized call : that of a plain one, after warm-up. The limit is
 * 1.25 (0.8 of the plain speed), whatever the gate decides; a dear function
 * whose keys come again has to gain. Stores lie in a folder that is removed. */
#include "include/memo_abi.h"

#include <pthread.h>
#include <stdint.h>

#include "bench.h"

#define TARGET 1.25
#define N_KEYS 512

/* About one ns for each step; of few steps less, since the processor begins the next
 * call before one ends. */
static inline __attribute__((always_inline)) uint64_t steps(uint64_t x, unsigned n)
{
    while (n--)
        x = x * 0x9e3779b97f4a7c15u + 1;
    return x;
}

struct pair {
    uint64_t a, b, c;
};

#define SITE(name, flags, ...)                                                                     \
    static const struct memo_part name##_parts[] = {__VA_ARGS__};                                  \
    static struct memo_site name##_site = {.m_abi = MEMO_ABI,                                      \
                                           .m_flags = (flags) | MEMO_SITE_ERRNO_NEVER,             \
                                           .m_name = #name,                                        \
                                           .m_unit = "bench_gate.c",                               \
                                           .m_signature = "s",                                     \
                                           .m_toolchain = "t",                                     \
                                           .m_parts = name##_parts,                                \
                                           .m_n_parts = 2,                                         \
                                           .m_tiers = MEMO_TIER_MEMORY | MEMO_TIER_DISK}

/* A function of n steps, plain and with the wrapper that memocc writes: a scalar
 * key, and a structure behind a pointer. */
#define FUNCTION(name, n)                                                                          \
    __attribute__((noinline)) static uint64_t name##_plain(uint64_t x)                             \
    {                                                                                              \
        return steps(x, n);                                                                        \
    }                                                                                              \
    SITE(name, MEMO_SITE_FAST, {"x", "a:u8", NULL, 8, MEMO_KEY, 0, 0},                             \
         {"result", "u8", NULL, 8, MEMO_RESULT, 0, 0});                                            \
    __attribute__((noinline)) static uint64_t name(uint64_t x)                                     \
    {                                                                                              \
        unsigned char packed[sizeof x];                                                            \
        struct memo_span spans[2];                                                                 \
        struct memo_call *call = NULL;                                                             \
        uint64_t r;                                                                                \
                                                                                                   \
        if (__builtin_expect(memo_abi_fast(&name##_site, x, 0, &r, sizeof r), 1))                  \
            return r;                                                                              \
        if (memo_abi_bypass(&name##_site))                                                         \
            return name##_plain(x);                                                                \
        __builtin_memcpy(packed, &x, sizeof x);                                                    \
        spans[0].m_data = packed;                                                                  \
        spans[0].m_count = 1;                                                                      \
        spans[1].m_data = &r;                                                                      \
        spans[1].m_count = 1;                                                                      \
        if (memo_abi_begin(&name##_site, spans, &call) == MEMO_HIT)                                \
            return r;                                                                              \
        r = name##_plain(x);                                                                       \
        if (call)                                                                                  \
            memo_abi_end(call, spans);                                                             \
        return r;                                                                                  \
    }                                                                                              \
    __attribute__((noinline)) static uint64_t name##_s_plain(const struct pair *p)                 \
    {                                                                                              \
        return steps(p->a + p->b + p->c, n);                                                       \
    }                                                                                              \
    SITE(name##_s, 0, {"*p", "b", NULL, 24, MEMO_KEY | MEMO_SECTION, 0, 0},                        \
         {"result", "u8", NULL, 8, MEMO_RESULT, 0, 0});                                            \
    __attribute__((noinline)) static uint64_t name##_s(const struct pair *p)                       \
    {                                                                                              \
        struct memo_span spans[2];                                                                 \
        struct memo_call *call = NULL;                                                             \
        uint64_t r;                                                                                \
                                                                                                   \
        if (memo_abi_bypass(&name##_s_site))                                                       \
            return name##_s_plain(p);                                                              \
        spans[0].m_data = (void *)(uintptr_t)p;                                                    \
        spans[0].m_count = 1;                                                                      \
        spans[1].m_data = &r;                                                                      \
        spans[1].m_count = 1;                                                                      \
        if (memo_abi_begin(&name##_s_site, spans, &call) == MEMO_HIT)                              \
            return r;                                                                              \
        r = name##_s_plain(p);                                                                     \
        if (call)                                                                                  \
            memo_abi_end(call, spans);                                                             \
        return r;                                                                                  \
    }

/* One set for each share of keys that come again: each function has one history. */
#define SET(n, steps)                                                                              \
    FUNCTION(none_##n, steps)                                                                      \
    FUNCTION(half_##n, steps)                                                                      \
    FUNCTION(all_##n, steps)
SET(5ns, 12)
SET(20ns, 38)
SET(100ns, 130)
SET(1us, 1000)
SET(20us, 20000)

struct subject {
    const char *name;
    double ns;      /* of one call, about */
    unsigned again; /* of two keys, how many come again */
    uint64_t (*plain)(uint64_t), (*ours)(uint64_t);
    uint64_t (*plain_s)(const struct pair *), (*ours_s)(const struct pair *);
};
#define SUBJECT(f, ns, again, text)                                                                \
    {                                                                                              \
        text, ns, again, f##_plain, f, f##_s_plain, f##_s                                          \
    }
#define SUBJECTS(n, ns, text)                                                                      \
    SUBJECT(none_##n, ns, 0, text ", no key again"),                                               \
        SUBJECT(half_##n, ns, 1, text ", half the keys again"),                                    \
        SUBJECT(all_##n, ns, 2, text ", all keys again")
static const struct subject subjects[] = {
    SUBJECTS(5ns, 5, "5 ns"), SUBJECTS(20ns, 20, "20 ns"), SUBJECTS(100ns, 100, "100 ns"),
    SUBJECTS(1us, 1000, "1 us"), SUBJECTS(20us, 20000, "20 us")};

enum way { PLAIN, OURS, PLAIN_S, OURS_S };

/* Time of this thread: others may run on this machine. */
static double cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t fresh; /* __atomic; keys never seen */

__attribute__((noinline)) static double run(const struct subject *s, enum way way, long n)
{
    uint64_t first = __atomic_fetch_add(&fresh, (uint64_t)n, __ATOMIC_RELAXED) + N_KEYS, sum = 0;
    double start = cpu_ns();

    for (long i = 0; i < n; i++) {
        uint64_t k = (unsigned)(i & 1) < s->again ? (uint64_t)i % N_KEYS : first + (uint64_t)i;
        struct pair p = {k, k + 1, 3};

        switch (way) {
        case PLAIN:
            sum += s->plain(k);
            break;
        case OURS:
            sum += s->ours(k);
            break;
        case PLAIN_S:
            sum += s->plain_s(&p);
            break;
        case OURS_S:
            sum += s->ours_s(&p);
            break;
        }
    }
    BENCH_KEEP(sum);
    return (cpu_ns() - start) / (double)n;
}

struct job {
    const struct subject *s;
    enum way way;
    long n;
    double ns;
    pthread_barrier_t *start;
};

static void *work(void *arg)
{
    struct job *j = arg;

    run(j->s, j->way, 64);
    pthread_barrier_wait(j->start);
    j->ns = run(j->s, j->way, j->n);
    return NULL;
}

static double run_in_two(const struct subject *s, enum way way, long n)
{
    pthread_barrier_t start;
    pthread_t threads[2];
    struct job jobs[2];

    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        jobs[i] = (struct job){.s = s, .way = way, .n = n, .start = &start};
        if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    return (jobs[0].ns + jobs[1].ns) / 2;
}

static bool compare(const struct subject *s, bool is_struct, int rounds)
{
    struct bench_pair one, two;
    long n = (long)(4e6 / s->ns);
    char name[64];
    bool met = true;

    memset(&one, 0, sizeof one);
    memset(&two, 0, sizeof two);
    run(s, is_struct ? OURS_S : OURS, s->ns < 5000 ? 300000 : (long)(2e8 / s->ns));
    for (int i = 0; i < rounds; i++) {
        double plain = run(s, is_struct ? PLAIN_S : PLAIN, n);

        bench_add(&one, run(s, is_struct ? OURS_S : OURS, n), plain);
        if (i % 2 || s->ns > 500)
            continue;
        plain = run_in_two(s, is_struct ? PLAIN_S : PLAIN, n);
        bench_add(&two, run_in_two(s, is_struct ? OURS_S : OURS, n), plain);
    }
    snprintf(name, sizeof name, "%s%s", s->name, is_struct ? ", struct" : "");
    met &= bench_row(name, &one, 1, "ns", s->ns >= 20 ? TARGET : 0);
    if (two.n > 0) {
        snprintf(name, sizeof name, "%s%s, 2 threads", s->name, is_struct ? ", struct" : "");
        met &= bench_row(name, &two, 1, "ns", s->ns >= 20 ? TARGET : 0);
    }
    return met;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 21;
    const char *only = argc > 2 ? argv[2] : NULL; /* of the subjects' names */
    bool met = true;

    unsetenv("MEMOCC_GATE");
    bench_title("N3: memoized calls behind the cost gate (limit: plain calls)");
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        for (int is_struct = 0; is_struct < 2; is_struct++)
            if (!only || strstr(subjects[i].name, only))
                met &= compare(&subjects[i], is_struct, rounds);
    return met ? 0 : 1;
}

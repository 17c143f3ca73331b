/* bench_scalar.c - P1: a hit in memory with scalar arguments.
 *
 * Ours: a wrapper as memocc writes it, through memo_abi_fast(). The limit: what
 * one would write by hand for this function and several threads, a direct-mapped
 * table of slots with a sequence number each and the full key compared. For
 * comparison, the time of a plain call of a function that does next to nothing. */
#include "include/memo_abi.h"

#include <pthread.h>
#include <stdint.h>

#include "bench.h"

#define TARGET 1.5
#define N_KEYS 1024

/* ---- f(int), by hand and by memocc ---- */

__attribute__((noinline)) static int plain(int x)
{
    __asm__ volatile("");
    return x * 7 + 1;
}

static struct {
    unsigned seq;
    int key, value;
} by_hand_1[4096];

__attribute__((noinline)) static int by_hand(int x)
{
    unsigned h = ((unsigned)x * 2654435761u) >> 20;
    unsigned q = __atomic_load_n(&by_hand_1[h].seq, __ATOMIC_ACQUIRE), odd;
    int k = __atomic_load_n(&by_hand_1[h].key, __ATOMIC_RELAXED);
    int v = __atomic_load_n(&by_hand_1[h].value, __ATOMIC_RELAXED);

    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (q && !(q & 1u) && k == x && __atomic_load_n(&by_hand_1[h].seq, __ATOMIC_RELAXED) == q)
        return v;
    v = plain(x);
    q &= ~1u;
    odd = q + 1;
    if (__atomic_compare_exchange_n(&by_hand_1[h].seq, &q, odd, 0, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED)) {
        __atomic_thread_fence(__ATOMIC_RELEASE);
        __atomic_store_n(&by_hand_1[h].key, x, __ATOMIC_RELAXED);
        __atomic_store_n(&by_hand_1[h].value, v, __ATOMIC_RELAXED);
        __atomic_store_n(&by_hand_1[h].seq, odd + 1, __ATOMIC_RELEASE);
    }
    return v;
}

#define SITE(site, parts, name)                                                                    \
    static struct memo_site site = {.m_abi = MEMO_ABI,                                             \
                                    .m_flags = MEMO_SITE_FAST | MEMO_SITE_ERRNO_NEVER,             \
                                    .m_name = name,                                                \
                                    .m_unit = "bench_scalar.c",                                    \
                                    .m_signature = "s",                                            \
                                    .m_toolchain = "t",                                            \
                                    .m_parts = parts,                                              \
                                    .m_n_parts = 2,                                                \
                                    .m_tiers = MEMO_TIER_MEMORY}

static const struct memo_part parts_1[] = {{"x", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
                                           {"result", "i4", NULL, 4, MEMO_RESULT, 0, 0}};
SITE(site_1, parts_1, "f");

__attribute__((noinline)) static int ours(int x)
{
    memo_abi_u64 key[2] = {memo_abi_bits(&x, sizeof x), 0};
    unsigned char packed[sizeof x];
    struct memo_span spans[2];
    struct memo_call *call = NULL;
    int r;

    if (__builtin_expect(memo_abi_fast(&site_1, key[0], key[1], &r, sizeof r), 1))
        return r;
    __builtin_memcpy(packed, &x, sizeof x);
    spans[0].m_data = packed;
    spans[0].m_count = 1;
    spans[1].m_data = &r;
    spans[1].m_count = 1;
    if (memo_abi_begin(&site_1, spans, &call) == MEMO_HIT)
        return r;
    r = plain(x);
    if (call)
        memo_abi_end(call, spans);
    return r;
}

/* ---- g(double, double) ---- */

__attribute__((noinline)) static double plain_2(double x, double y)
{
    __asm__ volatile("");
    return x * 3 + y;
}

static struct {
    uint64_t seq, key[2], value;
} by_hand_2_slots[4096];

__attribute__((noinline)) static double by_hand_2(double x, double y)
{
    uint64_t k[2], a, b, q, v, odd;
    double r;
    unsigned h;

    __builtin_memcpy(&k[0], &x, 8);
    __builtin_memcpy(&k[1], &y, 8);
    h = (unsigned)((k[0] ^ k[1] * 0x9fb21c651e98df25u) * 0x9e3779b97f4a7c15u >> 52);
    q = __atomic_load_n(&by_hand_2_slots[h].seq, __ATOMIC_ACQUIRE);
    a = __atomic_load_n(&by_hand_2_slots[h].key[0], __ATOMIC_RELAXED);
    b = __atomic_load_n(&by_hand_2_slots[h].key[1], __ATOMIC_RELAXED);
    v = __atomic_load_n(&by_hand_2_slots[h].value, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (q && !(q & 1u) && a == k[0] && b == k[1] &&
        __atomic_load_n(&by_hand_2_slots[h].seq, __ATOMIC_RELAXED) == q) {
        __builtin_memcpy(&r, &v, 8);
        return r;
    }
    r = plain_2(x, y);
    __builtin_memcpy(&v, &r, 8);
    q &= ~(uint64_t)1;
    odd = q + 1;
    if (__atomic_compare_exchange_n(&by_hand_2_slots[h].seq, &q, odd, 0, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED)) {
        __atomic_thread_fence(__ATOMIC_RELEASE);
        __atomic_store_n(&by_hand_2_slots[h].key[0], k[0], __ATOMIC_RELAXED);
        __atomic_store_n(&by_hand_2_slots[h].key[1], k[1], __ATOMIC_RELAXED);
        __atomic_store_n(&by_hand_2_slots[h].value, v, __ATOMIC_RELAXED);
        __atomic_store_n(&by_hand_2_slots[h].seq, odd + 1, __ATOMIC_RELEASE);
    }
    return r;
}

static const struct memo_part parts_2[] = {{"x, y", "a:f8,b:f8", NULL, 16, MEMO_KEY, 0, 0},
                                           {"result", "f8", NULL, 8, MEMO_RESULT, 0, 0}};
SITE(site_2, parts_2, "g");

__attribute__((noinline)) static double ours_2(double x, double y)
{
    memo_abi_u64 key[2] = {memo_abi_bits(&x, sizeof x), memo_abi_bits(&y, sizeof y)};
    unsigned char packed[sizeof x + sizeof y];
    struct memo_span spans[2];
    struct memo_call *call = NULL;
    double r;

    if (__builtin_expect(memo_abi_fast(&site_2, key[0], key[1], &r, sizeof r), 1))
        return r;
    __builtin_memcpy(packed, &x, sizeof x);
    __builtin_memcpy(packed + sizeof x, &y, sizeof y);
    spans[0].m_data = packed;
    spans[0].m_count = 1;
    spans[1].m_data = &r;
    spans[1].m_count = 1;
    if (memo_abi_begin(&site_2, spans, &call) == MEMO_HIT)
        return r;
    r = plain_2(x, y);
    if (call)
        memo_abi_end(call, spans);
    return r;
}

/* ---- rounds ---- */

enum way { PLAIN_1, HAND_1, OURS_1, PLAIN_2, HAND_2, OURS_2 };

__attribute__((noinline)) static double run(enum way way, long n)
{
    double start = bench_now_ns(), sum = 0;
    long total = 0;

    switch (way) {
    case PLAIN_1:
        for (long i = 0; i < n; i++)
            total += plain((int)(i % N_KEYS));
        break;
    case HAND_1:
        for (long i = 0; i < n; i++)
            total += by_hand((int)(i % N_KEYS));
        break;
    case OURS_1:
        for (long i = 0; i < n; i++)
            total += ours((int)(i % N_KEYS));
        break;
    case PLAIN_2:
        for (long i = 0; i < n; i++)
            sum += plain_2((double)(i % N_KEYS), 0.5);
        break;
    case HAND_2:
        for (long i = 0; i < n; i++)
            sum += by_hand_2((double)(i % N_KEYS), 0.5);
        break;
    case OURS_2:
        for (long i = 0; i < n; i++)
            sum += ours_2((double)(i % N_KEYS), 0.5);
        break;
    }
    BENCH_KEEP(total);
    BENCH_KEEP(&sum);
    return (bench_now_ns() - start) / (double)n;
}

struct job {
    enum way way;
    long n;
    double ns;
    pthread_barrier_t *start;
};

static void *work(void *arg)
{
    struct job *j = arg;

    run(j->way, N_KEYS * 4); /* this thread is known to the runtime from here on */
    pthread_barrier_wait(j->start);
    j->ns = run(j->way, j->n);
    return NULL;
}

/* Mean time of a call in each of two threads that run at once. */
static double run_in_two(enum way way, long n)
{
    pthread_barrier_t start;
    pthread_t threads[2];
    struct job jobs[2];

    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        jobs[i] = (struct job){.way = way, .n = n, .start = &start};
        if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&start);
    return (jobs[0].ns + jobs[1].ns) / 2;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 31;
    static struct bench_pair one, two, one_2, two_2, call;
    const long n = 2000000;
    bool met = true;

    for (int i = 0; i < 16; i++) { /* the table grows until it no longer thrashes */
        run(OURS_1, N_KEYS);
        run(OURS_2, N_KEYS);
    }
    for (int i = 0; i < rounds; i++) {
        double hand = run(HAND_1, n);
        bench_add(&one, run(OURS_1, n), hand);
        bench_add(&call, hand, run(PLAIN_1, n));
        hand = run(HAND_2, n);
        bench_add(&one_2, run(OURS_2, n), hand);
        hand = run_in_two(HAND_1, n);
        bench_add(&two, run_in_two(OURS_1, n), hand);
        hand = run_in_two(HAND_2, n);
        bench_add(&two_2, run_in_two(OURS_2, n), hand);
    }
    for (int x = 0; x < N_KEYS; x++)
        if (ours(x) != plain(x) || ours_2(x, 0.5) != plain_2(x, 0.5)) {
            fprintf(stderr, "bench_scalar: wrong value for %d\n", x);
            return 1;
        }
    bench_title(
        "P1: hit in memory, scalar arguments (limit: a table with sequence numbers by hand)");
    met &= bench_row("int f(int), 1 thread", &one, 1, "ns", TARGET);
    met &= bench_row("int f(int), 2 threads", &two, 1, "ns", TARGET);
    met &= bench_row("double g(double, double), 1 thread", &one_2, 1, "ns", TARGET);
    met &= bench_row("double g(double, double), 2 threads", &two_2, 1, "ns", TARGET);
    bench_row("(by hand against a plain call)", &call, 1, "ns", 0);
    return met ? 0 : 1;
}

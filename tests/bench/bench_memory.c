/* bench_memory.c - P2: a hit in memory with a generic key.
 *
 * Ours: the key of a call with one 24-byte struct, found in the memory tier, and
 * its 64-byte result copied to where it belongs. The limit: XXH3-128 of 24 bytes
 * and a table of slots with a sequence number each and the value inline, which
 * is what one would write by hand for this one shape. For information: the same
 * call from outside, through memo_abi_begin(). */
#include "include/memo_abi.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "bench.h"
#include "key/key.h"
#include "store/store_memory.h"

#define WORDS 8
#define TARGET 1.5

struct argument {
    uint64_t a, b, c;
};

static const struct memo_part parts[] = {
    {"x", "b", NULL, sizeof(struct argument), MEMO_KEY, 0, 0},
    {"result", "b", NULL, WORDS * 8, MEMO_RESULT, 0, 0},
};
static struct memo_site site = {.m_abi = MEMO_ABI,
                                .m_name = "bench",
                                .m_unit = "bench_memory.c",
                                .m_signature = "s",
                                .m_toolchain = "t",
                                .m_layout = {1},
                                .m_parts = parts,
                                .m_n_parts = 2,
                                .m_tiers = MEMO_TIER_MEMORY};
static const unsigned char identity[16] = {0x11, 0x11, 3};
static const unsigned char layout[MEMO__DIGEST] = {1};

/* ---- the limit ---- */

struct slot {
    uint32_t seq, spare;
    uint64_t key[2], value[WORDS];
};
static struct slot *slots;
static uint64_t mask;

static int slot_get(const uint64_t k[2], uint64_t *out)
{
    for (uint64_t i = k[0] & mask;; i = (i + 1) & mask) {
        struct slot *s = &slots[i];
        for (;;) {
            uint32_t q = __atomic_load_n(&s->seq, __ATOMIC_ACQUIRE);
            if (q & 1u)
                continue;
            uint64_t a = __atomic_load_n(&s->key[0], __ATOMIC_RELAXED);
            uint64_t b = __atomic_load_n(&s->key[1], __ATOMIC_RELAXED);
            if (!(a | b))
                return 0;
            if (a != k[0] || b != k[1])
                break;
            for (int j = 0; j < WORDS; j++)
                out[j] = __atomic_load_n(&s->value[j], __ATOMIC_RELAXED);
            __atomic_thread_fence(__ATOMIC_ACQUIRE);
            if (__atomic_load_n(&s->seq, __ATOMIC_RELAXED) == q)
                return 1;
        }
    }
}

static void slot_key(uint64_t id, uint64_t k[2])
{
    struct argument in = {0x1111, 0x2222, id};
    XXH128_hash_t h = XXH3_128bits(&in, sizeof in);

    k[0] = h.low64;
    k[1] = h.high64;
}

static void slot_put(uint64_t id, const uint64_t *value)
{
    uint64_t k[2], i;

    slot_key(id, k);
    for (i = k[0] & mask; slots[i].key[0] | slots[i].key[1]; i = (i + 1) & mask)
        continue;
    memcpy(slots[i].key, k, sizeof k);
    memcpy(slots[i].value, value, sizeof slots[i].value);
}

/* ---- ours ---- */

static struct memo__memory *memory;

static int take(void *out, const struct memo__memory_entry *e)
{
    if (e->n_parts != 2 || e->parts[0].len != WORDS * 8)
        return -1;
    memcpy(out, e->parts[0].data, WORDS * 8);
    return 0;
}

static int our_key(const struct argument *in, struct memo__key *key)
{
    struct memo_span spans[2] = {{(void *)(uintptr_t)in, 1}, {NULL, 0}};

    return memo__key_build(&site, spans, identity, NULL, 0, NULL, NULL, key) == MEMO__KEY_OK;
}

static int our_get(uint64_t id, uint64_t *out)
{
    struct argument in = {0x1111, 0x2222, id};
    struct memo__key key;

    return our_key(&in, &key) && memo__memory_get(memory, &key, take, out) == 0;
}

static int our_put(uint64_t id, const uint64_t *value)
{
    struct argument in = {0x1111, 0x2222, id};
    struct memo__part result[2] = {{value, WORDS * 8}, {NULL, 0}};
    struct memo__memory_entry e = {layout, 1, 1, result, 2};
    struct memo__key key;

    return our_key(&in, &key) && memo__memory_put(memory, 7, &key, &e) == 0;
}

struct result {
    uint64_t word[WORDS];
};

__attribute__((noinline)) static struct result compute(struct argument x)
{
    struct result r;

    for (int i = 0; i < WORDS; i++)
        r.word[i] = x.c + (uint64_t)i;
    return r;
}

/* As memocc writes it. */
__attribute__((noinline)) static struct result call(struct argument x)
{
    struct memo_call *flight = NULL;
    struct result r;
    struct memo_span spans[2];

    spans[0].m_data = &x;
    spans[0].m_count = 1;
    spans[1].m_data = &r;
    spans[1].m_count = 1;
    if (memo_abi_begin(&site, spans, &flight) == MEMO_HIT)
        return r;
    r = compute(x);
    if (flight)
        memo_abi_end(flight, spans);
    return r;
}

/* ---- rounds ---- */

enum way { LIMIT, OURS, WHOLE, NOTHING };

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

__attribute__((noinline)) static double run(enum way way, uint64_t n_keys, long n)
{
    uint64_t state = 88172645463325252u, out[WORDS] = {0}, sum = 0, misses = 0;
    double start = bench_now_ns();

    for (long i = 0; i < n; i++) {
        uint64_t id = next(&state) % n_keys, k[2];
        switch (way) {
        case LIMIT:
            slot_key(id, k);
            misses += !slot_get(k, out);
            break;
        case OURS:
            misses += !our_get(id, out);
            break;
        case WHOLE: {
            struct argument in = {0x1111, 0x2222, id};
            struct result r = call(in);
            memcpy(out, &r, sizeof out);
            break;
        }
        case NOTHING:
            out[0] = id;
            break;
        }
        if (out[0] != id) {
            fprintf(stderr, "bench_memory: wrong value for key %llu\n", (unsigned long long)id);
            exit(1);
        }
        sum += out[0];
    }
    BENCH_KEEP(sum);
    if (misses) {
        fprintf(stderr, "bench_memory: %llu misses\n", (unsigned long long)misses);
        exit(1);
    }
    return (bench_now_ns() - start) / (double)n;
}

static void fill(uint64_t n_keys)
{
    size_t cap = 16;

    while (cap < n_keys * 2)
        cap *= 2;
    mask = cap - 1;
    slots =
        mmap(NULL, cap * sizeof *slots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slots == MAP_FAILED || memo__memory_new((uint64_t)1 << 30, &memory) != 0)
        exit(1);
    for (uint64_t id = 0; id < n_keys; id++) {
        struct argument in = {0x1111, 0x2222, id};
        struct result r = compute(in);
        slot_put(id, r.word);
        if (!our_put(id, r.word))
            exit(1);
        call(in);
    }
}

static bool measure(uint64_t n_keys, int rounds)
{
    static struct bench_pair ours, whole;
    long n = n_keys > 200000 ? 300000 : 1000000;
    char name[64];
    bool met;

    ours.n = whole.n = 0;
    fill(n_keys);
    for (int i = 0; i < rounds; i++) {
        double idle = run(NOTHING, n_keys, n), limit = run(LIMIT, n_keys, n) - idle;
        bench_add(&ours, run(OURS, n_keys, n) - idle, limit);
        bench_add(&whole, run(WHOLE, n_keys, n) - idle, limit);
    }
    snprintf(name, sizeof name, "%llu keys, key and memory tier", (unsigned long long)n_keys);
    met = bench_row(name, &ours, 1, "ns", TARGET);
    snprintf(name, sizeof name, "%llu keys, the whole call", (unsigned long long)n_keys);
    bench_row(name, &whole, 1, "ns", 0);
    munmap(slots, (mask + 1) * sizeof *slots);
    return met;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 15;
    bool met = true;

    setenv("MEMOCC_MEMORY", "1G", 1);
    bench_title("P2: hit in memory, 24-byte key, 64-byte result (limit: XXH3-128 + seqlock table)");
    met &= measure(1, rounds);
    met &= measure(1000, rounds);
    met &= measure(100000, rounds);
    met &= measure(1000000, rounds);
    return met ? 0 : 1;
}

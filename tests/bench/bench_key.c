/* bench_key.c - P3: the key of a call with a large array argument.
 *
 * Ours: memo__key_build() of a call whose one argument is a section of so many
 * bytes. The limit: XXH3_128bits of the same bytes by libxxhash's own code for
 * AVX2 processors. For information: arrays of structures with padding, against
 * the same limit of the bytes that take part. */
#include "include/memo_abi.h"

#include <stdint.h>
#include <sys/mman.h>

#include "bench.h"
#include "key/key.h"

#if defined __x86_64__
#if defined __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#include <immintrin.h>
#define XXH_VECTOR 2 /* XXH_AVX2 */
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>

__attribute__((noinline)) static uint64_t hash(const void *data, size_t len)
{
    XXH128_hash_t h = XXH3_128bits(data, len);

#if defined __x86_64__
    _mm256_zeroupper();
#endif
    return h.low64;
}
#if defined __x86_64__
#if defined __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

struct point {
    double x, y;
    int32_t id; /* and 4 bytes of padding */
};
static const struct memo_run point_runs[] = {{0, 20, 1, 20, NULL, 0xff}};
static const struct memo_type point_type = {sizeof(struct point), point_runs, 1};
static const unsigned char identity[16] = {7};

static uint64_t key_of(const struct memo_type *type, size_t size, const void *data, size_t n)
{
    struct memo_part part = {"p[:n]", "b", type, size, MEMO_KEY | MEMO_SECTION, 0, 0};
    struct memo_site site = {.m_parts = &part, .m_n_parts = 1};
    struct memo_span span = {(void *)(uintptr_t)data, n};
    struct memo__key key;

    if (memo__key_build(&site, &span, identity, NULL, 0, NULL, NULL, &key) != MEMO__KEY_OK)
        exit(1);
    return key.hash[0];
}

static bool measure(unsigned char *data, size_t len, int rounds, const char *name, double target)
{
    static struct bench_pair plain, points;
    long n = (long)(40000000 / len) + 1;
    char text[64];

    plain.n = points.n = 0;
    for (int i = 0; i < rounds; i++) {
        uint64_t sum = 0;
        double t0 = bench_now_ns(), t1, t2, t3;
        for (long k = 0; k < n; k++)
            sum += hash(data, len);
        t1 = bench_now_ns();
        for (long k = 0; k < n; k++)
            sum += key_of(NULL, 1, data, len);
        t2 = bench_now_ns();
        for (long k = 0; k < n; k++)
            sum += key_of(&point_type, sizeof(struct point), data, len / sizeof(struct point));
        t3 = bench_now_ns();
        BENCH_KEEP(sum);
        bench_add(&plain, (t2 - t1) / (double)n, (t1 - t0) / (double)n);
        bench_add(&points, (t3 - t2) / (double)n, (t1 - t0) / (double)n);
    }
    snprintf(text, sizeof text, "%s of structures with padding", name);
    target = bench_row(name, &plain, 1000, "us", target);
    bench_row(text, &points, 1000, "us", 0);
    return target != 0;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 21;
    const size_t most = 200000000;
    unsigned char *data =
        mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool met = true;

    if (data == MAP_FAILED)
        return 1;
#if defined __x86_64__
    if (!__builtin_cpu_supports("avx2")) {
        printf("P3: this processor has no AVX2, there is nothing to compare with\n");
        return 0;
    }
#endif
    for (size_t i = 0; i < most; i++)
        data[i] = (unsigned char)(i * 2654435761u >> 11);
    bench_title("P3: key of an array (limit: XXH3_128bits, AVX2, of the same bytes)");
    measure(data, 1024, rounds, "1 KB", 0);
    measure(data, (size_t)64 << 10, rounds, "64 KB", 0);
    met &= measure(data, (size_t)8 << 20, rounds, "8 MB", 1.1);
    met &= measure(data, most, rounds, "200 MB", 1.1);
    return met ? 0 : 1;
}

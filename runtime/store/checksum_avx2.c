/* checksum_avx2.c - XXH3-64 compiled for AVX2, whatever the flags of the file.
 *
 * xxhash leaves the upper halves of the registers dirty, which slows the SSE
 * code of the caller down; one vzeroupper cures it. Only checksum.c calls it,
 * after it asked the processor. */
#include "store/checksum.h"

#if defined __x86_64__

#if defined __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#include <immintrin.h>

#define XXH_VECTOR 2 /* XXH_AVX2 */
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t memo__checksum_avx2(uint64_t seed, const void *data, size_t len)
{
    uint64_t sum = XXH3_64bits_withSeed(data, len, seed);
    _mm256_zeroupper();
    return sum;
}

#if defined __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else
typedef int memo__checksum_avx2_is_for_x86;
#endif

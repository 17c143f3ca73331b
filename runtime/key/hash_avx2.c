/* hash_avx2.c - XXH3-128 compiled for AVX2, whatever the flags of the file.
 *
 * xxhash leaves the upper halves of the registers dirty, which slows the SSE
 * code of the caller down; one vzeroupper cures it. Only hash.c calls it,
 * after it asked the processor. */
#include "key/hash.h"

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

void memo__hash128_avx2(const void *data, size_t len, uint64_t out[2])
{
    XXH128_hash_t h = XXH3_128bits(data, len);
    out[0] = h.low64;
    out[1] = h.high64;
    _mm256_zeroupper();
}

#if defined __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else
typedef int memo__hash_avx2_is_for_x86;
#endif

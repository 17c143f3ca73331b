/* hash.c - see hash.h. Up to 1 KB the build for every processor is as fast, and
 * needs no vzeroupper. */
#include "key/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define LARGE 1024u

void memo__hash128(const void *data, size_t len, uint64_t out[2])
{
#if defined __x86_64__
    if (len >= LARGE && __builtin_cpu_supports("avx2")) {
        memo__hash128_avx2(data, len, out);
        return;
    }
#endif
    XXH128_hash_t h = XXH3_128bits(data, len);
    out[0] = h.low64;
    out[1] = h.high64;
}

uint64_t memo__hash64(const void *data, size_t len)
{
    return XXH3_64bits(data, len);
}

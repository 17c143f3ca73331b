/* checksum.c - XXH3-64 over what is written to disk.
 *
 * Up to LARGE bytes the build for every processor is as fast (and needs no
 * vzeroupper). */
#include "store/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define LARGE 1024u

static uint64_t sum_large(uint64_t seed, const void *data, size_t len)
{
#if defined __x86_64__
    if (__builtin_cpu_supports("avx2"))
        return memo__checksum_avx2(seed, data, len);
#endif
    return XXH3_64bits_withSeed(data, len, seed);
}

uint64_t memo__checksum(const void *data, size_t len)
{
    return len < LARGE ? XXH3_64bits(data, len) : sum_large(0, data, len);
}

uint64_t memo__checksum_block(uint64_t sum, const void *block, size_t len)
{
    return len < LARGE ? XXH3_64bits_withSeed(block, len, sum) : sum_large(sum, block, len);
}

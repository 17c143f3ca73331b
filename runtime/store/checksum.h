/* checksum.h - XXH3-64 over what is written to disk.
 *
 * The value is the same on every machine and path. Large blocks go through an
 * AVX2 build where the processor has it. */
#ifndef MEMO_STORE_CHECKSUM_H
#define MEMO_STORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint64_t memo__checksum(const void *data, size_t len);

/* Of a file, block by block: the sum of the blocks so far is the seed of the
 * next, starting with 0. All blocks but the last have MEMO__CHECKSUM_BLOCK
 * bytes: small enough to stay in the cache from copying to summing, and large
 * enough that calls of read(2) don't count (measured: 1 to 2 MB is best). */
#define MEMO__CHECKSUM_BLOCK ((size_t)1 << 20)
uint64_t memo__checksum_block(uint64_t sum, const void *block, size_t len);

/* Within these files: the AVX2 build, checksum_avx2.c. */
uint64_t memo__checksum_avx2(uint64_t seed, const void *data, size_t len);

#endif

/* hash.h - XXH3-128, at the speed of the processor at hand.
 *
 * The value is the same on every machine and path. */
#ifndef MEMO_KEY_HASH_H
#define MEMO_KEY_HASH_H

#include <stddef.h>
#include <stdint.h>

void memo__hash128(const void *data, size_t len, uint64_t out[2]);
uint64_t memo__hash64(const void *data, size_t len);

/* Within these files: the AVX2 build, hash_avx2.c. */
void memo__hash128_avx2(const void *data, size_t len, uint64_t out[2]);

#endif

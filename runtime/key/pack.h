/* pack.h - objects without their padding, as a stream of bytes. */
#ifndef MEMO_KEY_PACK_H
#define MEMO_KEY_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "include/memo_abi.h"

/* Bytes of one element that take part. */
size_t memo__packed_size(const struct memo_type *type);

/* Writes them to out; returns the end. */
unsigned char *memo__pack(const struct memo_type *type, const void *object, unsigned char *out);

/* XXH3-128 of n elements as they would be packed one after the other. */
void memo__pack_hash(const struct memo_type *type, const void *objects, size_t n, uint64_t out[2]);

#endif

/* format_layout.h - where the fields of a checkpoint file are. For format.c and format_write.c
 * alone.
 *
 * Numbers are little-endian, read and written with memcpy; the blobs' bytes are the
 * program's. A fixed part of FIXED bytes, the texts, the table of blobs, their names, all filled
 * up to 8; XXH3-64 of all that; the blobs, each at a multiple of 64. */
#ifndef MEMO_CHECKPOINT_FORMAT_LAYOUT_H
#define MEMO_CHECKPOINT_FORMAT_LAYOUT_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "checkpoint/format.h"
#include "store/checksum.h"

enum {
    AT_MAGIC = 0,
    AT_VERSION = 8,
    AT_MACHINE = 12,
    AT_HEADER_LEN = 16,
    AT_SIZE = 24,
    AT_SEQUENCE = 32,
    AT_SAVED = 40,
    AT_SPENT = 48,
    AT_ITERATION = 56,
    AT_ORDINAL = 64,
    AT_OUTER_ITERATION = 72,
    AT_PROCESS = 80,
    AT_FINAL = 88,
    AT_FLAGS = 92,
    AT_LINE = 96,
    AT_N_BLOBS = 100,
    AT_IDENTITY = 104,
    AT_OUTER = 120,
    AT_CODE = 136,
    AT_TEXTS = 152, /* N_TEXTS lengths of 8 */
    N_TEXTS = 8,
    ARGUMENTS = 7, /* the only text with NULs in it */
    FIXED = AT_TEXTS + 8 * N_TEXTS,
    SUM = 8,

    /* One line of the table. */
    BLOB_KIND = 0,
    BLOB_NAME_LEN = 4,
    BLOB_LEN = 8,
    BLOB_SUM = 16,
    BLOB_META = 24,
    BLOB = BLOB_META + 8 * MEMO__CK_META,

    ALIGN = 64
};
#define MAGIC "memockpt"
#define BLOCK MEMO__CHECKSUM_BLOCK
#define MAX_SIZE ((uint64_t)INT64_MAX / 4) /* of a blob; and of what is before it */

static inline uint32_t get32(const unsigned char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return le32toh(v);
}

static inline uint64_t get64(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return le64toh(v);
}

static inline void set32(unsigned char *p, uint32_t v)
{
    v = htole32(v);
    memcpy(p, &v, sizeof v);
}

static inline void set64(unsigned char *p, uint64_t v)
{
    v = htole64(v);
    memcpy(p, &v, sizeof v);
}

static inline uint64_t pad8(uint64_t n)
{
    return (n + 7) & ~(uint64_t)7;
}

static inline uint64_t pad(uint64_t n)
{
    return (n + ALIGN - 1) & ~(uint64_t)(ALIGN - 1);
}

/* What the bytes of a state depend on, besides the layouts that are compared. */
static inline void fill_machine(unsigned char out[4])
{
    static const uint16_t order = 1;
    unsigned char first;
    memcpy(&first, &order, 1);
    out[0] = first ? 'l' : 'b';
    out[1] = sizeof(void *);
    out[2] = sizeof(long);
    out[3] = sizeof(long double);
}

/* The checksum of a blob. */
static inline uint64_t sum_of(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t sum = 0;
    for (size_t at = 0; at < len; at += BLOCK)
        sum = memo__checksum_block(sum, p + at, len - at < BLOCK ? len - at : BLOCK);
    return sum;
}

#endif

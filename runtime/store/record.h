/* record.h - one stored result as bytes: the format, with no input or output.
 *
 * A record is what LMDB holds under a key: who computed what and when, the
 * arguments' bytes, and the result parts or a reference to an object file that
 * holds them. docs/store-format.md gives it byte by byte. Decoding checks every
 * length and the checksum before anything is believed, never reads outside
 * [data, data + len), and allocates nothing. */
#ifndef MEMO_STORE_RECORD_H
#define MEMO_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMO__DIGEST 16
#define MEMO__RECORD_VERSION 1u
#define MEMO__KEY_WHOLE 64u        /* keys up to this length stand in the record whole */
#define MEMO__KEY_HEAD 256u        /* of longer ones this many bytes */
#define MEMO__PART_NULL UINT64_MAX /* length of a part that is a NULL pointer */
#define MEMO__MAX_PARTS 4096u

/* One result: `len` bytes, or len = MEMO__PART_NULL and data NULL. */
struct memo__part {
    const void *data;
    uint64_t len;
};

/* Where the parts are when they aren't in the record: a file of `size` bytes.
 * The content is known to be what was written if inode, size and ctime are
 * still the ones recorded and the machine wasn't restarted since (`boot`). */
struct memo__object_ref {
    uint64_t size;     /* of the whole file, header included */
    uint64_t checksum; /* of the whole file */
    uint64_t inode, ctime_ns;
    uint64_t boot;   /* hash of the boot ID, 0: unknown */
    uint64_t random; /* last part of the file's name */
};

#define MEMO__RECORD_OBJECT 0x1u /* the parts are in an object file */

/* A record, decoded (pointers go into its bytes) or to be encoded. */
struct memo__record {
    unsigned flags;
    const unsigned char *layout;   /* digest of the result types, MEMO__DIGEST bytes */
    const unsigned char *identity; /* digest of the function's identity, MEMO__DIGEST bytes */
    uint64_t created_ns, cost_ns, used_ns; /* dates since 1970 */
    uint64_t args_hash; /* hash of the canonical key without the function's identity */
    const unsigned char
        *key;           /* canonical key: whole if key_total <= MEMO__KEY_WHOLE, else its head */
    uint32_t key_len;   /* bytes at `key` */
    uint64_t key_total; /* bytes of the whole canonical key */
    unsigned n_parts;
    const unsigned char *lens;      /* decoded only: n_parts lengths, little-endian */
    const unsigned char *data;      /* decoded only: the first part; NULL with RECORD_OBJECT */
    uint64_t data_len;              /* of all parts with their padding */
    struct memo__object_ref object; /* with RECORD_OBJECT */
};

/* args_hash for counting over several functions: two of them may have been
 * called with the same arguments. Both tiers count with it. */
static inline uint64_t memo__args_hash_of(uint64_t args_hash, uint64_t name)
{
    return args_hash ^ (name << 1 | name >> 63) * 0x9e3779b97f4a7c15u;
}

/* Bytes that the encoded record takes; 0 if it can't be encoded (too many
 * parts, sizes overflow). `parts` has r->n_parts elements; with RECORD_OBJECT
 * only their lengths count. */
size_t memo__record_size(const struct memo__record *r, const struct memo__part *parts);

/* Writes memo__record_size() bytes at `out`, 8-aligned. lens, data and data_len
 * of r are ignored. The checksum isn't yet there: memo__record_seal. */
void memo__record_encode(const struct memo__record *r, const struct memo__part *parts, void *out);

/* Fill in the object reference or last use of an encoded record, and the
 * checksum. seal must come last; it makes the record valid. */
void memo__record_set_object(void *record, size_t len, const struct memo__object_ref *ref);
void memo__record_set_used(void *record, uint64_t used_ns);
void memo__record_seal(void *record, size_t len);

/* 0 or MEMO_ECORRUPT, which leaves garbage in *out. Pointers in it go into
 * `data`. `object` is only set with RECORD_OBJECT. */
int memo__record_decode(const void *data, size_t len, struct memo__record *out);

/* The parts of a decoded record: out[0 .. r->n_parts). Data is 8-aligned
 * relative to the record's start; data is NULL for all parts of an object. */
void memo__record_parts(const struct memo__record *r, struct memo__part *out);
uint64_t memo__record_part_len(const struct memo__record *r, unsigned i);

/* Layout of an object file: a header of MEMO__OBJECT_HEADER bytes, then the
 * parts, each at a multiple of MEMO__OBJECT_ALIGN. */
#define MEMO__OBJECT_HEADER 64u
#define MEMO__OBJECT_ALIGN 64u

/* Size of the whole file for these parts, 0 on overflow; and offsets in it. */
uint64_t memo__object_size(const struct memo__part *parts, unsigned n_parts);
uint64_t memo__object_next(uint64_t offset, uint64_t len);

#endif

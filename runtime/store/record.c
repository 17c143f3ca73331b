/* record.c - one stored result as bytes.
 *
 * Fields are read and written with memcpy in little-endian order, so neither
 * alignment nor the machine matters. Layout (docs/store-format.md):
 *
 *     0 magic 4 | 4 version 2 | 6 flags 2 | 8 layout 16 | 24 identity 16
 *     40 created | 48 cost | 56 used | 64 args_hash | 72 key_total (8 each)
 *     80 key_len 4 | 84 n_parts 4 | 88 key, filled up to 8
 *     then n_parts lengths of 8, then the parts, each filled up to 8, or one
 *     object reference of 48; last 8: XXH3-64 of all bytes before. */
#include "store/record.h"

#include <endian.h>
#include <string.h>

#include "base/error.h"
#include "store/checksum.h"

enum {
    AT_MAGIC = 0,
    AT_VERSION = 4,
    AT_FLAGS = 6,
    AT_LAYOUT = 8,
    AT_IDENTITY = 24,
    AT_CREATED = 40,
    AT_COST = 48,
    AT_USED = 56,
    AT_ARGS = 64,
    AT_KEY_TOTAL = 72,
    AT_KEY_LEN = 80,
    AT_N_PARTS = 84,
    HEAD = 88,
    REF = 48,
    SUM = 8
};
#define MAGIC 0x524f4d4du /* "MMOR" */

static uint16_t get16(const unsigned char *p)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return le16toh(v);
}

static uint32_t get32(const unsigned char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return le32toh(v);
}

static uint64_t get64(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return le64toh(v);
}

static void set16(unsigned char *p, uint16_t v)
{
    v = htole16(v);
    memcpy(p, &v, sizeof v);
}

static void set32(unsigned char *p, uint32_t v)
{
    v = htole32(v);
    memcpy(p, &v, sizeof v);
}

static void set64(unsigned char *p, uint64_t v)
{
    v = htole64(v);
    memcpy(p, &v, sizeof v);
}

static uint64_t pad8(uint64_t n)
{
    return (n + 7) & ~(uint64_t)7;
}

/* Adds the padded length to *sum; false on overflow. */
static bool add_part(uint64_t *sum, uint64_t len)
{
    if (len == MEMO__PART_NULL)
        return true;
    return len < UINT64_MAX / 2 && !__builtin_add_overflow(*sum, pad8(len), sum);
}

static uint64_t key_bytes(uint64_t total)
{
    return total < MEMO__KEY_HEAD ? total : MEMO__KEY_HEAD;
}

size_t memo__record_size(const struct memo__record *r, const struct memo__part *parts)
{
    uint64_t data = r->flags & MEMO__RECORD_OBJECT ? REF : 0;
    if (r->n_parts > MEMO__MAX_PARTS || r->key_len > key_bytes(r->key_total) ||
        (r->key_total <= MEMO__KEY_WHOLE && r->key_len != r->key_total))
        return 0;
    if (!(r->flags & MEMO__RECORD_OBJECT))
        for (unsigned i = 0; i < r->n_parts; i++)
            if (!add_part(&data, parts[i].len))
                return 0;
    if (data > SIZE_MAX / 2)
        return 0;
    return (size_t)(HEAD + pad8(r->key_len) + 8 * (uint64_t)r->n_parts + data + SUM);
}

void memo__record_encode(const struct memo__record *r, const struct memo__part *parts, void *out)
{
    unsigned char *p = out;
    set32(p + AT_MAGIC, MAGIC);
    set16(p + AT_VERSION, MEMO__RECORD_VERSION);
    set16(p + AT_FLAGS, (uint16_t)r->flags);
    memcpy(p + AT_LAYOUT, r->layout, MEMO__DIGEST);
    memcpy(p + AT_IDENTITY, r->identity, MEMO__DIGEST);
    set64(p + AT_CREATED, r->created_ns);
    set64(p + AT_COST, r->cost_ns);
    set64(p + AT_USED, r->used_ns);
    set64(p + AT_ARGS, r->args_hash);
    set64(p + AT_KEY_TOTAL, r->key_total);
    set32(p + AT_KEY_LEN, r->key_len);
    set32(p + AT_N_PARTS, r->n_parts);
    p += HEAD;
    uint64_t end = pad8(r->key_len);
    if (end) {
        set64(p + end - 8, 0);
        memcpy(p, r->key, r->key_len);
    }
    p += end;
    for (unsigned i = 0; i < r->n_parts; i++, p += 8)
        set64(p, parts[i].len);
    if (r->flags & MEMO__RECORD_OBJECT) {
        memset(p, 0, REF);
        return;
    }
    for (unsigned i = 0; i < r->n_parts; i++) {
        uint64_t len = parts[i].len;
        if (len == MEMO__PART_NULL || !len)
            continue;
        set64(p + pad8(len) - 8, 0);
        memcpy(p, parts[i].data, len);
        p += pad8(len);
    }
}

void memo__record_set_object(void *record, size_t len, const struct memo__object_ref *ref)
{
    unsigned char *p = (unsigned char *)record + len - SUM - REF;
    set64(p, ref->size);
    set64(p + 8, ref->checksum);
    set64(p + 16, ref->inode);
    set64(p + 24, ref->ctime_ns);
    set64(p + 32, ref->boot);
    set64(p + 40, ref->random);
}

void memo__record_set_used(void *record, uint64_t used_ns)
{
    set64((unsigned char *)record + AT_USED, used_ns);
}

void memo__record_seal(void *record, size_t len)
{
    set64((unsigned char *)record + len - SUM, memo__checksum(record, len - SUM));
}

static void decode_head(const unsigned char *p, struct memo__record *out)
{
    out->flags = get16(p + AT_FLAGS);
    out->layout = p + AT_LAYOUT;
    out->identity = p + AT_IDENTITY;
    out->created_ns = get64(p + AT_CREATED);
    out->cost_ns = get64(p + AT_COST);
    out->used_ns = get64(p + AT_USED);
    out->args_hash = get64(p + AT_ARGS);
    out->key_total = get64(p + AT_KEY_TOTAL);
    out->key_len = get32(p + AT_KEY_LEN);
    out->n_parts = get32(p + AT_N_PARTS);
    out->key = p + HEAD;
    out->data = NULL;
    out->data_len = 0;
}

static void decode_ref(const unsigned char *p, struct memo__object_ref *ref)
{
    ref->size = get64(p);
    ref->checksum = get64(p + 8);
    ref->inode = get64(p + 16);
    ref->ctime_ns = get64(p + 24);
    ref->boot = get64(p + 32);
    ref->random = get64(p + 40);
}

/* The size that an object file with the record's part lengths has. */
static uint64_t object_size(const struct memo__record *r)
{
    uint64_t at = MEMO__OBJECT_HEADER;
    for (unsigned i = 0; i < r->n_parts && at; i++)
        at = memo__object_next(at, memo__record_part_len(r, i));
    return at;
}

int memo__record_decode(const void *data, size_t len, struct memo__record *out)
{
    const unsigned char *p = data;
    if (len < HEAD + SUM || len % 8 || get32(p + AT_MAGIC) != MAGIC ||
        get16(p + AT_VERSION) != MEMO__RECORD_VERSION)
        return MEMO_ECORRUPT;
    if (memo__checksum(p, len - SUM) != get64(p + len - SUM))
        return MEMO_ECORRUPT;
    decode_head(p, out);
    if (out->flags & ~MEMO__RECORD_OBJECT || out->n_parts > MEMO__MAX_PARTS ||
        out->key_len > MEMO__KEY_HEAD || out->key_len > out->key_total ||
        (out->key_total <= MEMO__KEY_WHOLE && out->key_len != out->key_total))
        return MEMO_ECORRUPT;
    size_t head = (size_t)(HEAD + pad8(out->key_len) + 8 * (uint64_t)out->n_parts);
    if (head > len - SUM)
        return MEMO_ECORRUPT;
    out->lens = p + HEAD + pad8(out->key_len);
    uint64_t room = len - SUM - head;
    if (out->flags & MEMO__RECORD_OBJECT) {
        if (room != REF)
            return MEMO_ECORRUPT;
        decode_ref(p + head, &out->object);
        return object_size(out) == out->object.size ? 0 : MEMO_ECORRUPT;
    }
    for (unsigned i = 0; i < out->n_parts; i++)
        if (!add_part(&out->data_len, memo__record_part_len(out, i)))
            return MEMO_ECORRUPT;
    out->data = p + head;
    return out->data_len == room ? 0 : MEMO_ECORRUPT;
}

uint64_t memo__record_part_len(const struct memo__record *r, unsigned i)
{
    return get64(r->lens + 8 * (size_t)i);
}

void memo__record_parts(const struct memo__record *r, struct memo__part *out)
{
    const unsigned char *p = r->data;
    for (unsigned i = 0; i < r->n_parts; i++) {
        uint64_t len = memo__record_part_len(r, i);
        out[i] = (struct memo__part){len == MEMO__PART_NULL ? NULL : p, len};
        if (p && len != MEMO__PART_NULL)
            p += pad8(len);
    }
}

uint64_t memo__object_next(uint64_t offset, uint64_t len)
{
    uint64_t end;
    if (len == MEMO__PART_NULL)
        return offset;
    if (len >= UINT64_MAX / 2 || __builtin_add_overflow(offset, len, &end) ||
        end > INT64_MAX - MEMO__OBJECT_ALIGN)
        return 0;
    return (end + MEMO__OBJECT_ALIGN - 1) / MEMO__OBJECT_ALIGN * MEMO__OBJECT_ALIGN;
}

uint64_t memo__object_size(const struct memo__part *parts, unsigned n_parts)
{
    uint64_t at = MEMO__OBJECT_HEADER;
    for (unsigned i = 0; i < n_parts && at; i++)
        at = memo__object_next(at, parts[i].len);
    return at;
}

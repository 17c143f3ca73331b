/* pack.c - see pack.h. Types are small tables written by the tool; their depth
 * is that of arrays of structs inside structs. */
#include "key/pack.h"

#include <stdbool.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"

size_t memo__packed_size(const struct memo_type *type)
{
    size_t n = 0;

    for (unsigned i = 0; i < type->m_n_runs; i++) {
        const struct memo_run *r = &type->m_runs[i];
        n += r->m_count * (r->m_sub ? memo__packed_size(r->m_sub) : r->m_len);
    }
    return n;
}

/* Where packed bytes go: memory, or, chunk by chunk, a hash. */
struct sink {
    unsigned char *at, *end;
    unsigned char *chunk; /* NULL: memory large enough */
    XXH3_state_t *state;
};

static void drain(struct sink *s)
{
    XXH3_128bits_update(s->state, s->chunk, (size_t)(s->at - s->chunk));
    s->at = s->chunk;
}

/* memcpy without a call for the lengths of scalars and of small structures. */
static inline void copy(unsigned char *to, const unsigned char *from, size_t n)
{
    if (n > 32) {
        memcpy(to, from, n);
    } else if (n >= 16) {
        memcpy(to, from, 16);
        memcpy(to + n - 16, from + n - 16, 16);
    } else if (n >= 8) {
        memcpy(to, from, 8);
        memcpy(to + n - 8, from + n - 8, 8);
    } else if (n >= 4) {
        memcpy(to, from, 4);
        memcpy(to + n - 4, from + n - 4, 4);
    } else {
        for (size_t i = 0; i < n; i++)
            to[i] = from[i];
    }
}

static inline void put(struct sink *s, const unsigned char *data, size_t len, unsigned mask)
{
    if (s->chunk && (size_t)(s->end - s->at) < len) {
        drain(s);
        if (mask == 0xff && len > (size_t)(s->end - s->at)) { /* a long plain run */
            XXH3_128bits_update(s->state, data, len);
            return;
        }
        for (; len > (size_t)(s->end - s->at);
             data++, len--) { /* masked, and longer than a chunk */
            *s->at++ = *data & (unsigned char)mask;
            if (s->at == s->end)
                drain(s);
        }
    }
    copy(s->at, data, len);
    if (mask != 0xff)
        for (size_t i = 0; i < len; i++)
            s->at[i] &= (unsigned char)mask;
    s->at += len;
}

static void pack(struct sink *s, const struct memo_type *type, const unsigned char *object)
{
    for (unsigned i = 0; i < type->m_n_runs; i++) {
        const struct memo_run *r = &type->m_runs[i];
        const unsigned char *at = object + r->m_offset;
        for (size_t k = 0; k < r->m_count; k++, at += r->m_stride) {
            if (r->m_sub)
                pack(s, r->m_sub, at);
            else
                put(s, at, r->m_len, r->m_mask);
        }
    }
}

unsigned char *memo__pack(const struct memo_type *type, const void *object, unsigned char *out)
{
    struct sink s = {.at = out};

    pack(&s, type, object);
    return s.at;
}

void memo__pack_hash(const struct memo_type *type, const void *objects, size_t n, uint64_t out[2])
{
    unsigned char chunk[1024];
    XXH3_state_t state;
    struct sink s = {.at = chunk, .end = chunk + sizeof chunk, .chunk = chunk, .state = &state};
    const unsigned char *at = objects;

    XXH3_128bits_reset(&state);
    for (size_t i = 0; i < n; i++, at += type->m_size)
        pack(&s, type, at);
    drain(&s);
    XXH128_hash_t h = XXH3_128bits_digest(&state);
    out[0] = h.low64;
    out[1] = h.high64;
}

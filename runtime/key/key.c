/* key.c - see key.h. The key is gathered in one piece and hashed in one go: for
 * small keys the streaming interface costs three times that. It begins where
 * small keys stay, in the struct; what doesn't fit there goes on in a buffer on
 * the stack, and a key that outgrows the buffer behind the XXH3-128 of what was
 * there so far. */
#include "key/key.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "key/hash.h"
#include "key/overlap.h"
#include "key/pack.h"

#define ROOM 1024u /* at least MEMO__KEY_KEPT + MEMO__KEY_INLINE */
#define SHORT 240u /* up to here XXH3 has no loops to vectorize */

struct builder {
    unsigned char *at, *end; /* where the next byte goes, and the end of the room */
    unsigned char *base;     /* key->bytes, or buffer */
    struct memo__key *key;
    uint64_t before;    /* bytes of the key, less what is in base[] */
    uint64_t file_hash; /* of all files so far */
    bool is_folded;     /* base[] begins with a hash; key->bytes has the head */
    unsigned char buffer[ROOM];
};

static void begin(struct builder *b, struct memo__key *key)
{
    b->key = key;
    b->base = b->at = key->bytes;
    b->end = key->bytes + sizeof key->bytes;
    b->before = b->file_hash = 0;
    b->is_folded = false;
}

static size_t used(const struct builder *b)
{
    return (size_t)(b->at - b->base);
}

/* The head of the key, where it was gathered in the buffer. */
static void keep_head(struct builder *b)
{
    size_t n = used(b) < MEMO__KEY_KEPT ? used(b) : MEMO__KEY_KEPT;

    if (b->is_folded)
        return;
    if (b->base == b->buffer)
        memcpy(b->key->bytes, b->buffer, n);
    b->key->len = (uint32_t)n;
}

static __attribute__((noinline)) void make_room(struct builder *b, size_t len)
{
    uint64_t h[2];

    if (b->base == b->key->bytes) {
        memcpy(b->buffer, b->base, used(b));
        b->at = b->buffer + used(b);
        b->base = b->buffer;
        b->end = b->buffer + ROOM;
    }
    if ((size_t)(b->end - b->at) >= len)
        return;
    keep_head(b);
    b->is_folded = true;
    memo__hash128(b->buffer, used(b), h);
    b->before += used(b) - sizeof h;
    memcpy(b->buffer, h, sizeof h);
    b->at = b->buffer + sizeof h;
}

/* memcpy without a call for what keys consist of. */
static inline void copy(unsigned char *to, const unsigned char *from, size_t n)
{
    if (n > 64) {
        memcpy(to, from, n);
    } else if (n >= 16) {
        for (size_t i = 0; i < n - 16; i += 16)
            memcpy(to + i, from + i, 16);
        memcpy(to + n - 16, from + n - 16, 16);
    } else if (n >= 8) {
        memcpy(to, from, 8);
        memcpy(to + n - 8, from + n - 8, 8);
    } else {
        for (size_t i = 0; i < n; i++)
            to[i] = from[i];
    }
}

/* Room for `len` bytes, at most MEMO__KEY_INLINE, which the caller fills. */
static inline unsigned char *reserve(struct builder *b, size_t len)
{
    unsigned char *at;

    if ((size_t)(b->end - b->at) < len)
        make_room(b, len);
    at = b->at;
    b->at += len;
    return at;
}

static inline void add(struct builder *b, const void *data, size_t len)
{
    copy(reserve(b, len), data, len);
}

static void add_tag(struct builder *b, unsigned char tag)
{
    *reserve(b, 1) = tag;
}

static void add_u64(struct builder *b, uint64_t v)
{
    memcpy(reserve(b, sizeof v), &v, sizeof v);
}

static void add_large(struct builder *b, const void *data, size_t len)
{
    uint64_t h[2];

    memo__hash128(data, len, h);
    memcpy(reserve(b, sizeof h), h, sizeof h);
}

static inline void add_bytes(struct builder *b, const void *data, size_t len)
{
    if (len <= MEMO__KEY_INLINE)
        add(b, data, len);
    else
        add_large(b, data, len);
}

static inline void add_elements(struct builder *b, const struct memo_part *part, const void *data,
                                size_t count)
{
    uint64_t h[2];
    size_t packed;

    if (!part->m_type) {
        add_bytes(b, data, count * part->m_size);
        return;
    }
    packed = memo__packed_size(part->m_type);
    if (packed == 0 || count == 0)
        return;
    if (packed <= MEMO__KEY_INLINE && count <= MEMO__KEY_INLINE / packed) {
        const unsigned char *from = data;
        unsigned char *to = reserve(b, packed * count);
        for (size_t i = 0; i < count; i++, from += part->m_type->m_size)
            to = memo__pack(part->m_type, from, to);
        return;
    }
    memo__pack_hash(part->m_type, data, count, h);
    add(b, h, sizeof h);
}

/* ---- sections ---- */

static void add_rows(struct builder *b, const struct memo_part *part, const struct memo_span *first,
                     const char *at, unsigned level)
{
    if (level == 0) {
        add_elements(b, part, at, first->m_count);
        return;
    }
    for (size_t k = 0; k < first[level].m_count; k++)
        add_rows(b, part, first, at + k * (size_t)first[level].m_data, level - 1);
}

static unsigned n_levels(const struct memo_site *site, unsigned i)
{
    unsigned n = 0;

    if (site->m_parts[i].m_role & MEMO_ROWS)
        while (i + n + 1 < site->m_n_parts && (site->m_parts[i + n + 1].m_role & MEMO_MORE))
            n++;
    return n;
}

static enum memo__key_result add_section(struct builder *b, const struct memo_site *site,
                                         const struct memo_span *spans, unsigned i)
{
    const struct memo_part *part = &site->m_parts[i];
    const struct memo_span *span = &spans[i];
    memo_abi_size extent;
    unsigned levels = n_levels(site, i);

    if (part->m_role & MEMO_IGNORED)
        return MEMO__KEY_OK;
    if (part->m_role & MEMO_LATE) {
        add_tag(b, span->m_data != NULL);
        return MEMO__KEY_OK;
    }
    if (!(part->m_role & MEMO_STRING)) {
        for (unsigned k = 0; k <= levels; k++)
            if (span[k].m_count == MEMO_BAD)
                return MEMO__KEY_BAD_COUNT;
        if (!span->m_data && span->m_count > 0) {
            bool is_empty = false;
            for (unsigned k = 1; k <= levels; k++)
                is_empty |= span[k].m_count == 0;
            if (!is_empty)
                return MEMO__KEY_NULL;
        }
    }
    if (!memo__section_extent(site, spans, i, &extent))
        return MEMO__KEY_BAD_COUNT;
    add_tag(b, span->m_data != NULL);
    if (part->m_role & MEMO_STRING) {
        add_u64(b, extent);
        if ((part->m_role & MEMO_KEY) && span->m_data)
            add_bytes(b, span->m_data, extent);
        return MEMO__KEY_OK;
    }
    for (unsigned k = 0; k <= levels; k++)
        add_u64(b, span[k].m_count);
    if ((part->m_role & MEMO_KEY) && span->m_data)
        add_rows(b, part, span, span->m_data, levels);
    return MEMO__KEY_OK;
}

/* ---- files, environment, code ---- */

/* XXH3-128 of what can be read from a descriptor. */
static bool hash_content(int fd, uint64_t out[2])
{
    enum { CHUNK = 1 << 16 };
    unsigned char *chunk = memo__malloc(CHUNK);
    XXH3_state_t state;
    XXH128_hash_t h;
    ssize_t n;

    if (!chunk)
        return false;
    XXH3_128bits_reset(&state);
    while ((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            XXH3_128bits_update(&state, chunk, (size_t)n);
    memo__free(chunk);
    h = XXH3_128bits_digest(&state);
    out[0] = h.low64;
    out[1] = h.high64;
    return n == 0;
}

/* 1: there, and *out is the hash of its content; 0: missing; -1: no regular
 * file, or unreadable. */
static int hash_file(const char *path, uint64_t out[2])
{
    struct stat st;
    int fd, there = -1, cancel_state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0) {
        if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && hash_content(fd, out))
            there = 1;
        close(fd);
    } else if (errno == ENOENT || errno == ENOTDIR) {
        there = 0;
    }
    pthread_setcancelstate(cancel_state, NULL);
    return there;
}

static bool add_file(struct builder *b, const char *path)
{
    uint64_t h[3] = {0, 0, b->file_hash};
    int there = path ? hash_file(path, h) : 2;

    if (there < 0)
        return false;
    add_tag(b, (unsigned char)there);
    add(b, h, 16);
    h[0] += (uint64_t)there;
    b->file_hash = memo__hash64(h, sizeof h) | 1;
    return true;
}

static void add_variable(struct builder *b, const char *name)
{
    const char *value = name ? getenv(name) : NULL;
    size_t len = value ? strlen(value) : 0;

    add_tag(b, value != NULL);
    add_u64(b, len);
    if (value)
        add_bytes(b, value, len);
}

static enum memo__key_result add_part(struct builder *b, const struct memo_site *site,
                                      const struct memo_span *spans, unsigned i,
                                      memo__key_code *code, void *arg)
{
    const struct memo_part *part = &site->m_parts[i];
    unsigned role = part->m_role;

    if (role & MEMO_MORE)
        return MEMO__KEY_OK;
    if (role & MEMO_FILE)
        return add_file(b, spans[i].m_data) ? MEMO__KEY_OK : MEMO__KEY_FILE;
    if (role & MEMO_ENV) {
        add_variable(b, spans[i].m_data);
    } else if (role & MEMO_CODE) {
        unsigned char identity[16] = {0};
        if (spans[i].m_data && !code(arg, spans[i].m_data, identity))
            return MEMO__KEY_CODE;
        add_tag(b, spans[i].m_data != NULL);
        add(b, identity, sizeof identity);
    } else if (role & MEMO_SECTION) {
        return add_section(b, site, spans, i);
    } else if (role & MEMO_ALLOC) {
        add_tag(b, spans[i].m_data != NULL);
    } else if (role & MEMO_KEY) {
        if (spans[i].m_count == MEMO_BAD)
            return MEMO__KEY_BAD_COUNT;
        if (spans[i].m_data && spans[i].m_count)
            add_elements(b, part, spans[i].m_data, spans[i].m_count);
    }
    return MEMO__KEY_OK;
}

/* The identity is mixed in last, so that one hash serves for both. Two functions
 * with equal arguments always differ. `args` is the hash of the key. */
static inline void finish(struct memo__key *key, XXH128_hash_t args, const unsigned char *identity)
{
    uint64_t id[2];

    memcpy(id, identity, sizeof id);
    key->args_hash = args.low64;
    key->hash[0] = args.low64 ^ id[0];
    key->hash[1] = args.high64 ^ id[1];
}

/* Any key, from part i on; what comes before is in out->bytes up to `at`. */
static __attribute__((noinline)) enum memo__key_result
build_any(const struct memo_site *site, const struct memo_span *spans, unsigned i,
          unsigned char *at, const unsigned char identity[16], const void *extra, size_t extra_len,
          memo__key_code *code, void *arg, struct memo__key *out)
{
    const unsigned written = MEMO_SECTION | MEMO_RESULT;
    bool may_overlap = false;
    XXH128_hash_t args;
    struct builder b;
    uint64_t h[2];

    begin(&b, out);
    b.at = at;
    for (; i < site->m_n_parts; i++) {
        enum memo__key_result r = add_part(&b, site, spans, i, code, arg);
        if (r != MEMO__KEY_OK)
            return r;
        may_overlap |= (site->m_parts[i].m_role & written) == written;
    }
    if (may_overlap && memo__sections_overlap(site, spans, false))
        return MEMO__KEY_OVERLAP;
    if (extra_len)
        add(&b, extra, extra_len);
    keep_head(&b);
    out->total = b.before + used(&b);
    out->files = b.file_hash;
    memo__hash128(b.base, used(&b), h);
    args.low64 = h[0];
    args.high64 = h[1];
    finish(out, args, identity);
    return MEMO__KEY_OK;
}

enum memo__key_result memo__key_build(const struct memo_site *site, const struct memo_span *spans,
                                      const unsigned char identity[16], const void *extra,
                                      size_t extra_len, memo__key_code *code, void *arg,
                                      struct memo__key *out)
{
    const struct memo_part *part = site->m_parts, *end = part + site->m_n_parts;
    unsigned char *at = out->bytes;
    size_t n;

    /* Values of the wrapper's own make most keys: these few lines do. */
    for (; part < end; part++) {
        if (part->m_role == MEMO_RESULT)
            continue;
        n = (size_t)(part - site->m_parts);
        if (part->m_role != MEMO_KEY || part->m_type || spans[n].m_count != 1 ||
            part->m_size > SHORT - (size_t)(at - out->bytes))
            break;
        copy(at, spans[n].m_data, part->m_size);
        at += part->m_size;
    }
    n = (size_t)(at - out->bytes);
    if (part < end || extra_len > SHORT - n)
        return build_any(site, spans, (unsigned)(part - site->m_parts), at, identity, extra,
                         extra_len, code, arg, out);
    copy(at, extra, extra_len);
    n += extra_len;
    out->total = n;
    out->len = (uint32_t)n;
    out->files = 0;
    finish(out, XXH3_128bits(out->bytes, n), identity);
    return MEMO__KEY_OK;
}

bool memo__key_files_unchanged(const struct memo__key *key, const struct memo_site *site,
                               const struct memo_span *spans)
{
    struct memo__key scratch;
    struct builder b;

    begin(&b, &scratch);
    for (unsigned i = 0; i < site->m_n_parts; i++)
        if ((site->m_parts[i].m_role & MEMO_FILE) && !add_file(&b, spans[i].m_data))
            return false;
    return b.file_hash == key->files;
}

int memo__key_check_late(const struct memo_site *site, const struct memo_span *spans)
{
    return memo__sections_overlap(site, spans, true);
}

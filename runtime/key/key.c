/* key.c - see key.h. The key is gathered in one buffer on the stack and hashed
 * in one go: for small keys the streaming interface costs three times that. A
 * key that outgrows the buffer goes on behind the XXH3-128 of what it was. */
#include "key/key.h"

#include <errno.h>
#include <fcntl.h>
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

#define IDENTITY 16u
#define ROOM 1024u

struct builder {
    unsigned char *at;
    struct memo__key *key;
    bool is_folded;     /* the head of the key is in key->bytes already */
    uint64_t total;
    uint64_t file_hash; /* of all files so far */
    bool has_files;
    unsigned char buffer[IDENTITY + ROOM];
};

static size_t used(const struct builder *b)
{
    return (size_t)(b->at - (b->buffer + IDENTITY));
}

static void keep_head(struct builder *b)
{
    size_t n = used(b) < MEMO__KEY_KEPT ? used(b) : MEMO__KEY_KEPT;

    memcpy(b->key->bytes, b->buffer + IDENTITY, n);
    b->key->len = (uint32_t)n;
}

static void reserve(struct builder *b, size_t len)
{
    uint64_t h[2];

    if (used(b) + len <= ROOM)
        return;
    if (!b->is_folded)
        keep_head(b);
    b->is_folded = true;
    memo__hash128(b->buffer + IDENTITY, used(b), h);
    memcpy(b->buffer + IDENTITY, h, sizeof h);
    b->at = b->buffer + IDENTITY + sizeof h;
}

/* Up to MEMO__KEY_INLINE bytes. */
static void add(struct builder *b, const void *data, size_t len)
{
    reserve(b, len);
    memcpy(b->at, data, len);
    b->at += len;
    b->total += len;
}

static void add_tag(struct builder *b, unsigned char tag)
{
    add(b, &tag, 1);
}

static void add_u64(struct builder *b, uint64_t v)
{
    add(b, &v, sizeof v);
}

static void add_bytes(struct builder *b, const void *data, size_t len)
{
    uint64_t h[2];

    if (len <= MEMO__KEY_INLINE) {
        add(b, data, len);
        return;
    }
    memo__hash128(data, len, h);
    add(b, h, sizeof h);
}

static void add_elements(struct builder *b, const struct memo_part *part, const void *data,
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
        const unsigned char *at = data;
        reserve(b, packed * count);
        b->total += packed * count;
        for (size_t i = 0; i < count; i++, at += part->m_type->m_size)
            b->at = memo__pack(part->m_type, at, b->at);
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

/* XXH3-128 of a file's content. 1: there; 0: missing; -1: no regular file, or
 * unreadable. */
static int hash_file(const char *path, uint64_t out[2])
{
    enum { CHUNK = 1 << 16 };
    struct stat st;
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
    unsigned char *chunk = NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (chunk = memo__malloc(CHUNK)) != NULL) {
        XXH3_state_t state;
        XXH3_128bits_reset(&state);
        while ((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
            if (n > 0)
                XXH3_128bits_update(&state, chunk, (size_t)n);
        XXH128_hash_t h = XXH3_128bits_digest(&state);
        out[0] = h.low64;
        out[1] = h.high64;
    }
    memo__free(chunk);
    close(fd);
    return n == 0 ? 1 : -1;
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
    b->has_files = true;
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

enum memo__key_result memo__key_build(const struct memo_site *site, const struct memo_span *spans,
                                      const unsigned char identity[16], const void *extra,
                                      size_t extra_len, memo__key_code *code, void *arg,
                                      struct memo__key *out)
{
    struct builder b;

    b.at = b.buffer + IDENTITY;
    b.key = out;
    b.is_folded = b.has_files = false;
    b.total = b.file_hash = 0;
    out->len = 0;
    for (unsigned i = 0; i < site->m_n_parts; i++) {
        enum memo__key_result r = add_part(&b, site, spans, i, code, arg);
        if (r != MEMO__KEY_OK)
            return r;
    }
    if (memo__sections_overlap(site, spans, false))
        return MEMO__KEY_OVERLAP;
    if (extra_len)
        add(&b, extra, extra_len);
    if (!b.is_folded)
        keep_head(&b);
    memcpy(b.buffer, identity, IDENTITY);
    memo__hash128(b.buffer, IDENTITY + used(&b), out->hash);
    out->args_hash = memo__hash64(b.buffer + IDENTITY, used(&b));
    out->total = b.total;
    out->files = b.file_hash;
    return MEMO__KEY_OK;
}

bool memo__key_files_unchanged(const struct memo__key *key, const struct memo_site *site,
                               const struct memo_span *spans)
{
    struct memo__key scratch;
    struct builder b;

    b.at = b.buffer + IDENTITY;
    b.key = &scratch;
    b.is_folded = b.has_files = false;
    b.total = b.file_hash = 0;
    for (unsigned i = 0; i < site->m_n_parts; i++)
        if ((site->m_parts[i].m_role & MEMO_FILE) && !add_file(&b, spans[i].m_data))
            return false;
    return b.file_hash == key->files;
}

int memo__key_check_late(const struct memo_site *site, const struct memo_span *spans)
{
    return memo__sections_overlap(site, spans, true);
}

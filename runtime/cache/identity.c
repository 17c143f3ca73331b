/* identity.c - see identity.h. */
#include "cache/identity.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/pool.h"
#include "cache/link_table.h"
#include "cache/runtime.h"
#include "cache/thread.h"

/* ---- the list of components ---- */

struct text {
    char *data; /* the pool's */
    size_t len, cap;
    bool is_lost; /* no memory */
};

static void add(struct text *t, const void *data, size_t len)
{
    size_t cap = t->cap ? t->cap : 1024;
    char *grown;

    if (t->is_lost)
        return;
    while (cap - t->len <= len)
        cap *= 2;
    if (cap != t->cap) {
        grown = memo__pool_alloc(cap);
        if (!grown) {
            t->is_lost = true;
            return;
        }
        if (t->len)
            memcpy(grown, t->data, t->len);
        memo__pool_free(t->data);
        t->data = grown;
        t->cap = cap;
    }
    memcpy(t->data + t->len, data, len);
    t->len += len;
}

static void add_line(struct text *t, char kind, const char *name, size_t name_len,
                     const char *digest, size_t digest_len)
{
    char head[2] = {kind, ' '};

    add(t, head, sizeof head);
    add(t, name, name_len);
    add(t, " ", 1);
    add(t, digest, digest_len > 16 ? 16 : digest_len);
    add(t, "\n", 1);
}

static void add_digest(struct text *t, char kind, const char *name,
                       const unsigned char digest[MEMO__DIGEST_LEN])
{
    static const char digits[] = "0123456789abcdef";
    char hex[16];
    unsigned i;

    for (i = 0; i < 8; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    add_line(t, kind, name, strlen(name), hex, sizeof hex);
}

static int compare_lines(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    size_t n = strcspn(x, "\n"), m = strcspn(y, "\n");
    int c = memcmp(x, y, n < m ? n : m);

    return c ? c : n < m ? -1 : n > m;
}

/* Sorted, each line once, in memory that stays. */
static const char *seal(struct text *t)
{
    const char **lines;
    char *out = NULL, *p;
    size_t n = 0, i, len;

    add(t, "", 1);
    if (t->is_lost)
        return "";
    for (p = t->data; *p; p += strcspn(p, "\n") + 1)
        n++;
    lines = memo__pool_alloc((n + 1) * sizeof *lines);
    out = memo__permanent(t->len);
    if (!lines || !out) {
        memo__pool_free(lines);
        return "";
    }
    for (p = t->data, i = 0; *p; p += strcspn(p, "\n") + 1)
        lines[i++] = p;
    qsort(lines, n, sizeof *lines, compare_lines);
    for (p = out, i = 0; i < n; i++) {
        if (i && compare_lines(&lines[i - 1], &lines[i]) == 0)
            continue;
        len = strcspn(lines[i], "\n") + 1;
        memcpy(p, lines[i], len);
        p += len;
    }
    *p = '\0';
    memo__pool_free(lines);
    return out;
}

/* ---- the digest ---- */

struct identity {
    XXH3_state_t state;
    struct text components;
};

/* Each text with its length, so that no two lists of texts run together. */
static void mix(struct identity *id, char tag, const void *text, size_t len)
{
    uint64_t n = len;

    XXH3_128bits_update(&id->state, &tag, 1);
    XXH3_128bits_update(&id->state, &n, sizeof n);
    XXH3_128bits_update(&id->state, text, len);
}

static void mix_string(struct identity *id, char tag, const char *text)
{
    mix(id, tag, text ? text : "", text ? strlen(text) : 0);
}

/* Libraries come in the order of loading, which may change: their digests are added up. */
struct libraries {
    struct identity *id;
    uint64_t sum[2];
};

static void mix_library(void *arg, const char *name, const unsigned char *digest)
{
    struct libraries *l = arg;
    uint64_t words[2];

    memcpy(words, digest, sizeof words);
    l->sum[0] += words[0];
    l->sum[1] += words[1];
    add_digest(&l->id->components, 'l', name, digest);
}

static void mix_libraries(struct identity *id, const char *name, size_t len)
{
    struct libraries l = {id, {0, 0}};

    memo__libraries_of(name, len, mix_library, &l);
    mix(id, 'l', l.sum, sizeof l.sum);
}

static void mix_features(struct identity *id)
{
    unsigned char digest[MEMO__DIGEST_LEN];

    memo__features_digest(digest);
    mix(id, 'f', digest, sizeof digest);
    add_digest(&id->components, 'c', "cpu", digest);
}

/* The whole program: what is out of sight can be anything in it. */
static void mix_program(struct identity *id)
{
    unsigned char digest[MEMO__DIGEST_LEN];

    memo__program_digest(digest);
    mix(id, 'p', digest, sizeof digest);
    add_digest(&id->components, 'p', "program", digest);
}

static void mix_entry(struct identity *id, const struct memo__link_entry *entry, bool is_open)
{
    const char *at = entry->lines;
    struct memo__link_line line;

    while (memo__link_next(entry, &at, &line)) {
        if (line.kind == 'l') {
            mix_libraries(id, line.name, line.name_len);
            continue;
        }
        if (line.kind == 'g' && memo__runtime.config.is_sloppy)
            continue;
        /* The name of an object isn't its content; that of a function is in its code. */
        mix(id, line.kind, line.text, line.text_len);
        add_line(&id->components, line.kind, line.name, line.name_len, line.text, line.text_len);
    }
    if (entry->has_cpu)
        mix_features(id);
    if (is_open || entry->is_open)
        mix_program(id);
}

static void mix_out_of_sight(struct identity *id, const struct memo_site *abi,
                             const struct memo__link_entry *entry)
{
    const unsigned any = MEMO_SITE_PROGRAM | MEMO_SITE_LIBRARIES | MEMO_SITE_ANY;
    unsigned char digest[MEMO__DIGEST_LEN];

    if (entry) {
        mix_entry(id, entry, (abi->m_flags & MEMO_SITE_ANY) != 0);
        return;
    }
    if (!(abi->m_flags & any))
        return;
    if (abi->m_flags & (MEMO_SITE_PROGRAM | MEMO_SITE_ANY))
        mix_program(id);
    memo__libraries_digest(digest);
    mix(id, 'L', digest, sizeof digest);
    add_digest(&id->components, 'l', "(all)", digest);
}

/* `version` stands in place of the fingerprint, so also in place of what stands
 * for the code out of sight. */
static void mix_code(struct identity *id, const struct memo_site *abi,
                     const struct memo__link_entry *entry)
{
    if (abi->m_version) {
        mix_string(id, 'v', abi->m_version);
        return;
    }
    mix(id, 'c', abi->m_code, sizeof abi->m_code);
    if (abi->m_components)
        add(&id->components, abi->m_components, strlen(abi->m_components));
    mix_out_of_sight(id, abi, entry);
}

const char *memo__identify(const struct memo_site *abi, const struct memo__link_entry *entry,
                           unsigned char out[MEMO__DIGEST_LEN])
{
    unsigned char cpu[MEMO__DIGEST_LEN];
    XXH128_canonical_t canonical;
    struct identity id;
    const char *components;

    memset(&id.components, 0, sizeof id.components);
    XXH3_128bits_reset(&id.state);
    mix_string(&id, 'n', abi->m_name);
    mix_string(&id, 's', abi->m_signature);
    if (!memo__runtime.config.is_sloppy)
        mix_string(&id, 't', abi->m_toolchain);
    mix_code(&id, abi, entry);
    if (abi->m_flags & MEMO_SITE_CPU) {
        memo__cpu_digest(cpu);
        mix(&id, 'm', cpu, sizeof cpu);
        add_digest(&id.components, 'c', "machine", cpu);
    }
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&id.state));
    memcpy(out, canonical.digest, MEMO__DIGEST_LEN);
    components = seal(&id.components);
    memo__pool_free(id.components.data);
    return components;
}

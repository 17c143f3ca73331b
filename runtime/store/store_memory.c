/* store_memory.c - reading, storing and removing in the memory tier; see
 * store_memory.h, and memory_private.h for how readers get along with writers. */
#include "store/store_memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/memory_private.h"

#define MAX_PARTS 32u /* of entries that are read without allocation */
#define FIRST_BUCKETS 64u
#define SMALLEST_SEGMENT_SHIFT 12u
#define LARGEST_SEGMENT_SHIFT 18u
#define ATTEMPTS 8u

/* ---- life ---- */

void *memo__map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

/* The tables behind the struct, in one mapping with it. */
static struct memo__memory *new_tables(uint64_t bound)
{
    unsigned shift = SMALLEST_SEGMENT_SHIFT;
    size_t n_segments, log_max, n_bigs, bytes;
    struct memo__memory *m;

    while (shift < LARGEST_SEGMENT_SHIFT && bound >> shift > 64)
        shift++;
    n_segments = bound >> shift;
    log_max = ((size_t)1 << shift) / 4;
    n_bigs = bound / (log_max < 4096 ? 4096 : log_max) + 2;
    if (n_segments >= UINT32_MAX || n_bigs >= UINT32_MAX)
        return NULL;
    bytes = sizeof *m + n_segments * (sizeof *m->segments + sizeof *m->ring + sizeof *m->spare) +
            n_bigs * sizeof *m->bigs + log_max / MEMO__UNIT * sizeof *m->moved;
    m = memo__map(bytes);
    if (!m)
        return NULL;
    m->bigs = (struct memo__big *)(m + 1);
    m->segments = (struct memo__segment *)(m->bigs + n_bigs);
    m->ring = (uint32_t *)(m->segments + n_segments);
    m->spare = m->ring + n_segments;
    m->moved = m->spare + n_segments;
    m->bound = bound;
    m->bytes = bytes;
    m->segment_shift = shift;
    m->log_max = log_max;
    m->n_segments = (uint32_t)n_segments;
    m->n_bigs = (uint32_t)n_bigs;
    return m;
}

int memo__memory_new(uint64_t bytes, struct memo__memory **out)
{
    struct memo__memory *m;
    const size_t huge = (size_t)4 << 20;

    if (bytes < MEMO__MEMORY_LEAST)
        return MEMO_EINVALID;
    m = new_tables(bytes);
    if (!m)
        return MEMO_ENOMEM;
    m->log_mapped = ((size_t)m->n_segments << m->segment_shift) + MEMO__COPIED_WORDS * 8;
    m->log = memo__map(m->log_mapped); /* a reader of an emptied segment may read past its end */
    if (!m->log || memo__index_new(FIRST_BUCKETS, &m->index) != 0) {
        if (m->log)
            munmap(m->log, m->log_mapped);
        munmap(m, m->bytes);
        return MEMO_ENOMEM;
    }
    if (m->log_mapped > 2 * huge) /* small programs don't touch more than they need */
        madvise(m->log + huge, m->log_mapped - huge, MADV_HUGEPAGE);
    for (uint32_t i = m->n_bigs - 1; i > 0; i--) {
        m->bigs[i].next = m->free_big;
        m->free_big = i;
    }
    pthread_mutex_init(&m->lock, NULL);
    *out = m;
    return 0;
}

void memo__memory_free(struct memo__memory *m)
{
    uint32_t i;

    while ((i = m->bigs[0].next) != 0) {
        m->bigs[0].next = m->bigs[i].next;
        munmap(m->bigs[i].block, m->bigs[i].bytes);
    }
    pthread_mutex_destroy(&m->lock);
    munmap(m->index, m->index->bytes);
    munmap(m->log, m->log_mapped);
    munmap(m, m->bytes);
}

/* ---- blocks ---- */

static size_t to_words(uint64_t bytes)
{
    return (size_t)(bytes / 8 + (bytes % 8 != 0));
}

static uint64_t make_shape(size_t n_words, unsigned n_parts, const struct memo__key *key)
{
    uint64_t key_len = key->total <= MEMO__KEY_SMALL ? key->len : MEMO__KEY_NOT_KEPT;

    return n_words | (uint64_t)n_parts << 32 | key_len << 48;
}

/* Words of the block for this entry; 0: too many. */
static size_t block_words(const struct memo__key *key, const struct memo__memory_entry *e)
{
    uint64_t n = MEMO__BLOCK_WORDS + e->n_parts;

    if (key->total <= MEMO__KEY_SMALL)
        n += to_words(key->len);
    for (unsigned i = 0; i < e->n_parts; i++) {
        if (e->parts[i].len == MEMO__PART_NULL)
            continue;
        n += to_words(e->parts[i].len);
        if (e->parts[i].len > UINT32_MAX * (uint64_t)8 || n > UINT32_MAX)
            return 0;
    }
    return (size_t)n;
}

static void fill(struct memo__block *b, size_t n_words, uint64_t name, const struct memo__key *key,
                 const struct memo__memory_entry *e)
{
    struct memo__block head = {.hash = {key->hash[0], key->hash[1]},
                               .shape = make_shape(n_words, e->n_parts, key),
                               .created_ns = e->created_ns,
                               .cost_ns = e->cost_ns,
                               .name = name,
                               .args_hash = key->args_hash};
    uint64_t *at = (uint64_t *)(b + 1);

    memcpy(head.layout, e->layout, sizeof head.layout);
    memo__store_words((uint64_t *)b, &head, sizeof head);
    if (key->total <= MEMO__KEY_SMALL) {
        memo__store_words(at, key->bytes, key->len);
        at += to_words(key->len);
    }
    for (unsigned i = 0; i < e->n_parts; i++)
        MEMO__STORE(at[i], e->parts[i].len);
    at += e->n_parts;
    for (unsigned i = 0; i < e->n_parts; i++)
        if (e->parts[i].len != MEMO__PART_NULL) {
            memo__store_words(at, e->parts[i].data, (size_t)e->parts[i].len);
            at += to_words(e->parts[i].len);
        }
}

/* ---- readers ---- */

enum outcome { FOUND, ABSENT, CHANGED };

struct reading {
    struct memo__memory *m;
    const struct memo__key *key;
    uint64_t key_shape; /* the bits of a block's shape that belong to the key */
    memo__memory_use *use;
    void *arg;
    int result;
};

static bool is_same_key(const struct memo__block *b, const struct memo__key *key)
{
    const uint64_t *words = (const uint64_t *)(b + 1);
    uint32_t i, rest;
    uint64_t w = 0;

    if (key->total > MEMO__KEY_SMALL)
        return true;
    for (i = 0; i + 8 <= key->len; i += 8) {
        memcpy(&w, key->bytes + i, 8);
        if (MEMO__LOAD(words[i / 8]) != w)
            return false;
    }
    rest = key->len - i;
    if (rest == 0)
        return true;
    w = 0;
    memcpy(&w, key->bytes + i, rest);
    return MEMO__LOAD(words[i / 8]) == w;
}

/* The parts of an entry that nobody changes: its lengths and bytes at `body`. */
static int pass_on(struct reading *r, unsigned n_parts, const uint64_t dates[2],
                   const uint64_t layout[2], const uint64_t *body)
{
    struct memo__part few[MAX_PARTS], *parts = few;
    struct memo__memory_entry e = {.layout = (const unsigned char *)layout,
                                   .created_ns = dates[0],
                                   .cost_ns = dates[1],
                                   .n_parts = n_parts};
    const uint64_t *at = body + n_parts;
    int result;

    if (n_parts > MAX_PARTS && !(parts = memo__malloc(n_parts * sizeof *parts)))
        return MEMO_EMISS;
    for (unsigned i = 0; i < n_parts; i++) {
        parts[i].len = body[i];
        parts[i].data = NULL;
        if (body[i] == MEMO__PART_NULL)
            continue;
        parts[i].data = at;
        at += to_words(body[i]);
    }
    e.parts = parts;
    result = r->use(r->arg, &e);
    if (parts != few)
        memo__free(parts);
    return result;
}

static void mark_used(uint64_t *word, uint64_t w)
{
    if (!(w & MEMO__WORD_USED))
        __atomic_compare_exchange_n(word, &w, w | MEMO__WORD_USED, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
}

static bool is_still(const uint64_t *word, uint64_t w)
{
    return ((__atomic_load_n(word, __ATOMIC_SEQ_CST) ^ w) & ~MEMO__WORD_USED) == 0;
}

/* A block that can't go away, because it is pinned. */
static enum outcome read_in_place(struct reading *r, const struct memo__block *b)
{
    unsigned n_parts = (uint16_t)(b->shape >> 32);
    const uint64_t dates[2] = {b->created_ns, b->cost_ns};
    const uint64_t *body;

    if (b->hash[0] != r->key->hash[0] || b->hash[1] != r->key->hash[1] ||
        b->shape >> 48 != r->key_shape || !is_same_key(b, r->key))
        return ABSENT;
    body = (const uint64_t *)(b + 1);
    if (r->key_shape != MEMO__KEY_NOT_KEPT)
        body += to_words(r->key->len);
    r->result = pass_on(r, n_parts, dates, b->layout, body);
    return FOUND;
}

static __attribute__((noinline)) enum outcome read_pinned(struct reading *r, uint64_t *word,
                                                          uint64_t w)
{
    uint64_t place = (w & MEMO__WORD_PLACE) - 1;
    bool is_big = (w & MEMO__WORD_BIG) != 0;
    uint32_t *pins = is_big ? &r->m->bigs[place].pins
                            : &r->m->segments[place * MEMO__UNIT >> r->m->segment_shift].pins;
    enum outcome outcome = CHANGED;

    __atomic_fetch_add(pins, 1, __ATOMIC_SEQ_CST);
    if (is_still(word, w)) {
        outcome = read_in_place(r, is_big ? MEMO__LOAD(r->m->bigs[place].block)
                                          : memo__word_block(r->m, w));
        if (outcome == FOUND)
            mark_used(word, w);
    }
    __atomic_fetch_sub(pins, 1, __ATOMIC_RELEASE);
    return outcome;
}

/* A block in the log: a small one is copied, and the copy checked. */
static inline enum outcome read_log(struct reading *r, uint64_t *word, uint64_t w)
{
    uint64_t place = (w & MEMO__WORD_PLACE) - 1;
    const struct memo__segment *s = &r->m->segments[place * MEMO__UNIT >> r->m->segment_shift];
    const struct memo__block *b = (const void *)(r->m->log + place * MEMO__UNIT);
    uint64_t generation = __atomic_load_n(&s->generation, __ATOMIC_ACQUIRE);
    uint64_t copy[MEMO__COPIED_WORDS], dates[2], layout[2], shape;
    size_t skipped = MEMO__BLOCK_WORDS, n, i;
    const uint64_t *from;

    if ((generation & 1u) || !is_still(word, w))
        return CHANGED;
    if (MEMO__LOAD(b->hash[0]) != r->key->hash[0] || MEMO__LOAD(b->hash[1]) != r->key->hash[1])
        return ABSENT;
    shape = MEMO__LOAD(b->shape);
    if (shape >> 48 != r->key_shape || !is_same_key(b, r->key))
        return ABSENT;
    if (r->key_shape != MEMO__KEY_NOT_KEPT)
        skipped += to_words(r->key->len);
    n = (uint32_t)shape;
    if (n > MEMO__COPIED_WORDS)
        return read_pinned(r, word, w);
    dates[0] = MEMO__LOAD(b->created_ns);
    dates[1] = MEMO__LOAD(b->cost_ns);
    layout[0] = MEMO__LOAD(b->layout[0]);
    layout[1] = MEMO__LOAD(b->layout[1]);
    from = (const uint64_t *)b;
    for (i = skipped; i < n; i++)
        copy[i - skipped] = MEMO__LOAD(from[i]);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (MEMO__LOAD(s->generation) != generation)
        return CHANGED;
    mark_used(word, w);
    r->result = pass_on(r, (uint16_t)(shape >> 32), dates, layout, copy);
    return FOUND;
}

static enum outcome read_bucket(struct reading *r, uint64_t *words)
{
    uint64_t tag = memo__word_tag(r->key->hash);
    bool has_changed = false;

    for (unsigned i = 0; i < MEMO__WORDS_PER_BUCKET; i++) {
        uint64_t w = __atomic_load_n(&words[i], __ATOMIC_ACQUIRE);
        enum outcome outcome;
        if (w >> 48 != tag >> 48 || w == 0)
            continue;
        outcome = w & MEMO__WORD_BIG ? read_pinned(r, &words[i], w) : read_log(r, &words[i], w);
        if (outcome == FOUND)
            return FOUND;
        has_changed |= outcome == CHANGED;
    }
    return has_changed ? CHANGED : ABSENT;
}

int memo__memory_get(struct memo__memory *m, const struct memo__key *key, memo__memory_use *use,
                     void *arg)
{
    struct reading r = {.m = m, .key = key, .use = use, .arg = arg};

    r.key_shape = key->total <= MEMO__KEY_SMALL ? key->len : MEMO__KEY_NOT_KEPT;
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        struct memo__index *x = __atomic_load_n(&m->index, __ATOMIC_ACQUIRE);
        enum outcome first = read_bucket(&r, memo__index_bucket(x, key->hash, 0)), second;
        if (first == FOUND)
            return r.result;
        second = read_bucket(&r, memo__index_bucket(x, key->hash, 1));
        if (second == FOUND)
            return r.result;
        if (first == ABSENT && second == ABSENT && __atomic_load_n(&m->index, __ATOMIC_ACQUIRE) == x)
            break;
    }
    return MEMO_EMISS;
}

/* ---- writers ---- */

int memo__memory_put(struct memo__memory *m, uint64_t name, const struct memo__key *key,
                     const struct memo__memory_entry *e)
{
    size_t words = e->n_parts <= MEMO__MAX_PARTS ? block_words(key, e) : 0;
    struct memo__block *block;
    uint64_t word, *old;
    int err = MEMO_EDROPPED;

    if (e->n_parts > MEMO__MAX_PARTS)
        return MEMO_EINVALID;
    pthread_mutex_lock(&m->lock);
    memo__index_grow_for(m, key->hash);
    if (words > 0)
        err = memo__room_get(m, words, &block, &word);
    if (err == 0)
        fill(block, words, name, key, e);
    old = memo__index_find(m, key->hash);
    if (old && err == 0) {
        uint64_t before =
            __atomic_exchange_n(old, word | memo__word_tag(key->hash), __ATOMIC_SEQ_CST);
        if (before & MEMO__WORD_BIG)
            memo__room_drop_big(m, before);
    } else if (old) {
        memo__index_remove(m, old);
    } else if (err == 0) {
        memo__index_insert(m, key->hash, word);
    }
    pthread_mutex_unlock(&m->lock);
    return err;
}

int memo__memory_del(struct memo__memory *m, const struct memo__key *key)
{
    uint64_t *word;

    pthread_mutex_lock(&m->lock);
    word = memo__index_find(m, key->hash);
    if (word)
        memo__index_remove(m, word);
    pthread_mutex_unlock(&m->lock);
    return word ? 0 : MEMO_EMISS;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Removes the entries of a name and notes their hashes, unless list is NULL. */
static size_t remove_name(struct memo__memory *m, const uint64_t *name, uint64_t *list)
{
    size_t n_words = (m->index->mask + 1) * MEMO__WORDS_PER_BUCKET, n = 0;

    for (size_t i = 0; i < n_words; i++) {
        uint64_t w = MEMO__LOAD(m->index->words[i]), hash;
        const struct memo__block *b;
        if (!w)
            continue;
        b = memo__word_block(m, w);
        if (name && b->name != *name)
            continue;
        hash = b->args_hash;
        if (!name)
            hash ^= (b->name << 1 | b->name >> 63) * 0x9e3779b97f4a7c15u;
        if (list)
            list[n] = hash;
        n++;
        memo__index_remove(m, &m->index->words[i]);
    }
    return n;
}

int memo__memory_del_name(struct memo__memory *m, const uint64_t *name, uint64_t **hashes,
                          size_t *n)
{
    size_t count, unique = 0;
    uint64_t *list;

    pthread_mutex_lock(&m->lock);
    list = memo__malloc((m->n_entries + 1) * sizeof *list);
    count = remove_name(m, name, list);
    pthread_mutex_unlock(&m->lock);
    if (!list)
        return MEMO_ENOMEM;
    qsort(list, count, sizeof *list, by_value);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || list[i] != list[i - 1])
            list[unique++] = list[i];
    if (unique == 0) {
        memo__free(list);
        list = NULL;
    }
    *n = unique;
    *hashes = list;
    return 0;
}

void memo__memory_stats(struct memo__memory *m, struct memo__memory_stats *out)
{
    pthread_mutex_lock(&m->lock);
    out->bytes = memo__room_used(m);
    out->entries = m->n_entries;
    out->evicted = m->n_evicted;
    pthread_mutex_unlock(&m->lock);
}

/* ---- fork ---- */

void memo__memory_atfork_prepare(struct memo__memory *m)
{
    if (m)
        pthread_mutex_lock(&m->lock);
}

void memo__memory_atfork_parent(struct memo__memory *m)
{
    if (m)
        pthread_mutex_unlock(&m->lock);
}

/* Threads that the child doesn't have would never take their pins away. */
void memo__memory_atfork_child(struct memo__memory *m)
{
    if (!m)
        return;
    for (uint32_t i = 0; i < m->n_segments; i++)
        if (MEMO__LOAD(m->segments[i].pins) > 0)
            MEMO__STORE(m->segments[i].pins, 0);
    for (uint32_t i = 0; i < m->n_bigs; i++)
        if (MEMO__LOAD(m->bigs[i].pins) > 0)
            MEMO__STORE(m->bigs[i].pins, 0);
    pthread_mutex_init(&m->lock, NULL);
}

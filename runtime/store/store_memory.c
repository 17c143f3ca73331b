/* store_memory.c - reading, storing and removing in the memory tier; see
 * store_memory.h, and memory_private.h for how readers get along with writers. */
#include "store/store_memory.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/memory_private.h"

#define MAX_PARTS 32u /* of entries that are read without allocation */
#define FIRST_SLOTS 64u
#define FIRST_BUCKETS 16u
#define SMALLEST_SEGMENT_SHIFT 12u
#define LARGEST_SEGMENT_SHIFT 18u
#define ATTEMPTS 64u /* to read an entry that changes all the time: then a miss */
#define QUICK_ATTEMPTS 4u

/* ---- life ---- */

void *memo__map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);

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
            n_bigs * sizeof *m->bigs + ((size_t)1 << shift) / 2 / MEMO__UNIT * sizeof *m->moved;
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
    if (!m->log || memo__slots_new(FIRST_SLOTS, &m->slots) != 0 ||
        memo__index_new(FIRST_BUCKETS, &m->index) != 0) {
        if (m->slots)
            munmap(m->slots, m->slots->bytes);
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
    munmap(m->slots, m->slots->bytes);
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
    memo__memory_use *use;
    void *arg;
    uint64_t key_shape; /* the bits of a block's shape that belong to the key */
    uint32_t key_len;   /* bytes of the key that are compared */
    int result;
};

/* The key of a block, compared word by word. */
static inline bool is_same_key(const struct reading *r, const struct memo__block *b)
{
    const uint64_t *words = (const uint64_t *)(b + 1);
    const unsigned char *bytes = r->key->bytes;
    uint64_t w, differences = 0;
    uint32_t i, rest = r->key_len % 8;

    for (i = 0; i < r->key_len / 8; i++) {
        memcpy(&w, bytes + 8 * i, 8);
        differences |= MEMO__LOAD(words[i]) ^ w;
    }
    if (rest) {
        w = 0;
        memcpy(&w, bytes + 8 * i, rest);
        differences |= MEMO__LOAD(words[i]) ^ w;
    }
    return differences == 0;
}

/* A block that is this hash's, by key and shape? */
static inline bool is_ours(const struct reading *r, const struct memo__block *b, uint64_t shape)
{
    return ((MEMO__LOAD(b->hash[0]) ^ r->key->hash[0]) |
            (MEMO__LOAD(b->hash[1]) ^ r->key->hash[1]) | (shape >> 48 ^ r->key_shape)) == 0 &&
           is_same_key(r, b);
}

/* Calls `use` with the parts of an entry that nobody changes: body has their
 * lengths, then their bytes. */
static inline int pass_on_parts(const struct reading *r, struct memo__memory_entry *e,
                                struct memo__part *parts, const uint64_t *body)
{
    const uint64_t *at = body + e->n_parts;

    for (unsigned i = 0; i < e->n_parts; i++) {
        bool is_null = body[i] == MEMO__PART_NULL;
        parts[i].len = body[i];
        parts[i].data = is_null ? NULL : at;
        at += is_null ? 0 : to_words(body[i]);
    }
    e->parts = parts;
    return r->use(r->arg, e);
}

static __attribute__((noinline)) int
pass_on_many(const struct reading *r, struct memo__memory_entry *e, const uint64_t *body)
{
    struct memo__part *parts = memo__malloc(e->n_parts * sizeof *parts);
    int result = parts ? pass_on_parts(r, e, parts, body) : MEMO_EMISS;

    memo__free(parts);
    return result;
}

static inline int pass_on(const struct reading *r, struct memo__memory_entry *e,
                          const uint64_t *body)
{
    struct memo__part parts[MAX_PARTS];

    return e->n_parts <= MAX_PARTS ? pass_on_parts(r, e, parts, body) : pass_on_many(r, e, body);
}

static inline void mark_used(uint64_t *word, uint64_t w)
{
    if (!(w & MEMO__WORD_USED))
        __atomic_compare_exchange_n(word, &w, w | MEMO__WORD_USED, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
}

static inline bool is_still(const uint64_t *word, uint64_t w)
{
    return ((__atomic_load_n(word, __ATOMIC_SEQ_CST) ^ w) & ~MEMO__WORD_USED) == 0;
}

static inline size_t words_before_body(const struct reading *r)
{
    return MEMO__BLOCK_WORDS + (r->key_len + 7) / 8;
}

/* A block that is too large to be copied, or not in the log. */
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
        const struct memo__block *b =
            is_big ? MEMO__LOAD(r->m->bigs[place].block) : memo__word_block(r->m, w);
        struct memo__memory_entry e = {.layout = (const unsigned char *)b->layout,
                                       .created_ns = b->created_ns,
                                       .cost_ns = b->cost_ns,
                                       .n_parts = (uint16_t)(b->shape >> 32)};
        outcome = is_ours(r, b, b->shape) ? FOUND : ABSENT;
        if (outcome == FOUND) {
            mark_used(word, w);
            r->result = pass_on(r, &e, (const uint64_t *)b + words_before_body(r));
        }
    }
    __atomic_fetch_sub(pins, 1, __ATOMIC_RELEASE);
    return outcome;
}

/* Copies a small block that may change meanwhile, and passes it on if it didn't:
 * *guard is then still what it was, the bits of `free` aside. The lengths may be
 * anything until then; the memory behind a block is there. */
static inline __attribute__((always_inline)) enum outcome
read_copy(struct reading *r, const struct memo__block *b, uint64_t shape, const uint64_t *guard,
          uint64_t before, uint64_t free_bits)
{
    const uint64_t *from = (const uint64_t *)b + words_before_body(r);
    uint64_t copy[MEMO__COPIED_WORDS], layout[2];
    size_t n = (uint32_t)shape - words_before_body(r), i;
    struct memo__memory_entry e;

    if (n > MEMO__COPIED_WORDS)
        return CHANGED;
    for (i = 0; i + 4 <= n; i += 4) {
        copy[i] = MEMO__LOAD(from[i]);
        copy[i + 1] = MEMO__LOAD(from[i + 1]);
        copy[i + 2] = MEMO__LOAD(from[i + 2]);
        copy[i + 3] = MEMO__LOAD(from[i + 3]);
    }
    for (; i < n; i++)
        copy[i] = MEMO__LOAD(from[i]);
    layout[0] = MEMO__LOAD(b->layout[0]);
    layout[1] = MEMO__LOAD(b->layout[1]);
    e.layout = (const unsigned char *)layout;
    e.created_ns = MEMO__LOAD(b->created_ns);
    e.cost_ns = MEMO__LOAD(b->cost_ns);
    e.n_parts = (uint16_t)(shape >> 32);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if ((MEMO__LOAD(*guard) ^ before) & ~free_bits)
        return CHANGED;
    r->result = pass_on(r, &e, copy);
    return FOUND;
}

static inline enum outcome read_log(struct reading *r, uint64_t *word, uint64_t w)
{
    uint64_t offset = ((w & MEMO__WORD_PLACE) - 1) * MEMO__UNIT;
    const struct memo__segment *s = &r->m->segments[offset >> r->m->segment_shift];
    const struct memo__block *b = (const void *)(r->m->log + offset);
    uint64_t generation = __atomic_load_n(&s->generation, __ATOMIC_ACQUIRE), shape;
    enum outcome outcome;

    if ((generation & 1u) || !is_still(word, w))
        return CHANGED;
    shape = MEMO__LOAD(b->shape);
    if (!is_ours(r, b, shape))
        return ABSENT;
    if ((uint32_t)shape > MEMO__COPIED_WORDS)
        return read_pinned(r, word, w);
    outcome = read_copy(r, b, shape, &s->generation, generation, 0);
    if (outcome == FOUND)
        mark_used(word, w);
    return outcome;
}

static __attribute__((noinline)) enum outcome read_index(struct reading *r)
{
    struct memo__index *x = __atomic_load_n(&r->m->index, __ATOMIC_ACQUIRE);
    bool has_changed = false;

    for (unsigned which = 0; which < 2; which++) {
        struct memo__bucket *b = memo__index_bucket(x, r->key->hash, which);
        for (uint64_t at = memo__bucket_matches(b, r->key->hash); at; at &= at - 1) {
            uint64_t *word = &b->words[memo__match_first(at)];
            uint64_t w = __atomic_load_n(word, __ATOMIC_ACQUIRE);
            enum outcome outcome;
            if (!w || (w ^ r->key->hash[0]) >> 48)
                continue;
            outcome = w & MEMO__WORD_BIG ? read_pinned(r, word, w) : read_log(r, word, w);
            if (outcome == FOUND)
                return FOUND;
            has_changed |= outcome == CHANGED;
        }
    }
    return has_changed || __atomic_load_n(&r->m->index, __ATOMIC_ACQUIRE) != x ? CHANGED : ABSENT;
}

static inline __attribute__((always_inline)) enum outcome read_slots(struct reading *r)
{
    struct memo__slots *t = __atomic_load_n(&r->m->slots, __ATOMIC_ACQUIRE);
    struct memo__slot *s = memo__slot_home(t, r->key->hash);
    bool has_changed = false;

    for (unsigned i = 0; i < MEMO__SLOT_WINDOW; i++, s++) {
        uint64_t sequence = __atomic_load_n(&s->sequence, __ATOMIC_ACQUIRE), shape;
        enum outcome outcome;
        if (sequence == 0)
            break;
        has_changed |= sequence & 1u;
        shape = MEMO__LOAD(s->block.shape);
        if (!(sequence & MEMO__SLOT_LIVE) || !is_ours(r, &s->block, shape))
            continue;
        outcome = read_copy(r, &s->block, shape, &s->sequence, sequence, MEMO__SLOT_USED);
        if (outcome == FOUND) {
            if (!(sequence & MEMO__SLOT_USED))
                __atomic_compare_exchange_n(&s->sequence, &sequence, sequence | MEMO__SLOT_USED,
                                            false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
            return FOUND;
        }
        has_changed = true;
    }
    return has_changed || __atomic_load_n(&r->m->slots, __ATOMIC_ACQUIRE) != t ? CHANGED : ABSENT;
}

int memo__memory_get(struct memo__memory *m, const struct memo__key *key, memo__memory_use *use,
                     void *arg)
{
    bool is_small = key->total <= MEMO__KEY_SMALL;
    struct reading r = {.m = m,
                        .key = key,
                        .use = use,
                        .arg = arg,
                        .key_shape = is_small ? key->len : MEMO__KEY_NOT_KEPT,
                        .key_len = is_small ? key->len : 0};

    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        enum outcome in_slots = read_slots(&r), in_index;
        if (in_slots == FOUND)
            return r.result;
        in_index = read_index(&r);
        if (in_index == FOUND)
            return r.result;
        if (in_slots == ABSENT && in_index == ABSENT)
            break;
        if (attempt >= QUICK_ATTEMPTS) /* the writer was interrupted in the middle */
            sched_yield();
    }
    return MEMO_EMISS;
}

/* ---- writers ---- */

static void empty_slot(struct memo__memory *m, struct memo__slot *s)
{
    memo__slot_begin(s);
    memo__slot_end(s, false);
    m->n_live--;
}

static bool remove_entry(struct memo__memory *m, const uint64_t hash[2])
{
    struct memo__slot *s = memo__slots_find(m, hash);
    uint64_t *word = memo__index_find(m, hash);

    if (s)
        empty_slot(m, s);
    if (word)
        memo__index_remove(m, word);
    return s || word;
}

/* false: there is no slot for it. */
static bool put_in_slot(struct memo__memory *m, size_t words, uint64_t name,
                        const struct memo__key *key, const struct memo__memory_entry *e)
{
    struct memo__slot *s = memo__slots_find(m, key->hash);
    uint64_t *word;

    m->n_live += !s;
    if (!s && !(s = memo__slots_get(m, key->hash))) {
        m->n_live--;
        return false;
    }
    memo__slot_begin(s);
    fill(&s->block, words, name, key, e);
    memo__slot_end(s, true);
    word = memo__index_find(m, key->hash);
    if (word)
        memo__index_remove(m, word);
    return true;
}

static int put_in_log(struct memo__memory *m, size_t words, uint64_t name,
                      const struct memo__key *key, const struct memo__memory_entry *e)
{
    struct memo__block *block;
    struct memo__slot *s;
    uint64_t word, *old;
    int err;

    memo__index_grow_for(m, key->hash);
    err = memo__room_get(m, words, &block, &word);
    if (err != 0)
        return err;
    fill(block, words, name, key, e);
    old = memo__index_find(m, key->hash);
    if (old) {
        uint64_t before =
            __atomic_exchange_n(old, word | memo__word_tag(key->hash), __ATOMIC_SEQ_CST);
        if (before & MEMO__WORD_BIG)
            memo__room_drop_big(m, before);
    } else {
        memo__index_insert(m, key->hash, word);
    }
    s = memo__slots_find(m, key->hash);
    if (s)
        empty_slot(m, s);
    return 0;
}

int memo__memory_put(struct memo__memory *m, uint64_t name, const struct memo__key *key,
                     const struct memo__memory_entry *e)
{
    size_t words;
    int err = 0;

    if (e->n_parts > MEMO__MAX_PARTS)
        return MEMO_EINVALID;
    words = block_words(key, e);
    pthread_mutex_lock(&m->lock);
    if (words == 0)
        err = MEMO_EDROPPED;
    else if (words > MEMO__SLOT_WORDS || !put_in_slot(m, words, name, key, e))
        err = put_in_log(m, words, name, key, e);
    if (err != 0)
        remove_entry(m, key->hash);
    pthread_mutex_unlock(&m->lock);
    return err;
}

int memo__memory_del(struct memo__memory *m, const struct memo__key *key)
{
    bool was_there;

    pthread_mutex_lock(&m->lock);
    was_there = remove_entry(m, key->hash);
    pthread_mutex_unlock(&m->lock);
    return was_there ? 0 : MEMO_EMISS;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* Whether a block is of that name (NULL: of any), and what is told of it. */
static bool is_named(const struct memo__block *b, const uint64_t *name, uint64_t *hash)
{
    *hash = b->args_hash;
    if (!name)
        *hash ^= (b->name << 1 | b->name >> 63) * 0x9e3779b97f4a7c15u;
    return !name || b->name == *name;
}

/* Removes the entries of a name and notes their hashes, unless list is NULL. */
static size_t remove_name(struct memo__memory *m, const uint64_t *name, uint64_t *list)
{
    size_t n = 0;
    uint64_t hash;

    for (size_t i = 0; i < memo__index_size(m->index); i++) {
        uint64_t *word = memo__index_word(m->index, i), w = MEMO__LOAD(*word);
        if (w && is_named(memo__word_block(m, w), name, &hash)) {
            if (list)
                list[n] = hash;
            n++;
            memo__index_remove(m, word);
        }
    }
    for (size_t i = 0; i < m->slots->mask + MEMO__SLOT_WINDOW; i++) {
        struct memo__slot *s = &m->slots->slots[i];
        if ((MEMO__LOAD(s->sequence) & MEMO__SLOT_LIVE) && is_named(&s->block, name, &hash)) {
            if (list)
                list[n] = hash;
            n++;
            empty_slot(m, s);
        }
    }
    return n;
}

int memo__memory_del_name(struct memo__memory *m, const uint64_t *name, uint64_t **hashes,
                          size_t *n)
{
    size_t count, unique = 0;
    uint64_t *list;

    pthread_mutex_lock(&m->lock);
    list = memo__malloc((m->n_entries + m->n_live + 1) * sizeof *list);
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
    out->entries = m->n_entries + m->n_live;
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

/* store_memory.c - see store_memory.h.
 *
 * The index is a table of slots in groups of GROUP; an entry is in one of the
 * two groups its hash names. It grows by doubling; the old table is emptied
 * under the lock, so that a reader still in it misses and looks again.
 *
 * The order in which things happen: a writer makes a slot's number odd before
 * it touches the slot or the bytes behind it, and looks at the slot's pins
 * after; a reader of a large entry pins first and looks at the number again
 * after. So either the writer sees the pin and leaves the entry alone, or the
 * reader sees the change and lets go. */
#include "store/store_memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/error.h"

#define GROUP 4u
#define SMALLEST_SLOTS 4096u
#define COPIED_MAX 768u               /* entries up to this size are copied out by readers */
#define LOG_MAX (32u << 10)           /* entries up to this size lie in the log */
#define SEGMENT ((size_t)256 << 10)
#define MAX_PARTS 32u                 /* of entries read without allocation */

/* An entry as it lies in memory: this, the key if short, lengths, parts. */
struct block {
    uint64_t hash[2], name, args_hash;
    uint64_t created_ns, cost_ns, key_total;
    unsigned char layout[MEMO__DIGEST];
    uint32_t size; /* of the whole block */
    uint32_t n_parts;
    uint32_t key_room; /* bytes of the key that follow, rounded up to 8 */
    uint32_t spare;
};

struct slot {
    uint32_t seq;  /* odd: changing */
    uint32_t pins; /* readers of a large entry */
    uint64_t tag;  /* hash[0] */
    struct block *block; /* NULL: empty */
};

struct table {
    size_t n_slots; /* a power of two */
    size_t bytes;
    struct slot slots[];
};

struct big {
    struct big *next; /* towards newer ones */
    size_t bytes;     /* of the mapping */
    struct block block;
};

struct memo__memory {
    pthread_mutex_t lock; /* writers; everything below */
    struct table *table;  /* read without lock */
    size_t n_entries;
    uint64_t log_bytes, big_limit, big_bytes;
    unsigned char *log;   /* a whole number of segments */
    size_t segment, used; /* where the log is being written */
    size_t filled;        /* segments in use so far */
    size_t *ends;         /* bytes used in each segment */
    struct big *oldest, *newest;
};

#define LOAD(word) __atomic_load_n(&(word), __ATOMIC_RELAXED)
#define STORE(word, v) __atomic_store_n(&(word), (v), __ATOMIC_RELAXED)

static void *map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static struct table *new_table(size_t n_slots)
{
    size_t bytes = sizeof(struct table) + n_slots * sizeof(struct slot);
    struct table *t = map(bytes);

    if (t) {
        t->n_slots = n_slots;
        t->bytes = bytes;
    }
    return t;
}

int memo__memory_new(uint64_t bytes, struct memo__memory **out)
{
    struct memo__memory *m;
    size_t n_segments = bytes / 2 / SEGMENT;

    if (bytes < 2 * SEGMENT)
        return MEMO_EINVALID;
    m = map(sizeof *m + n_segments * sizeof *m->ends);
    if (!m)
        return MEMO_ENOMEM;
    m->ends = (size_t *)(m + 1);
    m->log_bytes = n_segments * SEGMENT;
    m->big_limit = bytes - m->log_bytes;
    m->log = map(m->log_bytes + COPIED_MAX); /* a reader overtaken at the end reads on a little */
    m->table = new_table(SMALLEST_SLOTS);
    if (!m->log || !m->table) {
        if (m->log)
            munmap(m->log, m->log_bytes + COPIED_MAX);
        if (m->table)
            munmap(m->table, m->table->bytes);
        munmap(m, sizeof *m + n_segments * sizeof *m->ends);
        return MEMO_ENOMEM;
    }
    pthread_mutex_init(&m->lock, NULL);
    *out = m;
    return 0;
}

/* ---- blocks ---- */

static size_t round8(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

static size_t part_room(uint64_t len)
{
    return len == MEMO__PART_NULL ? 0 : round8(len);
}

static uint32_t key_room(const struct memo__key *key)
{
    return key->total <= MEMO__KEY_WHOLE ? (uint32_t)round8(key->len) : 0;
}

/* Bytes of the block for this entry; 0: too large to be thought of. */
static size_t block_size(const struct memo__key *key, const struct memo__memory_entry *e)
{
    size_t n = sizeof(struct block) + key_room(key) + e->n_parts * sizeof(uint64_t);

    for (unsigned i = 0; i < e->n_parts; i++) {
        size_t room = part_room(e->parts[i].len);
        if (room > UINT32_MAX / 2 || n > UINT32_MAX / 2)
            return 0;
        n += room;
    }
    return n > UINT32_MAX / 2 ? 0 : n;
}

/* Words are stored one by one where a reader may be looking (TSan knows). */
static void copy_words(void *to, const void *from, size_t bytes)
{
    uint64_t *t = to;
    const unsigned char *f = from;

    for (size_t i = 0; i < bytes / 8; i++) {
        uint64_t w;
        memcpy(&w, f + 8 * i, 8);
        STORE(t[i], w);
    }
    if (bytes % 8) {
        uint64_t w = 0;
        memcpy(&w, f + bytes / 8 * 8, bytes % 8);
        STORE(t[bytes / 8], w);
    }
}

static void fill(struct block *b, size_t size, uint64_t name, const struct memo__key *key,
                 const struct memo__memory_entry *e, bool is_shared)
{
    struct block head = {.hash = {key->hash[0], key->hash[1]},
                         .name = name,
                         .args_hash = key->args_hash,
                         .created_ns = e->created_ns,
                         .cost_ns = e->cost_ns,
                         .key_total = key->total,
                         .size = (uint32_t)size,
                         .n_parts = e->n_parts,
                         .key_room = key_room(key)};
    unsigned char *at = (unsigned char *)(b + 1);

    memcpy(head.layout, e->layout, sizeof head.layout);
    copy_words(b, &head, sizeof head);
    if (head.key_room)
        copy_words(at, key->bytes, key->len);
    at += head.key_room;
    for (unsigned i = 0; i < e->n_parts; i++)
        copy_words(at + 8 * i, &e->parts[i].len, 8);
    at += e->n_parts * sizeof(uint64_t);
    for (unsigned i = 0; i < e->n_parts; i++) {
        if (e->parts[i].len == MEMO__PART_NULL)
            continue;
        if (is_shared)
            copy_words(at, e->parts[i].data, e->parts[i].len);
        else
            memcpy(at, e->parts[i].data, e->parts[i].len);
        at += part_room(e->parts[i].len);
    }
}

/* Is it this key's block? Its memory can't change. */
static inline bool matches(const struct block *b, const struct memo__key *key)
{
    if (b->hash[0] != key->hash[0] || b->hash[1] != key->hash[1] || b->key_total != key->total)
        return false;
    return !b->key_room || memcmp(b + 1, key->bytes, key->len) == 0;
}

/* A block that nobody changes, as an entry. */
static int pass_on(const struct block *b, memo__memory_use *use, void *arg)
{
    struct memo__part few[MAX_PARTS], *parts = few;
    const unsigned char *at = (const unsigned char *)(b + 1) + b->key_room;
    const uint64_t *lens = (const uint64_t *)at;
    int result;

    if (b->n_parts > MAX_PARTS) {
        parts = memo__malloc(b->n_parts * sizeof *parts);
        if (!parts)
            return MEMO_EMISS;
    }
    at += b->n_parts * sizeof *lens;
    for (unsigned i = 0; i < b->n_parts; i++) {
        parts[i].len = lens[i];
        parts[i].data = lens[i] == MEMO__PART_NULL ? NULL : at;
        at += part_room(lens[i]);
    }
    struct memo__memory_entry e = {b->layout, b->created_ns, b->cost_ns, parts, b->n_parts};
    result = use(arg, &e);
    if (parts != few)
        memo__free(parts);
    return result;
}

/* ---- the index ---- */

static struct slot *group(struct table *t, const uint64_t hash[2], unsigned which)
{
    uint64_t h = which ? hash[1] : hash[0];

    return &t->slots[(h >> 7) & (t->n_slots - 1) & ~(uint64_t)(GROUP - 1)];
}

static void change_begin(struct slot *s)
{
    __atomic_store_n(&s->seq, s->seq + 1, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void change_end(struct slot *s)
{
    __atomic_store_n(&s->seq, s->seq + 1, __ATOMIC_RELEASE);
}

static struct slot *find(struct table *t, const uint64_t hash[2])
{
    for (unsigned which = 0; which < 2; which++) {
        struct slot *g = group(t, hash, which);
        for (unsigned i = 0; i < GROUP; i++)
            if (g[i].block && g[i].tag == hash[0] && g[i].block->hash[1] == hash[1])
                return &g[i];
    }
    return NULL;
}

static bool is_in_log(const struct memo__memory *m, const struct block *b)
{
    const unsigned char *p = (const unsigned char *)b;

    return p >= m->log && p < m->log + m->log_bytes;
}

static void free_big(struct memo__memory *m, struct block *b)
{
    struct big *big = (struct big *)((char *)b - offsetof(struct big, block)), **at = &m->oldest;
    struct big *before = NULL;

    while (*at != big) {
        before = *at;
        at = &(*at)->next;
    }
    *at = big->next;
    if (m->newest == big)
        m->newest = before;
    m->big_bytes -= big->bytes;
    munmap(big, big->bytes);
}

/* Takes the entry out. false: somebody is reading it. */
static bool empty_slot(struct memo__memory *m, struct slot *s)
{
    struct block *b = s->block;

    change_begin(s);
    if (b->size > COPIED_MAX && __atomic_load_n(&s->pins, __ATOMIC_SEQ_CST) > 0) {
        change_end(s);
        return false;
    }
    if (!is_in_log(m, b))
        free_big(m, b);
    STORE(s->block, NULL);
    STORE(s->tag, 0);
    change_end(s);
    m->n_entries--;
    return true;
}

/* A table of twice the size. Who reads a large entry is waited for: readers
 * copy, and wait for nothing. */
static void grow(struct memo__memory *m)
{
    struct table *old = m->table, *t = new_table(old->n_slots * 2);

    if (!t)
        return;
    for (size_t i = 0; i < old->n_slots; i++) {
        struct slot *s = &old->slots[i], *to = NULL;
        struct block *b = s->block;
        if (!b)
            continue;
        change_begin(s);
        while (__atomic_load_n(&s->pins, __ATOMIC_SEQ_CST) > 0)
            sched_yield();
        for (unsigned which = 0; which < 2 && !to; which++)
            for (unsigned k = 0; k < GROUP && !to; k++)
                if (!group(t, b->hash, which)[k].block)
                    to = &group(t, b->hash, which)[k];
        if (to) {
            to->tag = s->tag;
            to->block = b;
        } else {
            m->n_entries--; /* no slot is free: a large one's mapping goes in its turn */
        }
        STORE(s->block, NULL);
        /* The slot stays odd: a reader in the old table looks again. */
    }
    __atomic_store_n(&m->table, t, __ATOMIC_SEQ_CST);
}

static struct slot *free_slot(struct memo__memory *m, const uint64_t hash[2])
{
    if (m->n_entries > m->table->n_slots / 2)
        grow(m);
    for (unsigned which = 0; which < 2; which++) {
        struct slot *g = group(m->table, hash, which);
        for (unsigned i = 0; i < GROUP; i++)
            if (!g[i].block)
                return &g[i];
    }
    for (unsigned which = 0; which < 2; which++) {
        struct slot *g = group(m->table, hash, which);
        for (unsigned i = 0; i < GROUP; i++)
            if (empty_slot(m, &g[(i + (hash[0] >> 60)) % GROUP]))
                return &g[(i + (hash[0] >> 60)) % GROUP];
    }
    return NULL;
}

/* ---- room ---- */

/* Evicts what lies in a segment. false: somebody reads in it. */
static bool clear_segment(struct memo__memory *m, size_t segment)
{
    unsigned char *at = m->log + segment * SEGMENT, *end = at + m->ends[segment];

    for (struct block *b; at < end; at += b->size) {
        b = (struct block *)at;
        struct slot *s = find(m->table, b->hash);
        if (s && s->block == b && !empty_slot(m, s))
            return false;
    }
    return true;
}

/* Goes on in the next segment; what lies in it goes. */
static bool next_segment(struct memo__memory *m)
{
    size_t n = m->log_bytes / SEGMENT, next = m->segment;

    m->ends[m->segment] = m->used;
    for (size_t tries = 0; tries < n; tries++) {
        next = (next + 1) % n;
        if (next >= m->filled || clear_segment(m, next)) {
            m->segment = next;
            m->used = m->ends[next] = 0;
            if (next >= m->filled)
                m->filled = next + 1;
            return true;
        }
    }
    return false;
}

static struct block *room_in_log(struct memo__memory *m, size_t size)
{
    if (m->filled == 0)
        m->filled = 1;
    size = round8(size);
    if (m->used + size > SEGMENT && !next_segment(m))
        return NULL;
    struct block *b = (struct block *)(m->log + m->segment * SEGMENT + m->used);
    m->used += size;
    return b;
}

static struct block *room_for_big(struct memo__memory *m, size_t size)
{
    size_t bytes = (sizeof(struct big) + size + 4095) & ~(size_t)4095;
    struct big *big;

    if (bytes > m->big_limit)
        return NULL;
    for (struct big *b = m->oldest, *next; b && m->big_bytes + bytes > m->big_limit; b = next) {
        struct slot *s = find(m->table, b->block.hash);
        next = b->next;
        if (s && s->block == &b->block)
            empty_slot(m, s);
        else
            free_big(m, &b->block);
    }
    if (m->big_bytes + bytes > m->big_limit || !(big = map(bytes)))
        return NULL;
    if (bytes >= (size_t)4 << 20)
        madvise(big, bytes, MADV_HUGEPAGE);
    big->bytes = bytes;
    big->next = NULL;
    m->big_bytes += bytes;
    if (m->newest)
        m->newest->next = big;
    else
        m->oldest = big;
    m->newest = big;
    return &big->block;
}

/* ---- from outside ---- */

enum outcome { FOUND, ABSENT, CHANGED };

/* A small entry, which lies in the log: its memory may be overwritten while it
 * is copied, but it stays mapped. */
static enum outcome read_copy(const struct slot *s, uint32_t seq, const struct block *b,
                              uint32_t size, const struct memo__key *key, memo__memory_use *use,
                              void *arg, int *result)
{
    uint64_t copy[COPIED_MAX / 8];
    const uint64_t *words = (const uint64_t *)b;

    if (size < sizeof *b)
        return CHANGED;
    for (uint32_t i = 0; i < (size + 7) / 8; i++)
        copy[i] = LOAD(words[i]);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (LOAD(s->seq) != seq)
        return CHANGED;
    if (!matches((const struct block *)copy, key))
        return ABSENT;
    *result = pass_on((const struct block *)copy, use, arg);
    return FOUND;
}

static enum outcome read_slot(const struct memo__memory *m, struct slot *s,
                              const struct memo__key *key, memo__memory_use *use, void *arg,
                              int *result)
{
    uint32_t seq = __atomic_load_n(&s->seq, __ATOMIC_ACQUIRE);
    const struct block *b = __atomic_load_n(&s->block, __ATOMIC_ACQUIRE);
    enum outcome outcome;

    if (seq & 1u)
        return CHANGED;
    if (!b || LOAD(s->tag) != key->hash[0])
        return ABSENT;
    if (is_in_log(m, b)) {
        uint32_t size = LOAD(b->size);
        if (size <= COPIED_MAX)
            return read_copy(s, seq, b, size, key, use, arg, result);
    }
    __atomic_fetch_add(&s->pins, 1, __ATOMIC_SEQ_CST);
    outcome = CHANGED;
    if (__atomic_load_n(&s->seq, __ATOMIC_SEQ_CST) == seq) {
        outcome = matches(b, key) ? FOUND : ABSENT;
        if (outcome == FOUND)
            *result = pass_on(b, use, arg);
    }
    __atomic_fetch_sub(&s->pins, 1, __ATOMIC_RELEASE);
    return outcome;
}

int memo__memory_get(struct memo__memory *m, const struct memo__key *key, memo__memory_use *use,
                     void *arg)
{
    int result = MEMO_EMISS;

    for (unsigned attempt = 0; attempt < 4; attempt++) {
        struct table *t = __atomic_load_n(&m->table, __ATOMIC_ACQUIRE);
        bool changed = false;
        for (unsigned which = 0; which < 2; which++) {
            struct slot *g = group(t, key->hash, which);
            for (unsigned i = 0; i < GROUP; i++) {
                enum outcome o = read_slot(m, &g[i], key, use, arg, &result);
                if (o == FOUND)
                    return result;
                changed |= o == CHANGED;
            }
        }
        if (!changed)
            break;
    }
    return MEMO_EMISS;
}

int memo__memory_put(struct memo__memory *m, uint64_t name, const struct memo__key *key,
                     const struct memo__memory_entry *e)
{
    size_t size = block_size(key, e);
    struct block *b = NULL;
    struct slot *s;

    if (size == 0)
        return MEMO_EDROPPED;
    pthread_mutex_lock(&m->lock);
    s = find(m->table, key->hash);
    if (!s || empty_slot(m, s)) /* somebody reads the old value: it stays */
        b = size <= LOG_MAX ? room_in_log(m, size) : room_for_big(m, size);
    if (b) {
        fill(b, size, name, key, e, size <= COPIED_MAX);
        s = free_slot(m, key->hash);
        if (s) {
            change_begin(s);
            STORE(s->tag, key->hash[0]);
            __atomic_store_n(&s->block, b, __ATOMIC_RELEASE);
            change_end(s);
            m->n_entries++;
        } else if (!is_in_log(m, b)) {
            free_big(m, b);
            b = NULL;
        }
    }
    pthread_mutex_unlock(&m->lock);
    return b ? 0 : MEMO_EDROPPED;
}

int memo__memory_del(struct memo__memory *m, const struct memo__key *key)
{
    struct slot *s;
    bool removed = false;

    /* A reader of a large entry is done soon. */
    for (unsigned attempt = 0; attempt < 1000 && !removed; attempt++) {
        pthread_mutex_lock(&m->lock);
        s = find(m->table, key->hash);
        removed = s && empty_slot(m, s);
        pthread_mutex_unlock(&m->lock);
        if (!s)
            return MEMO_EMISS;
        if (!removed)
            sched_yield();
    }
    return removed ? 0 : MEMO_EBUSY;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

int memo__memory_del_name(struct memo__memory *m, const uint64_t *name, uint64_t **hashes,
                          size_t *n)
{
    uint64_t *list;
    size_t count = 0, unique = 0;

    pthread_mutex_lock(&m->lock);
    list = memo__malloc((m->n_entries + 1) * sizeof *list);
    for (size_t i = 0; list && i < m->table->n_slots; i++) {
        struct slot *s = &m->table->slots[i];
        struct block *b = s->block;
        if (!b || (name && b->name != *name))
            continue;
        uint64_t h = name ? b->args_hash
                          : b->args_hash ^ (b->name << 1 | b->name >> 63) * 0x9e3779b97f4a7c15u;
        if (empty_slot(m, s))
            list[count++] = h;
    }
    pthread_mutex_unlock(&m->lock);
    if (!list)
        return MEMO_ENOMEM;
    qsort(list, count, sizeof *list, by_value);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || list[i] != list[i - 1])
            list[unique++] = list[i];
    *n = unique;
    *hashes = unique ? list : NULL;
    if (!unique)
        memo__free(list);
    return 0;
}

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

/* Pins of threads that the child doesn't have would never go. */
void memo__memory_atfork_child(struct memo__memory *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->table->n_slots; i++)
        if (m->table->slots[i].pins)
            m->table->slots[i].pins = 0;
    pthread_mutex_init(&m->lock, NULL);
}

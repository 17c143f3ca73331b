/* memory_private.h - what the three files of the memory tier share.
 *
 * An entry is a block. Those of three cache lines lie in slots where their hash
 * says (memory_slots.c): one look at memory finds them. An index of words
 * (memory_index.c) tells where all others are: in a log of segments, or, if they
 * are large, in mappings of their own (memory_room.c). store_memory.c reads,
 * stores and removes.
 *
 * Writers hold the lock. Readers don't, and this is how they get whole entries:
 *
 *   A slot has a sequence number, odd while it changes. A reader copies the
 *   block word by word, and believes the copy if the number hasn't changed.
 *
 *   A word of the index is changed by one atomic store. A block is complete
 *   before its word is stored, and never changes while a word points to it.
 *
 *   Before memory of a segment is used again, all words that point into it are
 *   cleared, and its generation is raised: odd while blocks are moved, even
 *   again before a new word points there. A reader takes the generation, sees
 *   that the word is still what it was, copies the block word by word, and
 *   believes the copy if the generation hasn't changed.
 *
 *   A block too large to be copied is pinned: the reader raises the pins of its
 *   segment or mapping and looks at the word again. The writer clears the word
 *   and looks at the pins. Both are sequentially consistent, so at least one
 *   sees the other: the reader lets go, or the writer leaves the memory alone.
 *
 * Every word that a reader may look at while it changes is accessed with
 * __atomic functions, the memory of the log included. */
#ifndef MEMO_STORE_MEMORY_PRIVATE_H
#define MEMO_STORE_MEMORY_PRIVATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store_memory.h"

#define MEMO__LOAD(word) __atomic_load_n(&(word), __ATOMIC_RELAXED)
#define MEMO__STORE(word, v) __atomic_store_n(&(word), (v), __ATOMIC_RELAXED)

/* ---- blocks ---- */

/* An entry in memory: this, the key's bytes if it is small, the lengths of the
 * parts, the parts; each rounded up to words. */
struct memo__block {
    uint64_t hash[2];
    uint64_t shape; /* n_words | n_parts << 32 | key length << 48 */
    uint64_t created_ns, cost_ns;
    uint64_t layout[2];
    uint64_t name, args_hash;
};
#define MEMO__BLOCK_WORDS (sizeof(struct memo__block) / 8)
#define MEMO__KEY_NOT_KEPT 0xffu

static inline size_t memo__block_words(const struct memo__block *b)
{
    return (uint32_t)b->shape;
}

/* ---- the index ---- */

#define MEMO__PER_BUCKET 7u

/* A word: the top 16 bits of hash[0]; two flags; the place of the block plus 1.
 * 0: empty. An entry is in one of two buckets. */
#define MEMO__WORD_BIG ((uint64_t)1 << 47)  /* the place is a mapping, not a unit of the log */
#define MEMO__WORD_USED ((uint64_t)1 << 46) /* was read since it was stored; set by readers */
#define MEMO__WORD_PLACE (MEMO__WORD_USED - 1)

/* One cache line. `hints` has a byte for each word, which says without a branch
 * where to look; it is never right to believe it further than that. */
struct memo__bucket {
    uint64_t hints;
    uint64_t words[MEMO__PER_BUCKET];
};

struct memo__index {
    size_t mask;  /* buckets, a power of two, minus 1 */
    size_t bytes; /* of the mapping */
    struct memo__bucket buckets[] __attribute__((aligned(64)));
};

static inline uint64_t memo__word_tag(const uint64_t hash[2])
{
    return hash[0] & (uint64_t)0xffff << 48;
}

static inline uint64_t memo__word_hint(const uint64_t hash[2])
{
    return (hash[0] >> 40 & 0xff) | 1u;
}

static inline struct memo__bucket *memo__index_bucket(struct memo__index *x, const uint64_t hash[2],
                                                      unsigned which)
{
    return &x->buckets[hash[which] & x->mask];
}

/* The top bit of byte i is set where words[i] may be the hash's (and sometimes
 * where it isn't). */
static inline uint64_t memo__bucket_matches(const struct memo__bucket *b, const uint64_t hash[2])
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t x = __atomic_load_n(&b->hints, __ATOMIC_ACQUIRE) ^ memo__word_hint(hash) * ones;

    return (x - ones) & ~x & 0x0080808080808080u;
}

static inline unsigned memo__match_first(uint64_t matches)
{
    return (unsigned)__builtin_ctzll(matches) / 8;
}

/* ---- slots ---- */

#define MEMO__SLOT_WINDOW 8u /* an entry is in one of so many slots, from its home on */
#define MEMO__SLOT_WORDS 23u /* words of a block in a slot, at most */

#define MEMO__SLOT_LIVE ((uint64_t)1 << 62)
#define MEMO__SLOT_USED ((uint64_t)1 << 63) /* was read since it was stored; set by readers */

struct memo__slot {
    uint64_t sequence; /* and flags; 0: never used, nor is any slot after it in a window */
    union {
        struct memo__block block;
        uint64_t words[MEMO__SLOT_WORDS];
    };
};

struct memo__slots {
    size_t mask;                                            /* homes, a power of two, minus 1 */
    size_t bytes;                                           /* of the mapping */
    struct memo__slot slots[] __attribute__((aligned(64))); /* mask + MEMO__SLOT_WINDOW */
};

static inline struct memo__slot *memo__slot_home(struct memo__slots *t, const uint64_t hash[2])
{
    return &t->slots[hash[0] & t->mask];
}

/* ---- room ---- */

#define MEMO__UNIT 64u         /* blocks in the log begin at multiples of this: a cache line */
#define MEMO__COPIED_WORDS 96u /* blocks up to this size are copied by readers */

struct memo__segment {
    uint64_t generation; /* odd: blocks are being moved */
    uint32_t pins;
    uint32_t used; /* bytes; the lock's */
};

/* A mapping with one block. 0 is the head of the list, oldest next. */
struct memo__big {
    struct memo__block *block; /* NULL: free */
    size_t bytes;
    uint32_t pins;
    uint32_t next, previous; /* the lock's; next of a free one: the next free one */
    bool is_dead;            /* no word points to it; goes when its pins are 0 */
};

struct memo__memory {
    struct memo__slots *slots; /* __atomic; the lock is needed to change it */
    struct memo__index *index; /* the same */
    unsigned char *log;
    struct memo__segment *segments;
    struct memo__big *bigs;
    unsigned segment_shift; /* log2 of a segment's bytes */

    /* Constant. */
    uint64_t bound;
    size_t bytes; /* of this mapping: this, segments, bigs, ring, moved */
    size_t log_mapped;
    size_t log_max; /* bytes of a block in the log, at most */
    uint32_t n_segments, n_bigs;

    /* The lock's. */
    pthread_mutex_t lock;
    uint64_t n_entries; /* in the index */
    uint64_t n_live;    /* in slots */
    uint64_t n_evicted;
    uint32_t *ring; /* segments with blocks, oldest at `first`; n_segments places */
    uint32_t first, n_in_ring;
    uint32_t n_fresh; /* segments that were never used are those from here on */
    uint32_t *spare;  /* segments given back; n_segments places */
    uint32_t n_spare;
    uint32_t *moved;   /* offsets of blocks that survive their segment */
    uint32_t free_big; /* 0: none */
    uint64_t big_bytes;
};

static inline struct memo__block *memo__word_block(const struct memo__memory *m, uint64_t word)
{
    uint64_t place = (word & MEMO__WORD_PLACE) - 1;

    if (word & MEMO__WORD_BIG)
        return m->bigs[place].block;
    return (struct memo__block *)(m->log + place * MEMO__UNIT);
}

/* All of these: under the lock. */

/* The first slots and the first index of a new tier; MEMO_ENOMEM. */
int memo__slots_new(size_t n_homes, struct memo__slots **out);
int memo__index_new(size_t n_buckets, struct memo__index **out);

/* Where the word of this hash is, or of this block; NULL: nowhere. */
uint64_t *memo__index_find(const struct memo__memory *m, const uint64_t hash[2]);
uint64_t *memo__index_find_place(const struct memo__memory *m, const uint64_t hash[2],
                                 uint64_t place_and_kind);

/* All words, for walking: 0 <= i < memo__index_size(). */
static inline size_t memo__index_size(const struct memo__index *x)
{
    return (x->mask + 1) * MEMO__PER_BUCKET;
}

static inline uint64_t *memo__index_word(struct memo__index *x, size_t i)
{
    return &x->buckets[i / MEMO__PER_BUCKET].words[i % MEMO__PER_BUCKET];
}

/* Adds a word for a hash that has none; another entry goes if there is no place. */
void memo__index_insert(struct memo__memory *m, const uint64_t hash[2], uint64_t word);

/* Makes the index larger if there is no place for a hash, or will soon be none.
 * May evict; words found before are stale. */
void memo__index_grow_for(struct memo__memory *m, const uint64_t hash[2]);

/* Removes an entry and gives a mapping back. */
void memo__index_remove(struct memo__memory *m, uint64_t *word);

/* The slot of this hash, or NULL. */
struct memo__slot *memo__slots_find(const struct memo__memory *m, const uint64_t hash[2]);

/* A slot for a hash that has none: a free one, or one whose entry wasn't read
 * lately, which goes. May grow the table. NULL: none. */
struct memo__slot *memo__slots_get(struct memo__memory *m, const uint64_t hash[2]);

/* A block is written, or taken out, between begin and end. */
void memo__slot_begin(struct memo__slot *s);
void memo__slot_end(struct memo__slot *s, bool is_live);

/* Bytes in use; whether so many more are within the bound. */
bool memo__room_fits(const struct memo__memory *m, uint64_t bytes);
uint64_t memo__room_used(const struct memo__memory *m);

/* Memory for a block of `words`, at *block, evicting others; *word is what will
 * point to it, tag left out. MEMO_EDROPPED. Any word found before is stale. */
int memo__room_get(struct memo__memory *m, size_t words, struct memo__block **block,
                   uint64_t *word);

/* Gives the mapping back that a word pointed to, now or when it is read no more. */
void memo__room_drop_big(struct memo__memory *m, uint64_t word);

/* Makes room for the index to grow by so many bytes. false: it shall not. */
bool memo__room_for_index(struct memo__memory *m, size_t bytes);

/* Private anonymous memory, zeroed, not reserved. NULL: none. */
void *memo__map(size_t bytes);

/* Stores `bytes` bytes word by word, filling up the last one with zeros. */
static inline void memo__store_words(uint64_t *to, const void *from, size_t bytes)
{
    const unsigned char *f = from;
    uint64_t w;
    size_t i;

    for (i = 0; i + 8 <= bytes; i += 8) {
        __builtin_memcpy(&w, f + i, 8);
        MEMO__STORE(to[i / 8], w);
    }
    if (i < bytes) {
        w = 0;
        __builtin_memcpy(&w, f + i, bytes - i);
        MEMO__STORE(to[i / 8], w);
    }
}

#endif

/* memory_index.c - where the entries of the memory tier are.
 *
 * Buckets of one cache line with seven words each. An entry goes to its first
 * bucket, or if that is full to its second; with half of the words in use, not
 * one pair of buckets in hundreds is full. The index grows fourfold, so that
 * what growing costs, one look at each block, is spread over three times as many
 * stores. An old index is emptied and its memory given back, but it stays
 * mapped: a reader may still be in it, finds nothing, and looks again. All old
 * ones together have a third of the addresses of the new one. */
#include "store/memory_private.h"

#include <string.h>
#include <sys/mman.h>

#include "base/error.h"

int memo__index_new(size_t n_buckets, struct memo__index **out)
{
    size_t bytes = sizeof(struct memo__index) + n_buckets * sizeof(struct memo__bucket);
    struct memo__index *x = memo__map(bytes);

    if (!x)
        return MEMO_ENOMEM;
    if (bytes >= (size_t)4 << 20)
        madvise(x, bytes, MADV_HUGEPAGE);
    x->mask = n_buckets - 1;
    x->bytes = bytes;
    *out = x;
    return 0;
}

uint64_t *memo__index_find(const struct memo__memory *m, const uint64_t hash[2])
{
    for (unsigned which = 0; which < 2; which++) {
        struct memo__bucket *b = memo__index_bucket(m->index, hash, which);
        for (uint64_t at = memo__bucket_matches(b, hash); at; at &= at - 1) {
            uint64_t *word = &b->words[memo__match_first(at)], w = MEMO__LOAD(*word);
            const struct memo__block *block;
            if (!w || (w ^ hash[0]) >> 48)
                continue;
            block = memo__word_block(m, w);
            if (block->hash[0] == hash[0] && block->hash[1] == hash[1])
                return word;
        }
    }
    return NULL;
}

uint64_t *memo__index_find_place(const struct memo__memory *m, const uint64_t hash[2],
                                 uint64_t place_and_kind)
{
    for (unsigned which = 0; which < 2; which++) {
        struct memo__bucket *b = memo__index_bucket(m->index, hash, which);
        for (unsigned i = 0; i < MEMO__PER_BUCKET; i++)
            if ((MEMO__LOAD(b->words[i]) & (MEMO__WORD_PLACE | MEMO__WORD_BIG)) == place_and_kind)
                return &b->words[i];
    }
    return NULL;
}

void memo__index_remove(struct memo__memory *m, uint64_t *word)
{
    uint64_t w = __atomic_exchange_n(word, 0, __ATOMIC_SEQ_CST);

    m->n_entries--;
    if (w & MEMO__WORD_BIG)
        memo__room_drop_big(m, w);
}

/* Stores a word where none is. false: both buckets are full. */
static bool store_word(struct memo__index *x, const uint64_t hash[2], uint64_t word)
{
    for (unsigned which = 0; which < 2; which++) {
        struct memo__bucket *b = memo__index_bucket(x, hash, which);
        for (unsigned i = 0; i < MEMO__PER_BUCKET; i++) {
            uint64_t hints = b->hints & ~((uint64_t)0xff << 8 * i);
            if (MEMO__LOAD(b->words[i]) != 0)
                continue;
            __atomic_store_n(&b->words[i], word, __ATOMIC_RELEASE);
            __atomic_store_n(&b->hints, hints | memo__word_hint(hash) << 8 * i, __ATOMIC_RELEASE);
            return true;
        }
    }
    return false;
}

/* Moves the words of the old index over and empties it. Those that find no
 * place, one in many thousands, are evicted. */
static void move_words(struct memo__memory *m, struct memo__index *old, struct memo__index *x)
{
    size_t n = memo__index_size(old);

    for (size_t i = 0; i < n; i++) {
        uint64_t w = MEMO__LOAD(*memo__index_word(old, i));
        if (w)
            store_word(x, memo__word_block(m, w)->hash, w);
    }
    __atomic_store_n(&m->index, x, __ATOMIC_SEQ_CST);
    for (size_t i = 0; i < n; i++) {
        uint64_t w = __atomic_exchange_n(memo__index_word(old, i), 0, __ATOMIC_SEQ_CST);
        if (w && !memo__index_find_place(m, memo__word_block(m, w)->hash,
                                         w & (MEMO__WORD_PLACE | MEMO__WORD_BIG))) {
            m->n_entries--;
            m->n_evicted++;
            if (w & MEMO__WORD_BIG)
                memo__room_drop_big(m, w);
        }
    }
}

static void grow(struct memo__memory *m)
{
    struct memo__index *old = m->index, *x;
    size_t n_buckets = (old->mask + 1) * 4;
    size_t bytes = sizeof *x + n_buckets * sizeof(struct memo__bucket);

    if (!memo__room_for_index(m, bytes - old->bytes) || memo__index_new(n_buckets, &x) != 0)
        return;
    move_words(m, old, x);
    if (old->bytes > 4096) /* the first page has the mask */
        madvise((char *)old + 4096, old->bytes - 4096, MADV_DONTNEED);
}

void memo__index_insert(struct memo__memory *m, const uint64_t hash[2], uint64_t word)
{
    word |= memo__word_tag(hash);
    if (!store_word(m->index, hash, word)) {
        struct memo__bucket *b = memo__index_bucket(m->index, hash, 0);
        memo__index_remove(m, &b->words[(hash[1] >> 40) % MEMO__PER_BUCKET]);
        m->n_evicted++;
        store_word(m->index, hash, word);
    }
    m->n_entries++;
}

static bool has_place(struct memo__index *x, const uint64_t hash[2])
{
    for (unsigned which = 0; which < 2; which++)
        for (unsigned i = 0; i < MEMO__PER_BUCKET; i++)
            if (MEMO__LOAD(memo__index_bucket(x, hash, which)->words[i]) == 0)
                return true;
    return false;
}

void memo__index_grow_for(struct memo__memory *m, const uint64_t hash[2])
{
    size_t n_words = memo__index_size(m->index);

    if (m->n_entries >= n_words / 2 || (m->n_entries >= n_words / 8 && !has_place(m->index, hash)))
        grow(m);
}

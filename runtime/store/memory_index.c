/* memory_index.c - where the entries of the memory tier are.
 *
 * Buckets of one cache line with eight words each. An entry goes to its first
 * bucket, or if that is full to its second; with half of the words in use, not
 * one pair of buckets in a thousand is full. The index grows fourfold, so that
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
    size_t bytes = sizeof(struct memo__index) + n_buckets * MEMO__WORDS_PER_BUCKET * 8;
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
    uint64_t tag = memo__word_tag(hash);

    for (unsigned which = 0; which < 2; which++) {
        uint64_t *words = memo__index_bucket(m->index, hash, which);
        for (unsigned i = 0; i < MEMO__WORDS_PER_BUCKET; i++) {
            uint64_t w = MEMO__LOAD(words[i]);
            if (!w || (w & (uint64_t)0xffff << 48) != tag)
                continue;
            const struct memo__block *b = memo__word_block(m, w);
            if (b->hash[0] == hash[0] && b->hash[1] == hash[1])
                return &words[i];
        }
    }
    return NULL;
}

uint64_t *memo__index_find_place(const struct memo__memory *m, const uint64_t hash[2],
                                 uint64_t place_and_kind)
{
    for (unsigned which = 0; which < 2; which++) {
        uint64_t *words = memo__index_bucket(m->index, hash, which);
        for (unsigned i = 0; i < MEMO__WORDS_PER_BUCKET; i++)
            if ((MEMO__LOAD(words[i]) & (MEMO__WORD_PLACE | MEMO__WORD_BIG)) == place_and_kind)
                return &words[i];
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

static uint64_t *free_word(struct memo__index *x, const uint64_t hash[2])
{
    for (unsigned which = 0; which < 2; which++) {
        uint64_t *words = memo__index_bucket(x, hash, which);
        for (unsigned i = 0; i < MEMO__WORDS_PER_BUCKET; i++)
            if (MEMO__LOAD(words[i]) == 0)
                return &words[i];
    }
    return NULL;
}

/* Moves the words of the old index over and empties it. Those that find no
 * place, one in many thousands, are evicted. */
static void move_words(struct memo__memory *m, struct memo__index *old, struct memo__index *x)
{
    size_t n = (old->mask + 1) * MEMO__WORDS_PER_BUCKET;

    for (size_t i = 0; i < n; i++) {
        uint64_t w = MEMO__LOAD(old->words[i]), *to;
        if (!w)
            continue;
        to = free_word(x, memo__word_block(m, w)->hash);
        if (to)
            MEMO__STORE(*to, w);
    }
    __atomic_store_n(&m->index, x, __ATOMIC_SEQ_CST);
    for (size_t i = 0; i < n; i++) {
        uint64_t w = __atomic_exchange_n(&old->words[i], 0, __ATOMIC_SEQ_CST);
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
    size_t bytes = sizeof *x + n_buckets * MEMO__WORDS_PER_BUCKET * 8;

    if (!memo__room_for_index(m, bytes - old->bytes) || memo__index_new(n_buckets, &x) != 0)
        return;
    move_words(m, old, x);
    if (old->bytes > 4096) /* the first page has the mask */
        madvise((char *)old + 4096, old->bytes - 4096, MADV_DONTNEED);
}

void memo__index_insert(struct memo__memory *m, const uint64_t hash[2], uint64_t word)
{
    uint64_t *to = free_word(m->index, hash);

    if (!to) {
        to = memo__index_bucket(m->index, hash, 0) + (hash[0] >> 40) % MEMO__WORDS_PER_BUCKET;
        memo__index_remove(m, to);
        m->n_evicted++;
    }
    __atomic_store_n(to, word | memo__word_tag(hash), __ATOMIC_RELEASE);
    m->n_entries++;
}

void memo__index_grow_for(struct memo__memory *m, const uint64_t hash[2])
{
    size_t n_words = (m->index->mask + 1) * MEMO__WORDS_PER_BUCKET;

    if (m->n_entries >= n_words / 2 ||
        (m->n_entries >= n_words / 8 && !free_word(m->index, hash)))
        grow(m);
}

/* memory_room.c - memory for the blocks of the memory tier, within its bound.
 *
 * Blocks up to a quarter of a segment go to the log: segments are filled one
 * after the other, and when the bound is reached the oldest one is emptied and
 * filled again. Blocks of it that were read since they were stored move to its
 * beginning (second chance), but at most half of it, so that each store
 * gets room after a bounded amount of work. Larger blocks have mappings of their
 * own, the oldest going first, those that were read after one more round. Log
 * and mappings share the bound: the one that has more than half gives way. */
#include "store/memory_private.h"

#include <string.h>
#include <sys/mman.h>

#include "base/error.h"

#define SECOND_CHANCES 8u

static size_t segment_bytes(const struct memo__memory *m)
{
    return (size_t)1 << m->segment_shift;
}

static uint64_t log_used(const struct memo__memory *m)
{
    return (uint64_t)m->n_in_ring << m->segment_shift;
}

uint64_t memo__room_used(const struct memo__memory *m)
{
    return m->bytes + m->slots->bytes + m->index->bytes + log_used(m) + m->big_bytes;
}

bool memo__room_fits(const struct memo__memory *m, uint64_t bytes)
{
    return memo__room_used(m) + bytes <= m->bound;
}

/* ---- segments ---- */

static uint64_t place_of(const struct memo__memory *m, uint32_t segment, size_t offset)
{
    return (((uint64_t)segment << m->segment_shift) + offset) / MEMO__UNIT + 1;
}

static struct memo__block *block_at(const struct memo__memory *m, uint32_t segment, size_t offset)
{
    return (struct memo__block *)(m->log + ((size_t)segment << m->segment_shift) + offset);
}

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) & ~(to - 1);
}

static size_t block_bytes(const struct memo__block *b)
{
    return round_up(memo__block_words(b) * 8, MEMO__UNIT);
}

/* Clears all words that point into the segment. The offsets of the blocks that
 * shall survive go to m->moved; returns how many. */
static uint32_t clear_words(struct memo__memory *m, uint32_t segment, bool has_survivors)
{
    size_t room = has_survivors ? segment_bytes(m) / 2 : 0, offset = 0;
    uint32_t n = 0;

    while (offset < m->segments[segment].used) {
        struct memo__block *b = block_at(m, segment, offset);
        uint64_t *word = memo__index_find_place(m, b->hash, place_of(m, segment, offset));
        size_t bytes = block_bytes(b);
        if (word) {
            if ((MEMO__LOAD(*word) & MEMO__WORD_USED) && bytes <= room) {
                m->moved[n++] = (uint32_t)offset;
                room -= bytes;
            } else {
                m->n_evicted++;
            }
            memo__index_remove(m, word);
        }
        offset += bytes;
    }
    return n;
}

/* Moves the survivors to the beginning, once no reader can be in there. */
static void move_survivors(struct memo__memory *m, uint32_t segment, uint32_t n)
{
    struct memo__segment *s = &m->segments[segment];
    size_t to = 0;

    __atomic_store_n(&s->generation, s->generation + 1, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    for (uint32_t i = 0; i < n; i++) {
        size_t bytes = block_bytes(block_at(m, segment, m->moved[i]));
        memo__store_words((uint64_t *)block_at(m, segment, to), block_at(m, segment, m->moved[i]),
                          bytes);
        to += bytes;
    }
    s->used = (uint32_t)to;
    __atomic_store_n(&s->generation, s->generation + 1, __ATOMIC_SEQ_CST);
    for (size_t at = 0; at < to; at += block_bytes(block_at(m, segment, at)))
        memo__index_insert(m, block_at(m, segment, at)->hash, place_of(m, segment, at));
}

/* Empties a segment but for survivors. false: somebody reads in it, and it must
 * not be written to. */
static bool empty_segment(struct memo__memory *m, uint32_t segment, bool has_survivors)
{
    struct memo__segment *s = &m->segments[segment];
    uint32_t n;

    if (__atomic_load_n(&s->pins, __ATOMIC_SEQ_CST) > 0)
        return false;
    n = clear_words(m, segment, has_survivors);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&s->pins, __ATOMIC_SEQ_CST) > 0) {
        m->n_evicted += n; /* nothing in it can be found any more, nor overwritten yet */
        return false;
    }
    move_survivors(m, segment, n);
    return true;
}

static void push(struct memo__memory *m, uint32_t segment)
{
    m->ring[(m->first + m->n_in_ring++) % m->n_segments] = segment;
}

/* The one that is being filled. */
static uint32_t newest_of(const struct memo__memory *m)
{
    return m->ring[(m->first + m->n_in_ring - 1) % m->n_segments];
}

static uint32_t pop_oldest(struct memo__memory *m)
{
    uint32_t segment = m->ring[m->first];

    m->first = (m->first + 1) % m->n_segments;
    m->n_in_ring--;
    return segment;
}

/* Empties the oldest segment that nobody reads. Those that are being read become
 * the newest, which costs nothing and gives them time. */
static bool take_oldest(struct memo__memory *m, bool has_survivors, uint32_t *out)
{
    for (uint32_t tries = m->n_in_ring; tries > 0; tries--) {
        uint32_t segment = pop_oldest(m);
        if (empty_segment(m, segment, has_survivors)) {
            *out = segment;
            return true;
        }
        push(m, segment);
    }
    return false;
}

/* Gives the memory of the oldest segment back. */
static bool release_segment(struct memo__memory *m)
{
    uint32_t segment;

    if (!take_oldest(m, false, &segment))
        return false;
    madvise(m->log + ((size_t)segment << m->segment_shift), segment_bytes(m), MADV_DONTNEED);
    m->spare[m->n_spare++] = segment;
    return true;
}

/* ---- mappings ---- */

static void unlink_big(struct memo__memory *m, uint32_t i)
{
    m->bigs[m->bigs[i].previous].next = m->bigs[i].next;
    m->bigs[m->bigs[i].next].previous = m->bigs[i].previous;
}

static void append_big(struct memo__memory *m, uint32_t i)
{
    struct memo__big *big = &m->bigs[i];

    big->next = 0;
    big->previous = m->bigs[0].previous;
    m->bigs[big->previous].next = i;
    m->bigs[0].previous = i;
}

static void free_big(struct memo__memory *m, uint32_t i)
{
    struct memo__big *big = &m->bigs[i];

    unlink_big(m, i);
    munmap(big->block, big->bytes);
    m->big_bytes -= big->bytes;
    MEMO__STORE(big->block, NULL);
    big->is_dead = false;
    big->next = m->free_big;
    m->free_big = i;
}

void memo__room_drop_big(struct memo__memory *m, uint64_t word)
{
    uint32_t i = (uint32_t)((word & MEMO__WORD_PLACE) - 1);

    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&m->bigs[i].pins, __ATOMIC_SEQ_CST) > 0)
        m->bigs[i].is_dead = true;
    else
        free_big(m, i);
}

/* Takes the oldest mapping away that nobody reads; those that were read since
 * they were stored come to the end once. false: there is none. */
static bool evict_big(struct memo__memory *m)
{
    unsigned chances = SECOND_CHANCES;
    uint32_t i, next;

    for (i = m->bigs[0].next; i != 0; i = next) {
        struct memo__big *big = &m->bigs[i];
        uint64_t place = (uint64_t)(i + 1) | MEMO__WORD_BIG, before = m->big_bytes, *word;
        next = big->next;
        if (__atomic_load_n(&big->pins, __ATOMIC_SEQ_CST) > 0)
            continue;
        word = big->is_dead ? NULL : memo__index_find_place(m, big->block->hash, place);
        if (!word) {
            free_big(m, i);
        } else if (chances > 0 && (MEMO__LOAD(*word) & MEMO__WORD_USED)) {
            __atomic_fetch_and(word, ~MEMO__WORD_USED, __ATOMIC_RELAXED);
            unlink_big(m, i);
            append_big(m, i);
            chances--;
            if (next == 0)
                next = i;
        } else {
            memo__index_remove(m, word);
            m->n_evicted++;
        }
        if (m->big_bytes < before)
            return true;
    }
    return false;
}

static int get_big(struct memo__memory *m, size_t words, struct memo__block **block, uint64_t *word)
{
    size_t bytes = round_up(words * 8, 4096);
    uint32_t i;

    if (bytes > m->bound / 2 || m->bytes + m->slots->bytes + m->index->bytes + bytes > m->bound)
        return MEMO_EDROPPED;
    while (!memo__room_fits(m, bytes) || m->free_big == 0) {
        bool is_log = m->free_big != 0 && log_used(m) > m->bound / 2;
        if (is_log ? !release_segment(m) : !evict_big(m)) {
            if (m->free_big == 0 || !release_segment(m))
                return MEMO_EDROPPED;
        }
    }
    *block = memo__map(bytes);
    if (!*block)
        return MEMO_EDROPPED;
    if (bytes >= (size_t)4 << 20)
        madvise(*block, bytes, MADV_HUGEPAGE);
    i = m->free_big;
    m->free_big = m->bigs[i].next;
    MEMO__STORE(m->bigs[i].block, *block);
    m->bigs[i].bytes = bytes;
    m->big_bytes += bytes;
    append_big(m, i);
    *word = (uint64_t)(i + 1) | MEMO__WORD_BIG;
    return 0;
}

/* ---- room ---- */

static bool next_segment(struct memo__memory *m)
{
    uint32_t segment;

    while (!memo__room_fits(m, segment_bytes(m)) && m->big_bytes > m->bound / 2)
        if (!evict_big(m))
            break;
    if (memo__room_fits(m, segment_bytes(m)) && m->n_spare > 0) {
        segment = m->spare[--m->n_spare];
    } else if (memo__room_fits(m, segment_bytes(m)) && m->n_fresh < m->n_segments) {
        segment = m->n_fresh++;
    } else if (!take_oldest(m, true, &segment)) {
        return false;
    }
    push(m, segment);
    return true;
}

static int get_in_log(struct memo__memory *m, size_t words, struct memo__block **block,
                      uint64_t *word)
{
    size_t bytes = round_up(words * 8, MEMO__UNIT);
    struct memo__segment *s;
    uint32_t newest;

    if (m->n_in_ring == 0 || m->segments[newest_of(m)].used + bytes > segment_bytes(m))
        if (!next_segment(m))
            return MEMO_EDROPPED;
    newest = newest_of(m);
    s = &m->segments[newest];
    *block = block_at(m, newest, s->used);
    *word = place_of(m, newest, s->used);
    s->used += (uint32_t)bytes;
    return 0;
}

int memo__room_get(struct memo__memory *m, size_t words, struct memo__block **block, uint64_t *word)
{
    if (words * 8 <= m->log_max)
        return get_in_log(m, words, block, word);
    return get_big(m, words, block, word);
}

bool memo__room_for_index(struct memo__memory *m, size_t bytes)
{
    if (m->index->bytes + bytes > m->bound / 8)
        return false;
    while (!memo__room_fits(m, bytes))
        if (m->big_bytes > log_used(m) ? !evict_big(m) : !release_segment(m))
            return false;
    return true;
}

/* memory_slots.c - the slots of the memory tier: small entries where their hash
 * says, so that a hit costs one miss of the processor's caches and not two.
 *
 * An entry is in one of a few slots from its home on. The table doubles, or grows
 * fourfold while it is small, as long as it has at most half of the bound; the
 * old one's memory is given back, but it stays mapped, as that of an old index. An
 * entry that finds no free slot goes to the log; but in a full table that can't
 * grow, one that wasn't read lately makes place for it. */
#include "store/memory_private.h"

#include <string.h>
#include <sys/mman.h>

#include "base/error.h"

#define QUICK_GROWTH 65536u /* homes */

static size_t table_bytes(size_t n_homes)
{
    return sizeof(struct memo__slots) +
           (n_homes + MEMO__SLOT_WINDOW - 1) * sizeof(struct memo__slot);
}

int memo__slots_new(size_t n_homes, struct memo__slots **out)
{
    size_t bytes = table_bytes(n_homes);
    struct memo__slots *t = memo__map(bytes);

    if (!t)
        return MEMO_ENOMEM;
    if (bytes >= (size_t)4 << 20)
        madvise(t, bytes, MADV_HUGEPAGE);
    t->mask = n_homes - 1;
    t->bytes = bytes;
    *out = t;
    return 0;
}

struct memo__slot *memo__slots_find(const struct memo__memory *m, const uint64_t hash[2])
{
    struct memo__slot *s = memo__slot_home(m->slots, hash);

    for (unsigned i = 0; i < MEMO__SLOT_WINDOW && MEMO__LOAD(s[i].sequence) != 0; i++)
        if ((MEMO__LOAD(s[i].sequence) & MEMO__SLOT_LIVE) && s[i].block.hash[0] == hash[0] &&
            s[i].block.hash[1] == hash[1])
            return &s[i];
    return NULL;
}

void memo__slot_begin(struct memo__slot *s)
{
    uint64_t before = MEMO__LOAD(s->sequence) & ~(MEMO__SLOT_LIVE | MEMO__SLOT_USED);

    __atomic_store_n(&s->sequence, before + 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void memo__slot_end(struct memo__slot *s, bool is_live)
{
    uint64_t after = MEMO__LOAD(s->sequence) + 1;

    __atomic_store_n(&s->sequence, after | (is_live ? MEMO__SLOT_LIVE : 0), __ATOMIC_RELEASE);
}

static struct memo__slot *free_slot(struct memo__slots *t, const uint64_t hash[2])
{
    struct memo__slot *s = memo__slot_home(t, hash);

    for (unsigned i = 0; i < MEMO__SLOT_WINDOW; i++)
        if (!(MEMO__LOAD(s[i].sequence) & MEMO__SLOT_LIVE))
            return &s[i];
    return NULL;
}

/* Copies the live slots to the new table; those whose windows are full there are
 * evicted. A reader in the old table finds odd numbers, or none. */
static void move_slots(struct memo__memory *m, struct memo__slots *old, struct memo__slots *t)
{
    size_t n = old->mask + MEMO__SLOT_WINDOW;

    for (size_t i = 0; i < n; i++) {
        struct memo__slot *from = &old->slots[i], *to;
        uint64_t used = MEMO__LOAD(from->sequence) & (MEMO__SLOT_LIVE | MEMO__SLOT_USED);
        if (!used)
            continue;
        to = free_slot(t, from->block.hash);
        if (!to) {
            m->n_live--;
            m->n_evicted++;
            continue;
        }
        memcpy(to->words, from->words, memo__block_words(&from->block) * 8);
        to->sequence = 2 | used;
    }
    __atomic_store_n(&m->slots, t, __ATOMIC_SEQ_CST);
    for (size_t i = 0; i < n; i++)
        if (MEMO__LOAD(old->slots[i].sequence) != 0)
            memo__slot_begin(&old->slots[i]);
    if (old->bytes > 4096) /* the first page has the mask */
        madvise((char *)old + 4096, old->bytes - 4096, MADV_DONTNEED);
}

static bool grow(struct memo__memory *m)
{
    struct memo__slots *old = m->slots, *t;
    size_t n_homes = (old->mask + 1) * (old->mask < QUICK_GROWTH ? 4 : 2);

    if (table_bytes(n_homes) > m->bound / 2 || !memo__room_fits(m, table_bytes(n_homes)) ||
        memo__slots_new(n_homes, &t) != 0)
        return false;
    move_slots(m, old, t);
    return true;
}

/* A slot of the window whose entry wasn't read; if all were, they start anew. */
static struct memo__slot *evict(struct memo__memory *m, const uint64_t hash[2])
{
    struct memo__slot *s = memo__slot_home(m->slots, hash);
    unsigned first = (unsigned)(hash[1] >> 32) % MEMO__SLOT_WINDOW;

    for (unsigned i = 0; i < MEMO__SLOT_WINDOW; i++) {
        struct memo__slot *victim = &s[(first + i) % MEMO__SLOT_WINDOW];
        if (!(MEMO__LOAD(victim->sequence) & MEMO__SLOT_USED)) {
            memo__slot_begin(victim);
            memo__slot_end(victim, false);
            m->n_live--;
            m->n_evicted++;
            return victim;
        }
    }
    for (unsigned i = 0; i < MEMO__SLOT_WINDOW; i++)
        __atomic_fetch_and(&s[i].sequence, ~MEMO__SLOT_USED, __ATOMIC_RELAXED);
    return NULL;
}

struct memo__slot *memo__slots_get(struct memo__memory *m, const uint64_t hash[2])
{
    bool is_full = m->n_live >= (m->slots->mask + 1) / 2;
    struct memo__slot *s;

    if (is_full && grow(m))
        is_full = false;
    s = free_slot(m->slots, hash);
    return s || !is_full ? s : evict(m, hash);
}

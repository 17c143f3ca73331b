/* evicted.c - what was evicted, remembered for a while.
 *
 * So that a miss can be explained: a ring of hashes and dates under one key,
 * whose size follows the store's bound. It is written once for each pass, in a
 * transaction of its own after those that evicted; who may not write, or finds
 * the disk full, leaves it as it was. docs/store-format.md has its bytes. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/disk.h"

#define LEAST 256u
#define MOST 16384u
#define HEADER 24u /* total, date of the last one, room */
#define SLOT 16u   /* hash, date */

static struct memo__bytes ring_key(void)
{
    return (struct memo__bytes){MEMO__EVICTED_KEY, sizeof MEMO__EVICTED_KEY - 1};
}

static uint64_t get(const unsigned char *at)
{
    uint64_t v;
    memcpy(&v, at, sizeof v);
    return le64toh(v);
}

static void set(unsigned char *at, uint64_t v)
{
    v = htole64(v);
    memcpy(at, &v, sizeof v);
}

static size_t ring_size(uint64_t room)
{
    return HEADER + (size_t)room * SLOT;
}

static bool is_sound(struct memo__bytes value)
{
    const unsigned char *bytes = value.data;
    return value.len > HEADER && get(bytes + 16) <= MOST && value.len == ring_size(get(bytes + 16));
}

void memo__evicted_begin(struct memo__evicted *e, uint64_t max_size)
{
    uint64_t room = max_size >> 15;
    e->room = (unsigned)(room < LEAST ? LEAST : room > MOST ? MOST : room);
    e->n = 0;
    e->hashes = memo__calloc(e->room, sizeof *e->hashes);
}

void memo__evicted_note(struct memo__evicted *e, const struct memo__disk_key *key)
{
    if (e->hashes)
        e->hashes[e->n % e->room] = key->hash[0];
    e->n++;
}

/* The ring as it is, in the room of this pass: what doesn't fit is forgotten. */
static unsigned char *ring_copy(struct memo__txn *t, unsigned room)
{
    unsigned char *ring = memo__calloc(1, ring_size(room));
    struct memo__bytes old;
    if (!ring || memo__txn_get(t, ring_key(), &old) || !is_sound(old)) {
        if (ring)
            set(ring + 16, room);
        return ring;
    }
    memcpy(ring, old.data, old.len < ring_size(room) ? old.len : ring_size(room));
    set(ring + 16, room);
    return ring;
}

void memo__evicted_write(struct memo__evicted *e, struct memo__disk *d, uint64_t now_ns)
{
    uint64_t n = e->n < e->room ? e->n : e->room;
    unsigned char *ring = NULL;
    struct memo__txn *t;
    if (e->hashes && n && !memo__txn_begin(d->db, &t)) {
        ring = ring_copy(t, e->room);
        if (ring) {
            uint64_t total = get(ring) + e->n - n;
            for (uint64_t i = 0; i < n; i++, total++) {
                unsigned char *slot = ring + HEADER + total % e->room * SLOT;
                set(slot, e->hashes[i]);
                set(slot + 8, now_ns);
            }
            set(ring, total);
            set(ring + 8, now_ns);
        }
        if (!ring || memo__txn_put(t, ring_key(), (struct memo__bytes){ring, ring_size(e->room)}))
            memo__txn_abort(t);
        else
            (void)memo__txn_commit(t);
    }
    memo__free(ring);
    memo__free(e->hashes);
    e->hashes = NULL;
}

struct search {
    uint64_t hash;
    struct memo__disk_evicted *out;
};

static int search(void *arg, struct memo__bytes value)
{
    struct search *s = arg;
    const unsigned char *ring = value.data;
    if (!is_sound(value))
        return 0;
    uint64_t room = get(ring + 16);
    s->out->total = get(ring);
    s->out->last_ns = get(ring + 8);
    s->out->is_all = s->out->total <= room;
    for (uint64_t i = 0; i < room; i++) {
        const unsigned char *slot = ring + HEADER + i * SLOT;
        if (get(slot) == s->hash && get(slot + 8) > s->out->when_ns)
            s->out->when_ns = get(slot + 8);
    }
    return 0;
}

void memo__disk_evicted(struct memo__disk *d, const struct memo__disk_key *key,
                        struct memo__disk_evicted *out)
{
    struct search s = {key->hash[0], out};
    struct memo__bytes k = ring_key();
    memset(out, 0, sizeof *out);
    out->is_all = true;
    if (!__atomic_load_n(&d->off, __ATOMIC_RELAXED))
        (void)memo__lmdb_get(d->db, k.data, k.len, search, &s);
}

/* lookup.c - the tiers in order; see lookup.h. */
#include "cache/lookup.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "cache/describe.h"
#include "cache/explain.h"
#include "cache/runtime.h"
#include "store/fast.h"

/* Larger results aren't copied to memory while there is a disk store: reading
 * them there again costs one copy too, and a file can be mapped. */
#define LARGE ((uint64_t)1 << 20)
#define VIEW_LARGE ((uint64_t)4096)
#define LATE_NS ((uint64_t)100 * 1000000)
#define FLUSH_NS ((uint64_t)10 * 1000000000)

/* ---- results that are on their way to the disk, and nowhere else ---- */

/* Direct-mapped by hash, __atomic. An entry says that the key was queued by this
 * process; when it isn't found, waiting for the queue may help. */
#define N_PENDING 1024u
static uint64_t pending[N_PENDING];

static uint64_t *pending_slot(const struct memo__key *key)
{
    return &pending[key->hash[1] % N_PENDING];
}

static bool take_pending(const struct memo__key *key)
{
    uint64_t hash = key->hash[0];

    return __atomic_load_n(pending_slot(key), __ATOMIC_RELAXED) == hash &&
           __atomic_compare_exchange_n(pending_slot(key), &hash, 0, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

/* ---- hits ---- */

/* Since this process began. A date to come is of before the clock was set back. */
static bool is_own(uint64_t created_ns)
{
    return created_ns >= memo__runtime.start_ns && created_ns <= memo__realtime_ns();
}

/* The coarse clock is some ms late, and may not have come to our start yet. */
static uint64_t date_of_entry(void)
{
    uint64_t now = memo__realtime_coarse_ns(), start = memo__runtime.start_ns;

    return now < start && start - now < LATE_NS ? start : now;
}

/* Whether an entry of these dates counts for this call. One that was made in the
 * future, by a clock that was set back since, has no age. */
static bool is_current(struct memo__lookup *l, uint64_t created_ns, bool is_disk)
{
    uint64_t expires = (uint64_t)l->site->abi->m_expires_ns, now;

    l->reason_ns = created_ns;

    if (l->only_ns && created_ns != l->only_ns)
        return false;
    if (is_disk && memo__runtime.config.is_refresh && !is_own(created_ns)) {
        l->reason = MEMO__OLDER;
        return false;
    }
    if (l->site->abi->m_expires_ns <= 0)
        return true;
    now = memo__realtime_ns(); /* not coarse, which is late */
    if (created_ns <= now && now - created_ns < expires)
        return true;
    l->reason = MEMO__EXPIRED;
    return false;
}

static int use(struct memo__lookup *l, const unsigned char *layout, uint64_t created_ns,
               uint64_t cost_ns, const struct memo__source *from)
{
    int err = 0;

    if (memcmp(layout, l->site->abi->m_layout, MEMO__DIGEST) != 0) {
        l->reason = MEMO__LAYOUT;
        return MEMO_EMISS;
    }
    if (!is_current(l, created_ns, l->tier == MEMO__LAST_DISK))
        return MEMO_EMISS;
    l->result_errno.is_set = false;
    if (l->compare)
        err = memo__result_compare(l->site, from, l->compare);
    else if (!l->is_peek)
        err = memo__result_restore(l->site, l->spans, from, &l->result_errno);
    if (err == 0) {
        l->created_ns = created_ns;
        l->cost_ns = cost_ns;
    } else if (err == MEMO_EMISS) {
        l->reason = MEMO__UNFIT;
    }
    return err;
}

static int use_memory(void *arg, const struct memo__memory_entry *e)
{
    struct memo__source from = {.parts = e->parts, .n = e->n_parts, .object = NULL};

    return use(arg, e->layout, e->created_ns, e->cost_ns, &from);
}

static bool is_same_key(const struct memo__lookup *l, const struct memo__record *r)
{
    return memcmp(r->identity, l->site->identity, MEMO__DIGEST) == 0 &&
           r->key_total == l->key->total &&
           (r->key_total > MEMO__KEY_WHOLE ||
            (r->key_len == r->key_total && memcmp(r->key, l->key->bytes, r->key_len) == 0));
}

static int use_disk(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    struct memo__lookup *l = arg;
    struct memo__part few[MEMO__FEW_PARTS], *parts = few;
    struct memo__source from = {.n = r->n_parts, .object = object};
    int err = MEMO_EMISS;

    if (!is_same_key(l, r))
        return MEMO_EMISS;
    if (r->n_parts != l->site->n_results + 1)
        return MEMO_ECORRUPT;
    if (r->n_parts > MEMO__FEW_PARTS && !(parts = memo__malloc(r->n_parts * sizeof *parts)))
        return MEMO_EMISS;
    memo__record_parts(r, parts);
    from.parts = parts;
    err = use(l, r->layout, r->created_ns, r->cost_ns, &from);
    if (parts != few)
        memo__free(parts);
    return err;
}

struct memo__disk_key memo__lookup_disk_key(const struct memo__site *s, const struct memo__key *key)
{
    struct memo__disk_key k = {.name = s->name_hash, .hash = {key->hash[0], key->hash[1]}};

    return k;
}

/* ---- giving results to tiers ---- */

static void put_fast(struct memo__site *s, const struct memo_span *spans, uint64_t created_ns,
                     uint64_t cost_ns)
{
    uint64_t key[2] = {0, 0}, value[2] = {0, 0};
    size_t key_len = spans[0].m_count * s->abi->m_parts[0].m_size;
    size_t value_len = spans[1].m_count * s->abi->m_parts[1].m_size;

    if (key_len > sizeof key || value_len > sizeof value || !memo__gate_puts_fast(s, cost_ns))
        return;
    if (key_len)
        memcpy(key, spans[0].m_data, key_len);
    memcpy(value, spans[1].m_data, value_len);
    memo__fast_put((struct memo_site *)(uintptr_t)s->abi, key, value, created_ns, cost_ns);
    __atomic_fetch_add(&s->fast_cost_ns, cost_ns, __ATOMIC_RELAXED);
    __atomic_fetch_add(&s->fast_entries, 1, __ATOMIC_RELAXED);
}

static bool is_for_memory(const struct memo__site *s, const struct memo__capture *c, bool has_disk)
{
    if (!s->has_memory || !memo__runtime.memory)
        return false;
    return !has_disk || c->total <= (s->has_views ? VIEW_LARGE : LARGE);
}

static bool put_memory(const struct memo__site *s, const struct memo__key *key,
                       const struct memo__capture *c, uint64_t created_ns, uint64_t cost_ns)
{
    struct memo__memory_entry e = {.layout = s->abi->m_layout,
                                   .created_ns = created_ns,
                                   .cost_ns = cost_ns,
                                   .parts = c->parts,
                                   .n_parts = c->n};

    return memo__memory_put(memo__runtime.memory, s->name_hash, key, &e) == 0;
}

/* What a hit found on disk is brought to memory, from where it now is: the
 * user's own memory. */
static void copy_up(struct memo__lookup *l)
{
    struct memo__capture c;

    if (!l->site->has_memory || !memo__runtime.memory || l->site->has_views)
        return;
    if (memo__result_capture(l->site, l->spans, l->result_errno, &c) == 0 &&
        is_for_memory(l->site, &c, true))
        put_memory(l->site, l->key, &c, l->created_ns, l->cost_ns);
    memo__capture_release(&c);
}

static bool ask_memory(struct memo__lookup *l)
{
    if (!l->site->has_memory || !memo__runtime.memory)
        return false;
    l->tier = MEMO__LAST_MEMORY;
    return memo__memory_get(memo__runtime.memory, l->key, use_memory, l) == 0;
}

static bool ask_disk(struct memo__lookup *l)
{
    struct memo__disk *disk;
    struct memo__disk_key key;
    int err, cancel_state;
    uint64_t began_ns;

    if (!l->site->has_disk || !memo__gate_asks_disk(l->site) || !(disk = memo__runtime_disk()))
        return false;
    began_ns = memo__gate_disk_begin();
    key = memo__lookup_disk_key(l->site, l->key);
    l->tier = MEMO__LAST_DISK;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    err = memo__disk_get(disk, &key, use_disk, l);
    if (err != 0 && take_pending(l->key) && memo__disk_flush(disk, FLUSH_NS) != MEMO_ETIMEOUT)
        err = memo__disk_get(disk, &key, use_disk, l);
    pthread_setcancelstate(cancel_state, NULL);
    if (err != 0 && err != MEMO_EMISS) {
        l->reason = err == MEMO_ECORRUPT || err == MEMO_EDAMAGED ? MEMO__DAMAGED : MEMO__FAULT;
        l->reason_err = err;
    }
    if (err != 0 && err != MEMO_EMISS && memo__runtime.config.verbose >= 3)
        memo__log("%s: disk store: %s", l->site->abi->m_name, memo__strerror(err));
    memo__gate_disk_end(began_ns);
    return err == 0;
}

bool memo__lookup(struct memo__lookup *l)
{
    bool is_found;

    l->reason = MEMO__ABSENT;
    is_found = ask_memory(l);
    if (!is_found && ask_disk(l)) {
        is_found = true;
        if (!l->is_peek)
            copy_up(l);
    }
    if (is_found)
        l->reason = MEMO__FOUND;
    if (is_found && !l->is_peek && l->site->has_fast && l->has_plain_fp && !l->result_errno.is_set)
        put_fast(l->site, l->spans, l->created_ns, l->cost_ns);
    return is_found;
}

/* ---- stores ---- */

static bool put_disk(struct memo__site *s, const struct memo__key *key,
                     const struct memo__capture *c, uint64_t created_ns, uint64_t cost_ns,
                     bool *is_claimed)
{
    unsigned flags = (s->has_views ? MEMO__PUT_VIEW : 0) | (*is_claimed ? MEMO__PUT_CLAIMED : 0);
    struct memo__disk *disk = s->has_disk ? memo__runtime_disk() : NULL;
    struct memo__disk_key k = memo__lookup_disk_key(s, key);
    struct memo__record r = {.layout = s->abi->m_layout,
                             .identity = s->identity,
                             .created_ns = created_ns,
                             .cost_ns = cost_ns,
                             .used_ns = created_ns,
                             .args_hash = key->args_hash,
                             .key = key->bytes,
                             .key_len = key->len,
                             .key_total = key->total,
                             .n_parts = c->n};
    int err, cancel_state;
    uint64_t began_ns;

    if (!disk || memo__runtime.config.is_readonly || !memo__disk_writable(disk)) {
        if (s->is_unjudged && memo__first_time(&s->is_described))
            memo__site_say_unjudged(s); /* there is no store to remember that it was said */
        return false;
    }
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    memo__describe(disk, s);
    pthread_setcancelstate(cancel_state, NULL);
    if (!memo__gate_puts_disk(s, cost_ns))
        return false;
    began_ns = memo__gate_disk_begin();
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    err = memo__disk_put(disk, &k, &r, c->parts, flags);
    pthread_setcancelstate(cancel_state, NULL);
    if (err == 0)
        *is_claimed = false;
    if (err != 0 && memo__runtime.config.verbose >= 3)
        memo__log("%s: not stored on disk: %s", s->abi->m_name, memo__strerror(err));
    memo__gate_disk_end(began_ns);
    return err == 0;
}

bool memo__lookup_store(struct memo__site *s, struct memo_span *spans, const struct memo__key *key,
                        struct memo__errno e, uint64_t cost_ns, bool has_plain_fp, bool *is_claimed)
{
    uint64_t created_ns = date_of_entry();
    struct memo__capture c;
    bool is_on_disk = false, is_in_memory = false;

    if (memo__result_capture(s, spans, e, &c) == 0) {
        is_on_disk = put_disk(s, key, &c, created_ns, cost_ns, is_claimed);
        if (is_for_memory(s, &c, is_on_disk))
            is_in_memory = put_memory(s, key, &c, created_ns, cost_ns);
        if (is_on_disk && !is_in_memory)
            __atomic_store_n(pending_slot(key), key->hash[0], __ATOMIC_RELAXED);
        if (s->has_fast && has_plain_fp && !e.is_set)
            put_fast(s, spans, created_ns, cost_ns);
    }
    memo__capture_release(&c);
    return is_on_disk || is_in_memory;
}

void memo__lookup_forget(struct memo__site *s, const struct memo_span *spans,
                         const struct memo__key *key)
{
    struct memo__disk *disk = s->has_disk ? memo__runtime_disk() : NULL;
    struct memo__disk_key k = memo__lookup_disk_key(s, key);
    uint64_t scalars[2] = {0, 0};
    int cancel_state;

    memo__explain_fate(s, key, MEMO__FATE_FORGOTTEN);
    if (s->has_fast && spans[0].m_count * s->abi->m_parts[0].m_size <= sizeof scalars) {
        memcpy(scalars, spans[0].m_data, spans[0].m_count * s->abi->m_parts[0].m_size);
        memo__fast_del(s->abi, scalars);
    }
    if (memo__runtime.memory)
        memo__memory_del(memo__runtime.memory, key);
    if (!disk || memo__runtime.config.is_readonly || !memo__disk_writable(disk))
        return;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    memo__disk_del(disk, &k);
    pthread_setcancelstate(cancel_state, NULL);
}

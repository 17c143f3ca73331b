/* host_flight.c - which calls are claimed and how long to wait; see host_flight.h. */
#include "cache/host_flight.h"

#include <pthread.h>

#include "base/error.h"
#include "base/log.h"
#include "cache/gate.h"
#include "base/human.h"
#include "cache/lookup.h"
#include "cache/runtime.h"

#define WORTH_NS ((uint64_t)2 * 1000000)
#define MAX_NESTED 8u /* claims of one thread; a deep recursion would make thousands */
#define COSTS_PER_WAIT 10u
#define MS ((uint64_t)1000000)

static uint64_t least_ns = 1000 * MS, most_ns = 60000 * MS; /* __atomic */

/* The largest cost of late: it falls by a sixteenth with each cheaper call, so
 * that what is wasted on cheap calls is little beside the dear one before. */
void memo__host_flight_learn(struct memo__site *s, uint64_t cost_ns)
{
    uint64_t recent = __atomic_load_n(&s->recent_ns, __ATOMIC_RELAXED);

    recent -= recent / 16;
    if (cost_ns > recent)
        recent = cost_ns;
    __atomic_store_n(&s->recent_ns, recent ? recent : 1, __ATOMIC_RELAXED);
}

/* What is unknown is claimed once on a thread: the inner calls of a recursion are
 * unknown too, until the first of them ends. */
static bool is_worth_it(const struct memo__thread *t, uint64_t recent_ns)
{
    return recent_ns == 0 ? t->n_claims == 0 : recent_ns >= WORTH_NS && t->n_claims < MAX_NESTED;
}

static uint64_t bound(uint64_t recent_ns)
{
    uint64_t least = __atomic_load_n(&least_ns, __ATOMIC_RELAXED);
    uint64_t most = __atomic_load_n(&most_ns, __ATOMIC_RELAXED);

    if (recent_ns == 0 || recent_ns > most / COSTS_PER_WAIT)
        return most;
    return recent_ns * COSTS_PER_WAIT > least ? recent_ns * COSTS_PER_WAIT : least;
}

static void report(const struct memo_call *call, int err, uint64_t waited_ns)
{
    if (err == MEMO_ETIMEOUT)
        memo__warn_once(MEMO__ONCE_WAIT_HOST,
                        "waited %s for another process's call of '%s'; it is computed twice",
                        memo__duration_text(waited_ns).s, call->site->abi->m_name);
    else if (memo__runtime.config.verbose >= 2)
        memo__log("wait %s: waited %s for another process", call->site->abi->m_name,
                  memo__duration_text(waited_ns).s);
}

bool memo__host_flight_enter(struct memo__thread *t, struct memo_call *call)
{
    struct memo__site *s = call->site;
    uint64_t recent_ns = __atomic_load_n(&s->recent_ns, __ATOMIC_RELAXED), waited_ns;
    struct memo__disk *disk;
    struct memo__disk_key key;
    int err, cancel_state;

    if (!is_worth_it(t, recent_ns) || !s->has_disk || !memo__gate_asks_disk(s) ||
        memo__runtime.config.is_refresh)
        return false;
    disk = memo__runtime_open_disk();
    if (!disk || !memo__disk_writable(disk))
        return false;
    key = memo__lookup_disk_key(s, &call->key);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    err = memo__disk_claim(disk, &key, t->n_claims == 0 ? bound(recent_ns) : 0, &waited_ns);
    pthread_setcancelstate(cancel_state, NULL);
    if (err == 0) {
        call->is_claimed = true;
        t->n_claims++;
    }
    if (waited_ns > 0)
        report(call, err, waited_ns);
    return err == 0 || waited_ns > 0;
}

void memo__host_flight_handed_over(struct memo__thread *t, struct memo_call *call)
{
    call->is_claimed = false;
    t->n_claims--;
}

void memo__host_flight_leave(struct memo__thread *t, struct memo_call *call, bool gave_up)
{
    struct memo__disk_key key;
    int cancel_state;

    if (!call->is_claimed)
        return;
    memo__host_flight_handed_over(t, call);
    key = memo__lookup_disk_key(call->site, &call->key);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    memo__disk_unclaim(memo__runtime_open_disk(), &key, gave_up);
    pthread_setcancelstate(cancel_state, NULL);
}

void memo__host_flight_set_limits(unsigned least_ms, unsigned most_ms)
{
    __atomic_store_n(&least_ns, least_ms * MS, __ATOMIC_RELAXED);
    __atomic_store_n(&most_ns, most_ms * MS, __ATOMIC_RELAXED);
}

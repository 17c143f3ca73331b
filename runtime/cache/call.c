/* call.c - begin and end memoized calls; see call.h. */
#include "cache/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/trace.h"
#include "cache/environment.h"
#include "cache/explain.h"
#include "cache/flight.h"
#include "cache/host_flight.h"
#include "base/human.h"
#include "cache/lookup.h"
#include "cache/runtime.h"
#include "cache/verify.h"

static unsigned n_forks; /* generations of fork() this process is away from the first */

/* ---- the list of calls in flight ---- */

static void discard(struct memo__thread *t, struct memo_call *call)
{
    memo__host_flight_leave(t, call, true);
    memo__flight_leave(call);
    memo__call_free(t, call);
}

static void bury_innermost(struct memo__thread *t)
{
    struct memo_call *call = t->calls;

    t->calls = call->outer;
    discard(t, call);
}

void memo__calls_bury_all(struct memo__thread *t)
{
    while (t->calls)
        bury_innermost(t);
}

/* Calls whose frames are gone: we are above them, or in the same place again. Two
 * wrappers that were inlined into one frame differ in their variables. */
static void bury_dead(struct memo__thread *t, uintptr_t frame, const void *variable)
{
    while (t->calls && (t->calls->frame < frame ||
                        (t->calls->frame == frame && t->calls->variable == variable)))
        bury_innermost(t);
}

/* Takes a call that ends out of the list, burying those inside it, which can't
 * be alive. false: it isn't there any more. */
static bool unlist(struct memo__thread *t, struct memo_call *call)
{
    struct memo_call *c;

    if (!call->site || call->owner != t)
        return !call->is_listed && call->site;
    if (!call->is_listed)
        return true;
    for (c = t->calls; c && c != call; c = c->outer)
        continue;
    if (!c)
        return false;
    while (t->calls != call)
        bury_innermost(t);
    t->calls = call->outer;
    call->is_listed = false;
    return true;
}

void memo__calls_fork_child(struct memo__thread *t)
{
    struct memo_call *call;

    n_forks++;
    if (!t)
        return;
    for (call = t->calls; call; call = call->outer)
        call->is_marked = call->has_waiters = call->is_claimed = false;
    t->n_claims = 0;
}

/* ---- begin ---- */

struct attempt {
    struct memo__thread *t;
    struct memo__site *s;
    struct memo_span *spans;
    struct memo_call **call;
    uintptr_t frame;
    int errno_in;  /* what the user's errno was */
    int errno_out; /* and what it shall be */
    bool verifies; /* a hit is to be computed again */
    struct memo__environment environment;
    struct memo__gate_try gate;
    struct memo__lookup lookup;
    struct memo__key key;
};

static void count_hit(struct attempt *a)
{
    struct memo__counts *counts = &a->t->counts[a->s->id];

    if (a->lookup.tier == MEMO__LAST_DISK) {
        counts->hits_disk++;
        memo__host_flight_learn(a->s, a->lookup.cost_ns);
    } else {
        counts->hits_memory++;
    }
}

static void record_hit(struct attempt *a)
{
    struct memo__thread *t = a->t;

    count_hit(a);
    t->last.tier = a->lookup.tier;
    t->last.created_ns = a->lookup.created_ns;
    t->last.cost_ns = a->lookup.cost_ns;
    t->abi.m_last = NULL;
    t->counts[a->s->id].saved_ns += a->lookup.cost_ns;
    if (a->lookup.result_errno.is_set)
        a->errno_out = a->lookup.result_errno.value;
    memo__gate_hit(t, a->s, &a->gate, a->key.hash[0], a->lookup.tier == MEMO__LAST_DISK,
                   a->lookup.cost_ns);
    if (memo__runtime.config.verbose >= 2)
        memo__log("hit %s: %s, computed in %s", a->s->abi->m_name,
                  a->lookup.tier == MEMO__LAST_DISK ? "disk" : "memory",
                  memo__duration_text(a->lookup.cost_ns).s);
    if (memo__trace_is_on)
        memo__trace_mark("hit", a->s->abi->m_name, memo__monotonic_ns(),
                         "\"found\":\"%s\",\"saved\":\"%s\"",
                         a->lookup.tier == MEMO__LAST_DISK ? "disk" : "memory",
                         memo__duration_text(a->lookup.cost_ns).s);
}

/* What that takes is no cost of the tiers. */
static void explain_miss(struct attempt *a)
{
    uint64_t start_ns = memo__monotonic_ns();

    memo__explain_miss(&a->lookup);
    if (a->gate.entry_ns)
        a->gate.entry_ns += memo__monotonic_ns() - start_ns;
}

/* Everything is set for computing; the clock starts last. */
/* The pointers that the call is to set, before it; and whether it has set all of them.
 * One more than fit counts as not set. */
static void remember_pointers(struct memo_call *call, const struct memo_span *spans)
{
    const struct memo__site *s = call->site;
    unsigned i, n = 0;

    for (i = 0; i < s->n_results && n < MEMO__MOST_POINTERS; i++)
        if (s->abi->m_parts[s->results[i]].m_role & MEMO_STORED) {
            const void *const *at = spans[s->results[i]].m_data;

            call->pointers[n++] = at ? *at : NULL;
        }
}

static bool are_pointers_set(const struct memo_call *call, const struct memo_span *spans)
{
    const struct memo__site *s = call->site;
    unsigned i, n = 0;

    for (i = 0; i < s->n_results; i++)
        if (s->abi->m_parts[s->results[i]].m_role & MEMO_STORED) {
            const void *const *at = spans[s->results[i]].m_data;

            if (n == MEMO__MOST_POINTERS || (at && *at == call->pointers[n]))
                return false;
            n++;
        }
    return true;
}

static void set_off(struct attempt *a, struct memo_call *call)
{
    const unsigned errno_known = MEMO_SITE_ERRNO_NEVER | MEMO_SITE_ERRNO_READ;

    if (!call->is_verified) {
        if (!a->gate.is_sample && memo__explains())
            explain_miss(a);
        a->t->counts[a->s->id].misses++;
    }
    if (a->s->has_stored)
        remember_pointers(call, a->spans);
    call->errno_before = a->errno_in;
    if (!(a->s->flags & errno_known)) {
        call->watches_errno = true;
        a->errno_out = MEMO__ERRNO_UNSET;
    }
    *a->call = call;
    call->gate = a->gate;
    call->start_ns = memo__monotonic_ns();
    memo__gate_computes(a->t, &call->gate, call->start_ns);
}

static struct memo_call *node_for(struct attempt *a)
{
    struct memo_call *call = memo__call_alloc(a->t);

    if (!call)
        return NULL;
    call->site = a->s;
    call->frame = a->frame;
    call->variable = a->call;
    call->has_plain_fp = a->environment.has_plain_fp;
    call->n_forks = n_forks;
    memcpy(&call->key, &a->key, memo__key_size(&a->key));
    if (memo__on_own_stack(a->t, a->frame)) {
        call->is_listed = true;
        call->outer = a->t->calls;
        call->is_inside_verified =
            call->outer && (call->outer->is_verified || call->outer->is_inside_verified);
        a->t->calls = call;
    }
    return call;
}

static void begin_lookup(struct attempt *a, bool is_peek)
{
    a->lookup.site = a->s;
    a->lookup.spans = a->spans;
    a->lookup.key = &a->key;
    a->lookup.is_peek = is_peek;
    a->lookup.only_ns = 0;
    a->lookup.reason = MEMO__REFRESHED; /* until it is looked up */
    a->lookup.compare = NULL;
    a->lookup.has_plain_fp = a->environment.has_plain_fp;
}

/* An entry whose validity the wrapper shall judge. */
static int offer(struct attempt *a)
{
    struct memo_call *call = node_for(a);

    if (!call)
        return MEMO_MISS;
    call->candidate_ns = a->lookup.created_ns;
    call->candidate_cost_ns = a->lookup.cost_ns;
    *a->call = call;
    return MEMO_CANDIDATE;
}

static void recompute(struct attempt *a, struct memo_call *call)
{
    count_hit(a);
    call->candidate_ns = a->lookup.created_ns;
    memo__verify_begin(a->t, call, a->spans);
    set_off(a, call);
}

static int found(struct attempt *a)
{
    struct memo_call *call;

    if (a->s->abi->m_flags & MEMO_SITE_VALID)
        return offer(a);
    if (a->verifies) {
        call = node_for(a);
        if (call)
            recompute(a, call);
        return MEMO_MISS;
    }
    record_hit(a);
    return MEMO_HIT;
}

/* Whether the result has come from another thread or process that was computing it. */
static bool comes_from_others(struct attempt *a, struct memo_call *call, unsigned ticket)
{
    if (memo__flight_enter(a->t, call, ticket) == MEMO__LOOK_AGAIN) {
        a->gate.entry_ns = 0; /* waiting is no cost of the tiers */
        if (memo__lookup(&a->lookup))
            return true;
    }
    if (!call->is_marked || !memo__host_flight_enter(a->t, call))
        return false;
    a->gate.entry_ns = 0;
    return memo__lookup(&a->lookup);
}

/* The call isn't known, unless others are just computing it. */
static int miss(struct attempt *a, bool may_share, unsigned ticket)
{
    struct memo_call *call = node_for(a);

    if (!call)
        return MEMO_MISS;
    if (call->is_listed && may_share && comes_from_others(a, call, ticket)) {
        unlist(a->t, call);
        memo__host_flight_leave(a->t, call, false);
        discard(a->t, call);
        return found(a);
    }
    set_off(a, call);
    return MEMO_MISS;
}

static int answer(struct attempt *a, int kind)
{
    bool is_there = false;

    if (a->s && a->s->is_usable && !memo__runtime.config.is_off &&
        memo__make_key(a->s, a->spans, &a->environment, &a->key)) {
        begin_lookup(a, true);
        is_there = memo__lookup(&a->lookup);
        if (kind == MEMO_ASK_FORGET)
            memo__lookup_forget(a->s, a->spans, &a->key);
    }
    a->t->answer = is_there;
    if (a->s)
        memo__result_zero(a->s, a->spans);
    return MEMO_HIT;
}

/* Whether the call is computed to see what that takes, be it known or not. The
 * results of an entry mustn't be in place then: arguments may be among them. */
static bool is_sample(struct attempt *a)
{
    if (!memo__gate_may_sample(&a->gate, a->key.hash[0]))
        return false;
    begin_lookup(a, true);
    if (memo__lookup(&a->lookup))
        a->gate.is_sample =
            memo__gate_samples(&a->gate, a->lookup.tier == MEMO__LAST_DISK, a->lookup.cost_ns);
    return a->gate.is_sample;
}

static int begin(struct attempt *a, struct memo_site *site)
{
    int ask = a->t->ask;
    unsigned ticket;

    a->t->n_calls++;
    a->gate = (struct memo__gate_try){.window = NULL};

    if (memo__runtime.config.is_off && !ask)
        return MEMO_MISS;
    a->s = memo__site_get(site);
    if (ask) {
        a->t->ask = 0;
        a->t->has_answer = true;
        a->t->answer = 0;
    }
    if (a->s)
        memo__look_around(a->s, a->errno_in, &a->environment);
    if (a->s && (ask == MEMO_ASK_CACHED || ask == MEMO_ASK_FORGET))
        return answer(a, ask);
    if (!a->s || !a->s->is_usable)
        return MEMO_MISS;
    a->t->counts[a->s->id].calls++;
    if (memo__on_own_stack(a->t, a->frame))
        bury_dead(a->t, a->frame, a->call);
    if (ask == MEMO_ASK_UNCACHED)
        memo__explain_uncached(a->s, "memo_uncached was called");
    if (memo__runtime.config.is_off || ask == MEMO_ASK_UNCACHED ||
        (!ask && memo__gate_enter(a->t, a->s, &a->s->gate, &a->gate)) ||
        !memo__make_key(a->s, a->spans, &a->environment, &a->key))
        return MEMO_MISS;
    a->verifies =
        memo__runtime.config.is_verify && memo__verify_wants(a->t, a->s, &a->key, a->frame);
    ticket = memo__flight_ticket(a->key.hash);
    if (is_sample(a))
        return miss(a, false, ticket);
    begin_lookup(a, a->verifies || (site->m_flags & MEMO_SITE_VALID));
    if (ask != MEMO_ASK_REFRESH && memo__lookup(&a->lookup))
        return found(a);
    return miss(a, ask != MEMO_ASK_REFRESH, ticket);
}

int memo__begin(struct memo_site *site, struct memo_span *spans, struct memo_call **call,
                uintptr_t frame)
{
    struct attempt a; /* large: not cleared */
    int what;

    a.errno_in = a.errno_out = errno;
    *call = NULL;
    a.t = memo__enter();
    if (!a.t) {
        errno = a.errno_in;
        return MEMO_MISS;
    }
    a.spans = spans;
    a.call = call;
    a.frame = frame;
    what = begin(&a, site);
    memo__leave(a.t);
    errno = a.errno_out;
    return what;
}

/* What begin() does for a call that is known; the rest is left to it. Under verify a hit is
 * computed anyhow. */
static bool hits(struct attempt *a, struct memo_site *site)
{
    const struct memo__config *config = &memo__runtime.config;

    if (a->t->ask || config->is_off || config->is_verify)
        return false;
    a->s = memo__site_get(site);
    if (!a->s || !a->s->is_usable || (site->m_flags & (MEMO_SITE_VALID | MEMO_SITE_ERRNO_READ)) ||
        memo__gate_asked(a->t, a->s, &a->gate))
        return false;
    a->t->n_calls++;
    memo__look_around(a->s, a->errno_in, &a->environment);
    if (!memo__make_key(a->s, a->spans, &a->environment, &a->key))
        return false;
    begin_lookup(a, false);
    if (!memo__lookup(&a->lookup))
        return false;
    a->t->counts[a->s->id].calls++;
    memo__gate_answered(a->t, a->s, &a->gate);
    record_hit(a);
    return true;
}

int memo__hit(struct memo_site *site, struct memo_span *spans, int *err, uintptr_t frame)
{
    struct attempt a;
    bool is_hit;

    a.errno_in = a.errno_out = errno;
    a.t = memo__enter();
    if (!a.t) {
        errno = a.errno_in;
        return 0;
    }
    a.gate = (struct memo__gate_try){.window = NULL};
    a.spans = spans;
    a.call = NULL;
    a.frame = frame;
    is_hit = hits(&a, site);
    if (is_hit && err && a.lookup.result_errno.is_set)
        *err = a.lookup.result_errno.value;
    a.t->is_timed = false;
    memo__leave(a.t);
    errno = a.errno_in;
    return is_hit;
}

void memo__refused(struct memo_site *site)
{
    int errno_in = errno;
    struct memo__thread *t = memo__enter();
    struct memo__site *s = t ? memo__site_get(site) : NULL;

    if (s)
        memo__explain_uncached(s, "when is false");
    if (t)
        memo__leave(t);
    errno = errno_in;
}

int memo__accept(struct memo_call **pointer, struct memo_span *spans, bool is_valid)
{
    struct memo_call *call = *pointer;
    struct attempt a;
    int what = MEMO_MISS;
    bool is_found;

    a.errno_in = a.errno_out = errno;
    a.t = memo__enter();
    if (!a.t || !call->site || call->owner != a.t) {
        *pointer = NULL;
        if (a.t)
            memo__leave(a.t);
        errno = a.errno_in;
        return MEMO_MISS;
    }
    a.gate = (struct memo__gate_try){.window = NULL};
    a.s = call->site;
    a.frame = call->frame;
    a.spans = spans;
    a.call = pointer;
    memo__look_around(a.s, a.errno_in, &a.environment);
    memcpy(&a.key, &call->key, memo__key_size(&call->key));
    begin_lookup(&a, is_valid && memo__verify_wants(a.t, a.s, &a.key, a.frame));
    a.lookup.only_ns = call->candidate_ns;
    is_found = is_valid && memo__lookup(&a.lookup);
    if (is_found && a.lookup.is_peek) {
        recompute(&a, call);
    } else if (is_found) {
        if (unlist(a.t, call))
            discard(a.t, call);
        *pointer = NULL;
        record_hit(&a);
        what = MEMO_HIT;
    } else {
        if (call->is_listed)
            memo__flight_enter(a.t, call, memo__flight_ticket(call->key.hash));
        if (!is_valid) {
            a.lookup.reason = MEMO__INVALID;
            a.lookup.reason_ns = call->candidate_ns;
        }
        set_off(&a, call);
    }
    memo__leave(a.t);
    errno = a.errno_out;
    return what;
}

/* ---- end ---- */

static struct memo__errno errno_result(const struct memo_call *call, int now, int *errno_out)
{
    struct memo__errno e = {.is_set = false, .value = now};

    *errno_out = now;
    if (call->watches_errno) {
        e.is_set = now != MEMO__ERRNO_UNSET;
        if (!e.is_set)
            *errno_out = call->errno_before;
    } else if (call->site->flags & MEMO_SITE_ERRNO_READ) {
        e.is_set = true;
    }
    return e;
}

/* spans NULL: it isn't to be stored; if it was known, it is compared all the same. */
static bool store(struct memo__thread *t, struct memo_call *call, struct memo_span *spans,
                  struct memo__errno e, uint64_t cost_ns)
{
    struct memo__site *s = call->site;
    bool is_claimed = call->is_claimed, is_stored;

    if (call->n_forks != n_forks || (!spans && !call->is_verified))
        return false;
    if (s->has_files &&
        !memo__key_files_unchanged(&call->key, s->abi, spans ? spans : call->spans)) {
        if (memo__runtime.config.verbose >= 1)
            memo__log("'%s' isn't stored: a file that it reads has changed", s->abi->m_name);
        return false;
    }
    if (call->is_verified && memo__verify_end(call, e, spans != NULL))
        return false;
    if (spans && s->has_stored && !are_pointers_set(call, spans))
        return false;
    if (!spans || __atomic_load_n(&s->has_differed, __ATOMIC_RELAXED) ||
        (s->abi->m_min_cost_ns > 0 && cost_ns < (uint64_t)s->abi->m_min_cost_ns))
        return false;
    is_stored =
        memo__lookup_store(s, spans, &call->key, e, cost_ns, call->has_plain_fp, &is_claimed);
    if (call->is_claimed && !is_claimed)
        memo__host_flight_handed_over(t, call);
    return is_stored;
}

static void report(const struct memo_call *call, uint64_t cost_ns, bool is_stored)
{
    const char *what = is_stored ? "stored" : "not stored";

    if (memo__trace_is_on)
        memo__trace_span("miss", call->site->abi->m_name, call->start_ns, call->start_ns + cost_ns,
                         "\"result\":\"%s\"", what);
    if (memo__runtime.config.verbose < 1)
        return;
    if (call->is_verified && !is_stored)
        what = call->has_differed ? "differs" : "as it was";
    memo__log("%s %s: computed in %s, %s", call->is_verified ? "verify" : "miss",
              call->site->abi->m_name, memo__duration_text(cost_ns).s, what);
}

static void explain_fate(struct memo_call *call, bool may_store, bool is_stored, uint64_t cost_ns)
{
    int64_t min_cost_ns = call->site->abi->m_min_cost_ns;
    enum memo__fate fate = MEMO__FATE_UNSTORED;

    if (call->is_verified && !is_stored) /* what is stored stays, or verify.c has told */
        return;
    if (is_stored)
        fate = MEMO__FATE_STORED;
    else if (!may_store)
        fate = MEMO__FATE_REFUSED;
    else if (min_cost_ns > 0 && cost_ns < (uint64_t)min_cost_ns)
        fate = MEMO__FATE_CHEAP;
    memo__explain_fate(call->site, &call->key, fate);
}

static void finish(struct memo_call *call, struct memo_span *spans)
{
    int errno_now = errno, errno_out;
    uint64_t end_ns = memo__monotonic_ns(), cost_ns;
    struct memo__thread *t = memo__enter();
    struct memo__counts *counts;
    struct memo__errno e;
    bool is_stored, is_leaf, is_fatal;

    if (!t || !unlist(t, call)) {
        errno = errno_now;
        if (t)
            memo__leave(t);
        return;
    }
    e = errno_result(call, errno_now, &errno_out);
    cost_ns = end_ns - call->start_ns;
    is_leaf = memo__gate_ends(t, &call->gate, cost_ns);
    is_stored = memo__gate_stores(&call->site->gate, &call->gate, cost_ns) &&
                store(t, call, spans, e, cost_ns);
    memo__host_flight_leave(t, call, true);
    memo__host_flight_learn(call->site, cost_ns);
    memo__flight_leave(call);
    counts = &t->counts[call->site->id];
    counts->compute_ns += cost_ns;
    counts->stored += is_stored;
    t->last.tier = MEMO__LAST_COMPUTED;
    t->last.created_ns = 0;
    t->last.cost_ns = cost_ns;
    t->abi.m_last = NULL;
    report(call, cost_ns, is_stored);
    memo__gate_computed(t, call->site, &call->gate, is_leaf, cost_ns, end_ns);
    if (!call->gate.is_sample)
        explain_fate(call, spans != NULL, is_stored, cost_ns);
    is_fatal = memo__verify_is_fatal(call);
    memo__call_free(t, call);
    memo__leave(t);
    if (is_fatal)
        abort();
    errno = errno_out;
}

void memo__end(struct memo_call *call, struct memo_span *spans)
{
    finish(call, spans);
}

void memo__drop(struct memo_call *call)
{
    finish(call, NULL);
}

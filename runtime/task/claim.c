/* claim.c - pieces of a batch and what they cost; see claim.h. */
#include "task/claim.h"

#include <errno.h>

#include "base/clock.h"
#include "task/observe.h"

#define PIECE_NS 30000u    /* what a thread takes at once */
#define MIN_PIECE_NS 1500u /* below, the clock and the cursor would show */
#define CLOCK_NS 30u       /* what reading the clock adds */
#define SHORT_NS 1000u
#define UNITS 16u /* of m_cost in a nanosecond */

const struct memo__observer *memo__observer;

/* ---- costs ---- */

static unsigned cost_of(const struct memo__batch *b, const struct memo_task_site *site)
{
    return __atomic_load_n(&site->m_cost[b->cost_index], __ATOMIC_RELAXED);
}

/* A mean that follows slowly upwards, since a thread may have waited for a processor,
 * and faster downwards. What took so short a time that the clock shows counts little. */
static void learn(const struct memo__batch *b, struct memo_task_site *site, uint64_t ns, uint32_t n)
{
    uint64_t seen = (ns > CLOCK_NS ? ns - CLOCK_NS : 0) * UNITS / n, old = cost_of(b, site);

    if (seen > UINT32_MAX)
        seen = UINT32_MAX;
    if (old != 0 && seen > old)
        seen = old + (seen - old + 3) / (ns < SHORT_NS ? 32 : 4);
    else if (old != 0)
        seen = old - (old - seen) / 2;
    if (seen == 0)
        seen = 1;
    /* Others read it: small changes aren't worth taking the line from them. */
    if (old == 0 || seen > old + old / 8 || seen + old / 8 < old)
        __atomic_store_n(&site->m_cost[b->cost_index], (unsigned)seen, __ATOMIC_RELAXED);
}

/* ---- a piece ---- */

static void run_records(const struct memo__batch *b, struct memo__run *r, uint32_t first,
                        uint32_t n)
{
    if (!r->site->m_run)
        return;
    memo__task_busy = b->is_private;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    r->site->m_run(r->first + (size_t)first * r->site->m_size, n);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo__task_busy = 1;
}

static void observe(const struct memo__batch *b, const struct memo__run *r, uint32_t n,
                    uint64_t begin, uint64_t end)
{
    if (__builtin_expect(b->sync->m_watched, 0) && memo__observer->claim && r->site->m_run)
        memo__observer->claim(b->sync, r->site, n, begin, end);
}

/* Runs of several sites: what is known of them says how the time is to be divided. */
static uint64_t run_mixed(struct memo__batch *b, uint32_t k, uint32_t from, uint32_t to,
                          uint64_t begin)
{
    uint64_t expected = 0, now = begin, end;
    uint32_t i = from, first = k;
    bool is_each_timed = b->sync->m_watched;

    for (i = from, k = first; i < to && !is_each_timed; i = b->runs[k].start + b->runs[k].n, k++) {
        struct memo__run *r = &b->runs[k];
        uint32_t n = (r->start + r->n < to ? r->start + r->n : to) - i;

        expected += r->site->m_run ? (uint64_t)cost_of(b, r->site) * n : 0;
        is_each_timed |= r->site->m_run && cost_of(b, r->site) == 0;
    }
    for (i = from, k = first; i < to; i = b->runs[k].start + b->runs[k].n, k++) {
        struct memo__run *r = &b->runs[k];
        uint32_t n = (r->start + r->n < to ? r->start + r->n : to) - i;

        run_records(b, r, i - r->start, n);
        if (is_each_timed && r->site->m_run) {
            end = memo__monotonic_ns();
            learn(b, r->site, end - now, n);
            observe(b, r, n, now, end);
            now = end;
        }
    }
    end = memo__monotonic_ns();
    if (!is_each_timed && expected > 0) {
        double scale = (double)((end - begin) * UNITS) / (double)expected;

        for (i = from, k = first; i < to; i = b->runs[k].start + b->runs[k].n, k++) {
            struct memo_task_site *site = b->runs[k].site;

            if (site->m_run && (k == first || site != b->runs[k - 1].site) && k < first + 8)
                learn(b, site, (uint64_t)(scale * cost_of(b, site) / UNITS * 16), 16);
        }
    }
    return end;
}

uint64_t memo__claim_run(struct memo__batch *b, uint32_t from, uint32_t to, uint64_t now)
{
    uint32_t k = memo__batch_find(b, from);
    struct memo__run *r = &b->runs[k];
    uint64_t begin = now ? now : memo__monotonic_ns(), end;

    if (to - r->start <= r->n) {
        run_records(b, r, from - r->start, to - from);
        end = memo__monotonic_ns();
        if (r->site->m_run)
            learn(b, r->site, end - begin, to - from);
        observe(b, r, to - from, begin, end);
    } else {
        end = run_mixed(b, k, from, to, begin);
    }
    __atomic_fetch_add(&b->spent_ns, end - begin, __ATOMIC_RELAXED);
    return end;
}

/* ---- sharing ---- */

void memo__claim_prepare(struct memo__batch *b, uint32_t n_workers)
{
    b->n_total = b->n;
    b->n_workers = n_workers;
    b->n_entered = b->n_left = 0;
    b->raised = 0;
    b->is_awaited = false;
    memo__fpu_read(&b->fpu);
    b->locale = uselocale((locale_t)0);
    __atomic_store_n(&b->cursor, 0, __ATOMIC_RELEASE);
}

/* How many records from `at` on are worth a piece. */
static uint32_t piece(const struct memo__batch *b, uint32_t at)
{
    const struct memo__run *r = &b->runs[memo__batch_find(b, at)];
    uint32_t left = b->n_total - at, n, share, least;
    uint64_t cost = cost_of(b, r->site);

    if (!r->site->m_run || (cost == 0 && b->n_runs == 1))
        return 1;
    if (r->n < left && b->n_runs > 1) /* of several sites: their mean */
        cost = b->is_unknown ? cost : b->work / b->n + 1;
    if (cost == 0)
        return 1;
    n = (uint32_t)(PIECE_NS * UNITS / cost);
    least = (uint32_t)(MIN_PIECE_NS * UNITS / cost);
    share = left / (4 * b->n_workers);
    if (n > share)
        n = share > least ? share : least;
    return n > 0 ? n : 1;
}

static bool claim(struct memo__batch *b, uint64_t *now)
{
    uint32_t at = __atomic_load_n(&b->cursor, __ATOMIC_ACQUIRE), n;

    if (at >= b->n_total)
        return false;
    n = piece(b, at);
    at = __atomic_fetch_add(&b->cursor, n, __ATOMIC_ACQ_REL);
    if (at >= b->n_total)
        return false;
    if (n > b->n_total - at)
        n = b->n_total - at;
    *now = memo__claim_run(b, at, at + n, *now);
    return true;
}

bool memo__claim_next(struct memo__batch *b, uint64_t *now)
{
    return claim(b, now);
}

void memo__claim_help(struct memo__batch *b)
{
    unsigned depth = memo_abi_task_self.m_depth;
    locale_t locale = uselocale((locale_t)0);
    int saved = errno, busy = memo__task_busy;
    struct memo__fpu mine;
    unsigned raised;
    uint64_t now = 0;

    if (__atomic_load_n(&b->cursor, __ATOMIC_ACQUIRE) >= b->n_total)
        return;
    memo__task_busy = 1;
    memo__fpu_read(&mine);
    memo__fpu_adopt(&b->fpu);
    if (locale != b->locale)
        uselocale(b->locale);
    memo_abi_task_self.m_depth = b->depth;
    while (claim(b, &now))
        ;
    memo_abi_task_self.m_depth = depth;
    if (locale != b->locale)
        uselocale(locale);
    raised = memo__fpu_restore(&mine);
    if (raised)
        __atomic_fetch_or(&b->raised, raised, __ATOMIC_RELAXED);
    memo__task_busy = busy;
    errno = saved;
}

void memo__claim_finish(struct memo__batch *b)
{
    unsigned raised = __atomic_load_n(&b->raised, __ATOMIC_RELAXED);

    if (raised)
        memo__fpu_raise(raised);
}

/* event.c - records are put, run and committed; see event.h. */
#include "task/event.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "task/batch.h"
#include "task/claim.h"
#include "task/direct.h"
#include "task/observe.h"
#include "task/redo.h"
#include "task/team.h"

#define BYTES_PER_THREAD ((size_t)64 << 10) /* of records; then they are carried out: */
#define MIN_BYTES ((size_t)128 << 10)       /* they shall stay in the caches */
#define MAX_BYTES ((size_t)4 << 20)
#define UNKNOWN_PER_THREAD 64u         /* records of unknown cost, likewise */
#define LONG_NS ((uint64_t)1000000000) /* work for each thread, likewise: output comes in time */
#define MAX_DEPTH 100u                 /* of activations that may have records: each takes a page */
#define CHEAP_NS 10u                   /* records that cost less aren't collected */
#define CHEAP_RECORDS 256u
#define SPECULATED 4u /* records for each thread at first, then twice as many, and so on */

static struct memo__task_settings settings;

void memo__task_start(const struct memo__task_settings *given)
{
    settings = *given;
    memo__redo_start(&settings.redo);
}

static bool enter(void)
{
    if (memo__task_busy)
        return false;
    memo__task_busy = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return true;
}

static void leave(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo__task_busy = 0;
}

/* ---- start and end ---- */

void memo__sync_begin_in_place(struct memo_sync *s)
{
    s->m_direct = MEMO__UNLIMITED;
    s->m_verify = 0;
    s->m_watched = 0;
}

static unsigned max_threads(const struct memo_sync *s)
{
    unsigned n = settings.order.kind == MEMO__ORDER_ANY ? memo__team_max() : 1;

    return s->m_threads > 0 && s->m_threads < n ? s->m_threads : n;
}

void memo__sync_begin(struct memo_sync *s)
{
    int saved = errno;

    memo__sync_begin_in_place(s);
    if (!enter())
        return;
    if (s->m_pending) { /* it was left by longjmp, or stopped */
        memo__batch_close(s->m_pending);
        s->m_pending = NULL;
        s->m_next = s->m_end = NULL;
        s->m_site = NULL;
    }
    if (!memo__batch_prepare() || settings.order.kind == MEMO__ORDER_SERIAL || memo__redo_is_on()) {
        s->m_direct = MEMO__UNLIMITED;
    } else if (settings.is_verify) {
        s->m_verify = 1;
        s->m_direct = 0;
    } else {
        s->m_direct =
            memo__direct_begin(s, settings.order.kind == MEMO__ORDER_ANY ? max_threads(s) : 2);
    }
    if (memo__is_watched(s->m_info)) {
        s->m_watched = 1;
        if (memo__observer->begin)
            memo__observer->begin(s);
    }
    s->m_direct_from = s->m_direct;
    leave();
    errno = saved;
}

static void report_in_place(struct memo_sync *s)
{
    if (s->m_watched && s->m_direct_from != s->m_direct && memo__observer->in_place)
        memo__observer->in_place(s, s->m_direct_from - s->m_direct);
    s->m_direct_from = s->m_direct;
}

void memo__sync_end(struct memo_sync *s)
{
    int saved = errno;

    if (enter()) {
        report_in_place(s);
        if (memo__observer->end)
            memo__observer->end(s);
        leave();
    }
    s->m_watched = 0;
    errno = saved;
}

/* ---- commits ---- */

/* What the serial program's errno would be: see m_errno. */
struct serial_errno {
    bool has_any;
    int value;  /* of the serial program, behind the record last looked at */
    int before; /* that record's */
};

static void follow_errno(struct serial_errno *e, const struct memo__run *r)
{
    const char *at = r->first + r->site->m_errno;
    uint32_t i;

    for (i = 0; i < r->n; i++, at += r->site->m_size) {
        const int *pair = (const int *)(const void *)at;

        if (!e->has_any || pair[0] != e->before)
            e->value = pair[0];
        e->has_any = true;
        e->before = pair[0];
        if (pair[1] != MEMO_TASK_ERRNO_UNSET)
            e->value = pair[1];
    }
}

/* The record at which a run's commits stopped. */
static void stop(struct memo__batch *b, const struct memo__run *r, memo_abi_size n)
{
    b->is_stopped = true;
    b->sync->m_stopped = r->first + n * r->site->m_size;
}

/* In order, on the owner's thread. User code may leave by longjmp: the batch is then
 * found by whoever opens the next. `now`: errno when the event began. */
static void commit(struct memo__batch *b, int now)
{
    struct memo_sync *s = b->sync;
    void *env = s->m_env;
    struct serial_errno e = {false, now, now};
    uint32_t k, n_runs = b->n_runs;
    memo_abi_size n;

    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo__task_busy = b->is_private;
    for (k = 0; k < n_runs; k++) {
        const struct memo__run *r = &b->runs[k];

        if (r->site->m_errno != MEMO_TASK_NONE)
            follow_errno(&e, r);
        errno = e.value;
        n = r->site->m_commit(r->first, r->n, env);
        e.value = errno;
        if (__builtin_expect(n < r->n, 0)) {
            stop(b, r, n);
            break;
        }
    }
    if (e.has_any && !b->is_stopped && now != e.before)
        errno = now;
    memo__task_busy = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* ---- events ---- */

static unsigned run(struct memo__batch *b)
{
    unsigned n_threads = 1;
    uint64_t work = b->work / 16, wanted = UINT32_MAX;

    b->spent_ns = 0;
    if (settings.order.kind != MEMO__ORDER_ANY) {
        memo__order_run(b, &settings.order);
        return 1;
    }
    if (b->n > 1 && !b->is_private && (b->is_unknown || work >= 20000) &&
        (b->is_unknown || work >= memo__team_threshold())) {
        if (!b->is_unknown)
            wanted = work / 10000;
        if (wanted > b->n)
            wanted = b->n;
        n_threads = max_threads(b->sync);
        if (n_threads > wanted)
            n_threads = (unsigned)wanted;
        if (n_threads > 1)
            return memo__team_run(b, n_threads);
    }
    memo__claim_run(b, 0, b->n, 0);
    return 1;
}

static void clear_ranges(const struct memo_sync *s)
{
    static const struct memo_ranges none;
    unsigned i;

    for (i = 0; i < s->m_n_ranges; i++)
        s->m_ranges[i] = none;
}

/* Runs and commits what is in the batch. `now`: errno when the event began. */
static void carry_out(struct memo__batch *b, int now)
{
    struct memo_sync *s = b->sync;
    struct memo__event_report report = {.n_records = b->n};

    s->m_next = s->m_end = NULL;
    s->m_site = NULL;
    report_in_place(s);
    clear_ranges(s);
    if (settings.is_verify) {
        memo__redo_again(b);
        return;
    }
    if (s->m_watched)
        report.begin_ns = memo__monotonic_ns();
    report.n_threads = run(b);
    if (s->m_watched) {
        report.run_ns = memo__monotonic_ns();
        if (memo__observer->commit)
            memo__observer->commit(s, b->runs, b->n_runs);
    }
    if (settings.order.kind == MEMO__ORDER_ANY && s->m_direct == 0)
        memo__direct_judge(s, b->n, b->spent_ns);
    commit(b, now);
    if (b->is_stopped)
        s->m_direct = 0;
    s->m_direct_from = s->m_direct;
    if (s->m_watched && memo__observer->event) {
        report.runs = b->runs;
        report.n_runs = b->n_runs;
        report.end_ns = memo__monotonic_ns();
        memo__observer->event(s, &report);
    }
}

/* What was put behind the record that ended the loop. */
static void drop(struct memo__batch *b)
{
    b->sync->m_next = b->sync->m_end = NULL;
    b->sync->m_site = NULL;
    clear_ranges(b->sync);
    memo__batch_reset(b);
}

int memo__sync_event(struct memo_sync *s)
{
    struct memo__batch *b = s->m_pending;
    bool was_free = enter(), is_stopped = false;
    int now = errno;

    if (b && b->is_dropping) {
        drop(b);
        b->is_dropping = false;
        b->is_stopped = is_stopped = true;
    } else if (b && s->m_next) {
        memo__batch_end_run(b);
        carry_out(b, now);
        now = errno;
        is_stopped = b->is_stopped;
        if (!is_stopped) {
            s->m_pending = NULL;
            memo__batch_close(b);
        }
    }
    if (was_free)
        leave();
    errno = now;
    return is_stopped;
}

/* ---- records ---- */

/* Whether enough is pending to be carried out. */
static bool is_enough(const struct memo__batch *b, const struct memo_task_site *site)
{
    unsigned n_threads;

    if (b->bytes >= b->max_bytes || (b->limit > 0 && b->n >= b->limit))
        return true;
    if (b->n < CHEAP_RECORDS && !b->is_unknown)
        return false;
    if (!b->is_unknown && b->work < (uint64_t)b->n * CHEAP_NS * 16)
        return site->m_run && !site->m_speculates;
    n_threads = max_threads(b->sync);
    return b->is_unknown ? b->n >= UNKNOWN_PER_THREAD * n_threads
                         : b->work / 16 >= LONG_NS * n_threads && b->n >= 64 * n_threads;
}

static void set_limit(struct memo__batch *b, const struct memo_task_site *site)
{
    size_t bytes = BYTES_PER_THREAD * max_threads(b->sync);

    b->max_bytes = bytes < MIN_BYTES ? MIN_BYTES : bytes > MAX_BYTES ? MAX_BYTES : bytes;
    if (b->limit == 0 && site->m_speculates)
        b->limit = SPECULATED * max_threads(b->sync);
    else if (b->limit > 0 && b->limit < UINT32_MAX / 2)
        b->limit *= 2;
}

/* Carries out what is pending, to make room. Returns the batch that the next record
 * goes to: where commits stopped, one that is dropped at the event. */
static struct memo__batch *flush(struct memo__batch *b)
{
    struct memo__batch *dropping;

    carry_out(b, errno);
    if (!b->is_stopped) {
        memo__batch_reset(b);
        return b;
    }
    memo__batch_detach(b);
    dropping = memo__batch_open(b->sync, b->is_private);
    dropping->is_dropping = true;
    dropping->stopped = b;
    return dropping;
}

/* So that the limit on records is met: the run has room for no more. */
static void cut(struct memo__batch *b, const struct memo_task_site *site)
{
    struct memo_sync *s = b->sync;
    size_t most;
    uint32_t left;

    if (b->limit > 0)
        left = b->limit > b->n ? b->limit - b->n : 1;
    else if (site->m_run)
        left = b->is_unknown || __atomic_load_n(&site->m_cost[b->cost_index], __ATOMIC_RELAXED) <
                                    CHEAP_NS * 16
                   ? CHEAP_RECORDS
                   : 0;
    else
        left = 0;
    most = (size_t)left * site->m_size;
    if (left > 0 && (size_t)(s->m_end - s->m_next) > most)
        s->m_end = s->m_next + most;
}

void memo__task_verify(struct memo_sync *s)
{
    bool was_free = enter();

    memo__redo_first(s->m_pending, s->m_site, s->m_next - s->m_site->m_size);
    if (was_free)
        leave();
}

void *memo__task_room(struct memo_sync *s, struct memo_task_site *site)
{
    struct memo__batch *b = s->m_pending;
    bool was_free = enter();
    int saved = errno;
    void *p;

    if (!b || b->is_stopped) {
        s->m_stopped = NULL;
        b = memo__batch_open(s, !was_free);
        set_limit(b, site);
    } else {
        memo__batch_end_run(b);
        if (b->is_dropping) {
            drop(b);
        } else if (is_enough(b, site)) {
            b = flush(b);
            saved = errno;
            set_limit(b, site);
        }
    }
    p = memo__batch_new_run(b, site);
    if (!p && b->n > 0 && !b->is_dropping) {
        b = flush(b);
        saved = errno;
        p = memo__batch_new_run(b, site);
    }
    if (!p) {
        memo__log("out of memory for a concurrent call");
        abort();
    }
    cut(b, site);
    if (was_free)
        leave();
    errno = saved;
    return p;
}

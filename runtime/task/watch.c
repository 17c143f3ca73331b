/* watch.c - passes on what the engine tells; see watch.h. */
#include "task/watch.h"

#include <errno.h>
#include <pthread.h>

#include "base/human.h"
#include "base/log.h"
#include "base/trace.h"
#include "task/count.h"
#include "task/observe.h"
#include "task/timeline.h"

static struct memo__watch_settings settings;

static void begin(struct memo_sync *s)
{
    if (memo__trace_is_on)
        memo__timeline_begin(s);
    memo__progress_begin(s);
}

static void end(struct memo_sync *s)
{
    memo__progress_end(s);
    if (memo__trace_is_on)
        memo__timeline_end(s);
}

static void in_place(struct memo_sync *s, size_t n)
{
    const struct memo_sync_info *info = s->m_info;

    if (settings.has_stats)
        memo__count_in_place(s, n);
    if (memo__trace_is_on)
        memo__timeline_in_place(s, n);
    memo__progress_in_place(s, n);
    if (settings.verbose >= 2)
        memo__log("in place %s:%u: %zu calls of %s", info->m_file, info->m_line, n,
                  info->m_calls && *info->m_calls ? info->m_calls : info->m_function);
}

static void commit(struct memo_sync *s, const struct memo__run *runs, unsigned n_runs)
{
    memo__progress_commit(s, runs, n_runs);
}

static void event(struct memo_sync *s, const struct memo__event_report *e)
{
    const struct memo_sync_info *info = s->m_info;

    if (settings.has_stats)
        memo__count_event(e);
    if (memo__trace_is_on)
        memo__timeline_event(s, e);
    memo__progress_event(s);
    if (settings.verbose >= 1)
        memo__log("event %s:%u: %zu records, %u thread%s: run in %s, committed in %s", info->m_file,
                  info->m_line, e->n_records, e->n_threads, e->n_threads == 1 ? "" : "s",
                  memo__duration_text(e->run_ns - e->begin_ns).s,
                  memo__duration_text(e->end_ns - e->run_ns).s);
}

static void claim(const struct memo_sync *s, struct memo_task_site *site, size_t n,
                  uint64_t begin_ns, uint64_t end_ns)
{
    memo__progress_claim(s, n, end_ns);
    if (memo__trace_is_on)
        memo__timeline_claim(s, site, n, begin_ns, end_ns);
}

static const struct memo__observer all = {.is_for_all = true,
                                          .begin = begin,
                                          .end = end,
                                          .in_place = in_place,
                                          .commit = commit,
                                          .event = event,
                                          .claim = claim};

/* Only what has the clause `progress`. */
static const struct memo__observer labelled = {.begin = begin,
                                               .end = end,
                                               .in_place = in_place,
                                               .commit = commit,
                                               .event = event,
                                               .claim = claim};

static void fork_child(void)
{
    memo__progress_fork_child();
    memo__count_fork_child();
}

void memo__watch_start(const struct memo__watch_settings *given)
{
    settings = *given;
    memo__progress_start(settings.progress);
    if (settings.has_stats && !memo__count_start())
        settings.has_stats = false;
    if (pthread_atfork(NULL, NULL, fork_child) != 0)
        return;
    if (settings.has_stats || memo__trace_is_on || settings.verbose > 0 ||
        settings.progress == MEMO__PROGRESS_ALL)
        __atomic_store_n(&memo__observer, &all, __ATOMIC_RELEASE);
}

void memo__watch_label(void)
{
    const struct memo__observer *none = NULL;

    if (settings.progress != MEMO__PROGRESS_NONE)
        __atomic_compare_exchange_n(&memo__observer, &none, &labelled, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED);
}

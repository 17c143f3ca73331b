/* observe.h - what the engine tells those who watch it: statistics, trace, progress.
 *
 * There is one observer, or none (NULL, the default); it is set at the start of the
 * engine, or before the first activation with a label begins, and never changes after that.
 * Where it doesn't watch nothing is timed for it and nothing called. Times are those of
 * memo__monotonic_ns.
 *
 * Callbacks must not call user code, raise signals or wait. Their names say on
 * which thread they come. An activation that is left by longjmp has no end. */
#ifndef MEMO_TASK_OBSERVE_H
#define MEMO_TASK_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

struct memo__run;

/* One synchronization event, or one that the bound on memory brought about. */
struct memo__event_report {
    size_t n_records;
    unsigned n_threads;                /* 1: the owner ran them all */
    uint64_t begin_ns, run_ns, end_ns; /* run_ns: all calls are done, commits begin */
    const struct memo__run *runs;      /* batch.h: the records, committed */
    unsigned n_runs;
};

struct memo__observer {
    bool is_for_all; /* false: it watches activations with a label */
    /* On the activation's thread. Its site: s->m_info; s->m_total may be set later. */
    void (*begin)(struct memo_sync *s);
    void (*end)(struct memo_sync *s);
    /* Calls were carried out where they stand, since the last report. */
    void (*in_place)(struct memo_sync *s, size_t n);
    /* Commits of these runs begin; they may print. */
    void (*commit)(struct memo_sync *s, const struct memo__run *runs, unsigned n_runs);
    void (*event)(struct memo_sync *s, const struct memo__event_report *e);
    /* On any thread, while the owner is in an event: the calls of n records of one
     * site are done. s belongs to another thread: only m_info may be read. */
    void (*claim)(const struct memo_sync *s, struct memo_task_site *site, size_t n,
                  uint64_t begin_ns, uint64_t end_ns);
};

/* Members that are NULL aren't called. */
extern const struct memo__observer *memo__observer; /* __atomic */

/* Is an activation of this to be watched? Noted in its m_watched. */
static inline bool memo__is_watched(const struct memo_sync_info *info)
{
    const struct memo__observer *o = __atomic_load_n(&memo__observer, __ATOMIC_ACQUIRE);

    return o && (o->is_for_all || info->m_label);
}

#endif

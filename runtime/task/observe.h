/* observe.h - what the engine tells those who watch it: statistics, trace, progress.
 *
 * There is one observer, or none (NULL, the default); it is set before main or at
 * the start of the engine and never changes after that. With none nothing is
 * timed for it and nothing called. Times are those of memo__monotonic_ns.
 *
 * Callbacks must not call user code, raise signals or wait. Their names say on
 * which thread they come. An activation that is left by longjmp has no end. */
#ifndef MEMO_TASK_OBSERVE_H
#define MEMO_TASK_OBSERVE_H

#include <stddef.h>
#include <stdint.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

/* One synchronization event, or one that the bound on memory brought about. */
struct memo__event_report {
    size_t n_records;
    unsigned n_threads;                /* 1: the owner ran them all */
    uint64_t begin_ns, run_ns, end_ns; /* run_ns: all calls are done, commits begin */
};

struct memo__observer {
    /* On the activation's thread. Its site: s->m_info; s->m_total may be set later. */
    void (*begin)(struct memo_sync *s);
    void (*end)(struct memo_sync *s);
    /* Calls were carried out where they stand, since the last report. */
    void (*in_place)(struct memo_sync *s, size_t n);
    void (*event)(struct memo_sync *s, const struct memo__event_report *e);
    /* On any thread, while the owner is in an event: the calls of n records of one
     * site are done. s belongs to another thread: only m_info may be read. */
    void (*claim)(const struct memo_sync *s, struct memo_task_site *site, size_t n,
                  uint64_t begin_ns, uint64_t end_ns);
};

/* Members that are NULL aren't called. */
extern const struct memo__observer *memo__observer;

#endif

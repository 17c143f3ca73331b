/* timeline.h - tasks, events, waits and commits on the timeline of MEMOCC_TRACE.
 *
 * Callbacks of observe.h, to be called while memo__trace_is_on. */
#ifndef MEMO_TASK_TIMELINE_H
#define MEMO_TASK_TIMELINE_H

#include "task/observe.h"

void memo__timeline_begin(struct memo_sync *s);
void memo__timeline_end(struct memo_sync *s);
void memo__timeline_in_place(struct memo_sync *s, size_t n);
void memo__timeline_event(struct memo_sync *s, const struct memo__event_report *e);
void memo__timeline_claim(const struct memo_sync *s, struct memo_task_site *site, size_t n,
                          uint64_t begin_ns, uint64_t end_ns);

#endif

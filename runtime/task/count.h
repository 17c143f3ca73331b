/* count.h - the part of MEMOCC_STATS that is about concurrent calls.
 *
 * Counters by function: calls that were carried out as tasks, calls that were carried
 * out where they stand, and events at which calls of it were pending. A call whose
 * result came from the cache is none of them. Calls in place that stand in code which
 * calls several functions are counted together, as "f, g". */
#ifndef MEMO_TASK_COUNT_H
#define MEMO_TASK_COUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "task/observe.h"

struct memo__buf;

/* Before the other functions; false: no memory. */
bool memo__count_start(void);

/* On any thread. */
void memo__count_in_place(const struct memo_sync *s, size_t n);
void memo__count_event(const struct memo__event_report *e);

/* At exit. The members of the JSON array "concurrent", or lines of a table on standard
 * error; nothing where nothing was counted. */
bool memo__count_has_any(void);
int memo__count_add_json(struct memo__buf *b);
void memo__count_print(void);

/* In a forked child: from zero. */
void memo__count_fork_child(void);

#endif

/* progress.h - how far synchronized code has come: `progress`, MEMOCC_PROGRESS.
 *
 * On a terminal a bar on standard error, redrawn at most ten times a second and wiped
 * out at the end; in a log file a line every few seconds; nowhere else anything, unless
 * the user asked for it. Nothing is shown in the first half second. The outermost
 * synchronized code that is to be shown is, one at a time; what is nested in it, or runs
 * on other threads at the same time, isn't.
 *
 * Callbacks of observe.h. */
#ifndef MEMO_TASK_PROGRESS_H
#define MEMO_TASK_PROGRESS_H

#include "task/observe.h"

enum memo__progress_wish {
    MEMO__PROGRESS_CLAUSE, /* where a clause says so */
    MEMO__PROGRESS_ALL,    /* MEMOCC_PROGRESS=1: everywhere, in pipes too */
    MEMO__PROGRESS_NONE    /* MEMOCC_PROGRESS=0 */
};

void memo__progress_start(enum memo__progress_wish wish);

void memo__progress_begin(struct memo_sync *s);
void memo__progress_end(struct memo_sync *s);
void memo__progress_in_place(struct memo_sync *s, size_t n);
void memo__progress_commit(struct memo_sync *s, const struct memo__run *runs, unsigned n_runs);
void memo__progress_event(struct memo_sync *s);
void memo__progress_claim(const struct memo_sync *s, size_t n, uint64_t now);

void memo__progress_fork_child(void);

#endif

/* watch.h - those who watch the engine: MEMOCC_STATS, MEMOCC_TRACE, MEMOCC_VERBOSE,
 * MEMOCC_PROGRESS and the clause `progress`. */
#ifndef MEMO_TASK_WATCH_H
#define MEMO_TASK_WATCH_H

#include <stdbool.h>

#include "task/progress.h"

struct memo__watch_settings {
    bool has_stats; /* count.h */
    int verbose;    /* 1: a line for each event; 2: for calls in place, too */
    enum memo__progress_wish progress;
};

/* Once, before the engine starts. Also watches what base/trace.h writes down. */
void memo__watch_start(const struct memo__watch_settings *settings);

/* Synchronized code with a label begins, for the first time or again. */
void memo__watch_label(void);

#endif

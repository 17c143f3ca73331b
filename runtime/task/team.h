/* team.h - threads to help with a batch.
 *
 * Where no parallel region is open, one is opened for the batch and closed behind it,
 * never around user code. Inside one, the user's or ours, explicit tasks ask idle
 * threads of that team for help. Several threads of the user's that do so at the same
 * time share one budget of threads. Without OpenMP, in a child of fork whose parent
 * had opened a region, and where no thread can be had, the caller is alone.
 *
 * Threads that a region makes have all signals blocked, and stacks as large as the main
 * thread may have, unless the user's OMP_STACKSIZE says something else. */
#ifndef MEMO_TASK_TEAM_H
#define MEMO_TASK_TEAM_H

#include "task/batch.h"

/* How many threads could work for this thread, itself included. */
unsigned memo__team_max(void);

/* Carries out all calls of the batch; `wanted` threads, this one included, are worth it. On
 * return none but this thread is at work for it. Returns how many were asked for. */
unsigned memo__team_run(struct memo__batch *b, unsigned wanted);

/* What must be at stake, in ns, before a team pays here and now. */
uint64_t memo__team_threshold(void);

#endif

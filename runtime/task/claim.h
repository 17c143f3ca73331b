/* claim.h - carry out the calls of a batch: a piece at a time, on one thread or many.
 *
 * The threads of a batch share a cursor over its records. Each takes the next few, as
 * many as the measured cost of their site says are worth some ten microseconds, and
 * towards the end fewer; the time they took is what the next piece is sized by. */
#ifndef MEMO_TASK_CLAIM_H
#define MEMO_TASK_CLAIM_H

#include "task/batch.h"

/* Where the calls of records [from, to) of a batch are carried out by this thread. What
 * they cost becomes known at their sites, and is added to b->spent_ns. Returns the time
 * at its end; `now`: the time, or 0. */
uint64_t memo__claim_run(struct memo__batch *b, uint32_t from, uint32_t to, uint64_t now);

/* Before others may help: n_workers at most, the owner included. */
void memo__claim_prepare(struct memo__batch *b, uint32_t n_workers);

/* Takes pieces until none is left, on a thread other than the owner's. */
void memo__claim_help(struct memo__batch *b);

/* One piece, on the owner's thread. false: none is left. */
bool memo__claim_next(struct memo__batch *b, uint64_t *now);

/* On the owner's thread, when all are done: flags that calls raised are raised. */
void memo__claim_finish(struct memo__batch *b);

#endif

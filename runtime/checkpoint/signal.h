/* signal.h - `on`: signals that save.
 *
 * The handler is installed by the first entry that names the signal and taken away by the last
 * one. It only sets atomic numbers, and calls the handler that the program had; of TERM and INT
 * that one runs behind the save. An ignored signal saves as well, but ends nothing. Where the
 * program installs a handler of its own meanwhile, that one stays. In a forked child nothing is
 * installed any more.
 *
 * Threads: all. Lock: one of its own, below memo__ck_lock; signals are held in it. */
#ifndef MEMO_CHECKPOINT_SIGNAL_H
#define MEMO_CHECKPOINT_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

struct memo__ck_loop;

/* `signals`: 0-terminated, or NULL. Sets l->signals; memo__ck_signals_leave, once. */
void memo__ck_signals_enter(struct memo__ck_loop *l, const int *signals);
void memo__ck_signals_leave(struct memo__ck_loop *l);

/* Those of `pending` that l is to be saved for. TERM and INT are left to a loop around it that has
 * them pending, too, if that one was last saved in an earlier iteration: there the next run would
 * go on, and find no use for the state of l. Says so. */
uint64_t memo__ck_signals_own(struct memo__ck_loop *l, uint64_t pending);

/* The state of l is saved, or can't be: TERM and INT among `pending` end the program, behind the
 * handler that it had, if any. Returns if the signal was ignored. Waits a moment for loops
 * of other threads that are to save as well. */
void memo__ck_signals_end(struct memo__ck_loop *l, uint64_t pending);

/* "SIGTERM": the first of them. */
const char *memo__ck_signal_name(uint64_t pending);

void memo__ck_signals_fork_prepare(void);
void memo__ck_signals_fork_done(bool is_child);

#endif

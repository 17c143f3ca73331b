/* background.h - the thread that looks at the clock and writes.
 *
 * It is started by the first entry that needs it, with all signals blocked, and sleeps until
 * something is due or to be written. Due: it sets the loop's `next` to 0. When nothing is to be
 * done for a moment it ends, and is started again when it is needed: a program ends with its own
 * last thread. A program whose loops are never entered has no thread, and one that can't start it looks at the clock in its
 * loops and writes in them. */
#ifndef MEMO_CHECKPOINT_BACKGROUND_H
#define MEMO_CHECKPOINT_BACKGROUND_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct memo__ck_loop;

/* Guards what loop.h says, the list of loops, and the thread's own state. Held for moments; nobody
 * takes another lock in it. */
extern pthread_mutex_t memo__ck_lock;

/* All below but fork: under the lock. */

/* A loop's schedule has changed, or it is new. false: there is no thread. */
bool memo__ck_background_watch(const struct memo__ck_loop *l);

/* The loop's file is to be written. false: there is no thread, the caller is to do it. */
bool memo__ck_background_write(struct memo__ck_loop *l);

/* The loop has ended: what is being written isn't needed, and is stopped where that can be done. */
void memo__ck_background_drop(struct memo__ck_loop *l);

/* Waits until the loop's job is done; gives up the lock meanwhile. */
void memo__ck_background_wait(struct memo__ck_loop *l);

/* At exit: waits for all jobs; at most so long. */
void memo__ck_background_finish(uint64_t most_ns);

/* A save is due: from any thread, no lock needed. */
void memo__ck_fire(struct memo__ck_loop *l);

struct memo__ck_loop *memo__ck_loops(void); /* the first of next_loop; no lock needed */
void memo__ck_loops_add(struct memo__ck_loop *l);

/* In a child after fork, with a lock of its own: there is no thread and no job. */
void memo__ck_background_fork_child(void);

#endif

/* flight.h - equal calls in flight are computed once per process.
 *
 * A call that is about to be computed is entered under its key's hash; another
 * thread that comes with the same key waits until it is gone and then looks for
 * its result. A thread never waits for a call that itself waits for this
 * thread, directly or through others, and never for longer than a minute: it
 * then computes. Calls left by longjmp or the end of their thread are dead and
 * hold nobody up.
 *
 * One mutex guards the table and the graph of who waits for whom; nothing else
 * is locked and no user code runs while it is held. */
#ifndef MEMO_CACHE_FLIGHT_H
#define MEMO_CACHE_FLIGHT_H

#include <stdbool.h>

#include "cache/call.h"
#include "cache/thread.h"

/* To be taken before the tiers are asked: tells memo__flight_enter whether a
 * call of this key may have ended in between. */
unsigned memo__flight_ticket(const uint64_t hash[2]);

/* Enters `call`, of the thread t, after its key was not found. MEMO__COMPUTE: go
 * on. MEMO__LOOK_AGAIN: another thread has computed the key meanwhile; if the
 * result still can't be found, compute. In either case call->is_marked tells
 * whether others now wait for this call. May wait. */
enum memo__flight { MEMO__COMPUTE, MEMO__LOOK_AGAIN };
enum memo__flight memo__flight_enter(struct memo__thread *t, struct memo_call *call,
                                     unsigned ticket);

/* Removes the call, which may have been left out, and wakes who waits for it. */
void memo__flight_leave(struct memo_call *call);

/* For fork: locked in between; in the child the table is empty. */
void memo__flight_fork_prepare(void);
void memo__flight_fork_parent(void);
void memo__flight_fork_child(void);

/* Tests only: the bound of a wait, in milliseconds. */
void memo__flight_set_limit(unsigned ms);

#endif

/* host_flight.h - equal calls in flight are computed once per host.
 *
 * Before a call that is dear enough is computed, its process claims the key
 * (store.h); another process that misses the same key waits until the claim has
 * ended and then finds the result on disk. The claim of a call whose result is
 * stored ends with the commit, on the writer's thread.
 *
 * Dear enough is a function one of whose latest calls took 2 ms, here or, as hits
 * on disk tell, elsewhere; one of which nothing is known is claimed, too. All
 * others pay two loads per miss. A wait ends after ten times what the function is
 * known to take, and not before a second, nor later than a minute.
 *
 * A thread that holds a claim never waits for another process, which might be
 * waiting for it: it computes. Thus chains of waits between processes end.
 *
 * Nothing here is locked. All functions are for the thread that owns the call. */
#ifndef MEMO_CACHE_HOST_FLIGHT_H
#define MEMO_CACHE_HOST_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/call.h"
#include "cache/site.h"
#include "cache/thread.h"

/* Claims the key of a call that is about to be computed, if it is worth it; may
 * wait for another process. true: the key is to be looked up again. */
bool memo__host_flight_enter(struct memo__thread *t, struct memo_call *call);

/* Ends the claim, if there is one. gave_up: the call has no result that is on
 * disk, or on its way to it. */
void memo__host_flight_leave(struct memo__thread *t, struct memo_call *call, bool gave_up);

/* The store has taken over the claim of the call. */
void memo__host_flight_handed_over(struct memo__thread *t, struct memo_call *call);

/* A call of the function took cost_ns, or had taken it when it was computed. */
void memo__host_flight_learn(struct memo__site *s, uint64_t cost_ns);

/* Tests only: the bounds of a wait, in milliseconds. */
void memo__host_flight_set_limits(unsigned least_ms, unsigned most_ms);

#endif

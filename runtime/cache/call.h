/* call.h - one memoized call from its beginning to its end.
 *
 * memo__begin looks the call up: hit, or miss with a node for what must be known
 * when it ends. Nodes of calls on the thread's own stack are kept in a list,
 * innermost first, with the address of the frame that began them. The stack
 * grows down: when a later call begins at a frame at or above that of a listed
 * node, the node's call was left by longjmp, and is buried. Calls on other
 * stacks (coroutines, signal stacks) can't be told so; they aren't listed and
 * nobody waits for them. */
#ifndef MEMO_CACHE_CALL_H
#define MEMO_CACHE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/site.h"
#include "cache/thread.h"
#include "include/memo_abi.h"
#include "key/key.h"

#define MEMO__MOST_POINTERS 6u

struct memo_call {
    struct memo_call *outer; /* the next in the owner's list, or in a list of free nodes */
    struct memo__site *site; /* NULL: a free node */
    struct memo__thread *owner;
    uintptr_t frame;
    const void *variable; /* the wrapper's pointer to this node */
    uint64_t start_ns;    /* CLOCK_MONOTONIC */
    int errno_before;
    const void *pointers[MEMO__MOST_POINTERS]; /* what MEMO_STORED parts held before */
    bool watches_errno; /* errno holds MEMO__ERRNO_UNSET until the call sets it */
    bool is_listed;
    bool has_plain_fp;           /* at its beginning */
    bool is_claimed;             /* host_flight.h */
    unsigned n_forks;            /* of the process, at its beginning */
    bool is_marked, has_waiters; /* flight.h, its lock; is_marked is read by the owner */
    struct memo_call *flight_next;
    uint64_t candidate_ns, candidate_cost_ns; /* creation and cost of a candidate */
    struct memo_span *spans;                  /* with is_verified: those of memo__begin */
    bool is_verified;                         /* it is known, and computed all the same: verify.h */
    bool is_inside_verified;                  /* a call further out is */
    bool has_differed;                        /* the verdict */
    struct memo__gate_try gate;
    struct memo__key key; /* not cleared with the rest */
};
#define MEMO__CALL_CLEARED offsetof(struct memo_call, key)

/* No system or library uses this number for an error. */
#define MEMO__ERRNO_UNSET 0x4d454d4f

/* The entry points of memo_abi.h; `frame` is that of the function that generated
 * code called. All keep errno but for what a result says of it. */
int memo__begin(struct memo_site *site, struct memo_span *spans, struct memo_call **call,
                uintptr_t frame);
int memo__accept(struct memo_call **call, struct memo_span *spans, bool is_valid);
void memo__end(struct memo_call *call, struct memo_span *spans);
void memo__drop(struct memo_call *call);

/* memo_abi_hit(): a lookup that never waits, claims and explains nothing, and counts hits only. */
int memo__hit(struct memo_site *site, struct memo_span *spans, int *err, uintptr_t frame);

/* `when` was false: the call is made, the store isn't asked. */
void memo__refused(struct memo_site *site);

/* All calls in flight of t are over: its thread ends, or the process exits. */
void memo__calls_bury_all(struct memo__thread *t);

/* In a forked child: the calls of t go on there, but none is stored, and nobody
 * waits for them. */
void memo__calls_fork_child(struct memo__thread *t);

#endif

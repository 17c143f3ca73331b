/* thread.h - what the runtime knows of each thread.
 *
 * One block per thread, made at its first memoized call, holds its counters,
 * its calls in flight and the mark that the runtime is at work. The mark is what
 * makes signal handlers safe: a handler that interrupts the runtime finds it
 * set, and its calls are computed without the runtime taking a lock or looking
 * at a structure that is half changed. Blocks come from mmap, never from malloc,
 * since a handler may have interrupted that too.
 *
 * A block belongs to its thread; other threads only read the counters (to sum
 * them at exit) and, under the lock of flight.h, `waits_for`. */
#ifndef MEMO_CACHE_THREAD_H
#define MEMO_CACHE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/gate.h"
#include "include/memo_abi.h"

#define MEMO__MAX_SITES 8192u

/* Of one site in one thread, the scalar path's hits excepted. */
struct memo__counts {
    uint64_t calls; /* that reached the runtime */
    uint64_t hits_memory, hits_disk;
    uint64_t misses; /* computed after the tiers were asked */
    uint64_t stored;
    uint64_t compute_ns, saved_ns;
};

enum memo__last_tier { MEMO__LAST_COMPUTED, MEMO__LAST_MEMORY, MEMO__LAST_DISK };

struct memo__thread {
    struct memo_thread abi; /* m_hits, m_left point into this block */
    volatile int is_busy;
    int ask;                 /* MEMO_ASK_..., 0: none pending */
    bool has_answer;         /* the last ask was consumed, and */
    int answer;              /* this is what it found */
    struct memo_call *calls; /* in flight on the thread's own stack, innermost first */
    struct memo_call *free_calls;
    unsigned n_claims;                 /* of its calls in flight; host_flight.h */
    struct memo_call *waits_for;       /* flight.h's lock; NULL: for none */
    struct memo__thread *next_waiting; /* flight.h's lock */
    uintptr_t stack_low, stack_high;   /* bounds of the thread's own stack; 0, 0: unknown */
    struct {
        enum memo__last_tier tier;
        uint64_t created_ns, cost_ns;
    } last;                            /* valid unless abi.m_last is set */
    struct memo__counts *counts;       /* by site id */
    uint64_t verify_random;            /* verify.c */
    unsigned char *verify_seen;        /* verify.c: keys, by hash; NULL until one is verified */
    struct memo__gate_window *windows; /* by site id */
    uint64_t n_calls;                  /* all that reached the runtime */
    bool is_timed;                     /* gate.h: what the disk takes is added to disk_ns */
    uint64_t disk_ns;
    struct memo__thread *next, *previous; /* all threads; the list's lock */
};

extern __thread struct memo__thread *memo__self __attribute__((tls_model("initial-exec")));

/* Marks the runtime as at work on this thread. NULL: it already was (we are in a
 * signal handler that interrupted it), or there is no memory: the caller must
 * not use the runtime. The first call of the process starts the runtime. */
struct memo__thread *memo__enter_first(void);

static inline struct memo__thread *memo__enter(void)
{
    struct memo__thread *t = memo__self;

    if (!t)
        return memo__enter_first();
    if (t->is_busy)
        return NULL;
    t->is_busy = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo_abi_self = NULL;
    return t;
}

static inline void memo__leave(struct memo__thread *t)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo_abi_self = t->ask ? NULL : &t->abi;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    t->is_busy = 0;
}

/* Whether `frame` lies in the thread's own stack, not in a signal stack or that
 * of a coroutine. */
static inline bool memo__on_own_stack(const struct memo__thread *t, uintptr_t frame)
{
    return frame >= t->stack_low && frame < t->stack_high;
}

/* A zeroed node for a call in flight; NULL without memory. Nodes never go back
 * to the system, so that a stale pointer to one is never a wild one. */
struct memo_call *memo__call_alloc(struct memo__thread *t);
void memo__call_free(struct memo__thread *t, struct memo_call *call);

/* Memory for the life of the process, zeroed, 16-aligned; NULL without memory. */
void *memo__permanent(size_t size);

/* Sums the counters of all threads, those that have ended included. Calls that
 * the gate let pass are in out->calls. */
void memo__counts_sum(unsigned id, struct memo__counts *out, uint64_t *fast_hits);

/* Once, before any other function here: `ended` is called on a thread that ends
 * while calls of it are in flight. 0 or a MEMO_E code. */
int memo__threads_start(void (*ended)(struct memo__thread *));

/* For fork: the list is locked in between; in the child the forking thread is
 * the only one, and all counters are zero. */
void memo__threads_fork_prepare(void);
void memo__threads_fork_parent(void);
void memo__threads_fork_child(void);

#endif

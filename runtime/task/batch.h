/* batch.h - the records that are pending in one activation, and their memory.
 *
 * A batch is a list of runs (records of one site, an array) in blocks. It belongs
 * to the thread of its activation, whose stack of open batches it is on, innermost
 * first; blocks and batches are kept for the next one. Memory comes from mmap,
 * since a signal handler may run synchronized code while it interrupts malloc.
 *
 * An activation that is left by longjmp leaves its batch behind. Whoever opens the
 * next one on that thread finds it: on one stack, an activation at a lower address
 * than a live one is dead. */
#ifndef MEMO_TASK_BATCH_H
#define MEMO_TASK_BATCH_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"
#include "task/fpu.h"

struct memo__run {
    struct memo_task_site *site;
    char *first;
    uint32_t start; /* index of its first record in the batch */
    uint32_t n;
};

struct memo__block {
    struct memo__block *next;
    size_t size; /* bytes of data */
    _Alignas(16) char data[];
};

#define MEMO__FIRST_RUNS 8u
#define MEMO__BATCH_SIZE ((size_t)4096)

struct memo__root;
struct memo__redo;

struct memo__batch {
    struct memo_sync *sync;
    struct memo__batch *below; /* of the thread's open ones; or of its spare ones */
    struct memo__run *runs;    /* the last one is open while sync->m_next isn't NULL */
    uint32_t n_runs, max_runs;
    uint32_t n;                 /* records in closed runs */
    uint32_t limit;             /* records after which it is carried out, speculation */
    size_t max_bytes;           /* likewise */
    struct memo__block *blocks; /* newest first */
    struct memo__block *logs;   /* of ranges.h */
    size_t bytes;               /* of blocks and runs */
    uint64_t work;              /* estimate for closed runs, ns * 16 */
    bool is_unknown;            /* of a site whose cost isn't known there are records */
    bool is_stopped;            /* it has the record sync->m_stopped, or `stopped` has */
    bool is_dropping;           /* what is put is dropped, until the next event */
    bool is_private;            /* made by a signal handler that interrupted the engine */
    unsigned depth;             /* of nesting, of what its calls begin */
    unsigned cost_index;        /* of m_cost: min(depth - 1, MEMO_SYNC_DEPTHS - 1) */

    /* While it is being run: see claim.h. */
    _Alignas(64) uint32_t cursor; /* __atomic; the first record not yet claimed */
    uint32_t n_total, n_workers;
    int cpu; /* of the owner, or -1 */
    struct memo__root *root;
    struct memo__fpu fpu; /* of the owner */
    locale_t locale;
    _Alignas(64) unsigned raised; /* __atomic; exception flags */
    bool is_awaited;              /* __atomic; the owner sleeps on n_left */
    uint32_t n_entered, n_left;   /* __atomic */
    uint64_t spent_ns;            /* __atomic; by all threads */

    struct memo__run first_runs[MEMO__FIRST_RUNS];
    struct memo__redo *redo;     /* redo.h; NULL: nothing to be made again */
    struct memo__batch *stopped; /* the one that has the record m_stopped */
};

/* Opens one for the activation, which has none. is_private: touches nothing of the
 * thread's. Never NULL: the process ends when there is no memory for a record. */
struct memo__batch *memo__batch_open(struct memo_sync *s, bool is_private);

/* Gives it back. */
void memo__batch_close(struct memo__batch *b);

/* Takes it from the open ones: it waits to be another's `stopped`. */
void memo__batch_detach(struct memo__batch *b);

/* Empties it, but keeps the memory of its first block. */
void memo__batch_reset(struct memo__batch *b);

/* Room for one record in a new run, which becomes the open one: s->m_next, m_end. */
void *memo__batch_new_run(struct memo__batch *b, struct memo_task_site *site);

/* The open run, if there is one, becomes a closed one. */
void memo__batch_end_run(struct memo__batch *b);

/* The run that has record i. */
static inline uint32_t memo__batch_find(const struct memo__batch *b, uint32_t i)
{
    uint32_t low = 0, high = b->n_runs;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (b->runs[middle].start <= i)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* A block that lives until the innermost open batch is empty again; NULL: none can be had. */
struct memo__block *memo__batch_log(void);

/* Makes sure that a batch can be opened. false: no memory. */
bool memo__batch_prepare(void);

/* Not 0 while the engine, not user code, runs on this thread: a signal handler that
 * comes now must leave the lists of the thread alone. */
extern __thread volatile int memo__task_busy __attribute__((tls_model("initial-exec")));

#endif

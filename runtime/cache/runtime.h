/* runtime.h - the runtime as a whole: its start, its tiers, fork and exit.
 *
 * There is one runtime per process. It starts at the first memoized call and
 * reads the environment then; the disk store is opened when it is first asked.
 * Nothing is ever closed before the process ends. */
#ifndef MEMO_CACHE_RUNTIME_H
#define MEMO_CACHE_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/config.h"
#include "cache/site.h"
#include "store/store.h"
#include "store/store_memory.h"

/* Constant after memo__runtime_start, `disk` and `has_asked_disk` excepted. */
struct memo__runtime {
    struct memo__config config;
    uint64_t start_ns;           /* CLOCK_REALTIME; with refresh, older results don't count */
    struct memo__memory *memory; /* NULL: there is none */
    struct memo__disk *disk;     /* __atomic; NULL: not opened, or off */
    bool has_asked_disk;         /* __atomic; it is decided */
};
extern struct memo__runtime memo__runtime;

/* Starts it if this is the first call; any thread. 0 or a MEMO_E code. Not to be
 * called from a signal handler that interrupted it: memo__enter sees to that. */
int memo__runtime_start(void);

/* Whether calls of this process go to another copy of the library (abi.c). */
bool memo__runtime_is_shadowed(void);

/* The disk store, opened if this is the first call; NULL: there is none. */
struct memo__disk *memo__runtime_disk(void);

/* The one that is open already, or NULL. */
struct memo__disk *memo__runtime_open_disk(void);

#endif

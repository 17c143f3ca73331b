/* explain.h - MEMOCC=explain: why a call wasn't found.
 *
 * One line on standard error for each miss, and for each call that can't be
 * cached. Nothing here changes what is computed or stored. All functions return
 * at once unless the mode is on; they are called on a thread that is inside the
 * runtime, and take the lock of this module. */
#ifndef MEMO_CACHE_EXPLAIN_H
#define MEMO_CACHE_EXPLAIN_H

#include "cache/lookup.h"
#include "cache/past.h"
#include "cache/runtime.h"
#include "key/key.h"

static inline bool memo__explains(void)
{
    return memo__runtime.config.is_explain;
}

/* The call of l, which was not found for l->reason, is about to be computed. */
void memo__explain_miss(const struct memo__lookup *l);

/* The call can't be looked up, or shall not be: `why` says so. */
void memo__explain_uncached(const struct memo__site *s, const char *why);

/* A call was computed, and this is what became of its result; or its entry was
 * removed (MEMO__FATE_FORGOTTEN). */
void memo__explain_fate(struct memo__site *s, const struct memo__key *key, enum memo__fate fate);

/* memo_clear was called for the name (NULL: for all). */
void memo__explain_cleared(const char *name);

/* Before main: generated code is to tell of calls that `when` turned away. */
void memo__explain_early(void);

/* For fork: the lock is held in between. */
void memo__explain_fork_prepare(void);
void memo__explain_fork_done(bool is_child);

#endif

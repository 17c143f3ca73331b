/* verify.h - MEMOCC=verify: hits are computed again and compared.
 *
 * A hit that is chosen becomes a call to be computed, from the inputs as they
 * are: nothing is restored first. When it ends, its entry is looked up once more
 * and compared with what was computed, which is what the program gets. If they
 * differ, that is reported at once, the entry is removed, and this process
 * stores nothing more of that function and computes all its hits.
 *
 * Within a call that is verified, each key is verified once: a recursive
 * function would otherwise be computed exponentially often.
 *
 * A call that is left by longjmp or exit while it is verified, and one whose
 * entry has gone meanwhile, says nothing. */
#ifndef MEMO_CACHE_VERIFY_H
#define MEMO_CACHE_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/call.h"
#include "cache/result.h"
#include "cache/site.h"
#include "cache/thread.h"

/* Whether a call, should it be a hit, is to be computed again. `frame` as in
 * call.h; calls that have ended are no longer in t's list. */
bool memo__verify_wants(struct memo__thread *t, const struct memo__site *s,
                        const struct memo__key *key, uintptr_t frame);

/* `call` will be computed although it is known; candidate_ns tells its entry. */
void memo__verify_begin(struct memo__thread *t, struct memo_call *call, struct memo_span *spans);

/* After the call. has_late: counts of MEMO_LATE parts are set. true: the call
 * isn't to be stored. */
bool memo__verify_end(struct memo_call *call, struct memo__errno e, bool has_late);

/* Whether the program shall end by abort(): MEMOCC=verify,abort, and the call
 * was found to differ. */
bool memo__verify_is_fatal(const struct memo_call *call);

/* At exit: the line that sums it up. */
void memo__verify_report(void);
uint64_t memo__verify_differences(void);

/* In a forked child, which counts for itself. */
void memo__verify_fork_child(void);

#endif

/* start.h - entries that are told by what they start from.
 *
 * Threads and forked children come to a loop in any order, so counting entries would give one
 * the state of another. Instead a digest of all that such an entry starts from (inputs, what is
 * saved, random numbers, which files) tells which it is. It stands in place of the count, with
 * the highest bit set, which no count has; in forked children, in the loop's name, since each
 * needs a lock of its own. Entries that start from the same do the same, and may have each other's
 * states: the first free number is theirs. */
#ifndef MEMO_CHECKPOINT_START_H
#define MEMO_CHECKPOINT_START_H

#include <sys/types.h>

#include "checkpoint/loop.h"

/* Of an entry with inputs and image; l->taken is the hidden state. Sets l->start and l->ordinal.
 * `is_child`: of a forked process, in which the C library's random numbers count, too. */
void memo__ck_start_tell(struct memo__ck_loop *l, const struct memo_ck_span *spans,
                         void *const *files, bool is_child);

/* Bounds are filled to be looked at: what comes then is, as in other entries, without them. */
void memo__ck_start_drop_bounds(const struct memo_ck_site *site, struct memo_ck_span *spans);

/* In a forked child: the name with the digest, memo__free; `sibling`: of how many other processes
 * that start from the same. NULL: no memory. */
char *memo__ck_start_name(const struct memo__ck_loop *l, unsigned sibling);

/* Was that process forked by the one that forked this one, or is it that? */
bool memo__ck_is_sibling(pid_t pid);

#endif

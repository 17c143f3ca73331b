/* check_effects.h - what a memoized function does beyond its shapes. */
#ifndef MEMOCC_CHECK_EFFECTS_H
#define MEMOCC_CHECK_EFFECTS_H

#include "plan.h"

/* Every access covered, no visible effect. Reports; true if sound. */
bool check_effects(struct memo_function *mf);

/* Does a shape of that clause cover the access? */
bool check_covers(const struct memo_function *mf, enum clause_id id, const struct access *a);

/* Where a shape says one object, is nothing below n done with the one behind it? Reports. */
bool check_single_objects(struct memo_function *mf, const struct node *n);

/* Is what stands at `where`, reached over `via`, done only where the program then ends
 * (check_fatal.c)? Such a call stores nothing. */
bool check_is_fatal(struct memo_function *mf, const struct call_step *via,
                    const struct node *where);

/* "f calls g here" for each step, as notes. */
void check_report_chain(const struct memo_function *mf, const struct call_step *via);

#endif

/* check_memo.h - is an annotation sound? Everything language.md refuses, with
 * its place; and the shapes that go without saying (arrays of known size,
 * strings, GNU access attributes), added to the annotation. */
#ifndef MEMOCC_CHECK_MEMO_H
#define MEMOCC_CHECK_MEMO_H

#include "plan.h"

/* Reports to mf->scope.diag. Returns true if a plan can be made; sets
 * mf->annotation, mf->effects and the ignored members. */
bool check_memo(struct memo_function *mf);

/* The shapes of GNU access attributes, added to the annotation. */
void check_add_access_shapes(struct memo_function *mf);

#endif

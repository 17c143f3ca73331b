/* plan_kind.h - what an element's bytes mean, for listings and for comparing
 * results: the text of memo_part.m_kind, whose grammar is in memo_abi.h. */
#ifndef MEMOCC_PLAN_KIND_H
#define MEMOCC_PLAN_KIND_H

#include "base/arena.h"
#include "facts.h"

/* Of one scalar or structure; of an array, that of its elements. "b" for what
 * has no values of its own. The text is the arena's. */
const char *plan_kind(struct arena *a, const struct type *t);

/* The same of a parameter in the packed key: it says how long it is. */
const char *plan_kind_packed(struct arena *a, const struct type *t);

#endif

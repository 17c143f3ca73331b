/* asks.h - memo_cached(f(x)), memo_forget, memo_refresh, memo_uncached.
 *
 * memo.h's macros tell the runtime what is asked and then make the call, whose
 * wrapper takes the question up. A memoized call in the call's own arguments
 * would take it up first: such arguments are computed before the question. */
#ifndef MEMOCC_ASKS_H
#define MEMOCC_ASKS_H

#include "annotations.h"

void asks_rewrite(struct frontend *fe, const struct annotations *an, struct diag_engine *diag,
                  struct edit_list *edits);

#endif

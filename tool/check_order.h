/* check_order.h - is something of an `out` read before it is written? */
#ifndef MEMOCC_CHECK_ORDER_H
#define MEMOCC_CHECK_ORDER_H

#include "plan.h"

/* What an `out` held before the call isn't in the key, so a call that reads it
 * mustn't be cached: an error where nothing can have been written before the
 * read, a warning where it depends on the way there. Returns false after an
 * error. */
bool check_order(struct memo_function *mf);

#endif

/* check_errno.h - does a function read an errno that it hasn't set? A task's is none of the
 * caller's. */
#ifndef MEMOCC_CHECK_ERRNO_H
#define MEMOCC_CHECK_ERRNO_H

#include "frontend.h"

/* Where fn, or one that it calls, may read errno before it has assigned to it on the way from
 * fn's beginning; NULL: nowhere. *is_seen: some read of errno was met at all. */
const struct node *check_errno_early(struct frontend *fe, struct function *fn, bool *is_seen);

#endif

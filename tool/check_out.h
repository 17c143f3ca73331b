/* check_out.h - does every call write all of an `out` section? */
#ifndef MEMOCC_CHECK_OUT_H
#define MEMOCC_CHECK_OUT_H

#include "plan.h"

/* A warning for each `out` of which that can't be seen. */
void check_out(struct memo_function *mf);

#endif

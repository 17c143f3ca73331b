/* lineage.h - code and inputs of a loop and of those around it.
 *
 * A state of a loop inside another is good only where these are the same, since the state that the
 * loop inside starts from follows from them. */
#ifndef MEMO_CHECKPOINT_LINEAGE_H
#define MEMO_CHECKPOINT_LINEAGE_H

#include "checkpoint/loop.h"

/* Sets l->lineage, l->outer_lineage and l->outer. `outer` may be NULL. The inputs are there. */
void memo__ck_make_lineage(struct memo__ck_loop *l, const struct memo__ck_loop *outer);

#endif

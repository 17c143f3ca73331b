/* sync_total.h - how many records synchronized code will make, for `progress`. */
#ifndef MEMOCC_SYNC_TOTAL_H
#define MEMOCC_SYNC_TOTAL_H

#include "sync.h"

/* C text of the number, for the start of the region; NULL where counting loops don't tell it.
 * It has no side effects, and names parameters, globals and what is declared before the region. */
const char *sync_total(struct sync_plan *p);

#endif

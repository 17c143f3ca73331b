/* ranges.h - addresses noted since the last event, and whether others overlap them.
 *
 * Behind the inline hull of memo_task_abi.h. What is noted is kept as rows of equal
 * ranges a constant distance apart, so that what a loop nest touches takes a few of
 * them. Beyond a bounded number of rows the answer within the hull is: yes. */
#ifndef MEMO_TASK_RANGES_H
#define MEMO_TASK_RANGES_H

#include <stdbool.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

void memo__range_note(struct memo_ranges *r, const char *p, memo_abi_size size);
bool memo__range_hit(const struct memo_ranges *r, const char *p, memo_abi_size size);

#endif

/* ranges.h - addresses noted since the last event, and whether others overlap them.
 *
 * Behind the inline part of memo_task_abi.h, which keeps the hull and lets the range
 * noted last grow. The ones before are kept as rows: ranges of equal size a constant
 * distance apart, so that what a loop nest touches takes a few of them. Answers are exact
 * while rows come in increasing or in decreasing order of addresses, or are few; then,
 * and when there is no room for more, everything in the hull is a hit. */
#ifndef MEMO_TASK_RANGES_H
#define MEMO_TASK_RANGES_H

#include <stdbool.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

void memo__range_note(struct memo_ranges *r, const char *p, memo_abi_size size);
bool memo__range_hit(const struct memo_ranges *r, const char *p, memo_abi_size size);

#endif

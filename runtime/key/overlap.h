/* overlap.h - do sections of one call lie on top of each other? */
#ifndef MEMO_KEY_OVERLAP_H
#define MEMO_KEY_OVERLAP_H

#include <stdbool.h>

#include "include/memo_abi.h"

/* Bytes from a section's first to its last, gaps between rows included; false
 * if a count is bad. */
bool memo__section_extent(const struct memo_site *site, const struct memo_span *spans, unsigned i,
                          memo_abi_size *bytes);

/* Whether a section that is written overlaps any other. Where late counts
 * aren't known yet, a MEMO_LATE section counts as one byte. */
bool memo__sections_overlap(const struct memo_site *site, const struct memo_span *spans,
                            bool late_known);

#endif

/* rows.h - sections that don't lie in one piece: rows with a stride. */
#ifndef MEMO_CACHE_ROWS_H
#define MEMO_CACHE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "include/memo_abi.h"

/* Bytes of the elements of part i, gaps left out (for a string: with its NUL);
 * false: bad or overflowing counts. A NULL section has 0. `m_data` of an
 * MEMO_ALLOC part isn't followed: it counts as what the spans say. */
bool memo__part_bytes(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                      unsigned n_parts, size_t *bytes);

/* From the first byte to one past the last, gaps included. */
bool memo__part_extent(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                       unsigned n_parts, size_t *bytes);

/* Copies the elements of a MEMO_ROWS part to or from memory without gaps. */
void memo__rows_gather(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                       unsigned n_parts, void *packed);
void memo__rows_scatter(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                        unsigned n_parts, const void *packed);

#endif

/* check_shapes.h - shapes that say too much, and code that goes beyond them. */
#ifndef MEMOCC_CHECK_SHAPES_H
#define MEMOCC_CHECK_SHAPES_H

#include "plan.h"

/* Warnings only, and only where it is certain: an `in` that nobody reads, an
 * `out` or `inout` that nobody writes, an element beyond a section's bounds. */
void check_shapes(struct memo_function *mf);

/* Is anything of what the shape stands for written at all, as far as can be seen? */
bool check_is_written(const struct memo_function *mf, const struct shape *shape);

#endif

/* depend_private.h - shared by the files that say whether touches may meet.
 *
 *   depend.c        the answer
 *   depend_base.c   objects and pointers: what may lead where
 *   depend_index.c  subscripts of one array
 *   depend_types.c  types */
#ifndef MEMOCC_DEPEND_PRIVATE_H
#define MEMOCC_DEPEND_PRIVATE_H

#include "touch_private.h"

/* ---- depend_base.c ---- */

/* Is what the two bases stand for never one object? Not for touches of one base. */
bool depend_bases_differ(const struct depend_context *dc, const struct touch *a,
                         const struct touch *b);
/* Has pointer variable v the same value at both touches? */
bool depend_same_value(const struct depend_context *dc, const struct variable *v);
/* A global that nothing in the region writes. */
bool depend_is_steady(const struct depend_context *dc, const struct variable *v);
/* The variable that the touch's lvalue, or argument, begins with; NULL: none. */
const struct variable *depend_named(const struct touch *t);
/* One object under both names. */
bool depend_same_variable(const struct variable *a, const struct variable *b);

/* ---- depend_index.c ---- */

enum depend_parts { PARTS_DIFFER, PARTS_EQUAL, PARTS_UNKNOWN };
/* Parts of one object, or of what one pointer leads to. */
enum depend_parts depend_parts(const struct depend_context *dc, const struct touch *earlier,
                               const struct touch *later);

#endif

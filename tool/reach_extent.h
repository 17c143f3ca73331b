/* reach_extent.h - which elements does a function touch behind a pointer it was given?
 *
 * Every use of the pointer in the body is looked at. If each is an access by an index that
 * lies in a range known at entry (sums of products of parameters that don't change, variables of
 * counting loops between such), or is passed to a function in sight of which the same is known,
 * the answer is the ranges; anything else (the pointer is changed, stored, passed on) makes it
 * unknown. Elements are the innermost of arrays: those of double (*p)[4] are doubles. */
#ifndef MEMOCC_REACH_EXTENT_H
#define MEMOCC_REACH_EXTENT_H

#include "frontend.h"
#include "reach_sum.h"

struct extent_part {
    struct range range;
    const char *path; /* members of the element: ".x"; "" */
    bool is_read, is_write;
    const struct node *where;
};
struct extent {
    bool is_known;
    struct extent_part *parts; /* each path and range once */
    size_t n_parts, cap_parts;
    /* C text of a condition under which unsigned arithmetic in the body would wrap, so that
     * anything may be touched; NULL: never. */
    const char *wraps;
    const char *base; /* C text of a pointer to element 0 */
    const struct type *element;
};

/* Of the pointer parameter v of fn, or of the pointer that is the member `path` (".a.b") of v, a
 * struct. */
const struct extent *extent_of(struct frontend *fe, struct function *fn, const struct variable *v,
                               const char *path);

#endif

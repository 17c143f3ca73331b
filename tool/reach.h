/* reach.h - what a call of a concurrent function touches, as struct reach
 * (concurrent.h): from clauses, from declarations, from the body.
 *
 * Everything is added to cf->reaches; what is there already isn't added again. */
#ifndef MEMOCC_REACH_H
#define MEMOCC_REACH_H

#include "concurrent.h"

/* in, out, inout and reads of an annotation in the given scope. */
void reach_add_clauses(struct concurrent_function *cf, const struct annotation *a,
                       const struct scope *s);

/* A function out of sight: one object for each pointer that no clause of `a` names (nor of
 * `more`, which may be NULL). */
void reach_add_prototype(struct concurrent_function *cf, const struct annotation *a,
                         const struct annotation *more);

/* An access in the body that no clause covers. */
void reach_add_access(struct concurrent_function *cf, const struct access *a);

/* An access that a clause covers: what the clause says is done there, and by which types, is
 * widened by it. */
void reach_widen(struct concurrent_function *cf, const struct access *a);

/* Sections of records that clauses name: of these, the members alone that the body has to do
 * with, where that is in sight. */
void reach_narrow(struct concurrent_function *cf);

#endif

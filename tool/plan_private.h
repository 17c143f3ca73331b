/* plan_private.h - shared by plan.c (values, globals, results, the site) and
 * plan_sections.c (shapes). */
#ifndef MEMOCC_PLAN_PRIVATE_H
#define MEMOCC_PLAN_PRIVATE_H

#include "plan.h"

struct planner {
    struct memo_plan *plan;
    struct memo_function *mf;
    struct arena *arena;
    const struct scope *scope;
    bool has_key_clause; /* parameters and sections stay out of the key */
};

/* Appended to the plan's parts; the pointer holds until the next one. */
struct part_plan *plan_new_part(struct planner *p, const char *name, unsigned role);
/* Does `ignore` name the parameter? */
bool plan_is_ignored(const struct memo_function *mf, const char *name);
/* Give `part` the packed form of `t` where some of its bytes stay out of keys. */
void plan_set_key_type(struct planner *p, struct part_plan *part, const struct type *t,
                       const char *root, const char *path);
/* `text` where `guard` ("" for none) holds, else 0. */
const char *plan_guarded(struct planner *p, const char *guard, const char *text);

/* One shape; parts with MEMO_MORE may follow it. */
struct part_plan *plan_shape(struct planner *p, const struct shape *shape, unsigned role);
/* The shapes of one clause, and what their bounds read (plan_sections.c). */
void plan_sections(struct planner *p, enum clause_id id, unsigned role);
/* plan->flags, from fingerprint and effects. */
void plan_flags(struct planner *p, const struct unit_request *rq);
/* Ignored pointers, for the overlap check (plan_sections.c). */
void plan_ignored(struct planner *p);

#endif

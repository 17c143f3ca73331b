/* reach_extent_private.h - shared by the files that find extents.
 *
 *   reach_extent.c  the walk over the body: pointers, lvalues, calls
 *   reach_value.c   variables and integers
 *   reach_loop.c    counting loops */
#ifndef MEMOCC_REACH_EXTENT_PRIVATE_H
#define MEMOCC_REACH_EXTENT_PRIVATE_H

#include "reach_extent.h"

/* How often the body assigns to a variable. */
struct extent_use {
    const struct variable *var;
    unsigned n_assigned;
    bool is_exposed;
};

/* A counting loop round the place. */
struct extent_loop {
    const struct variable *var;
    struct range range; /* of an integer; of a pointer: elements from the root */
    const struct extent_loop *outer;
};

struct extent_scan {
    struct frontend *fe;
    struct arena *arena;
    struct function *fn;
    const struct variable *root;
    const char *root_path;
    const struct type *row; /* what the root points to, arrays included */
    struct extent *out;
    struct extent_use *uses;
    size_t n_uses, cap_uses;
    const struct extent_loop *loops;
    bool *is_positive; /* parameters that can't be negative here */
    unsigned depth;
};

/* ---- reach_value.c ---- */

const struct node *extent_strip_all(const struct node *n);

struct extent_use *extent_use_of(struct extent_scan *s, const struct variable *v);
void extent_count_uses(struct extent_scan *s, const struct node *n); /* once, of the body */
bool extent_keeps_value(struct extent_scan *s, const struct variable *v);
unsigned extent_assignments(const struct node *n, const struct variable *v);
bool extent_has_odd_jumps(const struct node *n, bool in_loop, bool in_switch);

bool extent_is_integer(const struct type *t);
bool extent_is_signed(const struct type *t);
/* C text: where it holds, anything may be touched. */
void extent_add_condition(struct extent_scan *s, const char *text);
bool extent_may_be_negative(const struct extent_scan *s, const struct range *r);
/* The value is converted to t, or computed in it: outside of its range it would be another
 * one. */
void extent_must_fit(struct extent_scan *s, const struct range *r, const struct type *t);
struct range extent_value(struct extent_scan *s, const struct node *n);

/* ---- reach_extent.c ---- */

long long extent_elements_in(const struct type *t);
/* Does the pointer value n come from the root? Then *at is how many elements behind it points. */
bool extent_is_rooted(struct extent_scan *s, const struct node *n, struct range *at);
void extent_walk(struct extent_scan *s, const struct node *n);
void extent_give_up(struct extent_scan *s);

/* ---- reach_loop.c ---- */

void extent_walk_for(struct extent_scan *s, const struct node *n);

#endif

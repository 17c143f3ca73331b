/* checkpoint_private.h - shared by the files that decide what a checkpoint holds.
 *
 *   checkpoint_state.c     variables: saved, matched, skipped
 *   checkpoint_leaves.c    the members of a type, one by one
 *   checkpoint_sections.c  clauses: memory behind pointers, and what they cover
 *   checkpoint_casts.c     types of shapes with casts
 *   checkpoint_pointers.c  where pointers that the loop changes may lead
 *   checkpoint_elements.c  pointers that are one of many
 *   checkpoint_entry.c     what saved variables hold when the loop begins
 *   checkpoint_dead.c      variables whose value at the top of an iteration nobody reads */
#ifndef MEMOCC_CHECKPOINT_PRIVATE_H
#define MEMOCC_CHECKPOINT_PRIVATE_H

#include "checkpoint.h"
#include "diag.h"

/* ---- checkpoint_leaves.c ---- */

/* A member that isn't a structure itself, maybe in an array of structures. */
struct leaf {
    const char *path; /* ".a.n"; "" for an object that is no structure */
    const struct type *type;
    size_t offset, size, count, stride; /* as in struct checkpoint_pointer */
    bool is_pointer;
    bool is_opaque; /* a union, or arrays of structures in each other: all its bytes are one, and
                       it holds pointers */
    bool is_bitfield;
};
struct leaves {
    struct leaf *at;
    size_t n, cap;
};
void checkpoint_leaves(struct arena *arena, const struct type *t, struct leaves *out);
struct checkpoint_pointer leaf_bytes(const struct leaf *l, bool is_changed);
enum checkpoint_pointee leaf_pointee(const struct leaf *l); /* of a pointer */

/* ---- one loop ---- */

struct checkpoint_object {
    struct variable *var;
    const struct loop_access *write, *read; /* the first of each, or NULL */
};

struct checkpoint_state {
    struct checkpoint_plan *plan;
    struct checkpoint_loop *loop;
    struct loop_effects *fx;
    struct arena *arena;
    struct diag_engine *diag;
    struct scope *scope;
    struct checkpoint_object *objects;
    size_t n_objects, cap_objects;
    const struct node **reported; /* dereferences */
    size_t n_reported, cap_reported;
    bool has_errors;
};

static inline const struct clause *state_clause(const struct checkpoint_state *s, enum clause_id id)
{
    return annotation_clause(s->loop->annotation, id);
}

/* Where an access stands; with what the loop calls to get there, as notes. */
struct src_range state_place(const struct checkpoint_state *s, const struct node *where);
void state_chain(const struct checkpoint_state *s, const struct call_step *via);
/* Of a node, on one line, for messages. */
const char *state_quote(const struct checkpoint_state *s, const struct node *n);

/* Does a clause of that kind name it? */
bool state_is_named(const struct checkpoint_state *s, enum clause_id id, const struct variable *v);
/* Is it declared in the head of the `for`? */
bool state_is_in_head(const struct checkpoint_state *s, const struct variable *v);

/* The entry of a variable as a whole, or NULL. */
struct checkpoint_variable *state_variable(const struct checkpoint_state *s,
                                           const struct variable *v, enum checkpoint_how how);
struct checkpoint_variable *state_add_variable(struct checkpoint_state *s, struct variable *v,
                                               enum checkpoint_how how);

/* The pointers in variables[index], which is saved as a whole. */
void state_add_pointers(struct checkpoint_state *s, size_t index);

/* ---- checkpoint_sections.c ---- */

void state_add_sections(struct checkpoint_state *s);
/* What the lengths of saved sections depend on must be what it was: `name` is called for
 * variables; what lies behind pointers is matched, unless a clause says something of it. */
void state_each_bound(struct checkpoint_state *s,
                      void (*name)(struct checkpoint_state *s, struct variable *v));
/* All accesses behind pointers against the clauses; reports. */
void state_check_behind(struct checkpoint_state *s);
/* Does `skip` name the place, or what it is part of, or a pointer that leads there? */
bool state_is_skipped(const struct checkpoint_state *s, const struct loc *l);
/* Is it in a section of one of these clauses? */
#define COVER_SAVE 1u  /* save, rng */
#define COVER_MATCH 2u /* match */
#define COVER_ALLOC 4u
bool state_covers(const struct checkpoint_state *s, const struct loc *l, unsigned by);
bool state_section_covers(const struct checkpoint_state *s, const struct checkpoint_section *k,
                          const struct loc *l);
/* Is what it does declared harmless by `trust`? */
bool state_is_trusted(const struct checkpoint_state *s, const struct loop_access *a);
/* Does it take a pointer, to follow it? */
bool state_reads_pointer(const struct loop_access *a);
/* Is it where a pointer in a saved array of structures, to such a structure, leads to? */
bool state_is_in_arena(const struct checkpoint_state *s, const struct loc *l);
/* Where an array, or part of it, named without a pointer, is told by a clause: the sections of
 * that variable are all that is said of it. */
bool state_has_own_section(const struct checkpoint_state *s, const struct variable *v);

/* ---- checkpoint_casts.c ---- */

/* scope_type(), also where casts stand in it; NULL: the type of one isn't known. */
const struct type *state_shape_type(const struct checkpoint_state *s, const struct cexpr *e);
/* Is it of unknown type, for a cast, and may it hold pointers? */
bool state_hides_pointers(const struct checkpoint_state *s, const struct cexpr *e);

/* ---- checkpoint_pointers.c ---- */

/* Pointers in saved objects and sections, and pointer variables: where may they lead? Adds what
 * they need, and reports. */
void state_check_pointers(struct checkpoint_state *s);

/* ---- checkpoint_elements.c ---- */

/* Where the clauses cover what some elements of an array lead to, and the loop follows others:
 * reports. */
void state_check_elements(struct checkpoint_state *s);
/* Does the loop use memory that pointers there lead to, and that clauses cover? */
bool state_is_followed(const struct checkpoint_state *s, const struct loop_places *at);

/* ---- checkpoint_entry.c ---- */

/* Adds the values to be matched that saved variables have in front of the loop. */
void state_match_entry(struct checkpoint_state *s);

/* ---- checkpoint_dead.c ---- */

/* Is v, a scalar or pointer, given a value in each iteration before it is read, and not read
 * behind the loop before it gets another? Only a sure yes is one. */
bool checkpoint_is_dead(struct frontend *fe, const struct checkpoint_loop *loop,
                        const struct variable *v);

#endif

/* sync_private.h - between the parts of sync_plan(); see sync.h. */
#ifndef MEMOCC_SYNC_PRIVATE_H
#define MEMOCC_SYNC_PRIVATE_H

#include "sync.h"

/* ---- sync_walk.c: looking through nodes ---- */

bool sync_has_side_effects(const struct node *n, const struct node *const *skip, size_t n_skip);

/* Is n the root of another region? */
bool sync_is_region(const struct sync_plan *p, const struct node *n);

/* What is in a statement that its surroundings must know of. */
struct sync_inside {
    bool has_call; /* of a concurrent function, to be taken out maybe */
    bool has_jump; /* out of it, a label, a case of a switch around it */
    bool has_wait, has_region, has_directive, has_stmt_expr_jump;
    bool has_checkpoint; /* a loop that is saved, or `checkpoint now` */
};
void sync_look(struct sync_plan *p, const struct node *n, struct sync_inside *out);

/* ---- sync_types.c ---- */

bool sync_has_variable_parameter(const struct function *fn);
/* Can an object of that type be declared at file scope, in text? */
bool sync_is_spellable(struct sync_plan *p, const struct type *t);

/* ---- sync_forms.c ---- */

void sync_build(struct sync_plan *p);
/* The form of a statement, and which of its calls can be taken out as far as its own text
 * says. Returns the number of calls that are out. */
void sync_let_stay(struct sync_plan *p, const struct sync_call *c); /* why_not is set */
size_t sync_find_form(struct sync_plan *p, struct sync_item *it);
void sync_each_item(struct sync_item *it, void (*cb)(void *, struct sync_item *), void *arg);

/* Only literals, scalars of the function that can be copied, operators, results of calls. */
bool sync_is_task_expression(const struct sync_item *it, const struct node *n);

/* ---- sync_copies.c ---- */
void sync_find_private(struct sync_plan *p); /* sets sync_variable.is_private */
void sync_find_copies(struct sync_plan *p, struct sync_call *c);
bool sync_is_copy_of(const struct sync_call *c, const struct variable *v);
bool sync_has_copies(const struct sync_item *it); /* that calls write */

/* ---- sync_text.c ---- */

/* Texts of the item: of its calls' arguments, destination, right side, the whole with calls
 * replaced. False: it can't be told from the text (macros). */
bool sync_make_text(struct sync_plan *p, struct sync_item *it);

/* ---- sync_defer.c, sync_obstacle.c ---- */

/* NULL: n may be carried out later, elsewhere; else a phrase that says why not. */
const char *sync_why_not_deferred(struct sync_plan *p, struct sync_item *it);
#define SYNC_CALLS_AT_MOST 32
size_t sync_out_calls(const struct sync_item *it, const struct node **skip);
bool sync_is_late(const struct sync_item *it); /* a site, or deferred */
bool sync_is_local(const struct variable *v);  /* an object of the activation, named only here */
bool sync_may_be_copied(struct sync_plan *p, struct variable *v);
/* A phrase if a call of fn may leave the function or end the program; NULL: no. */
const char *sync_why_leaves(struct sync_plan *p, struct function *fn);
/* A declaration that does nothing: it may stand between the statements of a segment. */
bool sync_is_bare_declaration(const struct sync_item *it);
void sync_decide(struct sync_plan *p); /* kinds of all items, to a fixpoint */
struct sync_variable *sync_variable(struct sync_plan *p, struct variable *v);
bool sync_is_scalar(const struct type *t);
/* ---- sync_touches.c ---- */
/* What evaluating the call's arguments touches, and the call itself. */
void sync_arguments_touch(struct sync_plan *p, struct sync_call *c, const struct node *const *skip,
                          size_t n_skip, struct touches *out);
void sync_call_touches(struct sync_plan *p, struct sync_call *c, struct touches *out);
/* Is v the result of an earlier call in the same task? */
bool sync_is_source(const struct sync_call *c, const struct variable *v);
/* At once, of calls, deferred; kept with the item while its form stays the same. */
const struct touches *sync_touched(struct sync_plan *p, struct sync_item *it);
/* What an item's deferred part, its calls, and what is done at once touch. */
void sync_touches(struct sync_plan *p, struct sync_item *it, struct touches *at_once,
                  struct touches *call, struct touches *deferred);
enum depend sync_judge(struct sync_plan *p, const struct sync_item *earlier_item,
                       const struct sync_item *later_item, const struct touch *earlier,
                       const struct touch *later, bool same_iteration, const char **why);

/* ---- sync_segment.c ---- */
/* False: some calls have to stay after all; decide anew. */
bool sync_make_segments(struct sync_plan *p);

/* ---- sync_speculate.c ---- */

/* May n, an `if` directly in parent, be the plan's exit? Then sets p->exit_loop. */
bool sync_may_be_exit(struct sync_plan *p, const struct node *n, struct sync_item *parent);
/* The text between the parentheses of `if (COND) ...`; false: a macro makes some of it. */
bool sync_exit_condition(struct sync_plan *p, const struct node *n, struct src_range *out);
/* The finished plan: NULL, or a phrase that says why it must be made without the exit. */
const char *sync_why_not_ahead(struct sync_plan *p);
/* Is it in the loop of the exit, and nothing that could be done ahead of its results? */
bool sync_must_follow(struct sync_plan *p, const struct sync_item *it);
bool sync_is_declared_in(const struct node *n, const struct variable *v);

/* ---- sync_graph.c, sync_events.c ---- */
void sync_make_graph(struct sync_plan *p);
void sync_place_events(struct sync_plan *p);

#endif

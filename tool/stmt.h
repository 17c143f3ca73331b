/* stmt.h - statements as text: where each begins and ends in the user's file.
 *
 * libclang's ranges end before the semicolon, and its `for` has only the children that
 * are written; both are looked up in the text. */
#ifndef MEMOCC_STMT_H
#define MEMOCC_STMT_H

#include <stdbool.h>

#include "frontend.h"

/* The statement with its semicolon, or closing brace. False: a macro makes its begin or end,
 * so that nothing can be put before or behind it. */
bool stmt_range(struct frontend *fe, const struct node *s, struct src_range *out);

/* The parts of a `for`, each NULL where left out. Ranges are those between the parentheses
 * and semicolons, so that text may be put there; false: a macro makes the header. */
struct for_parts {
    const struct node *init, *cond, *inc, *body;
    struct src_range init_range, cond_range, inc_range;
};
bool stmt_for_parts(struct frontend *fe, const struct node *s, struct for_parts *out);
/* The same nodes without ranges: works in macros, too, as far as it can be told; false: not. */
bool stmt_for_nodes(struct frontend *fe, const struct node *s, struct for_parts *out);

/* Condition and body of if, while, do, switch; NULL for others. */
const struct node *stmt_condition(const struct node *s);
const struct node *stmt_body(const struct node *s);
const struct node *stmt_else(const struct node *s); /* NULL: there is none */

/* Names of types, enumerators and functions declared inside fn's body. */
size_t stmt_local_names(struct frontend *fe, struct function *fn, const char *const **names);

/* Is s, or something inside it, under a directive of OpenMP, OpenACC or Cilk? The user's own
 * parallelism is left alone. */
bool stmt_has_directive(struct frontend *fe, const struct node *s);

#endif

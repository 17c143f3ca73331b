/* annotations.h - pragmas matched with what they stand before.
 *
 * A site is active if the preprocessor saw it. It annotates the first
 * declaration or, inside functions, the first statement behind it; blank lines, comments,
 * attributes and other pragmas may stand between. Prototype and definition are one
 * function. */
#ifndef MEMOCC_ANNOTATIONS_H
#define MEMOCC_ANNOTATIONS_H

#include "checkpoint.h"
#include "concurrent.h"
#include "edit.h"
#include "plan.h"

struct annotations {
    struct memo_function **functions; /* with a definition in this unit, or `external` */
    size_t n_functions, cap_functions;
    struct memo_function **elsewhere; /* annotated prototypes; defined in another unit */
    size_t n_elsewhere, cap_elsewhere;
    struct concurrency concurrency;
    struct checkpoints checkpoints;
    struct macro_site {
        const struct unit_file *file;
        struct pragma_site *site;
        bool has_rest; /* the macro makes more than the pragma: it can't be blanked */
    } * macro_sites;
    size_t n_macro_sites, cap_macro_sites;
    struct frontend *fe;
    struct diag_engine *diag;
};

struct annotations *annotations_find(struct frontend *fe, struct diag_engine *diag);

/* Take macros that make nothing but our pragmas out of the text. */
void annotations_blank_macros(const struct annotations *an, struct edit_list *edits);

#endif

/* pragma_private.h - what pragma.c (clauses) and pragma_args.c (their arguments)
 * share; for nobody else. */
#ifndef MEMOCC_PRAGMA_PRIVATE_H
#define MEMOCC_PRAGMA_PRIVATE_H

#include "clex.h"
#include "diag.h"
#include "pragma.h"
#include "sites.h"

/* What stands in a clause's parentheses. */
enum form {
    FORM_NOTHING,
    FORM_SHAPES,
    FORM_RETURNS,
    FORM_ALIGN,
    FORM_LVALUES,
    FORM_NAMES,
    FORM_TWO_NAMES,
    FORM_EXPR,
    FORM_EXPRS,
    FORM_FILE, /* memo: a path; checkpoint: streams */
    FORM_STRING,
    FORM_OPTIONAL_STRING,
    FORM_TIER,
    FORM_DURATION,
    FORM_EVERY,
    FORM_PARAMS,
    FORM_RNG,
    FORM_SIGNALS,
};

struct pragma_parser {
    struct arena *arena;
    struct diag_engine *diag;
    const struct macro_table *macros;
    const struct pragma_site *site;
    struct annotation *annotation;
    size_t cap_clauses;
    struct ctokens raw; /* of the pragma, as written */
    size_t at;
    struct cexpr_parser expr; /* over the argument of the current clause, expanded */
    struct clause *clause;    /* the current one: the last of annotation->clauses */
    size_t cap_shapes, cap_exprs;
};

/* Report an error and say so in the annotation. */
#define FAIL(p, id, range, ...)                                                                    \
    do {                                                                                           \
        diag_report((p)->diag, id, range, ##__VA_ARGS__);                                          \
        (p)->annotation->has_errors = true;                                                        \
    } while (0)

struct src_range pragma_token_range(const struct pragma_parser *p, const struct ctoken *t);

/* Append a clause and make it the current one. Clauses move: keep no pointers. */
void pragma_add_clause(struct pragma_parser *p, const struct clause *c);

/* Names that keep their meaning in an argument of that form, though a macro may have
 * the same name; NULL-terminated. */
const char *const *pragma_form_words(enum form form);

/* Parse p->expr.tokens, the argument of the current clause. */
void pragma_parse_argument(struct pragma_parser *p, enum form form);

#endif

/* pragma.h - annotations: what a pragma of ours says, before anybody knows
 * what it stands in front of.
 *
 * sites.h finds the pragmas in a text; pragma_parse() turns the text of one
 * into a struct annotation and reports everything that is wrong with it as
 * text: unknown clauses, clauses given twice, contradictions that need no
 * types. pragma.def has one line for each clause. */
#ifndef MEMOCC_PRAGMA_H
#define MEMOCC_PRAGMA_H

#include <stdbool.h>
#include <stddef.h>

#include "cexpr.h"
#include "source.h"

struct arena;
struct diag_engine;
struct macro_table; /* macro.h */

enum pragma_kind {
    PRAGMA_MEMO,
    PRAGMA_CONCURRENT,
    PRAGMA_SYNCHRONIZED, /* `synchronized wait` is the clause wait */
    PRAGMA_CHECKPOINT,   /* `checkpoint now` is the clause now */
    PRAGMA_KINDS
};
const char *pragma_kind_name(enum pragma_kind kind);

/* Which bytes does a pointer stand for? */
enum shape_kind {
    SHAPE_OBJECT,         /* expr: an lvalue, sections included: x, s->n, *p, p[0:n], a[0:n][0:m] */
    SHAPE_STRING,         /* string(expr) */
    SHAPE_CODE,           /* code(expr) */
    SHAPE_ALLOC,          /* alloc expr: (*pp)[:n] */
    SHAPE_RETURN_SECTION, /* returns([:n]): expr is a section whose kids[0] is NULL */
    SHAPE_RETURN_VIEW,    /* returns(view [:n]) */
    SHAPE_RETURN_STRING,  /* returns(string) */
    SHAPE_RETURN_STATIC,  /* returns(static string) */
    SHAPE_RETURN_IN,      /* returns(in expr): expr names a parameter */
};
struct shape {
    enum shape_kind kind;
    struct cexpr *expr; /* NULL for SHAPE_RETURN_STRING and _STATIC */
    struct src_range range;
    const char *text; /* as written, blanks made single */
};

enum clause_id {
#define CLAUSE(id, name, where, form) CLAUSE_##id,
#include "pragma.def"
    CLAUSE_COUNT
};
const char *clause_name(enum clause_id id);

/* One clause; which members are set depends on its form (pragma.def). */
struct clause {
    enum clause_id id;
    struct src_range range; /* from its name to its closing parenthesis */
    struct src_range name_range;
    struct shape *shapes; /* in out inout returns reads match save alloc rng ... */
    size_t n_shapes;
    struct cexpr **exprs; /* ignore key when valid store_if file trust noalias skip threads
                             state ...; on: names without SIG */
    size_t n_exprs;
    const char *string;          /* version name env progress: the text, unescaped; NULL if none */
    long long number;            /* expires, min_cost, every: ns; align: the number; every(n
                                    iterations): n; every(p%): millionths */
    const char *word;            /* tier: "memory"...; every: "s", "iterations" or "%"; rng: "rand",
                                    "random" or "rand48", or NULL and shapes[0] */
    const struct params *params; /* params */
};

/* params: a list of tuples, or a grid. Values are literal expressions. */
struct params_axis {
    const char *name; /* grid: the parameter; list: NULL */
    struct src_range range;
    bool is_range;         /* first:end:step in values[0..2]; else a set, or a tuple */
    struct cexpr **values; /* step may be NULL */
    size_t n_values;
};
struct params {
    bool is_grid;
    struct params_axis *axes; /* list: one for each tuple */
    size_t n_axes;
};

struct annotation {
    enum pragma_kind kind;
    struct src_range range; /* the whole pragma */
    struct clause *clauses; /* in order */
    size_t n_clauses;
    bool has_errors; /* already reported */
};

/* The first clause of that id, or NULL. */
const struct clause *annotation_clause(const struct annotation *a, enum clause_id id);

struct pragma_site; /* sites.h */

/* Parse the clauses of `site`. Macros of `macros` (may be NULL) are expanded in
 * expressions. Errors go to `diag` at their own columns; the result is usable
 * as far as it goes. */
struct annotation *pragma_parse(struct arena *arena, const struct pragma_site *site,
                                const struct macro_table *macros, struct diag_engine *diag);

/* Do two annotations mean the same? The order of clauses doesn't matter, nor that of
 * shapes and names in a clause, but that of key's values does. */
bool annotation_equal(const struct annotation *a, const struct annotation *b);

/* The same with the names in a's expressions translated first; see cexpr_equal_as. */
bool annotation_equal_as(const struct annotation *a, const struct annotation *b,
                         cexpr_rename *rename, void *arg);

#endif

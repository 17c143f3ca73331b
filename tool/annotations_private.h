/* annotations_private.h - shared by annotations.c (sites and what stands behind them),
 * annotations_function.c (memo, concurrent), annotations_statement.c (inside functions),
 * annotations_sync.c (synchronized) and annotations_checkpoint.c (checkpoint). */
#ifndef MEMOCC_ANNOTATIONS_PRIVATE_H
#define MEMOCC_ANNOTATIONS_PRIVATE_H

#include "annotations.h"
#include "diag.h"

struct finder {
    struct annotations *an;
    struct frontend *fe;
    struct diag_engine *diag;
    struct arena *arena;
    struct sync_waiting *waits; /* annotations_sync.c */
    size_t n_waits, cap_waits;
    struct sync_prototype *prototypes; /* the same */
    size_t n_prototypes, cap_prototypes;
    struct checkpoint_waiting *nows; /* annotations_checkpoint.c */
    size_t n_nows, cap_nows;
};

/* One active pragma, parsed, and the declaration behind it; top NULL: there is none. */
struct found_site {
    const struct unit_file *file;
    const struct pragma_site *site;
    struct annotation *annotation;
    struct top_level *top;
    unsigned n_declarators;
};

/* ---- annotations_function.c ---- */
void annotations_add_memo(struct finder *fd, const struct found_site *s);
void annotations_add_concurrent(struct finder *fd, const struct found_site *s);
/* Once, behind the last site: which concurrent functions have a `memo`, too. */
void annotations_note_memoized(struct annotations *an);
/* Is there exactly one function behind it? Reported if not. */
bool annotations_one_function(struct finder *fd, const struct found_site *s, const char *what);

/* Of a declaration: the names of its parameters. */
const char *const *annotations_names(struct finder *fd, const struct top_level *t);
/* Do a, at top, and b, whose parameters have the other names, mean the same? Reported if
 * not. */
void annotations_compare(struct finder *fd, const struct annotation *a, const struct top_level *top,
                         const struct annotation *b, const char *const *names);

/* ---- annotations_statement.c ---- */
/* The definition whose body the place stands in, or NULL. */
struct top_level *annotations_enclosing(struct finder *fd, const struct unit_file *f, size_t at);
/* The statement of fn behind the place; attributes and pragmas may stand between. NULL: none
 * that is understood. */
const struct node *annotations_statement(struct finder *fd, const struct unit_file *f, size_t at,
                                         struct function *fn);
/* Does a directive of OpenMP or its kin stand right before n? */
bool annotations_is_directed(const struct unit_file *file, const struct node *n);
/* With -fopenmp: does n stand in a construct of it? */
bool annotations_in_construct(struct finder *fd, const struct unit_file *file,
                              const struct node *n);
/* Where among the statements of a block a pragma stands. */
struct pragma_place {
    const struct node *block; /* the innermost { } around it; NULL: there is none */
    size_t before; /* index in block->kids of the statement that follows, or that it stands
                      in; n_kids: none */
    const struct node *label; /* NULL; or the label or case in (or at) kids[before] between whose
                                 colon and statement it stands */
};
/* false: it stands inside of a statement, or in a macro between two tokens. */
bool annotations_place(struct finder *fd, const struct unit_file *file,
                       const struct pragma_site *site, struct function *fn,
                       struct pragma_place *out);
/* For qsort: by file and begin, and those around others before them. */
int annotations_compare_places(const struct unit_file *a_file, const struct node *a,
                               const struct unit_file *b_file, const struct node *b);
/* The variables that a declaration declares. */
size_t annotations_declared(struct finder *fd, const struct node *d, struct variable ***out);
/* Those declared before root in the blocks it stands in, inner blocks first. */
size_t annotations_locals(struct finder *fd, const struct node *root, struct variable ***out);
/* Of clauses: the parameters of fn, and globals. */
void annotations_scope(struct finder *fd, struct function *fn, struct scope *out);
/* scope_check(), and reading a volatile object is a side effect, too. */
bool annotations_check_value(const struct scope *s, const struct cexpr *e);

/* ---- annotations_sync.c ---- */
void annotations_add_synchronized(struct finder *fd, const struct found_site *s);
/* Once, behind the last site: waits to their regions, regions in order, clauses. */
void annotations_finish_synchronized(struct finder *fd);

/* ---- annotations_checkpoint.c, annotations_checkpoint_clauses.c ---- */
void annotations_add_checkpoint(struct finder *fd, const struct found_site *s);
/* Once, behind the last site: loops in order, `now` to its loop, clauses. */
void annotations_finish_checkpoints(struct finder *fd);
/* Errors in the clauses of one; its scopes are filled in. */
void annotations_check_checkpoint(struct finder *fd, struct checkpoint_loop *loop);

#endif

/* annotations_private.h - shared by annotations.c (sites and what stands behind them),
 * annotations_function.c (memo, concurrent) and annotations_sync.c (synchronized). */
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

/* ---- annotations_sync.c ---- */
void annotations_add_synchronized(struct finder *fd, const struct found_site *s);
/* Once, behind the last site: waits to their regions, regions in order, clauses. */
void annotations_finish_synchronized(struct finder *fd);

#endif

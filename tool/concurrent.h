/* concurrent.h - functions with `#pragma concurrent`, as synchronized code sees them, and the
 * synchronized code itself: what annotations.c found.
 *
 * check_concurrent.c judges the functions and fills in what a call touches. */
#ifndef MEMOCC_CONCURRENT_H
#define MEMOCC_CONCURRENT_H

#include <stdbool.h>

#include "effects.h"
#include "frontend.h"
#include "plan.h"
#include "pragma.h"
#include "shape.h"

/* Memory that a call touches, other than the parameters themselves. first and count are C
 * text in the function's own parameter names (concurrent_function.fn->params) under their
 * declared types, at file scope otherwise, with their values at entry, that may be evaluated
 * before the call: no side effects, no loads that could fault where the call doesn't make
 * them; what they load is a reach of its own. */
enum reach_extent {
    REACH_SECTION, /* `count` (a long long, 0 at least) elements of sizeof *first from `first` on
                      (C text of a pointer, never to void) */
    REACH_AROUND,  /* an unknown extent around where parameter `param` points */
    REACH_BEHIND,  /* through pointers in memory that the parameter or global leads to */
    REACH_GLOBAL,  /* the object `global`, or some of it */
};
struct range; /* reach_sum.h */
struct reach {
    enum reach_extent extent;
    bool is_read, is_write;
    unsigned param;                /* not for REACH_GLOBAL */
    const struct variable *global; /* REACH_GLOBAL; the others: where they start from a global and
                                      not from a parameter. REACH_BEHIND may lead from the one or
                                      the other, or from anywhere */
    const char *first, *count;     /* REACH_SECTION */
    const char *place;             /* the path of effects.h to its elements: "*", "*.data*", "" */
    const char *path; /* of each element, these members alone are touched: ".x.y"; "" all of it */
    const struct range *elements; /* REACH_SECTION: which of the parameter's elements, from where it
                                     points (place "*"); NULL: first and count tell, nothing else */
    bool is_object;               /* REACH_SECTION: first is the parameter itself, count 1 */
    const struct type *type;      /* of the lvalues accessed there; NULL: any (bytes, unions) */
    const struct node *where;     /* an access in the body, or NULL */
    struct src_range range;       /* of that, or of the clause, or of the declaration: for notes */
};

struct concurrent_function {
    struct function *fn;
    const struct annotation *annotation;
    const struct pragma_site *site;
    const struct top_level *top;
    struct scope scope;
    bool has_errors; /* of the annotation; reported */
    bool is_serial;  /* calls run in their place; -Wmemo-serial has said why */
    bool may_set_errno;
    bool is_memoized;                 /* has `#pragma memo`, too */
    const struct memo_function *memo; /* that, or NULL; checked before check_concurrent */
    bool has_effects; /* does more than touch memory and return: allocates nothing that counts;
                         speculate forbids it: writes memory, or can't be seen */
    struct effects *effects; /* NULL: out of sight */
    struct reach *reaches;
    size_t n_reaches, cap_reaches;
    void *data; /* the emitter's */
};

/* A function body, loop or block with `#pragma synchronized`. */
struct sync_wait {
    size_t begin, end;        /* the pragma `synchronized wait` in the file */
    const struct node *block; /* the innermost block it stands in */
    size_t before;            /* index in block->kids of the statement that follows; n_kids: none */
    const struct node *label; /* NULL; or the label or case in (or at) kids[before] between whose
                                 colon and statement it stands */
};
struct sync_region {
    const struct annotation *annotation;
    const struct pragma_site *site;
    const struct unit_file *file;
    struct function *fn;     /* the function it is, or stands in */
    const struct node *root; /* the function's body, the loop or the block */
    bool is_function;
    bool has_errors;
    struct sync_region *outer; /* the innermost one around it in the same function, or NULL */
    struct sync_wait *waits;   /* directly in it, not in an inner region */
    size_t n_waits, cap_waits;
    struct scope scope;              /* of its clauses: scope_text(&r->scope, threads->exprs[0]) */
    const struct variable **noalias; /* names in noalias(...); its clause has members, too */
    size_t n_noalias, cap_noalias;
};

struct checkpoints; /* checkpoint.h */
struct concurrency {
    const struct checkpoints *checkpoints; /* loops that are saved now and then */
    struct concurrent_function **functions;
    size_t n_functions, cap_functions;
    struct sync_region **regions; /* outer ones first */
    size_t n_regions, cap_regions;
};

/* The annotation of fn, or NULL. */
struct concurrent_function *concurrent_find(const struct concurrency *c, const struct function *fn);

/* Judge cf: is_serial, has_errors, effects, reaches and the rest. Errors and -Wmemo-serial
 * are reported here. */
void check_concurrent(struct frontend *fe, struct arena *arena, const struct concurrency *all,
                      struct concurrent_function *cf);

#endif

/* touch.h - which memory do expressions and statements of synchronized code touch?
 *
 * A touch is one access: to a named object or part of it, to what a pointer leads
 * to, to memory that can't be told, or to the outside world. Never fewer touches than
 * there are. Calls count with all they may do: callees in sight by effects.h,
 * library functions by libcalls.def, others touch all memory they can reach, and
 * the outside. */
#ifndef MEMOCC_TOUCH_H
#define MEMOCC_TOUCH_H

#include <stdbool.h>

#include "concurrent.h"

enum touch_base {
    TOUCH_VARIABLE, /* var itself, or a part of it */
    TOUCH_POINTER,  /* memory reached from the value of the pointer variable var */
    TOUCH_MEMORY,   /* any object whose address may be known to it: all but locals that never
                       have their address taken */
    TOUCH_OUTSIDE,  /* output, input, files, time, volatile, hidden state: one object */
    TOUCH_ERRNO,
    TOUCH_MODE, /* rounding mode, locale */
};
struct touch_index {
    const struct node *expr; /* the subscript, maybe one that stands nowhere in the text; NULL:
                                unknown, or pointer arithmetic not followed */
    const struct type *element;
    bool is_derived; /* of a pointer that was computed: the subscript may lead out of the row */
};
struct touch {
    enum touch_base base;
    bool is_write;
    const struct variable *var;
    const struct type *type; /* effective type of the lvalue; NULL: any */
    /* Where in the object: the steps from its beginning, as far as they are known. "[]" in path is
     * the next of indices, ".x" a member: "[].m[]" of a[i].m[j]; "" the object itself, or some part
     * of it. A step "[]" of a pointer is from where it points. is_exact: the lvalue is exactly
     * what these lead to; else some unknown part of it. */
    struct touch_index *indices;
    size_t n_indices;
    const char *path;
    bool is_exact;
    /* The lvalue, where its address can be computed without side effects and without loads
     * but from variables (&x[i], &p->m; not &p->q->m): for tests at run time. Else NULL. */
    const struct node *lvalue;
    /* But it takes loads from memory, one deep (&p->x[i], &x[at[i]]), which carrying out the
     * statement takes in any case: it may be computed right in front of it, and not later. */
    bool lvalue_loads;
    /* Of a concurrent call's memory (reach): how its address is found; else NULL. */
    const struct reach *reach;
    const struct node *call;  /* that call */
    const struct node *where; /* for remarks */
    bool is_death;            /* sync_graph.c: the end of the object's life */
};
struct touches {
    struct touch *items;
    size_t n, cap;
};

/* One synchronized function, looked at once. */
struct touch_scope {
    struct frontend *fe;
    struct arena *arena;
    const struct concurrency *all;
    struct function *fn;
    bool strict_aliasing; /* types tell objects apart */
    void *data;           /* touch_prepare's: which locals have their address taken, ... */
};
void touch_prepare(struct touch_scope *s);

/* Everything that carrying out `n` (an expression or a statement, NODE_DECL too) may touch,
 * locals declared inside left out. `skip`: these nodes (calls) and all inside them don't count;
 * pairs of pointers and their number. */
void touch_find(struct touch_scope *s, const struct node *n, const struct node *const *skip,
                size_t n_skip, struct touches *out);

/* What computing the address of lvalue n reads (not n itself). */
void touch_find_address(struct touch_scope *s, const struct node *n, struct touches *out);

/* What the call (of an annotated function, as a task) touches behind its arguments. */
void touch_find_call(struct touch_scope *s, const struct node *call,
                     const struct concurrent_function *cf, struct touches *out);

/* Is the address of local or parameter v taken anywhere in the function (arrays: other than
 * by indexing it)? */
bool touch_is_exposed(struct touch_scope *s, const struct variable *v);
/* Does n (with all inside) assign to the variable itself? */
bool touch_assigns(struct touch_scope *s, const struct node *n, const struct variable *v);

/* ---- depend.c ---- */

/* May two touches meet? `earlier` is still to come at run time though it comes first in the
 * program; `later` is about to happen. */
enum depend {
    DEPEND_NEVER,
    DEPEND_TEST,   /* only addresses at run time can tell, and both can be computed */
    DEPEND_ALWAYS, /* yes, or it can't be known */
};
struct depend_context {
    struct touch_scope *scope;
    const struct sync_region *region; /* noalias */
    /* The loops (NODE_FOR, _WHILE, _DO) round both, inside the region, outermost first. */
    const struct node *const *loops;
    size_t n_loops;
    /* Both may happen in the same iteration of all these loops, `earlier` first. If not set, at
     * least one iteration of one of them lies between. */
    bool same_iteration;
};
/* why: a phrase for remarks, "'x' may overlap 'y'"...; may be NULL. */
enum depend depend_judge(const struct depend_context *dc, const struct touch *earlier,
                         const struct touch *later, const char **why);

#endif

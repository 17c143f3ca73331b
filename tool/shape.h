/* shape.h - clause expressions with types: which object a shape stands for,
 * the C text that finds it at run time, and the path that tells which accesses
 * it covers (effects.h). */
#ifndef MEMOCC_SHAPE_H
#define MEMOCC_SHAPE_H

#include <stdbool.h>

#include "frontend.h"
#include "pragma.h"

/* Where names in clauses are looked up: locals, parameters, then globals in sight. */
struct scope {
    struct frontend *fe;
    struct function *fn;
    const char *const *names; /* of the annotated declaration's parameters, fn->n_params of them */
    struct diag_engine *diag;
    bool has_result; /* `result` is in sight */
    bool has_entry;  /* memo_age and memo_cost are */
    bool is_loop;    /* of `checkpoint`: shapes may start from locals, too */
    /* Of a loop or block: the variables in sight there, inner ones first, and what else the
     * function declares (enumerators, types). */
    struct variable *const *locals;
    size_t n_locals;
    const char *const *local_names;
    size_t n_local_names;
};

/* The parameter that e names, or NULL. */
struct variable *scope_parameter(const struct scope *s, const struct cexpr *e);
struct variable *scope_local(const struct scope *s, const struct cexpr *e);
struct variable *scope_global(const struct scope *s, const struct cexpr *e);
/* Whichever of these it is, or NULL. */
struct variable *scope_variable(const struct scope *s, const struct cexpr *e);

/* The type of an lvalue chain, NULL if it can't be told (casts, arithmetic). */
const struct type *scope_type(const struct scope *s, const struct cexpr *e);

/* Names that don't exist, members that don't, side effects: reported. Returns
 * true if e is fine. */
bool scope_check(const struct scope *s, const struct cexpr *e);

/* The same of a shape that names memory, of parameters or globals (is_loop: of any variable):
 * one object or array sections that are blocks of memory; not is_written: only read. */
bool scope_check_shape(const struct scope *s, const struct shape *shape, bool is_written);

/* "" or "(p) && (p->q)": what must not be NULL before e may be evaluated. */
const char *scope_guard(const struct scope *s, const struct cexpr *e);

/* e as C text, parameters under the definition's names. */
const char *scope_text(const struct scope *s, const struct cexpr *e);

/* The same as a count of type memo_abi_size: negative, overflowing or too large
 * for elements of `size` bytes gives MEMO_BAD. */
const char *scope_count(const struct scope *s, const struct cexpr *e, const char *size);

/* The path from the root's name to the object; see effects.h. Sections and
 * indices of pointers add "*". */
const char *scope_path(const struct scope *s, const struct cexpr *e);

/* Everything a bound reads that isn't a plain parameter: lvalues through
 * pointers and globals, added to out[0..*n), at most `max`. */
void scope_bound_reads(const struct scope *s, const struct cexpr *e, const struct cexpr **out,
                       size_t *n, size_t max);

/* The members of r, anonymous ones looked through, or NULL. */
const struct field *record_field(const struct record *r, const char *name);

/* Is e a member that is a bit-field? */
bool scope_is_bitfield(const struct scope *s, const struct cexpr *e);

/* The first pointer in t: its name as "a.b", or NULL. Function pointers count. */
const char *type_pointer_member(struct arena *a, const struct type *t);
bool type_has_padding(const struct type *t);
/* va_list, or what it is made of. */
bool type_is_va_list(const struct type *t);

#endif

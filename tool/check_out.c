/* check_out.c - `out` promises that every call writes every byte.
 *
 * Seen are: an object assigned as a whole, or all its members or elements, by
 * statements that every call reaches (`if (p) *p = ...` counts); a section written in
 * a loop whose index runs through it, or by a call that gets it. What can't be seen is
 * only a warning: the user may know. */
#include "check_out.h"

#include <stdlib.h>
#include <string.h>

#include "check_shapes.h"
#include "diag.h"

struct search {
    struct memo_function *mf;
    const struct variable *param;
    const char *path; /* of the shape, "*" or "*.v*" */
    bool is_section;
    bool found;
    unsigned depth; /* of callees */
    unsigned n_fields_written;
    const struct record *record;
    unsigned count; /* of a section of at most 64 elements; 0: more, or unknown */
    unsigned long long elements_written;
};

static const struct node *strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* Does the lvalue lead from the parameter over pointers and members? */
static bool is_rooted(const struct node *n, const struct variable *param)
{
    for (n = strip(n); n; n = strip(n->kids[0])) {
        if (n->kind == NODE_VARIABLE)
            return n->var == param;
        if (n->kind != NODE_DEREF && n->kind != NODE_INDEX && n->kind != NODE_MEMBER &&
            n->kind != NODE_ADDRESS && n->kind != NODE_BINARY && n->kind != NODE_INCDEC)
            return false;
        if (n->n_kids == 0)
            return false;
    }
    return false;
}

/* Local pointers that walk along the section: `double *q = p; *q++ = ...` */
static bool is_alias(const struct node *n, const struct variable *param)
{
    for (n = strip(n); n; n = strip(n->kids[0])) {
        if (n->kind == NODE_VARIABLE)
            return !n->var->is_parameter && n->var->init && is_rooted(n->var->init, param);
        if (n->n_kids == 0 || (n->kind != NODE_DEREF && n->kind != NODE_INDEX &&
                               n->kind != NODE_MEMBER && n->kind != NODE_INCDEC))
            return false;
    }
    return false;
}

static void follow(struct search *s, const struct node *n, bool in_loop);

/* Library functions that write all of what they are given. */
static bool writes_all(const struct function *fn)
{
    static const char *const names[] = {
        "memset",         "memcpy",           "memmove",          "mempcpy",          "bzero",
        "explicit_bzero", "__builtin_memset", "__builtin_memcpy", "__builtin_memmove"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(fn->name, names[i]) == 0)
            return true;
    return false;
}

/* A callee in sight has to write what it is given as every call does here. */
static void see_call(struct search *s, const struct node *call)
{
    for (size_t i = 1; call->fn && i < call->n_kids && !s->found; i++) {
        if (!is_rooted(call->kids[i], s->param) && !is_alias(call->kids[i], s->param))
            continue;
        if (writes_all(call->fn)) {
            s->found |= i == 1;
        } else if (call->fn->has_definition && i - 1 < call->fn->n_params && s->depth < 4) {
            struct search inner = *s;
            inner.param = call->fn->params[i - 1];
            inner.depth++;
            follow(&inner, frontend_body(s->mf->scope.fe, call->fn), false);
            s->found |= inner.found;
        }
    }
}

/* Does the loop go on by ones? */
static bool steps_by_one(const struct node *n, bool is_body)
{
    if (!n)
        return true;
    if (n->kind == NODE_ASSIGN && !is_body && n->n_kids == 2 && strcmp(n->op, "=") != 0) {
        const struct node *step = strip(n->kids[1]);
        if (step->kind != NODE_LITERAL || step->value != 1)
            return false;
    }
    return true;
}

static bool is_dense(const struct node *loop)
{
    for (size_t i = 0; i + 1 < loop->n_kids; i++) {
        const struct node *n = loop->kids[i];
        if (!steps_by_one(n, false))
            return false;
        for (size_t k = 0; n && k < n->n_kids; k++)
            if (!steps_by_one(n->kids[k], false))
                return false;
    }
    return true;
}

static void see_assignment(struct search *s, const struct node *n, bool in_loop)
{
    const struct node *to = strip(n->kids[0]);
    if (!is_rooted(to, s->param) && !is_alias(to, s->param))
        return;
    if (s->is_section) {
        const struct node *index = to->kind == NODE_INDEX ? strip(to->kids[1]) : NULL;
        if (index && index->kind == NODE_LITERAL && index->value >= 0 && index->value < s->count &&
            strip(to->kids[0])->var == s->param)
            s->elements_written |= 1ull << index->value;
        s->found |= in_loop || (s->count && s->elements_written == ~0ull >> (64 - s->count));
        return;
    }
    if (to->kind == NODE_MEMBER && s->record) {
        s->n_fields_written++;
        s->found |= s->n_fields_written >= s->record->n_fields || s->record->is_union;
        return;
    }
    s->found = true;
}

/* Only null tests may guard: `if (p) ...`, `if (p != NULL) ...`. */
static bool is_null_test(const struct node *cond, const struct variable *param)
{
    const struct node *n = strip(cond);
    if (n->kind == NODE_BINARY && strcmp(n->op, "!=") == 0 && n->n_kids == 2)
        n = strip(n->kids[0]);
    return n->kind == NODE_VARIABLE && n->var == param;
}

/* Follow the statements that every call reaches. */
static void follow(struct search *s, const struct node *n, bool in_loop)
{
    if (!n || s->found)
        return;
    switch (n->kind) {
    case NODE_ASSIGN:
        see_assignment(s, n, in_loop);
        for (size_t i = 0; i < n->n_kids; i++)
            follow(s, n->kids[i], in_loop);
        return;
    case NODE_IF:
        if (n->n_kids)
            follow(s, n->kids[0], in_loop);
        if (!s->found && n->n_kids >= 2 &&
            (is_null_test(n->kids[0], s->param) || n->n_kids == 3 || in_loop)) {
            /* Two branches: both must write; one that's seen is taken for both
             * inside loops, where every element has its turn. */
            struct search a = *s;
            a.found = false;
            follow(&a, n->kids[1], in_loop);
            if (n->n_kids == 2 || in_loop) {
                s->found |= a.found;
            } else {
                struct search b = *s;
                follow(&b, n->kids[2], in_loop);
                s->found |= a.found && b.found;
            }
        }
        return;
    case NODE_FOR:
        for (size_t i = 0; i < n->n_kids; i++)
            follow(s, n->kids[i], is_dense(n));
        return;
    case NODE_WHILE:
    case NODE_DO:
        for (size_t i = 0; i < n->n_kids; i++)
            follow(s, n->kids[i], true);
        return;
    case NODE_CALL:
        see_call(s, n);
        for (size_t i = 1; i < n->n_kids; i++)
            follow(s, n->kids[i], in_loop);
        return;
    case NODE_COND:
        return;
    default:
        for (size_t i = 0; i < n->n_kids; i++)
            follow(s, n->kids[i], in_loop);
        return;
    }
}

/* Of `double r[3]`, of `r[:3]`. */
static unsigned small_count(const struct cexpr *e, const struct type *t)
{
    unsigned long n = 0;
    bool is_section = e->kind == CEXPR_SECTION;
    if (is_section && e->kids[0]->kind == CEXPR_NAME && !e->kids[1] && e->kids[2] &&
        e->kids[2]->kind == CEXPR_LITERAL)
        n = strtoul(e->kids[2]->text, NULL, 0);
    else if (!is_section && t && t->kind == TYPE_ARRAY && t->count > 0 &&
             t->element->kind != TYPE_ARRAY)
        n = (unsigned long)t->count;
    return n <= 64 ? (unsigned)n : 0;
}

static void check_shape(struct memo_function *mf, const struct shape *shape)
{
    const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
    const struct variable *param = root ? scope_parameter(&mf->scope, root) : NULL;
    if (!param || shape->kind != SHAPE_OBJECT || !check_is_written(mf, shape))
        return;
    const struct type *t = scope_type(&mf->scope, shape->expr);
    struct search s = {.mf = mf, .param = param};
    s.is_section = shape->expr->kind == CEXPR_SECTION || (t && t->kind == TYPE_ARRAY);
    s.record = t && t->kind == TYPE_RECORD ? t->record : NULL;
    s.count = s.is_section ? small_count(shape->expr, t) : 0;
    follow(&s, frontend_body(mf->scope.fe, mf->fn), false);
    if (s.found)
        return;
    diag_report(mf->scope.diag, warn_memo_partial_out, shape->range, mf->fn->name, shape->text);
    diag_report(mf->scope.diag, note_memo_partial_out, shape->range);
}

void check_out(struct memo_function *mf)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_out);
    for (size_t i = 0; c && i < c->n_shapes; i++)
        check_shape(mf, &c->shapes[i]);
}

/* effects_raw.c - where padding can reach a result, and floating point.
 *
 * A pass of its own over the body: what becomes of an expression of record
 * type, or of a pointer to one, is decided by its parent (enum use). Padding
 * stays out of sight while an object is only taken apart by members, held in a
 * variable, or handed to functions in sight. */
#include "effects_private.h"

enum use {
    USE_APART,  /* member taken, compared with NULL, discarded, held in a whole local variable */
    USE_COPIED, /* stored somewhere, or returned */
    USE_LENT,   /* passed to a function out of sight */
};

static bool has_padding(const struct record *r);

static bool type_has_padding(const struct type *t)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    return t && (t->is_long_double ||
                 (t->kind == TYPE_COMPLEX && t->element && t->element->is_long_double) ||
                 (t->kind == TYPE_RECORD && t->record && has_padding(t->record)));
}

/* All bytes of a union count, so it has none. */
static bool has_padding(const struct record *r)
{
    if (r->is_union || !r->is_complete)
        return false;
    long long end = 0; /* in bits */
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        if (f->bit_offset > end || type_has_padding(f->type))
            return true;
        long long width = f->is_bitfield ? (long long)f->bit_width : (long long)f->type->size * 8;
        if (f->bit_offset + width > end)
            end = f->bit_offset + width;
    }
    return end < (long long)r->size * 8;
}

static const struct record *padded(const struct type *t)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    return t && t->kind == TYPE_RECORD && t->record && has_padding(t->record) ? t->record : NULL;
}

/* The padded record that a pointer of this type leads to. */
static const struct record *padded_behind(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) ? padded(t->element) : NULL;
}

static bool is_float(const struct type *t)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    return t && (t->kind == TYPE_FLOAT || t->kind == TYPE_COMPLEX || t->kind == TYPE_VECTOR);
}

static void scan(struct walk *w, const struct node *n, enum use use);

static bool is_local_variable(const struct node *n)
{
    n = strip_casts(n);
    return n->kind == NODE_VARIABLE && !n->var->is_global && n->var->type->kind == TYPE_RECORD;
}

static bool in_sight(const struct function *fn)
{
    return fn && fn->has_definition && !(fn->is_system && libcall_find(fn->name));
}

static bool only_frees(const struct function *fn)
{
    const struct libcall *c = fn && !fn->has_definition ? libcall_find(fn->name) : NULL;
    return c && libcall_use(c, 0) == LIBCALL_FREES && libcall_n_args(c) == 1;
}

static void scan_call(struct walk *w, const struct node *n)
{
    /* The library takes its own types apart; bytes it gets as void *: see scan_cast. */
    bool is_librarys = n->fn && n->fn->is_system && libcall_find(n->fn->name);
    enum use use = in_sight(n->fn) || is_librarys || only_frees(n->fn) ? USE_APART : USE_LENT;
    scan(w, n->kids[0], USE_APART);
    for (size_t i = 1; i < n->n_kids; i++) {
        const struct node *arg = n->kids[i];
        scan(w, only_frees(n->fn) ? strip_casts(arg) : arg, use);
    }
}

/* A pointer to a padded record that becomes a pointer to something else. */
static void scan_cast(struct walk *w, const struct node *n, enum use use)
{
    const struct node *kid = n->n_kids ? n->kids[0] : NULL;
    if (!kid)
        return;
    const struct record *from = padded_behind(kid->type);
    if (from && n->type && n->type->kind == TYPE_POINTER && padded_behind(n->type) != from)
        record_raw(w, from);
    scan(w, kid, n->type && n->type->kind == TYPE_VOID ? USE_APART : use);
}

static void scan_kids(struct walk *w, const struct node *n, enum use use)
{
    for (size_t i = 0; i < n->n_kids; i++)
        if (n->kids[i])
            scan(w, n->kids[i], use);
}

static void note(struct walk *w, const struct node *n, enum use use)
{
    const struct record *r = use == USE_APART ? NULL : padded(n->type);
    if (!r && use == USE_LENT)
        r = padded_behind(n->type);
    if (r)
        record_raw(w, r);
}

static void scan(struct walk *w, const struct node *n, enum use use)
{
    if (is_float(n->type) || (n->var && is_float(n->var->type)))
        w->recorder->out.uses_float = true;
    switch (n->kind) {
    case NODE_CALL:
        note(w, n, use);
        if (n->n_kids)
            scan_call(w, n);
        return;
    case NODE_CAST:
        note(w, n, use);
        scan_cast(w, n, use);
        return;
    case NODE_ASSIGN:
        note(w, n, use);
        if (n->n_kids == 2) {
            scan(w, n->kids[0], USE_APART);
            scan(w, n->kids[1], is_local_variable(n->kids[0]) ? USE_APART : USE_COPIED);
        }
        return;
    case NODE_DECL: /* an object as initializer; a list copies into members */
        scan_kids(w, n, USE_APART);
        return;
    case NODE_INIT_LIST:
    case NODE_RETURN:
    case NODE_ASM:
    case NODE_OPERATOR:
        scan_kids(w, n, USE_COPIED);
        return;
    case NODE_STMT_EXPR:
        note(w, n, use);
        for (size_t i = 0; i < n->n_kids; i++)
            scan_kids(w, n->kids[i], use);
        return;
    case NODE_COND:
    case NODE_OTHER:
        note(w, n, use);
        scan_kids(w, n, n->type ? use : USE_APART);
        return;
    case NODE_BINARY:
        note(w, n, use);
        scan_kids(w, n, n->op[0] == ',' ? use : USE_APART);
        return;
    default: /* members, indices, addresses and statements */
        note(w, n, use);
        scan_kids(w, n, USE_APART);
        return;
    }
}

void raw_scan(struct walk *w, const struct node *body)
{
    if (is_float(w->fn->result))
        w->recorder->out.uses_float = true;
    for (size_t i = 0; i < w->fn->n_params; i++)
        if (is_float(w->fn->params[i]->type))
            w->recorder->out.uses_float = true;
    if (body)
        scan(w, body, USE_APART);
}

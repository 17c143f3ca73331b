/* touch.c - which memory do expressions and statements touch? See touch.h.
 *
 * touch_value() walks what is evaluated and knows from each parent whether an lvalue
 * is read, written, or only has its address computed. */
#include <string.h>

#include "node.h"
#include "touch_private.h"

/* ---- the list ---- */

static bool is_same(const struct touch *a, const struct touch *b)
{
    if (a->base != b->base || a->is_write != b->is_write || a->var != b->var ||
        a->type != b->type || a->n_indices != b->n_indices || a->is_exact != b->is_exact ||
        a->lvalue != b->lvalue || a->reach != b->reach || strcmp(a->path, b->path) != 0)
        return false;
    for (size_t i = 0; i < a->n_indices; i++)
        if (a->indices[i].expr != b->indices[i].expr)
            return false;
    return true;
}

void touch_add(struct touch_walk *w, struct touch t)
{
    if (!t.path)
        t.path = "";
    for (size_t i = 0; i < w->out->n; i++)
        if (is_same(&w->out->items[i], &t))
            return;
    ARENA_PUSH(w->scope->arena, w->out->items, w->out->n, w->out->cap) = t;
}

void touch_add_base(struct touch_walk *w, enum touch_base base, bool is_write,
                    const struct node *where)
{
    touch_add(w, (struct touch){.base = base, .is_write = is_write, .where = where});
}

void touch_add_all(struct touch_walk *w, const struct node *where)
{
    touch_add_base(w, TOUCH_MEMORY, false, where);
    touch_add_base(w, TOUCH_MEMORY, true, where);
    touch_add_base(w, TOUCH_OUTSIDE, true, where);
    touch_add_base(w, TOUCH_ERRNO, false, where);
    touch_add_base(w, TOUCH_ERRNO, true, where);
    touch_add_base(w, TOUCH_MODE, false, where);
    touch_add_base(w, TOUCH_MODE, true, where);
}

/* Or with a member that is, for those who copy it. */
static bool is_volatile(const struct type *t)
{
    while (t && t->kind == TYPE_ARRAY && !t->is_volatile && !t->is_atomic)
        t = t->element;
    if (!t || t->is_volatile || t->is_atomic || t->kind != TYPE_RECORD || !t->record)
        return t && (t->is_volatile || t->is_atomic);
    for (size_t i = 0; i < t->record->n_fields; i++)
        if (is_volatile(t->record->fields[i].type))
            return true;
    return false;
}

void touch_add_place(struct touch_walk *w, const struct touch_place *p, bool is_write,
                     const struct type *type, const struct node *lvalue)
{
    if (is_volatile(type))
        touch_add_base(w, TOUCH_OUTSIDE, true, lvalue);
    if (p->is_nothing)
        return;
    struct touch t = touch_of_place(w->scope, p, is_write, type, lvalue);
    bool loads = false;
    if (p->base != TOUCH_ERRNO && touch_is_lvalue(lvalue) && touch_is_computable(lvalue, &loads)) {
        t.lvalue = lvalue;
        t.lvalue_loads = loads;
    }
    touch_add(w, t);
}

/* ---- lvalues ---- */

static void touch_address(struct touch_walk *w, const struct node *n);

static void read_lvalue(struct touch_walk *w, const struct node *n)
{
    struct touch_place p = touch_place_of(w->scope, n);
    touch_add_place(w, &p, false, n->type, n);
}

static void write_lvalue(struct touch_walk *w, const struct node *n)
{
    n = node_strip(n);
    if (n->kind == NODE_UNARY && n->n_kids) { /* __real__ z */
        write_lvalue(w, n->kids[0]);
        return;
    }
    struct touch_place p = touch_place_of(w->scope, n);
    touch_add_place(w, &p, true, n->type, n);
}

/* Whatever is named below may be read and written, and all memory. */
static void touch_worst(struct touch_walk *w, const struct node *n)
{
    if (touch_is_lvalue(n) && n->type) {
        struct touch_place p = touch_place_of(w->scope, n);
        p.is_any = true;
        touch_add_place(w, &p, false, n->type, n);
        touch_add_place(w, &p, true, n->type, n);
    }
    for (size_t i = 0; i < n->n_kids; i++)
        touch_worst(w, n->kids[i]);
}

static void touch_opaque(struct touch_walk *w, const struct node *n)
{
    bool is_worst = n->kind != NODE_OTHER || !n->type;
    for (size_t i = 0; i < n->n_kids; i++) {
        touch_value(w, n->kids[i]);
        if (n->kind != NODE_OTHER || touch_is_lvalue(n->kids[i])) {
            touch_worst(w, n->kids[i]);
            is_worst = true;
        }
    }
    if (is_worst)
        touch_add_all(w, n);
}

/* What is evaluated to find the object. */
static void touch_address(struct touch_walk *w, const struct node *n)
{
    n = node_strip(n);
    switch (n->kind) {
    case NODE_VARIABLE:
    case NODE_STRING:
    case NODE_FUNCTION:
        return;
    case NODE_MEMBER:
        if (n->kids[0]->type && n->kids[0]->type->kind == TYPE_RECORD)
            touch_address(w, n->kids[0]);
        else
            touch_value(w, n->kids[0]);
        return;
    case NODE_INDEX:
        if (n->kids[0]->type && n->kids[0]->type->kind == TYPE_VECTOR)
            touch_address(w, n->kids[0]);
        else
            touch_value(w, n->kids[0]);
        for (size_t i = 1; i < n->n_kids; i++)
            touch_value(w, n->kids[i]);
        return;
    case NODE_DEREF:
        touch_value(w, n->kids[0]);
        return;
    case NODE_COMPOUND_LITERAL:
        for (size_t i = 0; i < n->n_kids; i++)
            touch_value(w, n->kids[i]);
        return;
    case NODE_UNARY:
        touch_address(w, n->kids[0]);
        return;
    default:
        touch_value(w, n);
        return;
    }
}

static void touch_lvalue(struct touch_walk *w, const struct node *n)
{
    touch_address(w, n);
    bool is_pointer = n->kind == NODE_VARIABLE && n->var->is_parameter;
    if ((touch_is_array(n->type) && !is_pointer) || (n->type && n->type->kind == TYPE_FUNCTION))
        return;
    read_lvalue(w, n);
}

/* ---- values ---- */

static bool is_float(const struct type *t)
{
    while (t && (t->kind == TYPE_COMPLEX || t->kind == TYPE_VECTOR) && t->element)
        t = t->element;
    return t && t->kind == TYPE_FLOAT;
}

/* May the conversion round? */
static bool is_inexact(const struct type *to, const struct type *from)
{
    if (!to || !from || !is_float(to))
        return false;
    if (to->kind != TYPE_FLOAT || (from->kind != TYPE_FLOAT && from->kind != TYPE_INTEGER))
        return true;
    return from->kind == TYPE_FLOAT ? from->size > to->size : from->size >= to->size;
}

/* Rounding depends on the mode. */
static void note_rounding(struct touch_walk *w, const struct node *n)
{
    bool is_rounded = is_float(n->type);
    for (size_t i = 0; i < n->n_kids; i++)
        is_rounded |= is_float(n->kids[i]->type);
    if (is_rounded)
        touch_add_base(w, TOUCH_MODE, false, n);
}

static void touch_assignment(struct touch_walk *w, const struct node *n)
{
    if (n->n_kids != 2) {
        touch_opaque(w, n);
        return;
    }
    touch_address(w, n->kids[0]);
    touch_value(w, n->kids[1]);
    const struct node *to = node_strip(n->kids[0]);
    if (!touch_is_lvalue(to) && to->kind != NODE_UNARY)
        touch_worst(w, to);
    if (*n->op != '=') {
        read_lvalue(w, to);
        note_rounding(w, n);
    }
    write_lvalue(w, to);
}

static bool is_skipped(const struct touch_walk *w, const struct node *n)
{
    for (size_t i = 0; i < w->n_skip; i++)
        if (w->skip[i] == n)
            return true;
    return false;
}

static void touch_declaration(struct touch_walk *w, const struct node *n)
{
    if (!n->n_kids || n->var->is_global)
        return;
    touch_value(w, n->kids[0]);
    struct touch t = {.base = TOUCH_VARIABLE,
                      .is_write = true,
                      .var = n->var,
                      .type = n->var->type,
                      .is_exact = true,
                      .where = n};
    if (is_volatile(n->var->type))
        touch_add_base(w, TOUCH_OUTSIDE, true, n);
    touch_add(w, t);
}

void touch_value(struct touch_walk *w, const struct node *n)
{
    if (!n || is_skipped(w, n))
        return;
    if (touch_is_lvalue(n)) {
        touch_lvalue(w, n);
        return;
    }
    if (touch_is_opaque(n)) {
        touch_opaque(w, n);
        return;
    }
    switch (n->kind) {
    case NODE_ADDRESS:
        touch_address(w, n->kids[0]);
        return;
    case NODE_INCDEC:
        touch_address(w, n->kids[0]);
        read_lvalue(w, node_strip(n->kids[0]));
        write_lvalue(w, n->kids[0]);
        note_rounding(w, n);
        return;
    case NODE_ASSIGN:
        touch_assignment(w, n);
        return;
    case NODE_CALL:
        touch_call(w, n);
        return;
    case NODE_DECL:
        touch_declaration(w, n);
        return;
    case NODE_SIZEOF:
        return;
    case NODE_BINARY:
    case NODE_CAST:
        if (n->kind == NODE_BINARY || (n->n_kids && is_inexact(n->type, n->kids[0]->type)))
            note_rounding(w, n);
        break;
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        touch_value(w, n->kids[i]);
}

/* ---- what is left out, and which addresses can be computed early ---- */

static bool is_declared_in(const struct node *n, const struct variable *v)
{
    if ((n->kind == NODE_DECL || n->kind == NODE_COMPOUND_LITERAL) && n->var == v)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_declared_in(n->kids[i], v))
            return true;
    return false;
}

/* May something be written where n, of the address, is loaded from? */
static bool changes_load(struct touch_walk *w, const struct node *n)
{
    for (size_t i = 0; i < w->out->n; i++) {
        const struct touch *t = &w->out->items[i];
        bool is_memory =
            t->base == TOUCH_VARIABLE || t->base == TOUCH_POINTER || t->base == TOUCH_MEMORY;
        if (t->is_write && is_memory && depend_types_meet(w->scope, t->type, n->type))
            return true;
    }
    return false;
}

/* Is n evaluated whenever root is, with nothing done before that may go elsewhere? */
static bool is_unconditional(const struct node *root, const struct node *n)
{
    if (root == n)
        return true;
    size_t end = root->n_kids;
    switch (root->kind) {
    case NODE_COND:
    case NODE_IF:
    case NODE_SWITCH:
    case NODE_WHILE:
    case NODE_BLOCK:
    case NODE_STMT_EXPR:
        end = end ? 1 : 0;
        break;
    case NODE_BINARY:
        if (!strcmp(root->op, "&&") || !strcmp(root->op, "||"))
            end = 1;
        break;
    case NODE_FOR:
    case NODE_DO:
    case NODE_CASE:
    case NODE_LABEL:
    case NODE_OTHER:
    case NODE_OPERATOR:
        return false;
    default:
        break;
    }
    for (size_t i = 0; i < end; i++)
        if (is_unconditional(root->kids[i], n))
            return true;
    return false;
}

/* May carrying out n, up to where the address is used, change a variable in it? */
static bool changes_address(struct touch_walk *w, const struct node *address)
{
    bool is_load = touch_is_lvalue(address) && address->kind != NODE_VARIABLE &&
                   !touch_is_array(address->type);
    if (is_load && changes_load(w, address))
        return true;
    if (address->kind == NODE_VARIABLE && address->var) {
        const struct variable *v = address->var;
        if (!touch_is_array(v->type) || v->is_parameter)
            for (size_t i = 0; i < w->out->n; i++) {
                const struct touch *t = &w->out->items[i];
                if (!t->is_write || t->base == TOUCH_OUTSIDE || t->base == TOUCH_ERRNO ||
                    t->base == TOUCH_MODE)
                    continue;
                if (t->base == TOUCH_VARIABLE ? t->var == v
                                              : depend_types_meet(w->scope, t->type, v->type) &&
                                                    touch_is_exposed(w->scope, v))
                    return true;
            }
        return !v->is_global && is_declared_in(w->root, v);
    }
    for (size_t i = 0; i < address->n_kids; i++)
        if (changes_address(w, address->kids[i]))
            return true;
    return false;
}

/* The address of lvalue n, without the object itself: whether that is written doesn't matter. */
static bool is_stable(struct touch_walk *w, const struct node *n)
{
    if (n->kind == NODE_VARIABLE)
        return n->var->is_global || !is_declared_in(w->root, n->var);
    if (n->kind == NODE_MEMBER && n->kids[0]->type->kind == TYPE_RECORD)
        return is_stable(w, node_strip(n->kids[0]));
    const struct node *of = n->n_kids ? node_strip(n->kids[0]) : n;
    bool is_row = (n->kind == NODE_INDEX || n->kind == NODE_DEREF) && touch_is_lvalue(of) &&
                  touch_is_array(of->type) && !(of->kind == NODE_VARIABLE && of->var->is_parameter);
    if (is_row && !is_stable(w, of))
        return false;
    for (size_t i = is_row; i < n->n_kids; i++)
        if (changes_address(w, n->kids[i]))
            return false;
    return true;
}

static void finish(struct touch_walk *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->out->n; i++) {
        struct touch *t = &w->out->items[i];
        if (t->lvalue && (!is_stable(w, t->lvalue) ||
                          (t->lvalue_loads && !is_unconditional(w->root, t->lvalue))))
            t->lvalue = NULL;
    }
    for (size_t i = 0; i < w->out->n; i++) {
        struct touch t = w->out->items[i];
        bool is_inside =
            t.base == TOUCH_VARIABLE && !t.var->is_global && is_declared_in(w->root, t.var);
        if (!is_inside)
            w->out->items[n++] = t;
    }
    w->out->n = n;
}

/* Adds what the walk finds to out. */
static void walk(struct touch_scope *s, const struct node *n, const struct node *const *skip,
                 size_t n_skip, bool is_address, struct touches *out)
{
    struct touches found = {.n = 0};
    struct touch_walk w = {.scope = s, .root = n, .skip = skip, .n_skip = n_skip, .out = &found};
    if (is_address)
        touch_address(&w, n);
    else
        touch_value(&w, n);
    finish(&w);
    w.out = out;
    for (size_t i = 0; i < found.n; i++)
        touch_add(&w, found.items[i]);
}

void touch_find(struct touch_scope *s, const struct node *n, const struct node *const *skip,
                size_t n_skip, struct touches *out)
{
    walk(s, n, skip, n_skip, false, out);
}

void touch_find_address(struct touch_scope *s, const struct node *n, struct touches *out)
{
    walk(s, n, NULL, 0, true, out);
}

/* touch_scope.c - the variables of one function: what is assigned to them where, and whose
 * address is taken. Looked at once, flow-insensitively. */
#include <stdint.h>
#include <string.h>

#include "node.h"
#include "touch_private.h"

/* ---- small questions about nodes ---- */

bool touch_is_array(const struct type *t)
{
    return t && t->kind == TYPE_ARRAY;
}

bool touch_is_lvalue(const struct node *n)
{
    switch (n->kind) {
    case NODE_VARIABLE:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_DEREF:
    case NODE_COMPOUND_LITERAL:
        return true;
    default:
        return false;
    }
}

bool touch_is_opaque(const struct node *n)
{
    return n->kind == NODE_OPERATOR || n->kind == NODE_ASM || n->kind == NODE_NESTED_FUNCTION ||
           n->kind == NODE_VA_ARG || (n->kind == NODE_OTHER && n->n_kids > 0);
}

bool touch_is_local(const struct variable *v)
{
    return !v->is_global;
}

bool touch_is_inside(const struct node *n, const struct node *root)
{
    if (n == root)
        return true;
    for (size_t i = 0; root && i < root->n_kids; i++)
        if (touch_is_inside(n, root->kids[i]))
            return true;
    return false;
}

/* Is kids[0] of an index or a dereference an array itself, and no pointer? */
static bool is_array_itself(const struct node *n)
{
    const struct node *kid = n->n_kids ? node_strip(n->kids[0]) : NULL;
    if (!kid || !kid->type || (kid->kind == NODE_VARIABLE && kid->var->is_parameter))
        return false;
    return kid->type->kind == TYPE_ARRAY || kid->type->kind == TYPE_VECTOR;
}

const struct variable *touch_root(const struct node *n)
{
    while (n) {
        switch (n->kind) {
        case NODE_VARIABLE:
        case NODE_COMPOUND_LITERAL:
            return n->var;
        case NODE_MEMBER:
            if (n->is_arrow && !is_array_itself(n))
                return NULL;
            n = n->kids[0];
            break;
        case NODE_INDEX:
        case NODE_DEREF:
            if (!is_array_itself(n))
                return NULL;
            n = n->kids[0];
            break;
        case NODE_CAST:
        case NODE_UNARY: /* __real__ z */
            n = n->n_kids ? n->kids[0] : NULL;
            break;
        default:
            return NULL;
        }
    }
    return NULL;
}

/* ---- facts about variables ---- */

static size_t slot_of(const struct touch_data *d, const struct variable *v)
{
    size_t i = (size_t)((uintptr_t)v / 16 * 0x9e3779b97f4a7c15u >> 20) & (d->cap - 1);
    while (d->facts[i] && d->facts[i]->var != v)
        i = (i + 1) & (d->cap - 1);
    return i;
}

struct variable_facts *touch_facts(struct touch_scope *s, const struct variable *v)
{
    struct touch_data *d = s->data;
    if (d->n * 2 >= d->cap) {
        struct touch_data bigger = *d;
        bigger.cap = d->cap ? d->cap * 2 : 64;
        bigger.facts = arena_alloc(s->arena, bigger.cap * sizeof *bigger.facts);
        for (size_t i = 0; i < d->cap; i++)
            if (d->facts[i])
                bigger.facts[slot_of(&bigger, d->facts[i]->var)] = d->facts[i];
        *d = bigger;
    }
    struct variable_facts **f = &d->facts[slot_of(d, v)];
    if (!*f) {
        *f = ARENA_NEW(s->arena, struct variable_facts);
        (*f)->var = v;
        d->n++;
    }
    return *f;
}

static void assign(struct touch_scope *s, const struct variable *v, const struct node *by)
{
    if (!v)
        return;
    struct variable_facts *f = touch_facts(s, v);
    ARENA_PUSH(s->arena, f->assigned, f->n_assigned, f->cap_assigned) = by;
}

static void expose(struct touch_scope *s, const struct node *lvalue)
{
    lvalue = node_strip(lvalue);
    if (lvalue->kind == NODE_COND && lvalue->n_kids > 2) {
        expose(s, lvalue->kids[1]);
        expose(s, lvalue->kids[2]);
    } else if (lvalue->kind == NODE_BINARY && lvalue->n_kids > 1) {
        expose(s, lvalue->kids[1]);
    }
    const struct variable *v = touch_root(lvalue);
    if (v)
        touch_facts(s, v)->is_exposed = true;
}

/* Whatever is named below may be read, written, and have its address taken. */
static void expose_all(struct touch_scope *s, const struct node *n, const struct node *by)
{
    if (n->var && (n->kind == NODE_VARIABLE || n->kind == NODE_COMPOUND_LITERAL)) {
        touch_facts(s, n->var)->is_exposed = true;
        assign(s, n->var, by);
        assign(s, n->var, by);
    }
    for (size_t i = 0; i < n->n_kids; i++)
        expose_all(s, n->kids[i], by);
}

/* `int a, b;` and sizes of arrays come as a block that is no scope of its own. */
static bool is_scope(const struct node *block)
{
    bool has_declaration = false;
    const struct source *src = block->is_macro ? NULL : block->range.src;
    if (src && src->text[block->range.begin] == '{')
        return true;
    for (size_t i = 0; i < block->n_kids; i++) {
        const struct node *k = block->kids[i];
        if (k->kind == NODE_DECL)
            has_declaration = true;
        else if (k->kind == NODE_BLOCK ? is_scope(k) : !k->type && k->kind != NODE_CALL)
            return true;
    }
    return !has_declaration;
}

struct scan {
    struct touch_scope *s;
    bool has_label;
};

static void scan(struct scan *c, const struct node *n, const struct node *block, bool is_indexed);

static void scan_kids(struct scan *c, const struct node *n, const struct node *block)
{
    for (size_t i = 0; i < n->n_kids; i++)
        scan(c, n->kids[i], block, false);
}

static void scan_opaque(struct scan *c, const struct node *n)
{
    struct touch_data *d = c->s->data;
    d->has_assembler |= n->kind == NODE_ASM;
    bool is_worst = n->kind != NODE_OTHER;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_worst || touch_is_lvalue(n->kids[i]))
            expose_all(c->s, n->kids[i], n);
}

/* is_indexed: an array here is only indexed, or looked through by '*'. */
static void scan(struct scan *c, const struct node *n, const struct node *block, bool is_indexed)
{
    struct touch_data *d = c->s->data;
    if (touch_is_opaque(n))
        scan_opaque(c, n);
    if (touch_is_lvalue(n) && touch_is_array(n->type) && !is_indexed)
        expose(c->s, n);
    switch (n->kind) {
    case NODE_DECL:
        touch_facts(c->s, n->var)->block = block;
        if (n->n_kids && !n->var->is_global)
            assign(c->s, n->var, n);
        break;
    case NODE_ADDRESS:
        expose(c->s, n->kids[0]);
        scan(c, n->kids[0], block, true);
        return;
    case NODE_ASSIGN:
    case NODE_INCDEC:
        if (n->n_kids)
            assign(c->s, touch_root(n->kids[0]), n);
        break;
    case NODE_INDEX:
    case NODE_DEREF:
    case NODE_MEMBER:
        for (size_t i = 0; i < n->n_kids; i++)
            scan(c, n->kids[i], block, i == 0);
        return;
    case NODE_CAST:
        for (size_t i = 0; i < n->n_kids; i++)
            scan(c, n->kids[i], block, is_indexed && n->is_implicit);
        return;
    case NODE_BLOCK:
        if (is_scope(n))
            block = n;
        break;
    case NODE_FOR:
        block = n;
        break;
    case NODE_LABEL:
        c->has_label = true;
        break;
    case NODE_GOTO:
        d->goes_back |= c->has_label || n->n_kids > 0;
        break;
    default:
        break;
    }
    scan_kids(c, n, block);
}

void touch_scan(struct touch_scope *s, struct function *fn)
{
    const struct node *body = frontend_body(s->fe, fn);
    struct scan c = {.s = s};
    if (body)
        scan(&c, body, body, false);
}

void touch_prepare(struct touch_scope *s)
{
    s->data = ARENA_NEW(s->arena, struct touch_data);
    s->strict_aliasing &= !s->fe->names_may_alias;
    touch_scan(s, s->fn);
}

bool touch_is_exposed(struct touch_scope *s, const struct variable *v)
{
    return v->is_global || touch_facts(s, v)->is_exposed;
}

bool touch_assigns(struct touch_scope *s, const struct node *n, const struct variable *v)
{
    const struct variable_facts *f = touch_facts(s, v);
    for (size_t i = 0; i < f->n_assigned; i++)
        if (touch_is_inside(f->assigned[i], n))
            return true;
    return false;
}

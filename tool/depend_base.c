/* depend_base.c - may two bases, named objects and what pointers lead to, be one object? */
#include <string.h>

#include "depend_private.h"
#include "libcalls.h"

bool depend_same_variable(const struct variable *a, const struct variable *b)
{
    if (a == b)
        return true;
    bool are_linked = a->is_global && b->is_global && !a->is_static_local && !b->is_static_local;
    return are_linked && !strcmp(a->name, b->name);
}

static const struct variable *named(const struct node *n)
{
    while (n) {
        switch (n->kind) {
        case NODE_VARIABLE:
            return n->var;
        case NODE_MEMBER:
        case NODE_INDEX:
        case NODE_DEREF:
        case NODE_ADDRESS:
        case NODE_CAST:
            n = n->n_kids ? n->kids[0] : NULL;
            break;
        case NODE_BINARY:
            n = n->kids[0]->type && n->kids[0]->type->kind == TYPE_INTEGER && n->n_kids > 1
                    ? n->kids[1]
                    : n->kids[0];
            break;
        default:
            return NULL;
        }
    }
    return NULL;
}

const struct variable *depend_named(const struct touch *t)
{
    if (t->reach && t->reach->global)
        return t->reach->global;
    if (t->reach && t->call && t->reach->param + 1 < t->call->n_kids)
        return named(t->call->kids[t->reach->param + 1]);
    return t->where && !t->reach ? named(t->where) : NULL;
}

/* ---- globals that stay as they are ---- */

/* All that the synchronized code round both touches. */
static const struct touches *all_touches(const struct depend_context *dc)
{
    struct touch_data *d = dc->scope->data;
    const struct node *root = dc->region ? dc->region->root : dc->scope->fn->root;
    if (d->all_of == root)
        return &d->all;
    d->all = (struct touches){.n = 0};
    d->all_of = root;
    if (root)
        touch_find(dc->scope, root, NULL, 0, &d->all);
    return &d->all;
}

bool depend_is_steady(const struct depend_context *dc, const struct variable *v)
{
    struct touch_data *d = dc->scope->data;
    if (v->type->is_volatile || v->type->is_atomic || !v->is_global)
        return false;
    if (v->type->is_const)
        return true;
    const struct touches *all = all_touches(dc);
    for (size_t i = 0; i < all->n; i++) {
        const struct touch *t = &all->items[i];
        bool is_memory = t->base == TOUCH_POINTER || t->base == TOUCH_MEMORY;
        if (!t->is_write)
            continue;
        if (t->base == TOUCH_VARIABLE ? depend_same_variable(t->var, v)
                                      : is_memory && depend_types_meet(dc->scope, t->type, v->type))
            return false;
    }
    return d->all_of != NULL;
}

/* ---- where pointers come from ---- */

/* Nothing but steps are ever assigned to it: it stays in the object it was given. */
static bool is_only_stepped(struct touch_scope *s, const struct variable *v)
{
    const struct variable_facts *f = touch_facts(s, v);
    if (f->is_exposed || v->is_global || v->type->is_volatile)
        return false;
    for (size_t i = 0; i < f->n_assigned; i++) {
        const struct node *by = f->assigned[i];
        bool is_step = by->kind == NODE_INCDEC || (by->kind == NODE_ASSIGN && *by->op != '=');
        bool is_initial = by->kind == NODE_DECL && !v->is_parameter;
        if (!is_step && !is_initial)
            return false;
    }
    return true;
}

/* Does it point where the caller says? */
static bool is_callers(struct touch_scope *s, const struct variable *v)
{
    return v->is_parameter && is_only_stepped(s, v);
}

/* Memory that came into being in this function. */
static bool is_fresh(struct touch_scope *s, const struct variable *v)
{
    const struct variable_facts *f = touch_facts(s, v);
    if (v->is_global || v->is_parameter || f->is_exposed || f->n_assigned != 1)
        return false;
    const struct node *by = f->assigned[0], *n = NULL;
    if (by->kind == NODE_DECL)
        n = by->kids[0];
    else if (by->kind == NODE_ASSIGN && *by->op == '=')
        n = by->kids[1];
    while (n && n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    if (!n || n->kind != NODE_CALL || !n->fn || n->fn->has_definition)
        return false;
    const struct libcall *lib = libcall_find(n->fn->name);
    int result = lib && (n->fn->is_system || n->fn->is_builtin) ? libcall_result(lib) : 0;
    return (result == LIBCALL_NEW || result == LIBCALL_ZEROED) && !strchr(lib->args, 'k');
}

/* `restrict`, where it holds for both touches. */
static bool is_restrict(const struct depend_context *dc, const struct variable *v)
{
    if (!v->type->is_restrict || !is_only_stepped(dc->scope, v))
        return false;
    if (v->is_parameter)
        return true;
    const struct node *block = touch_facts(dc->scope, v)->block;
    return block && dc->region && dc->region->root && touch_is_inside(dc->region->root, block);
}

/* ---- `noalias` ---- */

/* The word is about values at one time: of pointers that are swapped, an older value may be
 * what another holds now. */

static bool is_name(const struct depend_context *dc, const struct cexpr *e,
                    const struct variable *v)
{
    if (!v || e->kind != CEXPR_NAME || strcmp(e->text, v->name) != 0)
        return false;
    bool is_pointer = v->type->kind == TYPE_POINTER || v->is_parameter;
    if (is_pointer && !is_only_stepped(dc->scope, v) && !depend_is_steady(dc, v))
        return false;
    const struct node *block = v->is_global ? NULL : touch_facts(dc->scope, v)->block;
    return !block || !dc->region->root || block == dc->region->root ||
           !touch_is_inside(block, dc->region->root);
}

/* Does the value of n stand in the clause as e: `p`, `s->data`? */
static bool is_spelled(const struct depend_context *dc, const struct cexpr *e, const struct node *n)
{
    while (n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    if (e->kind == CEXPR_NAME)
        return n->kind == NODE_VARIABLE && is_name(dc, e, n->var);
    return (e->kind == CEXPR_MEMBER || e->kind == CEXPR_ARROW) && n->kind == NODE_MEMBER &&
           !strcmp(e->text, n->name) && is_spelled(dc, e->kids[0], n->kids[0]);
}

/* Is the touch in the object that the pointer, or array, e leads to? n: its lvalue, or the
 * argument that leads to it. */
static bool leads_from(const struct depend_context *dc, const struct cexpr *e, const struct node *n,
                       bool is_argument)
{
    while (n) {
        bool is_value = is_argument || (n->type && n->type->kind == TYPE_ARRAY);
        if (is_value && is_spelled(dc, e, n))
            return true;
        bool is_object =
            n->kind == NODE_MEMBER && n->kids[0]->type && n->kids[0]->type->kind == TYPE_RECORD;
        switch (n->kind) {
        case NODE_INDEX:
        case NODE_DEREF:
        case NODE_MEMBER:
            /* Behind a pointer in memory another object begins. */
            if (is_argument && n->type && n->type->kind == TYPE_POINTER)
                return false;
            is_argument = !is_object;
            break;
        case NODE_CAST:
            break;
        case NODE_ADDRESS:
            is_argument = false;
            break;
        case NODE_BINARY:
            if (n->n_kids != 2)
                return false;
            if (n->kids[0]->type && n->kids[0]->type->kind == TYPE_INTEGER) {
                n = n->kids[1];
                continue;
            }
            break;
        default:
            return false;
        }
        n = n->n_kids ? n->kids[0] : NULL;
    }
    return false;
}

static int index_in(const struct depend_context *dc, const struct clause *c, const struct touch *t)
{
    bool is_argument = t->reach != NULL;
    const struct node *n = t->where;
    if (t->reach && t->reach->extent == REACH_BEHIND)
        return -1;
    if (is_argument)
        n = t->call && t->reach->param + 1 < t->call->n_kids && !t->reach->global
                ? t->call->kids[t->reach->param + 1]
                : NULL;
    for (size_t i = 0; i < c->n_exprs; i++) {
        bool is_base = t->base != TOUCH_MEMORY && is_name(dc, c->exprs[i], t->var);
        if (is_base || (n && leads_from(dc, c->exprs[i], n, is_argument)))
            return (int)i;
    }
    return -1;
}

static bool are_promised(const struct depend_context *dc, const struct touch *a,
                         const struct touch *b)
{
    for (const struct sync_region *r = dc->region; r; r = r->outer) {
        for (size_t i = 0; r->annotation && i < r->annotation->n_clauses; i++) {
            const struct clause *c = &r->annotation->clauses[i];
            if (c->id != CLAUSE_noalias)
                continue;
            int x = index_in(dc, c, a), y = index_in(dc, c, b);
            if (x >= 0 && y >= 0 && x != y)
                return true;
        }
    }
    return false;
}

/* ---- the answer ---- */

/* Code out of sight may call functions of this unit: it reaches what they name. */
static bool is_by_address(const struct touch *t)
{
    return t->base == TOUCH_POINTER || t->reach ||
           (t->type && t->where && touch_is_lvalue(t->where));
}

static bool variable_and_pointer(const struct depend_context *dc, const struct touch *object,
                                 const struct touch *through)
{
    struct touch_scope *s = dc->scope;
    const struct variable *v = object->var, *p = through->var;
    if (!touch_is_exposed(s, v) || (is_by_address(through) && touch_is_hidden(s, v)))
        return true;
    /* The type of an object that has a name never changes. */
    if (!depend_types_meet(s, v->type, through->type))
        return true;
    if (through->base == TOUCH_MEMORY)
        return false;
    if (touch_is_local(v) && is_callers(s, p))
        return true;
    return is_fresh(s, p) || is_restrict(dc, p);
}

static bool pointers(const struct depend_context *dc, const struct variable *p,
                     const struct variable *q)
{
    struct touch_scope *s = dc->scope;
    bool are_callers = is_callers(s, p) && is_callers(s, q);
    if (are_callers && (is_restrict(dc, p) || is_restrict(dc, q)))
        return true;
    if (is_fresh(s, p))
        return is_callers(s, q) || is_fresh(s, q);
    return is_fresh(s, q) && is_callers(s, p);
}

/* Memory that malloc gave may be written as another type: only what is read must be of the type
 * it was written as. */
static bool types_differ(const struct depend_context *dc, const struct touch *earlier,
                         const struct touch *later)
{
    return earlier->is_write && !later->is_write &&
           !depend_types_meet(dc->scope, earlier->type, later->type);
}

bool depend_bases_differ(const struct depend_context *dc, const struct touch *a,
                         const struct touch *b)
{
    bool is_a = a->base == TOUCH_VARIABLE, is_b = b->base == TOUCH_VARIABLE;
    if (is_a && is_b)
        return !depend_same_variable(a->var, b->var);
    if (are_promised(dc, a, b))
        return true;
    if (is_a || is_b)
        return is_a ? variable_and_pointer(dc, a, b) : variable_and_pointer(dc, b, a);
    if (types_differ(dc, a, b))
        return true;
    return a->base == TOUCH_POINTER && b->base == TOUCH_POINTER && a->var != b->var &&
           pointers(dc, a->var, b->var);
}

bool depend_same_value(const struct depend_context *dc, const struct variable *v)
{
    struct touch_scope *s = dc->scope;
    const struct touch_data *d = s->data;
    const struct variable_facts *f = touch_facts(s, v);
    if (v->is_global)
        return depend_is_steady(dc, v);
    if (f->is_exposed || v->type->is_volatile)
        return false;
    if (f->n_assigned == 0)
        return true;
    if (d->goes_back)
        return false;
    const struct node *around = dc->n_loops  ? dc->loops[0]
                                : dc->region ? dc->region->root
                                             : s->fn->root;
    bool is_once = f->n_assigned == 1 && !v->is_parameter;
    if (!around)
        return false;
    return !touch_assigns(s, around, v) || (is_once && dc->n_loops == 0);
}

/* sync_speculate.c - a loop that ends by a result: may it run ahead? See sync_private.h.
 *
 * One `if (COND) leave;` of the region becomes an item, the exit: COND is deferred as the last
 * word of its records, and where it is true, commits stop. What the loop did at once behind that
 * is undone: it may only have changed scalars, of which each record keeps the values. */
#include <string.h>

#include "clex.h"
#include "node.h"
#include "sync_private.h"

static bool has_loop(const struct node *n)
{
    if (node_is_loop(n) || n->kind == NODE_STMT_EXPR)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_loop(n->kids[i]))
            return true;
    return false;
}

static bool has_label(const struct node *n)
{
    if (n->kind == NODE_LABEL || n->kind == NODE_CASE || n->kind == NODE_CONTINUE ||
        n->kind == NODE_STMT_EXPR)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_label(n->kids[i]))
            return true;
    return false;
}

/* Does it always leave the loop? Labels there are none inside. */
static bool leaves(const struct node *n)
{
    if (n->kind == NODE_BLOCK && !n->is_declaration)
        return n->n_kids && leaves(n->kids[n->n_kids - 1]);
    return n->kind == NODE_BREAK || n->kind == NODE_RETURN || (n->kind == NODE_GOTO && *n->name);
}

static bool has_array_of_variable_size(const struct function *fn)
{
    for (size_t i = 0; i < fn->n_locals; i++)
        if (fn->locals[i]->type->is_variable || sync_is_variable_pointer(fn->locals[i]->type))
            return true;
    return false;
}

bool sync_exit_condition(struct sync_plan *p, const struct node *n, struct src_range *out)
{
    struct src_range all, body;
    struct ctokens tokens = {0};
    if (!stmt_range(p->fe, n, &all) || !stmt_range(p->fe, n->kids[1], &body) ||
        all.src != body.src || body.begin < all.begin)
        return false;
    ctokens_lex(&tokens, p->arena, all.src->text + all.begin, body.begin - all.begin);
    if (tokens.n < 4 || !ctoken_is(&tokens.items[0], "if") || !ctoken_is(&tokens.items[1], "(") ||
        !ctoken_is(&tokens.items[tokens.n - 1], ")"))
        return false;
    for (size_t i = 0; i < tokens.n; i++)
        if (ctoken_is(&tokens.items[i], "#"))
            return false;
    *out = all;
    out->begin = all.begin + tokens.items[1].end;
    out->end = all.begin + tokens.items[tokens.n - 1].begin;
    return true;
}

bool sync_may_be_exit(struct sync_plan *p, const struct node *n, struct sync_item *parent)
{
    struct sync_inside inside;
    struct sync_item *loop = parent;
    struct src_range range;
    if (p->exit || p->is_without_exit || n->kind != NODE_IF || n->n_kids != 2 || !loop ||
        !annotation_clause(p->region->annotation, CLAUSE_speculate))
        return false;
    if (parent->node->kind == NODE_BLOCK)
        loop = parent->parent;
    if (!loop || !node_is_loop(loop->node) || has_array_of_variable_size(p->region->fn))
        return false;
    sync_look(p, loop->node, &inside);
    if (inside.has_wait || inside.has_region || inside.has_directive || inside.has_checkpoint)
        return false;
    for (size_t i = 0; i < loop->node->n_kids; i++)
        if (has_loop(loop->node->kids[i]))
            return false;
    for (size_t i = 0; parent != loop && i < parent->node->n_kids; i++) {
        sync_look(p, parent->node->kids[i], &inside);
        if (parent->node->kids[i] != n && inside.has_jump)
            return false;
    }
    sync_look(p, n->kids[1], &inside);
    if (inside.has_call || !leaves(n->kids[1]) || has_label(n->kids[1]))
        return false;
    if (!sync_exit_condition(p, n, &range))
        return false;
    p->exit_loop = loop;
    return true;
}

/* ---- what is carried out at once ---- */

struct checker {
    struct sync_plan *p;
    const char *why;
};

static bool is_safe(const struct node *n);

/* May its address be computed anywhere? */
static bool is_safe_place(const struct node *n)
{
    n = node_strip(n);
    switch (n->kind) {
    case NODE_VARIABLE:
        return true;
    case NODE_INDEX: {
        const struct node *base = node_strip(n->kids[0]);
        bool is_array = base->type && base->type->kind == TYPE_ARRAY;
        return (is_array ? is_safe_place(base) : is_safe(base)) && is_safe(n->kids[1]);
    }
    case NODE_DEREF:
        return is_safe(n->kids[0]);
    case NODE_MEMBER:
        return n->is_arrow ? is_safe(n->kids[0]) : is_safe_place(n->kids[0]);
    default:
        return false;
    }
}

static bool is_named_object(const struct node *n)
{
    n = node_strip(n);
    while (n->kind == NODE_MEMBER && !n->is_arrow)
        n = node_strip(n->kids[0]);
    return n->kind == NODE_VARIABLE && n->var && n->var->type && !n->var->type->is_volatile;
}

static bool is_divisor(const struct node *n)
{
    n = node_strip(n);
    return n->kind == NODE_LITERAL && n->value > 0;
}

static bool is_integer(const struct node *n)
{
    return !n->type || n->type->kind != TYPE_FLOAT;
}

static bool are_safe(const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++)
        if (!is_safe(n->kids[i]))
            return false;
    return true;
}

/* May it be evaluated with any values? It reads named objects, changes scalars at most. */
static bool is_safe(const struct node *n)
{
    bool divides = !strncmp(n->op, "/", 1) || !strncmp(n->op, "%", 1);
    if (n->type && n->type->kind == TYPE_ARRAY && n->kind != NODE_STRING &&
        n->kind != NODE_COMPOUND_LITERAL)
        return is_safe_place(n);
    switch (n->kind) {
    case NODE_ENUMERATOR:
    case NODE_LITERAL:
    case NODE_STRING:
    case NODE_SIZEOF:
    case NODE_NULL:
        return true;
    case NODE_FUNCTION:
        return true;
    case NODE_VARIABLE:
    case NODE_MEMBER:
        return is_named_object(n) && !(n->type && (n->type->is_volatile || n->type->is_atomic));
    case NODE_ADDRESS:
        return is_safe_place(n->kids[0]);
    case NODE_ASSIGN:
    case NODE_INCDEC:
        if (node_strip(n->kids[0])->kind != NODE_VARIABLE)
            return false;
        if (n->kind == NODE_INCDEC)
            return true;
        break;
    case NODE_BINARY:
    case NODE_UNARY:
    case NODE_COND:
    case NODE_CAST:
    case NODE_DECL:
    case NODE_IF:
    case NODE_BLOCK:
        break;
    default:
        return false;
    }
    if (n->is_guessed || (divides && is_integer(n) && !is_divisor(n->kids[1])))
        return false;
    return are_safe(n);
}

static bool is_saved_type(struct sync_plan *p, const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_INTEGER:
    case TYPE_FLOAT:
    case TYPE_ENUM:
    case TYPE_POINTER:
        return t->align <= 16 && !t->is_volatile && !t->is_atomic && sync_is_spellable(p, t);
    default:
        return false;
    }
}

struct value_search {
    const struct variable *var;
    size_t before;
    bool found;
};
static void search_value(void *arg, const struct variable_use *use)
{
    struct value_search *s = arg;
    s->found |= use->var == s->var && use->is_written && use->where->range.begin < s->before;
}

static bool has_value(struct sync_plan *p, struct variable *v)
{
    struct value_search s = {v, p->exit->exit_range.begin, v->is_parameter};
    const struct node *body = frontend_body(p->fe, p->region->fn);
    if (body && !s.found)
        sync_uses(body, NULL, 0, search_value, &s);
    return s.found;
}

struct name_search {
    const struct variable *var;
    bool is_named, is_declared;
};
static void search_name(void *arg, const struct variable_use *use)
{
    struct name_search *s = arg;
    s->is_named |= use->var == s->var;
    s->is_declared |= use->var == s->var && use->is_declared;
}

static bool is_used_in(const struct node *n, const struct variable *v)
{
    struct name_search s = {v, false, false};
    sync_uses(n, NULL, 0, search_name, &s);
    return s.is_named;
}

bool sync_is_declared_in(const struct node *n, const struct variable *v)
{
    struct name_search s = {v, false, false};
    sync_uses(n, NULL, 0, search_name, &s);
    return s.is_declared;
}

static void save(void *arg, const struct variable_use *use)
{
    struct checker *c = arg;
    struct sync_plan *p = c->p;
    struct variable *v = use->var;
    if (!v || !use->is_written || c->why)
        return;
    struct sync_variable *sv = sync_variable(p, v);
    bool is_inside = sync_is_declared_in(p->exit_loop->node, v);
    if (!sync_is_local(v) || !is_saved_type(p, sync_type(p, v)) || sv->is_written ||
        touch_is_exposed(p->scope, v)) {
        c->why = "the loop changes something at once that can't be undone";
        return;
    }
    if (is_inside && !is_used_in(p->exit->exit_node->kids[1], v))
        return; /* gone behind the loop */
    if (v->type->is_const || v->is_register || !has_value(p, v)) {
        c->why = "a variable that the loop changes is const, register, or may have no value yet";
        return;
    }
    for (size_t i = 0; i < p->n_saved; i++)
        if (p->saved[i] == sv)
            return;
    ARENA_PUSH(p->arena, p->saved, p->n_saved, p->cap_saved) = sv;
}

static void find_lasting(void *arg, const struct variable_use *use)
{
    struct checker *c = arg;
    if (use->var && use->is_written &&
        (!sync_is_local(use->var) || !is_saved_type(c->p, sync_type(c->p, use->var)) ||
         touch_is_exposed(c->p->scope, use->var)))
        c->why = "it can't be undone";
}

bool sync_must_follow(struct sync_plan *p, const struct sync_item *it)
{
    struct checker c = {.p = p};
    if (!p->exit || it == p->exit || !it->n_loops ||
        it->loops[it->n_loops - 1] != p->exit_loop->node)
        return false;
    sync_uses(it->node, NULL, 0, find_lasting, &c);
    return c.why || !is_safe(it->node);
}

static void check_node(struct checker *c, const struct node *n)
{
    if (!n || c->why)
        return;
    if (!is_safe(n))
        c->why = "what the loop does at once might fault, or change memory, if it ran ahead";
    else
        sync_uses(n, NULL, 0, save, c);
}

static void check_late(struct checker *c, const struct sync_item *it)
{
    bool is_behind = it->range.begin > c->p->exit->range.begin;
    for (size_t i = 0; i < it->n_calls; i++) {
        const struct sync_call *call = &it->calls[i];
        if (!call->is_out)
            continue;
        if (call->cf->has_effects || call->cf->may_set_errno || call->cf->effects == NULL)
            c->why = "a call has other effects than its result, or can't be seen";
        if (is_behind && call->is_pending)
            c->why = "a call behind the condition uses a result that the condition may rule out";
        for (size_t k = 1; !call->is_pending && k < call->node->n_kids; k++)
            if (!call->copies[k - 1])
                check_node(c, call->node->kids[k]);
            else if (!call->copies_in[k - 1])
                c->why = "a call has other effects than its result, or can't be seen";
    }
    if (it->form == FORM_ASSIGN && !c->why) {
        if (!is_safe_place(it->to_node))
            c->why = "what the loop does at once might fault, or change memory, if it ran ahead";
        sync_uses(it->to_node, NULL, 0, save, c);
    }
}

static void check_item(struct checker *c, const struct sync_item *it)
{
    if (!it || c->why)
        return;
    if (sync_is_late(it)) {
        check_late(c, it);
    } else if (it->kind != SYNC_STRUCTURE) {
        check_node(c, it->node);
    } else if (it->node->kind == NODE_IF || it->node->kind == NODE_BLOCK) {
        if (it->node->kind == NODE_IF)
            check_node(c, it->node->kids[0]);
        for (size_t i = 0; i < it->n_kids; i++)
            check_item(c, it->kids[i]);
    } else {
        c->why = "a statement of the loop isn't simple enough";
    }
}

static bool is_in_loop(const struct sync_plan *p, const struct sync_point *pt)
{
    for (size_t i = 0; i < pt->n_loops; i++)
        if (pt->loops[i] == p->exit_loop->node)
            return true;
    return false;
}

static const char *why_waits(const struct sync_plan *p)
{
    for (size_t i = 0; i < p->n_points; i++) {
        const struct sync_point *pt = p->points[i];
        bool waits = (pt->event && !pt->is_idle) || pt->n_tests;
        if (pt->is_reached && waits && is_in_loop(p, pt) && pt->kind != POINT_JOIN)
            return "something in the loop waits, or may have to wait, for what is pending";
    }
    return NULL;
}

static void find_restored(struct checker *c)
{
    struct sync_plan *p = c->p;
    for (size_t i = 0; i < p->n_variables; i++) {
        const struct sync_variable *v = p->variables[i];
        const struct type *t = sync_type(p, v->var);
        if (v->is_restored &&
            (v->storage != STORAGE_HOISTED || t->kind == TYPE_ARRAY || v->is_within ||
             t->is_volatile || v->is_private || (v->var->type->is_const && v->is_declared_at_once)))
            c->why = "what follows the condition uses a variable of the loop in a way that isn't "
                     "simple enough";
    }
}

const char *sync_why_not_ahead(struct sync_plan *p)
{
    struct checker c = {.p = p};
    struct for_parts f;
    const struct node *loop = p->exit_loop->node;
    if (!sync_is_late(p->exit) || !p->exit->segment || !p->exit->segment->has_calls)
        return "the condition isn't one of a result that is pending";
    if (p->why_serial)
        return p->why_serial;
    if (loop->kind == NODE_FOR && stmt_for_parts(p->fe, loop, &f)) {
        check_node(&c, f.cond);
        check_node(&c, f.inc);
    } else {
        check_node(&c, stmt_condition(loop));
    }
    check_item(&c, p->exit_loop->kids[1]);
    find_restored(&c);
    return c.why ? c.why : why_waits(p);
}

bool sync_is_ahead(const struct sync_plan *p, const struct sync_segment *s)
{
    return p->exit && is_in_loop(p, s->point);
}

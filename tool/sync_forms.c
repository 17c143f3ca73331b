/* sync_forms.c - the region's statements as a tree of items, and the forms of statements
 * that calls can be taken out of; see sync_private.h. */
#include <string.h>

#include "node.h"
#include "sync_private.h"

/* ---- the tree ---- */

struct builder {
    struct sync_plan *p;
    const struct node **loops;
    size_t n_loops, cap_loops;
    unsigned regions; /* inner ones around */
};

static struct sync_item *build(struct builder *b, const struct node *n, struct sync_item *parent,
                               bool in_block);

static void add_kid(struct builder *b, struct sync_item *it, const struct node *n, bool in_block)
{
    struct sync_item *kid = n ? build(b, n, it, in_block) : NULL;
    ARENA_PUSH(b->p->arena, it->kids, it->n_kids, it->cap_kids) = kid;
}

static void build_loop(struct builder *b, struct sync_item *it)
{
    const struct node *n = it->node, *body = NULL;
    if (n->kind == NODE_FOR) {
        struct for_parts parts;
        if (!stmt_for_parts(b->p->fe, n, &parts)) {
            b->p->why_serial = "a macro makes the head of a loop";
            b->p->why_range = n->range;
            return;
        }
        body = parts.body;
        add_kid(b, it, parts.init, false);
        if (it->kids[0])
            it->kids[0]->is_pinned = true;
    } else {
        body = n->kind == NODE_WHILE ? n->kids[n->n_kids - 1] : n->kids[0];
    }
    if (n->kind != NODE_FOR)
        add_kid(b, it, NULL, false);
    ARENA_PUSH(b->p->arena, b->loops, b->n_loops, b->cap_loops) = n;
    add_kid(b, it, body, false);
    b->n_loops--;
}

static void build_parts(struct builder *b, struct sync_item *it)
{
    const struct node *n = it->node;
    switch (n->kind) {
    case NODE_BLOCK:
        for (size_t i = 0; i < n->n_kids; i++)
            add_kid(b, it, n->kids[i], true);
        return;
    case NODE_IF:
        for (size_t i = 1; i < n->n_kids; i++)
            add_kid(b, it, n->kids[i], false);
        return;
    case NODE_SWITCH:
        if (n->n_kids)
            add_kid(b, it, n->kids[n->n_kids - 1], false);
        return;
    case NODE_CASE:
    case NODE_LABEL:
        if (n->n_kids)
            add_kid(b, it, n->kids[n->n_kids - 1], false);
        return;
    default:
        build_loop(b, it);
        return;
    }
}

static bool is_compound(const struct node *n)
{
    switch (n->kind) {
    case NODE_BLOCK:
        return !n->is_declaration;
    case NODE_IF:
    case NODE_SWITCH:
    case NODE_CASE:
    case NODE_LABEL:
        return true;
    default:
        return node_is_loop(n);
    }
}

static void build_exit(struct builder *b, struct sync_item *it, const struct node *n)
{
    it->exit_node = n;
    it->exit_range = it->range;
    it->node = n->kids[0];
    (void)sync_exit_condition(b->p, n, &it->range);
    it->exit_body = build(b, n->kids[1], it, false);
    b->p->exit = it;
}

static struct sync_item *build(struct builder *b, const struct node *n, struct sync_item *parent,
                               bool in_block)
{
    struct sync_plan *p = b->p;
    struct sync_item *it = ARENA_NEW(p->arena, struct sync_item);
    struct sync_inside inside;
    it->node = n;
    it->parent = parent;
    it->in_block = in_block;
    it->n_loops = b->n_loops;
    it->loops = arena_alloc(p->arena, (b->n_loops + 1) * sizeof *it->loops);
    if (b->n_loops)
        memcpy(it->loops, b->loops, b->n_loops * sizeof *it->loops);
    it->has_range = stmt_range(p->fe, n, &it->range);
    if (!b->regions && sync_may_be_exit(p, n, parent)) {
        build_exit(b, it, n);
        return it;
    }
    it->is_declaration = n->kind == NODE_DECL || (n->kind == NODE_BLOCK && n->is_declaration);
    sync_look(p, n, &inside);
    it->has_jump = inside.has_jump;
    if (inside.has_stmt_expr_jump) {
        p->why_serial = "an expression holds a statement that jumps";
        p->why_range = n->range;
    }
    it->is_inner = sync_is_region(p, n);
    b->regions += it->is_inner;
    bool wants_parts = it->is_inner ? inside.has_jump
                                    : inside.has_jump || inside.has_wait || inside.has_region ||
                                          inside.has_checkpoint ||
                                          (inside.has_call && !b->regions && !inside.has_directive);
    it->calls_stay = b->regions || inside.has_directive;
    if (is_compound(n) && wants_parts) {
        it->kind = SYNC_STRUCTURE;
        build_parts(b, it);
    }
    b->regions -= it->is_inner;
    return it;
}

void sync_build(struct sync_plan *p)
{
    struct builder b = {.p = p};
    p->root = build(&b, p->region->root, NULL, p->region->is_function);
}

void sync_each_item(struct sync_item *it, void (*cb)(void *, struct sync_item *), void *arg)
{
    if (!it)
        return;
    cb(arg, it);
    if (it->kind == SYNC_STRUCTURE)
        for (size_t i = 0; i < it->n_kids; i++)
            sync_each_item(it->kids[i], cb, arg);
}

/* ---- calls in a statement ---- */

struct call_finder {
    struct sync_plan *p;
    struct sync_item *it;
    const char *why_not; /* set where evaluation is conditional */
};

static unsigned ordinal_of(const struct sync_item *it, const struct function *fn)
{
    unsigned n = 0;
    for (size_t i = 0; i < it->n_calls; i++)
        n += it->calls[i].cf->fn == fn;
    return n;
}

static void find_calls(struct call_finder *f, const struct node *n)
{
    const char *before = f->why_not;
    if (n->kind == NODE_CALL && n->fn) {
        struct concurrent_function *cf = concurrent_find(f->p->all, n->fn);
        if (cf) {
            struct sync_call c = {.node = n, .cf = cf, .ordinal = ordinal_of(f->it, n->fn)};
            c.why_not = cf->is_serial || cf->has_errors ? "it runs serially" : f->why_not;
            ARENA_PUSH(f->p->arena, f->it->calls, f->it->n_calls, f->it->cap_calls) = c;
        }
    }
    for (size_t i = 0; i < n->n_kids; i++) {
        bool is_conditional =
            i > 0 && (n->kind == NODE_COND ||
                      (n->kind == NODE_BINARY && (!strcmp(n->op, "&&") || !strcmp(n->op, "||"))));
        if (is_conditional && !f->why_not)
            f->why_not = "it isn't always evaluated";
        if (n->kind == NODE_STMT_EXPR)
            f->why_not = "it stands in a statement expression";
        if (n->kind == NODE_BINARY && !strcmp(n->op, ",") && i > 0 && !f->why_not &&
            sync_has_side_effects(n->kids[0], NULL, 0))
            f->why_not = "what stands before it in the expression comes first";
        find_calls(f, n->kids[i]);
    }
    f->why_not = before;
}

/* The conditions and statements of a compound that is deferred as a whole hold calls that
 * stay: only those in the condition of an if or switch may come out. */
static void find_calls_by_kind(struct call_finder *f, const struct node *n)
{
    if (n->kind == NODE_IF || n->kind == NODE_SWITCH) {
        find_calls(f, n->kids[0]);
        f->why_not = "whether it is made depends on a result that is pending";
        for (size_t i = 1; i < n->n_kids; i++)
            find_calls(f, n->kids[i]);
        return;
    }
    if (is_compound(n))
        f->why_not = "whether it is made depends on a result that is pending";
    else if (n->kind == NODE_RETURN)
        f->why_not = "its value is returned";
    else if (n->kind == NODE_GOTO)
        f->why_not = "its value decides where to go";
    find_calls(f, n);
}

void sync_let_stay(struct sync_plan *p, const struct sync_call *c)
{
    ARENA_PUSH(p->arena, p->staying, p->n_staying, p->cap_staying) =
        (struct sync_staying){c->node, c->why_not};
}

static void find_calls_in(struct sync_plan *p, struct sync_item *it)
{
    const struct node *n = it->node;
    struct call_finder f = {.p = p, .it = it};
    struct sync_call *before = it->calls;
    size_t n_before = it->n_calls;
    it->calls = NULL;
    it->n_calls = it->cap_calls = 0;
    find_calls_by_kind(&f, n);
    for (size_t i = 0; i < it->n_calls; i++)
        for (size_t j = 0; j < n_before; j++)
            if (before[j].node == it->calls[i].node) {
                it->calls[i].args_touched = before[j].args_touched;
                it->calls[i].args_skipped = before[j].args_skipped;
                it->calls[i].call_touched = before[j].call_touched;
            }
    for (size_t i = 0; i < it->n_calls; i++)
        for (size_t j = 0; j < p->n_staying; j++)
            if (p->staying[j].call == it->calls[i].node)
                it->calls[i].why_not = p->staying[j].why;
}

/* ---- forms ---- */

static bool is_arithmetic(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_INTEGER:
    case TYPE_FLOAT:
    case TYPE_COMPLEX:
    case TYPE_ENUM:
    case TYPE_POINTER:
        return true;
    default:
        return false;
    }
}

static bool is_bitfield(const struct node *n)
{
    n = node_strip(n);
    if (n->kind != NODE_MEMBER || !n->kids[0]->type)
        return false;
    const struct type *t = n->kids[0]->type;
    if (t->kind == TYPE_POINTER)
        t = t->element;
    const struct field *f = t->kind == TYPE_RECORD ? record_field(t->record, n->name) : NULL;
    return !f || f->is_bitfield;
}

static bool may_take_address(const struct node *to)
{
    const struct node *n = node_strip(to);
    if (!n->type || n->type->is_volatile || n->type->is_atomic || is_bitfield(n))
        return false;
    if (n->type->kind != TYPE_RECORD && !is_arithmetic(n->type))
        return false;
    if (n->type->kind == TYPE_RECORD && n->type->is_const)
        return false;
    switch (n->kind) {
    case NODE_INDEX:
    case NODE_DEREF:
        return true;
    case NODE_MEMBER:
        return true;
    default:
        return false; /* scalar variables: by name */
    }
}

/* Of a destination, what is computed to find it. */
static bool is_local_place(const struct node *n)
{
    n = node_strip(n);
    while (n->kind == NODE_MEMBER && !n->is_arrow)
        n = node_strip(n->kids[0]);
    return n->kind == NODE_VARIABLE && !n->var->is_global;
}

static bool holds_call(const struct sync_item *it, const struct node *n)
{
    for (size_t i = 0; i < it->n_calls; i++)
        if (it->calls[i].node != n && it->calls[i].is_out && node_contains(n, it->calls[i].node))
            return true;
    return false;
}

static enum sync_form form_of(struct sync_plan *p, const struct sync_item *it)
{
    const struct node *n = node_strip(it->node);
    if (it->exit_node)
        return FORM_WHOLE;
    if (it->is_declaration)
        return FORM_DECLARATION;
    if (n->kind == NODE_CAST && n->type && n->type->kind == TYPE_VOID && n->n_kids == 1)
        n = node_strip(n->kids[0]); /* (void)f(i); */
    if (n->kind == NODE_CALL && it->n_calls == 1 && it->calls[0].node == n)
        return FORM_CALL;
    if (n->kind == NODE_ASSIGN && may_take_address(n->kids[0]) && !is_local_place(n->kids[0]) &&
        !holds_call(it, n->kids[0]) && sync_is_spellable(p, node_strip(n->kids[0])->type))
        return FORM_ASSIGN;
    return FORM_WHOLE;
}

/* May the result, and the arguments, be copied into a record? */
static bool names_errno(const struct node *n)
{
    if (n->kind == NODE_CALL && n->fn && strcmp(n->fn->name, "__errno_location") == 0)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (names_errno(n->kids[i]))
            return true;
    return false;
}

static bool calls_reader_of_errno(struct sync_plan *p, const struct node *n)
{
    if (n->kind == NODE_CALL && n->fn && n->fn->has_definition &&
        effects_of(p->fe, p->arena, n->fn)->reads_errno)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (calls_reader_of_errno(p, n->kids[i]))
            return true;
    return false;
}

/* May it read errno as it was before the call? Not where `errno = 0;` comes first. */
static bool reads_old_errno(struct sync_plan *p, const struct concurrent_function *cf)
{
    if (!cf->effects || !cf->effects->reads_errno)
        return false;
    const struct node *body = frontend_body(p->fe, cf->fn);
    for (size_t i = 0; body && i < body->n_kids; i++) {
        const struct node *n = node_strip(body->kids[i]);
        if (n->kind == NODE_ASSIGN && strcmp(n->op, "=") == 0 && names_errno(n->kids[0]) &&
            !names_errno(n->kids[1]))
            return calls_reader_of_errno(p, n->kids[1]);
        if (names_errno(n) || calls_reader_of_errno(p, n))
            return true;
    }
    return true;
}

static const char *why_not_copied(struct sync_plan *p, const struct sync_call *c)
{
    const struct function *fn = c->cf->fn;
    if (reads_old_errno(p, c->cf))
        return "it may read errno as it was before the call";
    if (fn->is_variadic)
        return "it is variadic";
    if (c->node->n_kids - 1 != fn->n_params)
        return "its number of arguments isn't that of its declaration";
    if (!sync_is_spellable(p, fn->result) || fn->result->align > 16 || fn->result->size > 4096)
        return "its result can't be kept";
    for (size_t i = 0; i < fn->n_params; i++) {
        const struct type *t = sync_type(p, fn->params[i]);
        if (sync_is_variable_pointer(t))
            continue;
        if (!sync_is_spellable(p, t) || t->align > 16 || t->size > 4096)
            return "an argument can't be kept";
    }
    return NULL;
}

/* Only literals, scalars that can be copied, operators, and results. */
bool sync_is_task_expression(const struct sync_item *it, const struct node *n)
{
    for (size_t i = 0; i < it->n_calls; i++)
        if (it->calls[i].node == n)
            return it->calls[i].is_out;
    switch (n->kind) {
    case NODE_VARIABLE:
        if (n->var->is_global || !is_arithmetic(n->type ? n->type : n->var->type))
            return false;
        break;
    case NODE_ENUMERATOR:
    case NODE_LITERAL:
    case NODE_STRING:
    case NODE_SIZEOF:
    case NODE_UNARY:
    case NODE_BINARY:
    case NODE_COND:
    case NODE_CAST:
        break;
    default:
        return false;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        if (!sync_is_task_expression(it, n->kids[i]))
            return false;
    return true;
}

/* An unnamed object of the block that the address of is given away: it would die too early. */
static bool has_unnamed_object(const struct node *n, bool is_address)
{
    if (n->kind == NODE_COMPOUND_LITERAL && n->type && (is_address || n->type->kind == TYPE_ARRAY))
        return true;
    bool is_part =
        n->kind == NODE_MEMBER || n->kind == NODE_INDEX || (n->kind == NODE_CAST && n->is_implicit);
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_unnamed_object(n->kids[i], n->kind == NODE_ADDRESS || (is_address && is_part)))
            return true;
    return false;
}

/* Does n name a variable that the statement itself declares? `T v = f(), w = g(v);` */
static bool names_declared(const struct node *n, const struct node *statement)
{
    if (n->kind == NODE_VARIABLE && n->var && node_declares(statement, n->var))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (names_declared(n->kids[i], statement))
            return true;
    return false;
}

/* Innermost first, so that f(g(i)) knows of g. */
static void take_out(struct sync_plan *p, struct sync_item *it, size_t i)
{
    struct sync_call *c = &it->calls[i];
    for (size_t j = i + 1; j < it->n_calls; j++)
        if (it->calls[j].node != c->node && node_contains(c->node, it->calls[j].node) &&
            !it->calls[j].is_out && !it->calls[j].why_not)
            take_out(p, it, j);
    if (c->why_not)
        return;
    c->why_not = why_not_copied(p, c);
    if (c->why_not)
        return;
    for (size_t k = 1; k < c->node->n_kids; k++)
        if (has_unnamed_object(c->node->kids[k], false))
            c->why_not = "an argument points to an unnamed object";
        else if (it->is_declaration && names_declared(c->node->kids[k], it->node))
            c->why_not = "an argument needs a result that is pending";
    if (c->why_not)
        return;
    if (holds_call(it, c->node)) {
        c->is_pending = true;
        for (size_t k = 1; k < c->node->n_kids; k++)
            if (!sync_is_task_expression(it, c->node->kids[k]))
                c->why_not = "an argument needs a result that is pending";
    } else {
        for (size_t k = 0; k < it->n_calls; k++)
            if (it->calls[k].node != c->node && node_contains(c->node, it->calls[k].node))
                c->why_not = "an argument needs a call that runs in its place";
    }
    c->is_out = !c->why_not;
    sync_find_copies(p, c);
}

size_t sync_find_form(struct sync_plan *p, struct sync_item *it)
{
    size_t n_out = 0;
    find_calls_in(p, it);
    for (size_t i = 0; i < it->n_calls; i++) {
        if (it->calls_stay && !it->calls[i].why_not)
            it->calls[i].why_not = "it stands in code of another parallel construct";
        if (!it->has_range && !it->calls[i].why_not)
            it->calls[i].why_not = "a macro makes more than the statement";
    }
    for (size_t i = 0; i < it->n_calls; i++)
        if (!it->calls[i].is_out && !it->calls[i].why_not)
            take_out(p, it, i);
    for (size_t i = 0; i < it->n_calls; i++)
        n_out += it->calls[i].is_out;
    it->form = form_of(p, it);
    return n_out;
}

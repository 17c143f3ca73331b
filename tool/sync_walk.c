/* sync_walk.c - looking through the nodes of synchronized code; see sync_private.h. */
#include <string.h>

#include "checkpoint.h"
#include "node.h"
#include "sync_private.h"

/* ---- uses of variables ---- */

struct user {
    const struct node *const *skip;
    size_t n_skip;
    use_callback *cb;
    void *arg;
};

enum { USE_READ = 1, USE_WRITE = 2, USE_ADDRESS = 4 };

static bool is_skipped(const struct user *u, const struct node *n)
{
    for (size_t i = 0; i < u->n_skip; i++)
        if (u->skip[i] == n)
            return true;
    return false;
}

static void tell(struct user *u, const struct node *n, unsigned how, bool is_declared)
{
    if (n->var)
        u->cb(u->arg, &(struct variable_use){.var = n->var,
                                             .where = n,
                                             .is_read = how & USE_READ,
                                             .is_written = how & USE_WRITE,
                                             .is_address = how & USE_ADDRESS,
                                             .is_declared = is_declared});
}

static void walk(struct user *u, const struct node *n);
static void walk_unknown(struct user *u, const struct node *n);

/* The object that n designates is used in the ways of `how`. */
static void walk_lvalue(struct user *u, const struct node *n, unsigned how)
{
    if (is_skipped(u, n))
        return;
    switch (n->kind) {
    case NODE_VARIABLE:
        tell(u, n, how, false);
        return;
    case NODE_MEMBER:
        if (n->is_arrow)
            walk(u, n->kids[0]);
        else
            walk_lvalue(u, n->kids[0], how);
        return;
    case NODE_INDEX: {
        const struct node *base = node_strip(n->kids[0]);
        bool is_pointer = base->kind == NODE_VARIABLE && base->var && base->var->is_parameter;
        if (base->type && base->type->kind == TYPE_ARRAY && !is_pointer)
            walk_lvalue(u, base, how);
        else
            walk(u, n->kids[0]);
        walk(u, n->kids[1]);
        return;
    }
    case NODE_CAST:
        if (n->is_implicit && n->n_kids == 1) {
            walk_lvalue(u, n->kids[0], how);
            return;
        }
        break;
    case NODE_UNARY: /* __real__ z = x; */
        if (n->op[0] == '_' && n->n_kids == 1) {
            walk_lvalue(u, n->kids[0], how | USE_READ);
            return;
        }
        break;
    case NODE_DEREF:
        walk(u, n->kids[0]);
        return;
    default:
        break;
    }
    if (how & (USE_WRITE | USE_ADDRESS))
        walk_unknown(u, n);
    else
        walk(u, n);
}

static void walk_unknown(struct user *u, const struct node *n)
{
    if (is_skipped(u, n))
        return;
    if (n->kind == NODE_VARIABLE)
        tell(u, n, USE_READ | USE_WRITE | USE_ADDRESS, false);
    for (size_t i = 0; i < n->n_kids; i++)
        walk_unknown(u, n->kids[i]);
}

static void walk(struct user *u, const struct node *n)
{
    if (is_skipped(u, n))
        return;
    switch (n->kind) {
    case NODE_VARIABLE: {
        bool decays =
            n->var && n->var->type && n->var->type->kind == TYPE_ARRAY && !n->var->is_parameter;
        tell(u, n, decays ? USE_READ | USE_ADDRESS : USE_READ, false);
        return;
    }
    case NODE_MEMBER:
    case NODE_INDEX: {
        /* An array member that isn't indexed decays: its address is taken. */
        bool decays = n->type && n->type->kind == TYPE_ARRAY;
        walk_lvalue(u, n, decays ? USE_READ | USE_ADDRESS : USE_READ);
        return;
    }
    case NODE_ASSIGN:
        walk_lvalue(u, n->kids[0], strcmp(n->op, "=") == 0 ? USE_WRITE : USE_READ | USE_WRITE);
        walk(u, n->kids[1]);
        return;
    case NODE_INCDEC:
        walk_lvalue(u, n->kids[0], USE_READ | USE_WRITE);
        return;
    case NODE_ADDRESS:
        walk_lvalue(u, n->kids[0], USE_ADDRESS);
        return;
    case NODE_OPERATOR:
    case NODE_ASM:
        walk_unknown(u, n);
        return;
    case NODE_DECL:
        tell(u, n, n->n_kids ? USE_WRITE : 0, true);
        break;
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        walk(u, n->kids[i]);
}

void sync_uses(const struct node *n, const struct node *const *skip, size_t n_skip,
               use_callback *cb, void *arg)
{
    struct user u = {skip, n_skip, cb, arg};
    walk(&u, n);
}

bool sync_has_side_effects(const struct node *n, const struct node *const *skip, size_t n_skip)
{
    for (size_t i = 0; i < n_skip; i++)
        if (skip[i] == n)
            return false;
    switch (n->kind) {
    case NODE_ASSIGN:
    case NODE_INCDEC:
    case NODE_OPERATOR:
    case NODE_ASM:
    case NODE_STMT_EXPR:
    case NODE_VA_ARG:
    case NODE_OTHER:
        return true;
    case NODE_CALL:
        if (!n->fn || !n->fn->is_const_attr)
            return true;
        break;
    case NODE_VARIABLE:
        if (n->var && n->var->type && n->var->type->is_volatile)
            return true;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        if (sync_has_side_effects(n->kids[i], skip, n_skip))
            return true;
    return false;
}

/* ---- what is inside a statement ---- */

struct looker {
    struct sync_plan *p;
    struct sync_inside *out;
    unsigned loops, switches;
    unsigned regions; /* inner ones: what is called there is their affair, jumps are ours */
};

bool sync_is_region(const struct sync_plan *p, const struct node *n)
{
    for (size_t i = 0; i < p->all->n_regions; i++)
        if (p->all->regions[i] != p->region && p->all->regions[i]->root == n)
            return true;
    return false;
}

static void look_at(struct looker *l, const struct node *n)
{
    switch (n->kind) {
    case NODE_CALL: {
        struct concurrent_function *cf = n->fn ? concurrent_find(l->p->all, n->fn) : NULL;
        if (cf && !cf->is_serial && !cf->has_errors && !l->regions)
            l->out->has_call = true;
        break;
    }
    case NODE_RETURN:
    case NODE_GOTO:
    case NODE_LABEL:
        l->out->has_jump = true;
        break;
    case NODE_BREAK:
        if (!l->loops && !l->switches)
            l->out->has_jump = true;
        break;
    case NODE_CONTINUE:
        if (!l->loops)
            l->out->has_jump = true;
        break;
    case NODE_CASE:
        if (!l->switches)
            l->out->has_jump = true;
        break;
    default:
        break;
    }
}

static bool is_checkpoint(const struct checkpoints *c, const struct node *n)
{
    for (size_t i = 0; c && i < c->n_loops; i++) {
        const struct checkpoint_loop *loop = c->loops[i];
        if (loop->root == n)
            return true;
        for (size_t k = 0; k < loop->n_nows; k++)
            if (loop->nows[k].block == n || loop->nows[k].alone == n)
                return true;
    }
    return false;
}

static void look(struct looker *l, const struct node *n)
{
    bool is_inner = sync_is_region(l->p, n);
    l->out->has_region |= is_inner;
    l->regions += is_inner;
    look_at(l, n);
    l->out->has_checkpoint |= is_checkpoint(l->p->all->checkpoints, n);
    for (size_t i = 0; i < l->p->region->n_waits; i++)
        if (l->p->region->waits[i].block == n)
            l->out->has_wait = true;
    bool is_loop = n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
    l->loops += is_loop;
    l->switches += n->kind == NODE_SWITCH;
    bool jumped = l->out->has_jump;
    for (size_t i = 0; i < n->n_kids; i++)
        look(l, n->kids[i]);
    if (n->kind == NODE_STMT_EXPR && l->out->has_jump && !jumped)
        l->out->has_stmt_expr_jump = true;
    l->loops -= is_loop;
    l->switches -= n->kind == NODE_SWITCH;
    l->regions -= is_inner;
}

void sync_look(struct sync_plan *p, const struct node *n, struct sync_inside *out)
{
    *out = (struct sync_inside){0};
    struct looker l = {.p = p, .out = out};
    look(&l, n);
    out->has_directive = stmt_has_directive(p->fe, n);
}

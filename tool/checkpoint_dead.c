/* checkpoint_dead.c - variables whose value at the top of an iteration nobody reads.
 *
 * Programs declare scratch variables in front of their loops. Where the first thing that
 * happens to one, wherever control comes from the top of an iteration, is an assignment, its
 * value isn't state. Only plain rows of statements are followed; what is more involved
 * counts as read. */
#include <string.h>

#include "checkpoint_private.h"
#include "node.h"

enum use { USE_NONE, USE_SET, USE_READ };

static bool takes_address(const struct node *n, const struct variable *v)
{
    if (n->kind == NODE_ADDRESS && node_names(n, v))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (takes_address(n->kids[i], v))
            return true;
    return false;
}

static enum use first_use(struct frontend *fe, const struct node *n, const struct variable *v);

static enum use first_of_kids(struct frontend *fe, const struct node *n, size_t from,
                              const struct variable *v)
{
    for (size_t i = from; i < n->n_kids; i++) {
        enum use u = first_use(fe, n->kids[i], v);
        if (u != USE_NONE)
            return u;
    }
    return USE_NONE;
}

static enum use first_use(struct frontend *fe, const struct node *n, const struct variable *v)
{
    if (!n || !node_names(n, v))
        return USE_NONE;
    n = node_strip(n);
    struct for_parts parts;
    switch (n->kind) {
    case NODE_BLOCK:
        return first_of_kids(fe, n, 0, v);
    case NODE_ASSIGN:
        if (n->n_kids == 2 && !strcmp(n->op, "=") && node_strip(n->kids[0])->kind == NODE_VARIABLE &&
            node_strip(n->kids[0])->var == v && !node_names(n->kids[1], v))
            return USE_SET;
        return USE_READ;
    case NODE_BINARY:
        if (!strcmp(n->op, ","))
            return first_of_kids(fe, n, 0, v);
        return USE_READ;
    case NODE_FOR:
        if (!stmt_for_nodes(fe, n, &parts) || !parts.init)
            return USE_READ;
        return first_use(fe, parts.init, v) == USE_SET ? USE_SET : USE_READ;
    default:
        return USE_READ;
    }
}

/* What comes behind n, in its block and in those around it. */
static enum use use_behind(struct frontend *fe, const struct node *n, const struct variable *v)
{
    for (const struct node *up = n->parent; up; n = up, up = up->parent) {
        if (up->kind != NODE_BLOCK)
            return node_names(up, v) ? USE_READ : USE_NONE; /* once more from the top of a loop */
        size_t i = 0;
        while (i < up->n_kids && up->kids[i] != n)
            i++;
        enum use u = first_of_kids(fe, up, i + 1, v);
        if (u != USE_NONE)
            return u;
    }
    return USE_NONE;
}

static bool is_mentioned_outside(const struct node *n, const struct node *loop,
                                 const struct variable *v)
{
    if (n == loop)
        return false;
    if (n->kind == NODE_VARIABLE && n->var == v)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_mentioned_outside(n->kids[i], loop, v))
            return true;
    return false;
}

bool checkpoint_is_dead(struct frontend *fe, const struct checkpoint_loop *loop,
                        const struct variable *v)
{
    const struct node *root = loop->root, *body = frontend_body(fe, loop->fn);
    bool is_scalar = v->type->kind != TYPE_ARRAY && v->type->kind != TYPE_RECORD;
    if (v->is_global || !is_scalar || v->type->is_volatile || takes_address(body, v) ||
        node_has_kind(body, NODE_LABEL) || node_has_kind(root, NODE_CASE) || node_has_kind(body, NODE_ASM))
        return false;
    const struct node *loop_body = stmt_body(root);
    struct for_parts parts = {0};
    if (root->kind == NODE_FOR) {
        if (!stmt_for_nodes(fe, root, &parts) || node_names(parts.cond, v) || node_names(parts.inc, v))
            return false;
        loop_body = parts.body;
    } else if (node_names(stmt_condition(root), v)) {
        return false;
    }
    if (!loop_body || first_use(fe, loop_body, v) != USE_SET)
        return false;
    return !is_mentioned_outside(body, root, v) || use_behind(fe, root, v) != USE_READ;
}

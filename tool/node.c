/* node.c - see node.h. */
#include "node.h"

#include <stddef.h>

bool node_is_loop(const struct node *n)
{
    return n && (n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO);
}

bool node_is_block(const struct node *n)
{
    return n && n->kind == NODE_BLOCK && !n->is_declaration;
}

const struct node *node_strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->is_implicit && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

bool node_contains(const struct node *n, const struct node *part)
{
    for (; part; part = part->parent)
        if (part == n)
            return true;
    return false;
}

bool node_declares(const struct node *n, const struct variable *v)
{
    if (n && n->kind == NODE_DECL && n->var == v)
        return true;
    for (size_t i = 0; n && i < n->n_kids; i++)
        if (node_declares(n->kids[i], v))
            return true;
    return false;
}

bool node_names(const struct node *n, const struct variable *v)
{
    if (n && n->kind == NODE_VARIABLE && n->var == v)
        return true;
    for (size_t i = 0; n && i < n->n_kids; i++)
        if (node_names(n->kids[i], v))
            return true;
    return false;
}

bool node_has_kind(const struct node *n, enum node_kind kind)
{
    if (n && n->kind == kind)
        return true;
    for (size_t i = 0; n && i < n->n_kids; i++)
        if (node_has_kind(n->kids[i], kind))
            return true;
    return false;
}

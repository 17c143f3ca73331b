/* check_errno.c - see check_errno.h.
 *
 * One walk in the order of execution that carries along whether errno has been assigned on every
 * way to here. What a library function may or may not have done to it doesn't count. */
#include "check_errno.h"

#include <string.h>

#define MAX_DEPTH 8 /* calls */

struct errno_walk {
    struct frontend *fe;
    const struct node *early; /* the first read that came too early */
    bool is_seen;
    bool is_set;    /* here */
    bool has_ended; /* nothing is carried out here */
    unsigned depth;
    struct function *calls[MAX_DEPTH];
};

static void walk(struct errno_walk *w, const struct node *n);

/* (*__errno_location()) */
static bool is_errno(const struct node *n)
{
    const struct node *call = n->kind == NODE_DEREF && n->n_kids ? n->kids[0] : NULL;
    while (call && call->kind == NODE_CAST && call->n_kids == 1)
        call = call->kids[0];
    return call && call->kind == NODE_CALL && call->fn && strstr(call->fn->name, "errno");
}

static const struct node *strip(const struct node *n)
{
    while (n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

static bool has_label(const struct node *n)
{
    if (n->kind == NODE_LABEL || n->kind == NODE_CASE)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_label(n->kids[i]))
            return true;
    return false;
}

/* n may be carried out or not. */
static void walk_maybe(struct errno_walk *w, const struct node *n)
{
    bool was_set = w->is_set, had_ended = w->has_ended;
    walk(w, n);
    w->is_set = was_set;
    w->has_ended = had_ended;
}

static void walk_if(struct errno_walk *w, const struct node *n)
{
    if (!n->n_kids)
        return;
    walk(w, n->kids[0]);
    bool before = w->is_set, is_set = true, has_ended = true;
    for (size_t i = 1; i < 3; i++) {
        w->is_set = before;
        w->has_ended = false;
        if (i < n->n_kids)
            walk(w, n->kids[i]);
        is_set &= w->is_set || w->has_ended;
        has_ended &= w->has_ended;
    }
    w->is_set = is_set;
    w->has_ended = has_ended;
}

static void walk_body(struct errno_walk *w, struct function *fn)
{
    const struct node *body = w->depth < MAX_DEPTH ? frontend_body(w->fe, fn) : NULL;
    for (unsigned i = 0; i < w->depth; i++)
        if (w->calls[i] == fn)
            return;
    if (!body)
        return;
    bool had_ended = w->has_ended;
    w->calls[w->depth++] = fn;
    walk(w, body);
    w->depth--;
    w->has_ended = had_ended;
}

static void walk_call(struct errno_walk *w, const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++)
        walk(w, n->kids[i]);
    for (size_t i = 1; i < n->n_kids; i++) { /* functions that are called back */
        const struct node *arg = strip(n->kids[i]);
        bool was_set = w->is_set;
        if (arg->kind == NODE_FUNCTION && arg->fn)
            walk_body(w, arg->fn);
        w->is_set = was_set;
    }
    bool was_set = w->is_set;
    if (n->fn)
        walk_body(w, n->fn);
    w->is_set = was_set; /* it may have returned early */
}

static void walk(struct errno_walk *w, const struct node *n)
{
    if (!n || w->early || (w->has_ended && !has_label(n)))
        return;
    if (w->has_ended)
        w->has_ended = w->is_set = false;
    if (is_errno(n)) {
        w->is_seen = true;
        if (!w->is_set)
            w->early = n;
        return;
    }
    switch (n->kind) {
    case NODE_ASSIGN:
        if (n->n_kids == 2 && !strcmp(n->op, "=") && is_errno(strip(n->kids[0]))) {
            walk(w, n->kids[1]);
            w->is_set = true;
            return;
        }
        break;
    case NODE_BINARY:
        if (n->n_kids == 2 && (!strcmp(n->op, "&&") || !strcmp(n->op, "||"))) {
            walk(w, n->kids[0]);
            walk_maybe(w, n->kids[1]);
            return;
        }
        break;
    case NODE_IF:
    case NODE_COND:
        walk_if(w, n);
        return;
    case NODE_FOR:
    case NODE_WHILE:
    case NODE_SWITCH:
        for (size_t i = 0; i < n->n_kids; i++)
            if (i == 0 && n->n_kids > 1) /* the condition, or what comes before it */
                walk(w, n->kids[0]);
            else
                walk_maybe(w, n->kids[i]);
        return;
    case NODE_DO:
        walk_maybe(w, n->n_kids ? n->kids[0] : NULL);
        walk_maybe(w, n->n_kids > 1 ? n->kids[1] : NULL);
        return;
    case NODE_CALL:
        walk_call(w, n);
        return;
    case NODE_LABEL: /* from anywhere */
    case NODE_CASE:
        w->is_set = false;
        break;
    case NODE_RETURN:
        for (size_t i = 0; i < n->n_kids; i++)
            walk(w, n->kids[i]);
        w->has_ended = true;
        return;
    case NODE_GOTO:
    case NODE_BREAK:
    case NODE_CONTINUE:
        w->has_ended = true;
        return;
    case NODE_NESTED_FUNCTION:
        return;
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        walk(w, n->kids[i]);
}

const struct node *check_errno_early(struct frontend *fe, struct function *fn, bool *is_seen)
{
    struct errno_walk w = {.fe = fe};
    walk_body(&w, fn);
    *is_seen = w.is_seen;
    return w.early;
}

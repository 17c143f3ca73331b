/* sync_graph.c - the control flow of a region as points and edges; see sync_private.h.
 *
 * Built backwards: each statement is given the point that follows it. */
#include <string.h>

#include "node.h"
#include "sync_private.h"

struct targets {
    struct sync_point *next, *brk, *cont;
    struct sync_point *dispatch; /* of the switch around */
    bool *has_default;
};
struct label {
    const char *name;
    const struct node *node;
    struct sync_point *point;
};
struct grapher {
    struct sync_plan *p;
    struct label *labels;
    size_t n_labels, cap_labels;
    const struct node **loops; /* around what is being built */
    size_t n_loops, cap_loops;
    struct sync_point *exit;
};

static struct sync_point *new_point(struct grapher *g, enum sync_point_kind kind,
                                    struct sync_item *it, const struct node *n)
{
    struct sync_plan *p = g->p;
    struct sync_point *pt = ARENA_NEW(p->arena, struct sync_point);
    pt->kind = kind;
    pt->index = (unsigned)p->n_points;
    pt->item = it;
    pt->node = n;
    pt->loops = arena_alloc(p->arena, (g->n_loops + 1) * sizeof *pt->loops);
    if (g->n_loops)
        memcpy(pt->loops, g->loops, g->n_loops * sizeof *pt->loops);
    pt->n_loops = g->n_loops;
    ARENA_PUSH(p->arena, p->points, p->n_points, p->cap_points) = pt;
    return pt;
}

static void connect(struct grapher *g, struct sync_point *from, struct sync_point *to,
                    const struct node *back)
{
    if (from && to)
        ARENA_PUSH(g->p->arena, from->next, from->n_next, from->cap_next) =
            (struct sync_edge){to, back};
}

static struct sync_point *build(struct grapher *g, struct sync_item *it, struct targets t);

/* ---- the end of objects' lives ---- */

static void add_deaths(struct grapher *g, struct sync_point *pt, const struct node *block)
{
    for (size_t i = 0; i < block->n_kids; i++) {
        const struct node *n = block->kids[i];
        if (n->kind == NODE_BLOCK && n->is_declaration) {
            add_deaths(g, pt, n);
            continue;
        }
        if (n->kind != NODE_DECL || !n->var || !sync_is_local(n->var))
            continue;
        struct sync_variable *v = sync_variable(g->p, n->var);
        if (v->storage == STORAGE_HOISTED || v->storage == STORAGE_INSIDE)
            if (v->first_segment)
                continue;
        struct touch t = {.base = TOUCH_VARIABLE,
                          .is_write = true,
                          .var = n->var,
                          .type = n->var->type,
                          .path = "",
                          .where = n,
                          .is_death = true};
        ARENA_PUSH(g->p->arena, pt->at_once.items, pt->at_once.n, pt->at_once.cap) = t;
    }
}

/* A jump out of blocks ends the lives of their objects. */
static void add_deaths_of_jump(struct grapher *g, struct sync_point *pt, const struct sync_item *it,
                               const struct node *to)
{
    for (const struct sync_item *up = it->parent; up; up = up->parent) {
        if (to && node_contains(up->node, to))
            return;
        if (up->node->kind == NODE_BLOCK && up->parent)
            add_deaths(g, pt, up->node);
    }
}

static const struct node *loop_around(const struct sync_item *it, bool or_switch)
{
    for (const struct sync_item *up = it->parent; up; up = up->parent) {
        enum node_kind k = up->node->kind;
        if (k == NODE_FOR || k == NODE_WHILE || k == NODE_DO || (or_switch && k == NODE_SWITCH))
            return up->node;
    }
    return NULL;
}

/* ---- statements ---- */

static struct sync_point *leave(struct grapher *g, struct sync_item *it)
{
    struct sync_point *pt = new_point(g, POINT_EXIT, it, it->node);
    ARENA_PUSH(g->p->arena, g->p->exits, g->p->n_exits, g->p->cap_exits) = it;
    return pt;
}

static struct sync_point *build_jump(struct grapher *g, struct sync_item *it, struct targets t)
{
    const struct node *n = it->node, *to = NULL;
    struct sync_point *target = NULL, *pt;
    switch (n->kind) {
    case NODE_BREAK:
        target = t.brk;
        to = loop_around(it, true);
        break;
    case NODE_CONTINUE:
        target = t.cont;
        to = loop_around(it, false);
        break;
    case NODE_GOTO:
        for (size_t i = 0; i < g->n_labels; i++)
            if (strcmp(g->labels[i].name, n->name) == 0) {
                target = g->labels[i].point;
                to = g->labels[i].node;
            }
        if (!*n->name) {
            g->p->why_serial = "it has a computed goto";
            g->p->why_range = n->range;
        }
        break;
    default:
        break;
    }
    if (!target)
        return leave(g, it);
    pt = new_point(g, POINT_STATEMENT, it, n);
    add_deaths_of_jump(g, pt, it, to);
    connect(g, pt, target, NULL);
    return pt;
}

static struct sync_point *build_loop(struct grapher *g, struct sync_item *it, struct targets t)
{
    const struct node *n = it->node;
    struct sync_point *entry = new_point(g, POINT_LOOP, it, n), *cond, *inc = NULL, *body;
    struct for_parts f = {0};
    if (n->kind == NODE_FOR)
        (void)stmt_for_parts(g->p->fe, n, &f);
    const struct node *test = n->kind == NODE_FOR ? f.cond : stmt_condition(n);
    struct sync_point *init =
        it->kids[0] ? new_point(g, POINT_STATEMENT, it->kids[0], it->kids[0]->node) : NULL;
    struct sync_point *after = new_point(g, POINT_JOIN, NULL, NULL);
    connect(g, after, t.next, NULL);
    if (g->p->exit && g->p->exit_loop == it) {
        g->p->exit_after = after;
        entry->event = after->event = true;
    }
    ARENA_PUSH(g->p->arena, g->loops, g->n_loops, g->cap_loops) = n;
    cond = new_point(g, test ? POINT_CONDITION : POINT_JOIN, it, test);
    if (n->kind == NODE_FOR && f.inc) {
        inc = new_point(g, POINT_INCREMENT, it, f.inc);
        connect(g, inc, cond, n);
    }
    struct sync_point *again = new_point(g, POINT_JOIN, NULL, NULL); /* the end of the body */
    if (n->kind == NODE_DO)
        connect(g, again, cond, NULL);
    else
        connect(g, again, inc ? inc : cond, inc ? NULL : n);
    struct targets in = {.next = again, .brk = after, .cont = again};
    body = it->kids[1] ? build(g, it->kids[1], in) : again;
    g->n_loops--;
    if (n->kind == NODE_DO) {
        connect(g, cond, body, n);
        connect(g, entry, body, NULL);
    } else {
        connect(g, cond, body, NULL);
        connect(g, init ? init : entry, cond, NULL);
        if (init)
            connect(g, entry, init, NULL);
    }
    connect(g, cond, after, NULL);
    return entry;
}

static struct sync_point *build_switch(struct grapher *g, struct sync_item *it, struct targets t)
{
    bool has_default = false;
    struct sync_point *cond = new_point(g, POINT_CONDITION, it, it->node->kids[0]);
    struct targets in = t;
    in.brk = t.next;
    in.dispatch = cond;
    in.has_default = &has_default;
    if (it->n_kids && it->kids[0])
        build(g, it->kids[0], in);
    if (!has_default)
        connect(g, cond, t.next, NULL);
    return cond;
}

static bool waits(const struct sync_plan *p, const struct node *block, size_t index)
{
    for (size_t i = 0; i < p->region->n_waits; i++)
        if (p->region->waits[i].block == block && p->region->waits[i].before == index)
            return true;
    return false;
}

static struct sync_point *build_wait(struct grapher *g, struct sync_point *next)
{
    struct sync_point *pt = new_point(g, POINT_WAIT, NULL, NULL);
    pt->event = true;
    connect(g, pt, next, NULL);
    return pt;
}

static struct sync_point *build_block(struct grapher *g, struct sync_item *it, struct targets t)
{
    const struct node *n = it->node;
    struct sync_point *at = t.next;
    if (it->parent || !g->p->region->is_function) {
        at = new_point(g, POINT_SCOPE, it, n);
        add_deaths(g, at, n);
        connect(g, at, t.next, NULL);
    }
    if (waits(g->p, n, it->n_kids))
        at = build_wait(g, at);
    for (size_t i = it->n_kids; i-- > 0;) {
        struct targets in = t;
        in.next = at;
        struct sync_item *kid = it->kids[i];
        /* A segment's later items have no point of their own. */
        if (kid && !(kid->segment && kid->segment->items[0] != kid))
            at = build(g, kid, in);
        if (waits(g->p, n, i))
            at = build_wait(g, at);
    }
    return at;
}

static struct sync_point *build_label(struct grapher *g, struct sync_item *it, struct targets t)
{
    struct sync_point *body = it->n_kids && it->kids[0] ? build(g, it->kids[0], t) : t.next;
    if (it->node->kind == NODE_CASE) {
        if (t.dispatch)
            connect(g, t.dispatch, body, NULL);
        if (t.has_default && !strcmp(it->node->op, "default"))
            *t.has_default = true;
        return body;
    }
    for (size_t i = 0; i < g->n_labels; i++)
        if (g->labels[i].node == it->node)
            connect(g, g->labels[i].point, body, NULL);
    return body;
}

static struct sync_point *build_structure(struct grapher *g, struct sync_item *it, struct targets t)
{
    switch (it->node->kind) {
    case NODE_BLOCK:
        return build_block(g, it, t);
    case NODE_IF: {
        struct sync_point *cond = new_point(g, POINT_CONDITION, it, it->node->kids[0]);
        connect(g, cond, it->n_kids > 0 && it->kids[0] ? build(g, it->kids[0], t) : t.next, NULL);
        connect(g, cond, it->n_kids > 1 && it->kids[1] ? build(g, it->kids[1], t) : t.next, NULL);
        return cond;
    }
    case NODE_SWITCH:
        return build_switch(g, it, t);
    case NODE_CASE:
    case NODE_LABEL:
        return build_label(g, it, t);
    default:
        return build_loop(g, it, t);
    }
}

/* The way out that commits may take, with nothing pending. */
static void build_exit(struct grapher *g, struct sync_point *from, struct targets t)
{
    struct sync_point *stopped = new_point(g, POINT_JOIN, NULL, NULL);
    stopped->event = true;
    connect(g, from, stopped, NULL);
    connect(g, stopped, build(g, g->p->exit->exit_body, t), NULL);
}

static struct sync_point *build(struct grapher *g, struct sync_item *it, struct targets t)
{
    struct sync_point *pt;
    if (it->kind == SYNC_STRUCTURE) {
        pt = build_structure(g, it, t);
    } else if (it->node->kind == NODE_RETURN) {
        pt = leave(g, it);
    } else if (it->has_jump) {
        pt = build_jump(g, it, t);
    } else {
        pt = new_point(g, POINT_STATEMENT, it, it->node);
        connect(g, pt, t.next, NULL);
    }
    if (it->segment) {
        pt->segment = it->segment;
        it->segment->point = pt;
    }
    if (g->p->exit && (it == g->p->exit || (it->segment && it->segment == g->p->exit->segment)))
        build_exit(g, pt, t);
    if (it->is_inner && it->kind == SYNC_STRUCTURE) {
        struct sync_point *before = new_point(g, POINT_STATEMENT, it, NULL);
        connect(g, before, pt, NULL);
        pt = before;
    }
    pt->event |= it->is_inner;
    it->point = pt;
    return pt;
}

/* ---- what happens at the points ---- */

static void add_labels(void *arg, struct sync_item *it)
{
    struct grapher *g = arg;
    if (it->kind == SYNC_STRUCTURE && it->node->kind == NODE_LABEL)
        ARENA_PUSH(g->p->arena, g->labels, g->n_labels, g->cap_labels) =
            (struct label){it->node->name, it->node, new_point(g, POINT_JOIN, NULL, NULL)};
}

static void fill(struct grapher *g, struct sync_point *pt)
{
    struct sync_plan *p = g->p;
    if (pt->segment) {
        for (size_t i = 0; i < pt->segment->n_items; i++)
            sync_touches(p, pt->segment->items[i], &pt->at_once, &pt->call, &pt->deferred);
        return;
    }
    if (pt->kind != POINT_STATEMENT && pt->kind != POINT_CONDITION && pt->kind != POINT_INCREMENT)
        return;
    if (pt->kind == POINT_STATEMENT && pt->item && pt->item->kind == SYNC_ONCE)
        sync_touches(p, pt->item, &pt->at_once, &pt->call, &pt->deferred);
    else if (pt->node)
        touch_find(p->scope, pt->node, NULL, 0, &pt->at_once);
}

static void mark_reached(struct sync_point *pt)
{
    if (pt->is_reached)
        return;
    pt->is_reached = true;
    for (size_t i = 0; i < pt->n_next; i++)
        mark_reached(pt->next[i].to);
}

void sync_make_graph(struct sync_plan *p)
{
    struct grapher g = {.p = p};
    sync_each_item(p->root, add_labels, &g);
    g.exit = new_point(&g, POINT_EXIT, NULL, NULL);
    struct targets t = {.next = g.exit};
    p->entry = build(&g, p->root, t);
    p->end = g.exit;
    for (size_t i = 0; i < p->n_points; i++) {
        struct sync_point *pt = p->points[i];
        pt->event |= pt->kind == POINT_EXIT;
        fill(&g, pt);
    }
    mark_reached(p->entry);
}

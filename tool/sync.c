/* sync.c - the passes over a region; see sync.h. */
#include "sync.h"

#include "sync_private.h"

static bool has_labels_from_outside(const struct node *n)
{
    if (n->kind == NODE_LABEL || n->kind == NODE_CASE)
        return true;
    if (n->kind == NODE_SWITCH)
        return false;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_labels_from_outside(n->kids[i]))
            return true;
    return false;
}

static bool has_cleanup(const struct node *n)
{
    if (n->kind == NODE_BLOCK && n->is_declaration)
        for (size_t i = 1; i < n->n_kids; i++) /* sizes stand in front of what is declared */
            if (n->kids[i]->kind == NODE_CALL && n->kids[i - 1]->kind == NODE_DECL &&
                n->kids[i]->n_kids == 2 && n->kids[i]->kids[1]->kind == NODE_ADDRESS &&
                n->kids[i]->kids[1]->kids[0]->var == n->kids[i - 1]->var)
                return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_cleanup(n->kids[i]))
            return true;
    return false;
}

static void refuse(struct sync_plan *p, const char *why)
{
    if (p->why_serial)
        return;
    p->why_serial = why;
    p->why_range = p->region->annotation->range;
}

static bool has_calls(const struct sync_plan *p)
{
    for (size_t i = 0; i < p->n_segments; i++)
        if (p->segments[i]->has_calls)
            return true;
    return false;
}

struct sync_plan *sync_plan(struct frontend *fe, struct arena *arena, struct diag_engine *diag,
                            const struct concurrency *all, struct touch_scope *scope,
                            struct sync_region *region, unsigned id)
{
    struct sync_plan *p = ARENA_NEW(arena, struct sync_plan);
    p->region = region;
    p->all = all;
    p->fe = fe;
    p->arena = arena;
    p->diag = diag;
    p->scope = scope;
    p->id = id;
    p->n_local_names = stmt_local_names(fe, region->fn, &p->local_names);
    if (!region->is_function && has_labels_from_outside(region->root))
        refuse(p, "it has labels that the program may jump to from outside");
    if (region->fn->is_macro_body)
        refuse(p, "a macro makes the function");
    if (has_cleanup(region->root))
        refuse(p, "a variable has a cleanup function");
    if (p->why_serial)
        return p;
    sync_build(p);
    do {
        if (!p->why_serial)
            sync_decide(p);
    } while (!p->why_serial && !sync_make_segments(p));
    if (!p->why_serial && !has_calls(p)) {
        struct sync_inside inside;
        sync_look(p, region->root, &inside);
        p->is_without_calls = !inside.has_call;
        refuse(p, "no call can run as a task");
    }
    if (!p->why_serial)
        sync_make_graph(p);
    if (!p->why_serial)
        sync_place_events(p);
    return p;
}

/* sync_events.c - before which points must an event or a test stand? See sync_private.h.
 *
 * Forward, "may be pending": a point's set holds the segments that may have been put and not
 * yet carried out when it is reached. Events are added until no touch of a pending segment can
 * meet one of a point that has none in front; they only make sets smaller, so this ends. */
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "sync_private.h"

/* ---- what is pending where ---- */

static bool flow_to(struct sync_plan *p, const struct sync_point *from, struct sync_point *to)
{
    bool changed = false;
    for (size_t i = 0; i < p->n_points; i++) {
        bool leaves = (from->pending[i] && !from->event) || (from->segment && from->index == i);
        if (leaves && !to->pending[i]) {
            to->pending[i] = true;
            changed = true;
        }
    }
    return changed;
}

static void find_pending(struct sync_plan *p)
{
    bool changed = true;
    for (size_t i = 0; i < p->n_points; i++) {
        if (!p->points[i]->pending)
            p->points[i]->pending = arena_alloc(p->arena, p->n_points + 1);
        memset(p->points[i]->pending, 0, p->n_points);
    }
    while (changed) {
        changed = false;
        for (size_t i = p->n_points; i-- > 0;)
            for (size_t k = 0; k < p->points[i]->n_next; k++)
                changed |= flow_to(p, p->points[i], p->points[i]->next[k].to);
    }
}

/* ---- is there a way from one to the other within one iteration of their common loops? ---- */

struct way {
    struct sync_plan *p;
    const struct sync_point *to;
    const struct node *const *loops;
    size_t n_loops;
    bool *seen;
};

static bool is_common(const struct way *w, const struct node *loop)
{
    for (size_t i = 0; i < w->n_loops; i++)
        if (w->loops[i] == loop)
            return true;
    return false;
}

static bool has_way(struct way *w, const struct sync_point *from)
{
    for (size_t i = 0; i < from->n_next; i++) {
        const struct sync_edge *e = &from->next[i];
        if (e->back && is_common(w, e->back))
            continue;
        if (e->to == w->to)
            return true;
        if (w->seen[e->to->index])
            continue;
        w->seen[e->to->index] = true;
        if (has_way(w, e->to))
            return true;
    }
    return false;
}

static bool is_in_same_iteration(struct sync_plan *p, const struct sync_point *from,
                                 const struct sync_point *to)
{
    struct way w = {.p = p, .to = to, .loops = to->loops};
    while (w.n_loops < from->n_loops && w.n_loops < to->n_loops &&
           from->loops[w.n_loops] == to->loops[w.n_loops])
        w.n_loops++;
    w.seen = calloc(p->n_points + 1, 1);
    if (!w.seen)
        return true;
    bool found = has_way(&w, from);
    free(w.seen);
    return found;
}

/* ---- tests at run time ---- */

struct stability {
    struct sync_plan *p;
    const struct node *around; /* the statement; NULL: where a record is put */
    const struct sync_segment *segment;
    bool is_stable;
};

static void check_variable(void *arg, const struct variable_use *use)
{
    struct stability *s = arg;
    struct variable *v = use->var;
    if (!v || !s->is_stable)
        return;
    if (sync_is_local(v) && sync_variable(s->p, v)->is_written)
        s->is_stable = false; /* its value is pending itself */
    if (use->is_written)
        s->is_stable = false;
    if (s->around && touch_assigns(s->p->scope, s->around, v))
        s->is_stable = false;
    if (sync_variable(s->p, v)->is_within || sync_variable(s->p, v)->storage == STORAGE_INSIDE)
        s->is_stable &= !sync_variable(s->p, v)->first_segment;
}

struct declared {
    const struct variable *var;
    bool found;
};
static void find_declared(void *arg, const struct variable_use *use)
{
    struct declared *d = arg;
    d->found |= use->is_declared && use->var == d->var;
}
struct declares {
    const struct node *around;
    bool found;
};
static void check_declared(void *arg, const struct variable_use *use)
{
    struct declares *d = arg;
    struct declared inner = {use->var, false};
    sync_uses(d->around, NULL, 0, find_declared, &inner);
    d->found |= inner.found;
}

static bool has_copies(const struct sync_call *c)
{
    for (size_t k = 0; k + 1 < c->node->n_kids; k++)
        if (c->copies && c->copies[k])
            return true;
    return false;
}

/* Has a record all arguments of the call, so that what it touches can be computed? */
static bool has_arguments(struct sync_plan *p, const struct node *call)
{
    for (size_t i = 0; i < p->n_segments; i++)
        for (size_t j = 0; j < p->segments[i]->n_items; j++) {
            const struct sync_item *it = p->segments[i]->items[j];
            for (size_t c = 0; c < it->n_calls; c++)
                if (it->calls[c].node == call)
                    return it->calls[c].is_out && !it->calls[c].is_pending &&
                           !has_copies(&it->calls[c]) &&
                           !sync_has_variable_parameter(it->calls[c].cf->fn);
        }
    return false;
}

/* May &lvalue be evaluated in front of `around`? */
static bool is_computable(struct sync_plan *p, const struct touch *t, const struct node *around)
{
    struct stability s = {.p = p, .around = around, .is_stable = true};
    struct declares d = {around, false};
    if (t->reach)
        return t->reach->extent == REACH_SECTION && has_arguments(p, t->call);
    if (!t->lvalue || t->lvalue->is_macro || !t->lvalue->range.src)
        return false;
    sync_uses(t->lvalue, NULL, 0, check_variable, &s);
    if (around)
        sync_uses(t->lvalue, NULL, 0, check_declared, &d);
    return s.is_stable && !d.found;
}

/* What a point does at once, as far as one statement: what its address must not depend on. */
static const struct node *around_of(const struct sync_point *pt)
{
    return pt->segment ? NULL : pt->node;
}

static bool is_noted_by_pointer(const struct sync_segment *s, const struct touch *t)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i]->form == FORM_ASSIGN && t->is_write &&
            t->where == node_strip(s->items[i]->to_node))
            return true;
    return false;
}

/* A test stands in front of the whole row of statements: what is loaded must be loaded there. */
static bool may_load(const struct sync_point *n, const struct touch *t)
{
    return !t->lvalue_loads || t->reach || !n->segment || n->segment->n_items == 1;
}

static bool may_be_noted(struct sync_plan *p, const struct sync_point *s, const struct touch *t)
{
    if (is_noted_by_pointer(s->segment, t))
        return true;
    if (t->lvalue_loads)
        return false;
    for (size_t i = 0; i < s->segment->n_items; i++)
        if (!is_computable(p, t, s->segment->items[i]->node))
            return false;
    return true;
}

static unsigned set_of(struct sync_plan *p, const struct sync_point *s, const struct touch *t)
{
    for (size_t i = 0; i < p->n_sets; i++)
        if (p->sets[i].touch == t)
            return (unsigned)i;
    ARENA_PUSH(p->arena, p->sets, p->n_sets, p->cap_sets) = (struct sync_set){t, s};
    return (unsigned)p->n_sets - 1;
}

/* ---- conflicts ---- */

struct conflict {
    const struct touch *earlier, *later;
    const char *why;
    bool for_call; /* later is a call's touch */
};

/* What only reads an object must be done before it dies, too. */
static enum depend depend_of_death(struct sync_plan *p, const struct sync_item *s,
                                   const struct sync_item *n, const struct touch *a,
                                   const struct touch *b, bool same, const char **why)
{
    enum depend d = sync_judge(p, s, n, a, b, same, why);
    return d == DEPEND_NEVER ? DEPEND_NEVER : DEPEND_ALWAYS;
}

static enum depend judge(struct sync_plan *p, const struct sync_point *s,
                         const struct sync_point *n, const struct touch *a, const struct touch *b,
                         bool same, const char **why)
{
    struct sync_item si = {.loops = s->loops, .n_loops = s->n_loops};
    struct sync_item ni = {.loops = n->loops, .n_loops = n->n_loops};
    if (b->is_death && a->base == TOUCH_VARIABLE)
        return a->var == b->var ? DEPEND_ALWAYS : DEPEND_NEVER;
    if (b->is_death)
        return touch_is_exposed(p->scope, b->var) &&
                       (a->base == TOUCH_POINTER || a->base == TOUCH_MEMORY)
                   ? depend_of_death(p, &si, &ni, a, b, same, why)
                   : DEPEND_NEVER;
    return sync_judge(p, &si, &ni, a, b, same, why);
}

typedef bool conflict_callback(struct sync_plan *p, struct sync_point *s, struct sync_point *n,
                               const struct conflict *c, enum depend d);

/* Calls cb for each pair that may meet; stops when it returns true. */
static bool each_pair(struct sync_plan *p, struct sync_point *s, struct sync_point *n,
                      const struct touches *earlier, const struct touches *later, bool for_call,
                      bool same, conflict_callback *cb)
{
    for (size_t i = 0; i < earlier->n; i++)
        for (size_t j = 0; j < later->n; j++) {
            struct conflict c = {&earlier->items[i], &later->items[j], NULL, for_call};
            enum depend d = judge(p, s, n, c.earlier, c.later, same, &c.why);
            if (d == DEPEND_TEST && !(may_be_noted(p, s, c.earlier) && may_load(n, c.later) &&
                                      is_computable(p, c.later, around_of(n))))
                d = DEPEND_ALWAYS;
            if (d != DEPEND_NEVER && cb(p, s, n, &c, d))
                return true;
        }
    return false;
}

static bool each_conflict(struct sync_plan *p, struct sync_point *n, conflict_callback *cb)
{
    for (size_t i = 0; i < p->n_points; i++) {
        struct sync_point *s = p->points[i];
        if (!n->pending[i] || !s->segment)
            continue;
        bool same = is_in_same_iteration(p, s, n);
        if (each_pair(p, s, n, &s->deferred, &n->at_once, false, same, cb) ||
            each_pair(p, s, n, &s->call, &n->at_once, false, same, cb) ||
            each_pair(p, s, n, &s->deferred, &n->call, true, same, cb) ||
            each_pair(p, s, n, &s->call, &n->call, true, same, cb))
            return true;
    }
    return false;
}

/* Where the event goes: in front of the outermost loop round n that s isn't in. */
static struct sync_point *place_of(struct sync_plan *p, const struct sync_point *s,
                                   struct sync_point *n)
{
    for (size_t i = 0; i < n->n_loops; i++) {
        if (i < s->n_loops && s->loops[i] == n->loops[i])
            continue;
        for (size_t k = 0; k < p->n_points; k++)
            if (p->points[k]->kind == POINT_LOOP && p->points[k]->node == n->loops[i])
                return p->points[k];
    }
    return n;
}

static bool add_event(struct sync_plan *p, struct sync_point *s, struct sync_point *n,
                      const struct conflict *c, enum depend d)
{
    if (d != DEPEND_ALWAYS)
        return false;
    struct sync_point *at = place_of(p, s, n);
    if (at->event || !at->is_reached)
        at = n;
    at->event = true;
    at->event_earlier = c->earlier;
    at->event_later = c->later;
    at->event_why = c->why;
    return true;
}

static bool add_test(struct sync_plan *p, struct sync_point *s, struct sync_point *n,
                     const struct conflict *c, enum depend d)
{
    (void)d;
    unsigned set = set_of(p, s, c->earlier);
    for (size_t i = 0; i < n->n_tests; i++)
        if (n->tests[i].set == set && n->tests[i].touch == c->later)
            return false;
    ARENA_PUSH(p->arena, n->tests, n->n_tests, n->cap_tests) =
        (struct sync_test){c->earlier, c->later, set, c->for_call};
    return false;
}

/* A call that may end the program, or leave by longjmp, finds everything done. */
static bool may_leave(struct sync_plan *p, const struct node *n)
{
    if (n->kind == NODE_CALL && sync_why_leaves(p, n->fn))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (may_leave(p, n->kids[i]))
            return true;
    return false;
}

static void add_leaving(struct sync_plan *p)
{
    for (size_t i = 0; i < p->n_points; i++) {
        struct sync_point *pt = p->points[i];
        if (pt->node && !pt->segment && pt->kind != POINT_LOOP && pt->kind != POINT_SCOPE &&
            may_leave(p, pt->node)) {
            pt->event = true;
            pt->event_why = "a call may leave the function, end the program, or look at the "
                            "floating-point environment";
        }
    }
}

/* Can text be put in front of it? */
static bool is_placeable(const struct sync_point *pt)
{
    switch (pt->kind) {
    case POINT_CONDITION:
    case POINT_INCREMENT:
        return pt->node && pt->node->range.src && pt->item && pt->item->has_range;
    case POINT_STATEMENT:
        if (pt->item && pt->item->is_pinned)
            return pt->item->parent->has_range;
        return pt->item && pt->item->has_range;
    case POINT_LOOP:
        return pt->item->has_range;
    case POINT_SCOPE:
        return pt->node->range.src && !pt->node->is_macro;
    case POINT_EXIT:
        return !pt->item || pt->item->has_range;
    case POINT_WAIT:
    case POINT_JOIN:
        return true;
    }
    return true;
}

static void check_places(struct sync_plan *p)
{
    for (size_t i = 0; i < p->n_points; i++) {
        struct sync_point *pt = p->points[i];
        bool has_text = (pt->event && (!pt->is_idle || pt->kind == POINT_EXIT)) || pt->n_tests;
        if (!pt->is_reached || !has_text || is_placeable(pt))
            continue;
        p->why_serial = "a macro makes code that an event has to stand in";
        p->why_range = pt->item ? pt->item->node->range : p->region->annotation->range;
        return;
    }
}

void sync_place_events(struct sync_plan *p)
{
    bool changed = true;
    add_leaving(p);
    while (changed) {
        changed = false;
        find_pending(p);
        for (size_t i = 0; i < p->n_points && !changed; i++)
            if (p->points[i]->is_reached && !p->points[i]->event)
                changed = each_conflict(p, p->points[i], add_event);
    }
    for (size_t i = 0; i < p->n_points; i++)
        if (p->points[i]->is_reached && !p->points[i]->event)
            each_conflict(p, p->points[i], add_test);
    /* An event that nothing can be pending at is none. */
    for (size_t i = 0; i < p->n_points; i++) {
        struct sync_point *pt = p->points[i];
        bool any = false;
        for (size_t k = 0; k < p->n_points; k++)
            any |= pt->pending[k];
        pt->is_idle = !any;
    }
    check_places(p);
}

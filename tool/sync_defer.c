/* sync_defer.c - which statements are deferred; see sync_private.h.
 *
 * Statements with calls that can be taken out are deferred to begin with. What touches the
 * same objects as a deferred part, in the same loop, is deferred too if it can be; a call
 * whose arguments need a pending result stays where it is. Both to a fixpoint; whenever a call
 * has to stay, all is decided anew without it. */
#include <string.h>

#include "node.h"
#include "sync_private.h"

/* ---- variables ---- */

struct sync_variable *sync_variable(struct sync_plan *p, struct variable *v)
{
    for (size_t i = 0; i < p->n_variables; i++)
        if (p->variables[i]->var == v)
            return p->variables[i];
    struct sync_variable *sv = ARENA_NEW(p->arena, struct sync_variable);
    sv->var = v;
    ARENA_PUSH(p->arena, p->variables, p->n_variables, p->cap_variables) = sv;
    return sv;
}

const struct sync_variable *sync_find_variable(const struct sync_plan *p, const struct variable *v)
{
    for (size_t i = 0; i < p->n_variables; i++)
        if (p->variables[i]->var == v)
            return p->variables[i];
    return NULL;
}

/* Is it an object of this activation, that only this function names? */
bool sync_is_local(const struct variable *v)
{
    return !v->is_global && !v->is_static_local;
}

bool sync_is_scalar(const struct type *t)
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

#define COPIED_AT_MOST 256

bool sync_may_be_copied(struct sync_plan *p, struct variable *v)
{
    const struct type *t = v->type ? sync_type(p, v) : NULL;
    if (!sync_is_local(v) || !t || t->is_volatile || t->is_atomic || t->align > 16)
        return false;
    if (!sync_is_scalar(t) && !((t->kind == TYPE_RECORD || t->kind == TYPE_ARRAY) &&
                                t->is_complete && t->size <= COPIED_AT_MOST && !t->is_variable))
        return false;
    return !sync_variable(p, v)->is_written;
}

/* ---- the decision ---- */

struct decider {
    struct sync_plan *p;
    struct sync_item **items;       /* in order of the text */
    const struct touches **touches; /* at once, of calls, deferred */
    size_t n, cap;
    bool changed;
    bool is_hasty;
};

static void collect(void *arg, struct sync_item *it)
{
    struct decider *d = arg;
    ARENA_PUSH(d->p->arena, d->items, d->n, d->cap) = it;
}

bool sync_is_late(const struct sync_item *it)
{
    return it->kind == SYNC_SITE || it->kind == SYNC_DEFERRED;
}

static void make_first(struct decider *d, struct sync_item *it)
{
    const struct node *n = it->node;
    bool may_be_site = it->kind != SYNC_STRUCTURE || n->kind == NODE_IF || n->kind == NODE_SWITCH;
    it->text = it->to = it->right = NULL;
    if (!may_be_site || (it->kind == SYNC_STRUCTURE && it->has_jump))
        return;
    for (size_t i = 0; i < it->n_calls; i++)
        it->calls[i].is_out = false;
    if (!sync_find_form(d->p, it) || it->n_calls > SYNC_CALLS_AT_MOST || it->has_jump ||
        it->is_pinned || it->calls_stay) {
        for (size_t i = 0; i < it->n_calls; i++)
            it->calls[i].is_out = false;
        if (it->kind == SYNC_STRUCTURE)
            it->n_calls = 0; /* the parts have them */
        return;
    }
    it->why_not_deferred = sync_why_not_deferred(d->p, it);
    if (!it->why_not_deferred && !sync_make_text(d->p, it))
        it->why_not_deferred = "its text can't be told from what macros make";
    if (!it->why_not_deferred) {
        it->kind = SYNC_SITE;
        return;
    }
    for (size_t i = 0; i < it->n_calls; i++)
        it->calls[i].is_out = false;
    if (it->kind == SYNC_STRUCTURE)
        it->n_calls = 0;
}

static void mark_write(void *arg, const struct variable_use *use)
{
    struct decider *d = arg;
    struct sync_variable *sv;
    if (!use->var || !sync_is_local(use->var) || !(use->is_written || use->is_address))
        return;
    sv = sync_variable(d->p, use->var);
    if (!sv->is_written)
        d->changed = true;
    d->p->version += !sv->is_written;
    sv->is_written = true;
}

static void set_written(struct sync_plan *p, struct variable *v)
{
    struct sync_variable *sv = sync_variable(p, v);
    p->version += !sv->is_written;
    sv->is_written = true;
}

static void mark_exposed(void *arg, const struct variable_use *use)
{
    struct decider *d = arg;
    if (use->var && sync_is_local(use->var) && touch_is_exposed(d->p->scope, use->var))
        set_written(d->p, use->var);
}

/* Writes through pointers: what they may reach isn't copied, though it is named as well. */
static void mark_reached(struct decider *d, struct sync_item *it)
{
    const struct touches *deferred = &sync_touched(d->p, it)[2];
    bool is_anywhere = false;
    for (size_t i = 0; i < deferred->n; i++) {
        const struct touch *t = &deferred->items[i];
        if (!t->is_write)
            continue;
        if (t->base == TOUCH_VARIABLE && sync_is_local(t->var))
            set_written(d->p, (struct variable *)t->var);
        is_anywhere |= t->base == TOUCH_POINTER || t->base == TOUCH_MEMORY;
    }
    if (is_anywhere)
        sync_uses(it->node, NULL, 0, mark_exposed, d);
}

static void mark_writes(struct decider *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct sync_item *it = d->items[i];
        const struct node *skip[SYNC_CALLS_AT_MOST];
        for (size_t c = 0; sync_is_late(it) && c < it->n_calls; c++)
            for (size_t k = 0; it->calls[c].is_out && k + 1 < it->calls[c].node->n_kids; k++)
                if (it->calls[c].copies[k] && !it->calls[c].copies_in[k])
                    set_written(d->p, it->calls[c].copies[k]);
        if (!sync_is_late(it) || it->form == FORM_CALL)
            continue;
        size_t n_skip = sync_out_calls(it, skip);
        mark_reached(d, it);
        if (it->form == FORM_ASSIGN)
            sync_uses(node_strip(it->node)->kids[1], skip, n_skip, mark_write, d);
        else
            sync_uses(it->node, skip, n_skip, mark_write, d);
    }
}

static void find_touches(struct decider *d)
{
    static const struct touches nothing[3];
    d->touches = arena_alloc(d->p->arena, (d->n + 1) * sizeof *d->touches);
    for (size_t i = 0; i < d->n; i++)
        d->touches[i] =
            d->items[i]->kind == SYNC_STRUCTURE ? nothing : sync_touched(d->p, d->items[i]);
}

static bool is_in_loop(const struct sync_item *it, const struct node *loop)
{
    for (size_t i = 0; i < it->n_loops; i++)
        if (it->loops[i] == loop)
            return true;
    return false;
}

static bool has_later_site(const struct decider *d, size_t u)
{
    for (size_t i = u + 1; i < d->n; i++)
        if (d->items[i]->kind == SYNC_SITE && d->items[i]->parent == d->items[u]->parent)
            return true;
    return false;
}

/* Is w pending where u stands without an event that costs nothing? */
static bool is_close(const struct decider *d, size_t u, size_t w)
{
    const struct sync_item *ui = d->items[u], *wi = d->items[w];
    if (ui->n_loops)
        return is_in_loop(wi, ui->loops[ui->n_loops - 1]);
    return wi->n_loops == 0 && w < u && has_later_site(d, u);
}

static bool conflicts(struct decider *d, size_t w, size_t u, const struct touches *a,
                      const struct touches *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++)
            if (sync_judge(d->p, d->items[w], d->items[u], &a->items[i], &b->items[j], w < u,
                           NULL) == DEPEND_ALWAYS)
                return true;
    return false;
}

/* Is some deferred part in the way of what u does at once? */
static bool is_in_the_way(struct decider *d, size_t u, const struct touches *at_once)
{
    for (size_t w = 0; w < d->n; w++)
        if (sync_is_late(d->items[w]) && is_close(d, u, w) &&
            conflicts(d, w, u, &d->touches[w][2], at_once))
            return true;
    return false;
}

static bool is_structure_to_defer(const struct sync_item *it)
{
    return it->kind == SYNC_STRUCTURE && !it->calls_stay &&
           (it->node->kind == NODE_IF || it->node->kind == NODE_SWITCH) && !it->has_jump;
}

static void defer(struct decider *d, struct sync_item *it)
{
    struct sync_plan *p = d->p;
    enum sync_kind before = it->kind;
    for (size_t i = 0; i < it->n_calls; i++)
        it->calls[i].is_out = false;
    it->n_calls = 0;
    it->form = it->is_declaration ? FORM_DECLARATION : FORM_WHOLE;
    it->why_not_deferred = sync_why_not_deferred(p, it);
    if (it->why_not_deferred)
        return;
    it->kind = SYNC_DEFERRED;
    if (!sync_make_text(p, it)) {
        it->why_not_deferred = "its text can't be told from what macros make";
        it->kind = before;
        return;
    }
    d->changed = true;
}

/* ---- calls that run in the task of an earlier one ---- */

/* The call whose result the item gives to v, and nothing else. */
static const struct sync_call *call_for(const struct sync_item *it, const struct variable *v)
{
    const struct node *n = node_strip(it->node), *value = NULL;
    if (n->kind == NODE_DECL && n->var == v && n->n_kids == 1)
        value = node_strip(n->kids[0]);
    else if (n->kind == NODE_ASSIGN && strcmp(n->op, "=") == 0 &&
             node_strip(n->kids[0])->kind == NODE_VARIABLE && node_strip(n->kids[0])->var == v)
        value = node_strip(n->kids[1]);
    for (size_t i = 0; value && i < it->n_calls; i++)
        if (it->calls[i].node == value && it->calls[i].is_out)
            return &it->calls[i];
    return NULL;
}

bool sync_is_bare_declaration(const struct sync_item *it)
{
    const struct node *n = it->node;
    if (!it->is_declaration || it->kind != SYNC_ONCE)
        return false;
    if (n->kind == NODE_DECL)
        return n->n_kids == 0;
    for (size_t i = 0; i < n->n_kids; i++)
        if (n->kids[i]->kind != NODE_DECL || n->kids[i]->n_kids)
            return false;
    return true;
}

struct write_search {
    const struct variable *var;
    bool found;
};
static void search_write(void *arg, const struct variable_use *use)
{
    struct write_search *s = arg;
    s->found |= use->var == s->var && (use->is_written || use->is_address);
}

/* In the statements right before `it`, all of them deferred. */
static const struct sync_call *find_source(const struct sync_item *it, const struct variable *v)
{
    const struct sync_item *block = it->parent;
    size_t at = 0;
    if (!block || block->node->kind != NODE_BLOCK)
        return NULL;
    while (at < block->n_kids && block->kids[at] != it)
        at++;
    while (at-- > 0) {
        const struct sync_item *kid = block->kids[at];
        struct write_search s = {v, false};
        if (kid && sync_is_bare_declaration(kid))
            continue;
        if (!kid || !sync_is_late(kid))
            return NULL;
        const struct sync_call *c = kid->kind == SYNC_SITE ? call_for(kid, v) : NULL;
        if (c)
            return c;
        sync_uses(kid->node, NULL, 0, search_write, &s);
        if (s.found)
            return NULL;
    }
    return NULL;
}

struct fusion {
    struct decider *d;
    struct sync_item *it;
    struct sync_call *call;
    bool fails;
};
static void add_source(void *arg, const struct variable_use *use)
{
    struct fusion *f = arg;
    if (!use->var || !sync_is_local(use->var) || !sync_variable(f->d->p, use->var)->is_written ||
        sync_is_source(f->call, use->var))
        return;
    const struct sync_call *c =
        sync_is_scalar(use->var->type) ? find_source(f->it, use->var) : NULL;
    f->fails |= !c;
    if (c)
        ARENA_PUSH(f->d->p->arena, f->call->sources, f->call->n_sources, f->call->cap_sources) =
            (struct sync_source){use->var, c};
}

/* Can the call run in one task with those that give its arguments? */
static bool fuse(struct decider *d, size_t u, struct sync_call *c, const struct node *const *skip,
                 size_t n_skip)
{
    struct fusion f = {d, d->items[u], c, false};
    struct touches args = {0};
    if (c->n_sources)
        return false; /* tried, and something else is in the way */
    for (size_t k = 1; k < c->node->n_kids; k++) {
        if (c->copies[k - 1] || !sync_is_task_expression(d->items[u], c->node->kids[k]))
            return false;
        sync_uses(c->node->kids[k], skip, n_skip, add_source, &f);
    }
    if (!f.fails && c->n_sources) {
        sync_arguments_touch(d->p, c, skip, n_skip, &args);
        if (!is_in_the_way(d, u, &args)) {
            c->is_pending = true;
            d->changed = true;
            return true;
        }
    }
    c->n_sources = 0;
    return false;
}

/* The site's calls and destination against what is pending; true: something stays, all anew. */
static bool check_site(struct decider *d, size_t u)
{
    struct sync_item *it = d->items[u];
    bool again = false;
    const struct node *skip[SYNC_CALLS_AT_MOST];
    size_t n_skip = sync_out_calls(it, skip);
    for (size_t i = 0; i < it->n_calls; i++) {
        struct sync_call *c = &it->calls[i];
        struct touches args = {0}, call = {0};
        if (!c->is_out)
            continue;
        sync_arguments_touch(d->p, c, skip, n_skip, &args);
        if (is_in_the_way(d, u, &args) && !fuse(d, u, c, skip, n_skip))
            c->why_not = "an argument needs a result that is pending";
        sync_call_touches(d->p, c, &call);
        if (!c->why_not && it->n_loops && conflicts(d, u, u, &d->touches[u][2], &call))
            c->why_not = "it may touch what the statement assigns in another iteration";
        if (!c->why_not && it->n_loops && conflicts(d, u, u, &call, &call))
            c->why_not = "calls of different iterations may touch the same memory";
        if (c->why_not)
            sync_let_stay(d->p, c);
        again |= c->why_not != NULL;
    }
    return again;
}

static void whole_if_needed(struct decider *d, size_t u)
{
    struct sync_item *it = d->items[u];
    struct touches address = {0};
    if (it->form != FORM_ASSIGN)
        return;
    touch_find_address(d->p->scope, node_strip(it->node)->kids[0], &address);
    if (!is_in_the_way(d, u, &address))
        return;
    it->form = FORM_WHOLE;
    it->why_not_deferred = sync_why_not_deferred(d->p, it);
    if (it->why_not_deferred || !sync_make_text(d->p, it)) {
        it->form = FORM_ASSIGN;
        return;
    }
    d->changed = true;
}

/* One round. False: begin anew. */
static bool propagate(struct decider *d)
{
    bool again = false;
    for (size_t u = 0; u < d->n; u++) {
        struct sync_item *it = d->items[u];
        if (it->kind == SYNC_SITE) {
            again |= check_site(d, u);
            if (again && !d->is_hasty)
                return false;
            whole_if_needed(d, u);
        } else if (it->kind == SYNC_ONCE && !it->is_pinned && !it->calls_stay && !it->has_jump &&
                   (is_in_the_way(d, u, &d->touches[u][0]) || sync_must_follow(d->p, it))) {
            defer(d, it);
        } else if (is_structure_to_defer(it)) {
            struct touches cond = {0};
            touch_find(d->p->scope, it->node->kids[0], NULL, 0, &cond);
            if (is_in_the_way(d, u, &cond))
                defer(d, it);
        }
    }
    return !again;
}

static void reset(void *arg, struct sync_item *it)
{
    (void)arg;
    if (sync_is_late(it))
        it->kind = it->n_kids ? SYNC_STRUCTURE : SYNC_ONCE;
}

static void reset_all(struct decider *d)
{
    for (size_t i = 0; i < d->n; i++)
        reset(NULL, d->items[i]);
    for (size_t i = 0; i < d->p->n_variables; i++) {
        d->p->version += d->p->variables[i]->is_written;
        d->p->variables[i]->is_written = false;
    }
    d->n = 0;
    sync_each_item(d->p->root, collect, d);
}

/* Kinds as sync_find_form() has them, but for calls that have to stay (sync_plan.staying). */
void sync_decide(struct sync_plan *p)
{
    struct decider d = {.p = p};
    sync_find_private(p);
    sync_each_item(p->root, collect, &d);
    for (unsigned round = 0; round < 1000; round++) {
        d.is_hasty = round >= 8; /* of several calls in each other's way, one could still go */
        reset_all(&d);
        for (size_t i = 0; i < d.n; i++)
            make_first(&d, d.items[i]);
        bool is_fixed = true;
        do {
            d.n = 0; /* what is inside a deferred compound is no item any more */
            sync_each_item(p->root, collect, &d);
            d.changed = false;
            mark_writes(&d);
            d.changed = false;
            find_touches(&d);
            is_fixed = propagate(&d);
        } while (is_fixed && d.changed);
        if (is_fixed)
            return;
    }
    p->why_serial = "it is too involved";
    p->why_range = p->region->annotation->range;
}

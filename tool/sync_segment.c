/* sync_segment.c - deferred statements that follow each other become one record; where the
 * variables live that their text names; see sync_private.h. */
#include <string.h>

#include "node.h"
#include "sync_private.h"

struct segmenter {
    struct sync_plan *p;
    struct sync_segment *open;
    struct touches call, deferred; /* of the open one */
};

static void append(struct sync_plan *p, struct touches *out, const struct touches *more)
{
    for (size_t i = 0; i < more->n; i++)
        ARENA_PUSH(p->arena, out->items, out->n, out->cap) = more->items[i];
}

static bool meets(struct segmenter *s, const struct sync_item *it, const struct touches *earlier,
                  const struct touches *later)
{
    for (size_t i = 0; i < earlier->n; i++)
        for (size_t j = 0; j < later->n; j++)
            if (sync_judge(s->p, s->open->items[0], it, &earlier->items[i], &later->items[j], true,
                           NULL) != DEPEND_NEVER)
                return true;
    return false;
}

/* Does what is done at once change something? */
static bool has_effect_at_once(const struct sync_item *it)
{
    const struct node *skip[SYNC_CALLS_AT_MOST];
    size_t n = sync_out_calls(it, skip);
    for (size_t i = 0; i < it->n_calls; i++)
        for (size_t k = 1; it->calls[i].is_out && k < it->calls[i].node->n_kids; k++)
            if (sync_has_side_effects(it->calls[i].node->kids[k], skip, n))
                return true;
    return it->form == FORM_ASSIGN && sync_has_side_effects(it->to_node, NULL, 0);
}

static void add_item(struct segmenter *s, struct sync_item *it)
{
    struct sync_plan *p = s->p;
    struct touches at_once = {0}, call = {0}, deferred = {0};
    sync_touches(p, it, &at_once, &call, &deferred);
    if (s->open && (has_effect_at_once(it) || meets(s, it, &s->deferred, &at_once) ||
                    meets(s, it, &s->call, &at_once) || meets(s, it, &s->deferred, &call)))
        s->open = NULL;
    if (!s->open) {
        s->open = ARENA_NEW(p->arena, struct sync_segment);
        s->open->id = (unsigned)p->n_segments;
        s->call = s->deferred = (struct touches){0};
        ARENA_PUSH(p->arena, p->segments, p->n_segments, p->cap_segments) = s->open;
    }
    append(p, &s->call, &call);
    append(p, &s->deferred, &deferred);
    it->segment = s->open;
    s->open->has_deferred |= it->form != FORM_CALL || sync_has_copies(it);
    for (size_t i = 0; i < it->n_calls; i++)
        if (it->calls[i].is_out) {
            s->open->has_calls = true;
            s->open->may_set_errno |= it->calls[i].cf->may_set_errno;
        }
    ARENA_PUSH(p->arena, s->open->items, s->open->n_items, s->open->cap_items) = it;
}

static bool waits_before(const struct sync_plan *p, const struct node *block, size_t index)
{
    for (size_t i = 0; i < p->region->n_waits; i++)
        if (p->region->waits[i].block == block && p->region->waits[i].before == index)
            return true;
    return false;
}

static void visit(struct segmenter *s, struct sync_item *it)
{
    if (!it)
        return;
    if (sync_is_late(it)) {
        add_item(s, it);
        return;
    }
    if (sync_is_bare_declaration(it))
        return;
    s->open = NULL;
    if (it->kind != SYNC_STRUCTURE)
        return;
    bool is_block = it->node->kind == NODE_BLOCK;
    for (size_t i = 0; i < it->n_kids; i++) {
        if (!is_block || waits_before(s->p, it->node, i))
            s->open = NULL;
        visit(s, it->kids[i]);
    }
    s->open = NULL;
}

/* ---- where variables live ---- */

struct usage {
    struct sync_plan *p;
    struct sync_segment *segment; /* NULL: at once */
    bool is_whole;                /* declarations stand in the text */
};

static void note_at_once(void *arg, const struct variable_use *use)
{
    struct usage *u = arg;
    if (!use->var || (use->var->is_global && !use->var->is_static_local))
        return;
    struct sync_variable *v = sync_variable(u->p, use->var);
    v->is_address_taken |= use->is_address;
    if (!use->is_declared || use->is_written)
        v->is_used_at_once = true;
    if (use->is_declared)
        v->is_declared_at_once = true;
}

static void note_deferred(void *arg, const struct variable_use *use)
{
    struct usage *u = arg;
    struct sync_segment *s = u->segment;
    if (!use->var || (use->var->is_global && !use->var->is_static_local))
        return;
    struct sync_variable *v = sync_variable(u->p, use->var);
    if (use->is_declared && u->is_whole)
        v->is_within = true;
    else if (use->is_declared)
        v->declared_by = s;
    v->is_address_taken |= use->is_address;
    if (v->first_segment && v->first_segment != s)
        v->is_shared = true;
    v->first_segment = v->first_segment ? v->first_segment : s;
    for (size_t i = 0; i < s->n_named; i++)
        if (s->named[i] == v)
            return;
    ARENA_PUSH(u->p->arena, s->named, s->n_named, s->cap_named) = v;
}

static void use_item(struct usage *u, struct sync_item *it)
{
    const struct node *skip[SYNC_CALLS_AT_MOST], *n = it->node;
    size_t n_skip = sync_out_calls(it, skip);
    u->is_whole = it->form == FORM_WHOLE;
    for (size_t i = 0; i < it->n_calls; i++) {
        const struct sync_call *c = &it->calls[i];
        for (size_t k = 1; c->is_out && k < c->node->n_kids; k++)
            if (c->copies[k - 1] && c->copies_in[k - 1])
                note_at_once(u, &(struct variable_use){.var = c->copies[k - 1], .is_read = true});
            else if (c->copies[k - 1])
                note_deferred(u,
                              &(struct variable_use){.var = c->copies[k - 1], .is_written = true});
            else if (c->is_pending) /* evaluated in the task, from copies */
                sync_uses(c->node->kids[k], skip, n_skip, note_deferred, u);
            else
                sync_uses(c->node->kids[k], skip, n_skip, note_at_once, u);
    }
    if (it->form == FORM_CALL)
        return;
    if (it->form == FORM_ASSIGN) {
        sync_uses(it->to_node, NULL, 0, note_at_once, u);
        sync_uses(node_strip(n)->kids[1], skip, n_skip, note_deferred, u);
        return;
    }
    sync_uses(n, skip, n_skip, note_deferred, u);
}

/* Conditions and increments of structures, and what is carried out at once. */
static void use_at_once(struct usage *u, const struct sync_item *it)
{
    const struct node *n = it->node;
    if (it->kind != SYNC_STRUCTURE) {
        sync_uses(n, NULL, 0, note_at_once, u);
        return;
    }
    struct for_parts f;
    if (n->kind == NODE_FOR && stmt_for_parts(u->p->fe, n, &f)) {
        if (f.cond)
            sync_uses(f.cond, NULL, 0, note_at_once, u);
        if (f.inc)
            sync_uses(f.inc, NULL, 0, note_at_once, u);
    } else if (stmt_condition(n)) {
        sync_uses(stmt_condition(n), NULL, 0, note_at_once, u);
    }
}

static void use_one(void *arg, struct sync_item *it)
{
    struct usage *u = arg;
    u->segment = it->segment;
    if (sync_is_late(it))
        use_item(u, it);
    else
        use_at_once(u, it);
}

/* Behind the exit nothing is pending: what the loop declares and deferred text has written is
 * copied back there. */
static void note_behind_exit(void *arg, const struct variable_use *use)
{
    struct usage *u = arg;
    if (!use->var || (use->var->is_global && !use->var->is_static_local))
        return;
    struct sync_variable *v = sync_variable(u->p, use->var);
    if (v->is_written && v->first_segment && sync_is_declared_in(u->p->exit_loop->node, use->var))
        v->is_restored = true;
    else
        note_at_once(arg, use);
}

static void find_blocks(struct sync_plan *p, const struct node *n, const struct node *block)
{
    if (n->kind == NODE_DECL && n->var)
        sync_variable(p, n->var)->block = block;
    bool is_scope = n->kind == NODE_BLOCK && !n->is_declaration;
    for (size_t i = 0; i < n->n_kids; i++)
        find_blocks(p, n->kids[i], is_scope || n->kind == NODE_FOR ? n : block);
}

static void settle(struct sync_plan *p, struct sync_segment *s)
{
    for (size_t i = 0; i < s->n_named; i++) {
        struct sync_variable *v = s->named[i];
        if (v->is_within)
            continue;
        if (v->var->is_static_local) {
            v->storage = STORAGE_POINTED;
            ARENA_PUSH(p->arena, s->others, s->n_others, s->cap_others) = v;
            continue;
        }
        bool is_declared = v->is_private || (v->declared_by && !v->is_declared_at_once);
        if (is_declared && !v->is_used_at_once && !v->is_shared && !v->is_restored) {
            v->storage = STORAGE_INSIDE;
            ARENA_PUSH(p->arena, s->inside, s->n_inside, s->cap_inside) = v;
        } else if (sync_may_be_copied(p, v->var) && !v->declared_by) {
            v->storage = STORAGE_COPIED;
            ARENA_PUSH(p->arena, s->copied, s->n_copied, s->cap_copied) = v;
        } else {
            bool may_hoist = v->block && !v->is_used_at_once && !v->var->is_static_local;
            v->storage = may_hoist ? STORAGE_HOISTED : STORAGE_POINTED;
            ARENA_PUSH(p->arena, s->others, s->n_others, s->cap_others) = v;
        }
    }
}

static bool is_in_segment(const struct sync_segment *s, const struct sync_call *c)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (c >= s->items[i]->calls && c < s->items[i]->calls + s->items[i]->n_calls)
            return true;
    return false;
}

/* Sources of arguments that ended up in another segment: their calls stay. */
static bool check_sources(struct sync_plan *p)
{
    bool ok = true;
    for (size_t i = 0; i < p->n_segments; i++)
        for (size_t j = 0; j < p->segments[i]->n_items; j++) {
            struct sync_item *it = p->segments[i]->items[j];
            for (size_t c = 0; c < it->n_calls; c++)
                for (size_t k = 0; k < it->calls[c].n_sources; k++)
                    if (it->calls[c].is_out &&
                        !is_in_segment(p->segments[i], it->calls[c].sources[k].call)) {
                        it->calls[c].why_not = "an argument needs a result that is pending";
                        sync_let_stay(p, &it->calls[c]);
                        ok = false;
                    }
        }
    return ok;
}

bool sync_make_segments(struct sync_plan *p)
{
    struct segmenter s = {.p = p};
    struct usage u = {.p = p};
    p->n_segments = 0;
    visit(&s, p->root);
    if (!check_sources(p))
        return false;
    find_blocks(p, p->region->root, NULL);
    sync_each_item(p->root, use_one, &u);
    if (p->exit)
        sync_uses(p->exit->exit_node->kids[1], NULL, 0, note_behind_exit, &u);
    for (size_t i = 0; i < p->n_segments; i++)
        settle(p, p->segments[i]);
    for (size_t i = 0; i < p->n_variables; i++)
        p->variables[i]->name =
            arena_printf(p->arena, "memo_x%zu_%s", i, p->variables[i]->var->name);
    return true;
}

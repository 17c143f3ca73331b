/* sync_touches.c - what an item touches: at once, in its calls, and in its deferred part; and
 * whether two of these may meet. See sync_private.h. */
#include <string.h>

#include "node.h"
#include "sync_private.h"

static void add_touch(struct sync_plan *p, struct touches *out, const struct touch *t)
{
    ARENA_PUSH(p->arena, out->items, out->n, out->cap) = *t;
}

/* Is the object named there, and not reached through a pointer? */
static bool is_by_name(const struct node *n, const struct variable *v)
{
    n = node_strip(n);
    if (n->kind == NODE_VARIABLE)
        return n->var == v;
    if (n->kind == NODE_MEMBER && !n->is_arrow)
        return is_by_name(n->kids[0], v);
    if (n->kind == NODE_INDEX) {
        const struct node *base = node_strip(n->kids[0]);
        return base->type && base->type->kind == TYPE_ARRAY && is_by_name(base, v);
    }
    return false;
}

/* Reads of what is copied into the record happen at once. */
static void sort_out(struct sync_plan *p, const struct touches *all, struct touches *at_once,
                     struct touches *deferred)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct touch *t = &all->items[i];
        bool is_copy = t->base == TOUCH_VARIABLE && !t->is_write && t->var && t->where &&
                       is_by_name(t->where, t->var) &&
                       sync_may_be_copied(p, (struct variable *)t->var);
        add_touch(p, is_copy ? at_once : deferred, t);
    }
}

size_t sync_out_calls(const struct sync_item *it, const struct node **skip)
{
    size_t n = 0;
    for (size_t i = 0; i < it->n_calls && n < SYNC_CALLS_AT_MOST; i++)
        if (it->calls[i].is_out)
            skip[n++] = it->calls[i].node;
    return n;
}

/* Initializations: touch_find() has nothing of what is declared inside. */
static void declared_touch(struct sync_plan *p, const struct node *n, struct touches *out)
{
    if (n->kind == NODE_BLOCK)
        for (size_t i = 0; i < n->n_kids; i++)
            declared_touch(p, n->kids[i], out);
    if (n->kind != NODE_DECL || !n->n_kids || !sync_is_local(n->var))
        return;
    add_touch(p, out,
              &(struct touch){.base = TOUCH_VARIABLE,
                              .is_write = true,
                              .var = n->var,
                              .type = n->var->type,
                              .path = "",
                              .is_exact = true,
                              .where = n});
}

bool sync_is_source(const struct sync_call *c, const struct variable *v)
{
    for (size_t i = 0; v && i < c->n_sources; i++)
        if (c->sources[i].var == v)
            return true;
    return false;
}

/* What evaluating the arguments touches; results of the same task aren't memory. */
static void find_arguments(struct sync_plan *p, const struct sync_call *c,
                           const struct node *const *skip, size_t n_skip, struct touches *all);

void sync_arguments_touch(struct sync_plan *p, struct sync_call *c, const struct node *const *skip,
                          size_t n_skip, struct touches *out)
{
    unsigned mask = 0;
    for (size_t i = 0; i < n_skip; i++)
        mask = mask * 31 + (unsigned)skip[i]->range.begin + 1;
    if (!c->args_touched || c->args_skipped != mask) {
        c->args_touched = ARENA_NEW(p->arena, struct touches);
        c->args_skipped = mask;
        find_arguments(p, c, skip, n_skip, c->args_touched);
    }
    for (size_t i = 0; i < c->args_touched->n; i++) {
        const struct touch *t = &c->args_touched->items[i];
        if (!(t->base == TOUCH_VARIABLE && sync_is_source(c, t->var)))
            add_touch(p, out, t);
    }
}

static void find_arguments(struct sync_plan *p, const struct sync_call *c,
                           const struct node *const *skip, size_t n_skip, struct touches *all)
{
    for (size_t k = 1; k < c->node->n_kids; k++)
        if (!c->copies[k - 1])
            touch_find(p->scope, c->node->kids[k], skip, n_skip, all);
        else if (c->copies_in[k - 1])
            add_touch(p, all,
                      &(struct touch){.base = TOUCH_VARIABLE,
                                      .var = c->copies[k - 1],
                                      .type = c->copies[k - 1]->type,
                                      .path = "",
                                      .is_exact = true,
                                      .where = c->node->kids[k]});
}

void sync_call_touches(struct sync_plan *p, struct sync_call *c, struct touches *out)
{
    if (!c->call_touched) {
        c->call_touched = ARENA_NEW(p->arena, struct touches);
        touch_find_call(p->scope, c->node, c->cf, c->call_touched);
    }
    for (size_t i = 0; i < c->call_touched->n; i++) {
        const struct touch *t = &c->call_touched->items[i];
        if (!(t->base == TOUCH_VARIABLE && sync_is_copy_of(c, t->var)))
            add_touch(p, out, t);
    }
}

static void calls_touch(struct sync_plan *p, struct sync_item *it, const struct node *const *skip,
                        size_t n_skip, struct touches *at_once, struct touches *call)
{
    for (size_t i = 0; i < it->n_calls; i++)
        if (it->calls[i].is_out) {
            sync_arguments_touch(p, &it->calls[i], skip, n_skip, at_once);
            sync_call_touches(p, &it->calls[i], call);
        }
}

/* The deferred part assigns the records' copies to their variables. */
static void copies_touch(struct sync_plan *p, struct sync_item *it, struct touches *deferred)
{
    for (size_t i = 0; i < it->n_calls; i++) {
        const struct sync_call *c = &it->calls[i];
        for (size_t k = 0; c->is_out && k + 1 < c->node->n_kids; k++)
            if (c->copies[k] && !c->copies_in[k])
                add_touch(p, deferred,
                          &(struct touch){.base = TOUCH_VARIABLE,
                                          .is_write = true,
                                          .var = c->copies[k],
                                          .type = c->copies[k]->type,
                                          .path = "",
                                          .is_exact = true,
                                          .where = c->node->kids[k + 1]});
    }
}

static void find_item(struct sync_plan *p, struct sync_item *it, struct touches *at_once,
                      struct touches *call, struct touches *deferred)
{
    const struct node *skip[SYNC_CALLS_AT_MOST];
    struct touches all = {0};
    size_t n_skip;
    if (it->kind == SYNC_ONCE) {
        touch_find(p->scope, it->node, NULL, 0, at_once);
        if (it->is_declaration)
            declared_touch(p, it->node, at_once);
        return;
    }
    n_skip = sync_out_calls(it, skip);
    calls_touch(p, it, skip, n_skip, at_once, call);
    copies_touch(p, it, deferred);
    if (it->form == FORM_CALL)
        return;
    if (it->form == FORM_ASSIGN) {
        const struct node *n = node_strip(it->node);
        touch_find_address(p->scope, n->kids[0], at_once);
        touch_find(p->scope, n, skip, n_skip, &all);
        struct touches address = {0};
        touch_find_address(p->scope, n->kids[0], &address);
        /* What finds the destination is done: only the rest is to come. */
        for (size_t i = 0; i < all.n; i++)
            for (size_t j = 0; j < address.n; j++)
                if (all.items[i].where == address.items[j].where &&
                    all.items[i].is_write == address.items[j].is_write &&
                    all.items[i].base == address.items[j].base &&
                    all.items[i].var == address.items[j].var) {
                    all.items[i] = all.items[--all.n];
                    i--;
                    break;
                }
        sort_out(p, &all, at_once, deferred);
        return;
    }
    touch_find(p->scope, it->node, skip, n_skip, &all);
    if (it->is_declaration)
        declared_touch(p, it->node, &all);
    sort_out(p, &all, at_once, deferred);
}

/* Output may change memory: that of open_memstream() and its kin. */
static bool is_stream_memory(struct sync_plan *p, const struct touch *stream,
                             const struct touch *memory)
{
    if (stream->base != TOUCH_OUTSIDE)
        return false;
    if (memory->base == TOUCH_VARIABLE)
        return memory->var->is_global || touch_is_exposed(p->scope, memory->var);
    return memory->base == TOUCH_POINTER || memory->base == TOUCH_MEMORY;
}

/* Decisions are taken over and over; what an item touches changes only with its form. */
struct sync_cache {
    enum sync_form form;
    unsigned version, out;
    size_t n_sources;
    struct touches touches[3];
};

static void copy_touches(struct sync_plan *p, struct touches *to, const struct touches *from)
{
    for (size_t i = 0; to && i < from->n; i++)
        add_touch(p, to, &from->items[i]);
}

const struct touches *sync_touched(struct sync_plan *p, struct sync_item *it)
{
    bool is_late = it->kind != SYNC_ONCE;
    struct sync_cache *c = it->cache[is_late], now = {.form = it->form, .version = p->version};
    for (size_t i = 0; is_late && i < it->n_calls; i++) {
        now.out = now.out * 3 + 1 + it->calls[i].is_out;
        now.n_sources += it->calls[i].n_sources;
    }
    if (c && (!is_late || (c->form == now.form && c->version == now.version && c->out == now.out &&
                           c->n_sources == now.n_sources)))
        return c->touches;
    c = it->cache[is_late] = ARENA_NEW(p->arena, struct sync_cache);
    *c = now;
    find_item(p, it, &c->touches[0], &c->touches[1], &c->touches[2]);
    return c->touches;
}

void sync_touches(struct sync_plan *p, struct sync_item *it, struct touches *at_once,
                  struct touches *call, struct touches *deferred)
{
    const struct touches *t = sync_touched(p, it);
    copy_touches(p, at_once, &t[0]);
    copy_touches(p, call, &t[1]);
    copy_touches(p, deferred, &t[2]);
}

enum depend sync_judge(struct sync_plan *p, const struct sync_item *earlier_item,
                       const struct sync_item *later_item, const struct touch *earlier,
                       const struct touch *later, bool same_iteration, const char **why)
{
    struct depend_context dc = {.scope = p->scope,
                                .region = p->region,
                                .loops = later_item->loops,
                                .same_iteration = same_iteration};
    while (dc.n_loops < earlier_item->n_loops && dc.n_loops < later_item->n_loops &&
           earlier_item->loops[dc.n_loops] == later_item->loops[dc.n_loops])
        dc.n_loops++;
    if (!earlier->is_write && !later->is_write)
        return DEPEND_NEVER;
    /* Records keep what calls make of errno, and it is set in order. */
    bool is_assigned = later->where && later->where->kind != NODE_CALL;
    if (earlier->base == TOUCH_ERRNO && later->base == TOUCH_ERRNO && later->is_write &&
        !is_assigned)
        return DEPEND_NEVER;
    if (p->has_memory_streams &&
        (is_stream_memory(p, earlier, later) || is_stream_memory(p, later, earlier)))
        return DEPEND_ALWAYS;
    return depend_judge(&dc, earlier, later, why);
}

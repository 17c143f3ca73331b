/* sync_copies.c - locals whose address is given to concurrent calls, as copies in the records.
 * See sync_private.h.
 *
 * Those of a loop's body that only such calls write (`double v; f2(i, &v); sum += v;`): the
 * deferred part assigns the copy. Small ones that the call only reads, and that the region
 * changes (`double p[3] = {x[i], y[i], z[i]}; e += energy(p);`): copied where the statement
 * stands. */
#include <string.h>

#include "node.h"
#include "sync_private.h"

#define PRIVATE_AT_MOST 4096

struct changed {
    const struct variable *var;
    bool found;
};

/* The local whose address argument n is, or NULL. */
static struct variable *address_of_local(const struct node *n)
{
    const struct node *s = node_strip(n);
    if (s->kind == NODE_ADDRESS)
        s = node_strip(s->kids[0]);
    else if (!s->type || s->type->kind != TYPE_ARRAY)
        return NULL;
    if (s->kind != NODE_VARIABLE || !s->var || !sync_is_local(s->var) || s->var->is_parameter)
        return NULL;
    bool is_array = s->var->type->kind == TYPE_ARRAY;
    return is_array == (node_strip(n)->kind != NODE_ADDRESS) ? s->var : NULL;
}

/* Does the call write the parameter's object without reading it, and keep nothing of it? */
static bool only_writes(const struct concurrent_function *cf, size_t param)
{
    bool writes = false;
    if (cf->fn->result->kind == TYPE_POINTER || param >= cf->fn->n_params)
        return false;
    for (size_t i = 0; i < cf->n_reaches; i++) {
        const struct reach *r = &cf->reaches[i];
        if (r->global || r->extent == REACH_GLOBAL)
            continue;
        if (r->param != param)
            continue;
        if (r->extent == REACH_BEHIND || r->is_read)
            return false;
        writes |= r->is_write;
    }
    return writes;
}

/* Does it only read the object, and nothing but that or what pointers in it lead to? */
static bool only_reads(const struct concurrent_function *cf, size_t param)
{
    bool reads = false;
    if (cf->fn->result->kind == TYPE_POINTER || param >= cf->fn->n_params)
        return false;
    for (size_t i = 0; i < cf->n_reaches; i++) {
        const struct reach *r = &cf->reaches[i];
        if (r->global || r->extent == REACH_GLOBAL || r->param != param)
            continue;
        if (r->is_write && r->extent != REACH_BEHIND)
            return false;
        reads |= r->is_read;
    }
    return reads;
}

#define READ_AT_MOST 256

static void search_change(void *arg, const struct variable_use *use)
{
    struct changed *c = arg;
    c->found |= use->var == c->var && (use->is_written || use->is_declared);
}

static bool is_read_copy(struct sync_plan *p, const struct concurrent_function *cf, size_t param,
                         struct variable *v)
{
    const struct type *t = v->type;
    struct changed c = {v, false};
    if (!only_reads(cf, param) || !t->is_complete || t->is_variable || t->is_volatile ||
        t->size > READ_AT_MOST || t->align > 16 || !sync_is_spellable(p, t))
        return false;
    sync_uses(p->region->root, NULL, 0, search_change, &c);
    return c.found;
}

struct searcher {
    struct sync_plan *p;
    struct variable *var;
    size_t n_addresses, n_given; /* uses of its address; as arguments that fit */
    bool is_written, is_declared, is_initialized, has_other;
};

static void search_use(void *arg, const struct variable_use *use)
{
    struct searcher *s = arg;
    if (use->var != s->var)
        return;
    s->n_addresses += use->is_address;
    s->is_written |= use->is_written && !use->is_declared;
    s->is_declared |= use->is_declared;
    s->is_initialized |= use->is_declared && use->is_written;
}

static void search_calls(struct searcher *s, const struct node *n)
{
    struct concurrent_function *cf =
        n->kind == NODE_CALL && n->fn ? concurrent_find(s->p->all, n->fn) : NULL;
    size_t before = s->n_given;
    for (size_t k = 1; cf && k < n->n_kids; k++)
        if (address_of_local(n->kids[k]) == s->var && !cf->is_serial && !cf->has_errors &&
            only_writes(cf, k - 1))
            s->n_given++;
    s->has_other |= s->n_given > before + 1; /* twice in one call */
    for (size_t i = 0; i < n->n_kids; i++)
        search_calls(s, n->kids[i]);
}

static void look_for_declarations(struct sync_plan *p, const struct node *n, bool in_loop)
{
    if (n->kind == NODE_DECL && in_loop && n->var && sync_is_local(n->var) && !n->n_kids) {
        const struct type *t = n->var->type;
        struct searcher s = {.p = p, .var = n->var};
        sync_uses(p->region->root, NULL, 0, search_use, &s);
        search_calls(&s, p->region->root);
        sync_variable(p, n->var)->is_private =
            s.n_given && s.n_given == s.n_addresses && !s.is_written && !s.is_initialized &&
            !s.has_other && t->is_complete && !t->is_variable && !t->is_volatile && !t->is_const &&
            t->size <= PRIVATE_AT_MOST && t->align <= 16 && sync_is_spellable(p, t);
    }
    bool is_loop = n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
    for (size_t i = 0; i < n->n_kids; i++)
        look_for_declarations(p, n->kids[i], in_loop || is_loop);
}

void sync_find_private(struct sync_plan *p)
{
    look_for_declarations(p, p->region->root, false);
}

void sync_find_copies(struct sync_plan *p, struct sync_call *c)
{
    size_t n = c->node->n_kids - 1;
    c->copies = arena_alloc(p->arena, (n + 1) * sizeof *c->copies);
    c->copies_in = arena_alloc(p->arena, (n + 1) * sizeof *c->copies_in);
    for (size_t k = 0; k < n; k++) {
        struct variable *v = address_of_local(c->node->kids[k + 1]);
        c->copies_in[k] = v && is_read_copy(p, c->cf, k, v);
        c->copies[k] = v && (sync_variable(p, v)->is_private || c->copies_in[k]) ? v : NULL;
    }
}

bool sync_has_copies(const struct sync_item *it)
{
    for (size_t i = 0; i < it->n_calls; i++)
        for (size_t k = 0; it->calls[i].is_out && k + 1 < it->calls[i].node->n_kids; k++)
            if (it->calls[i].copies && it->calls[i].copies[k] && !it->calls[i].copies_in[k])
                return true;
    return false;
}

bool sync_is_copy_of(const struct sync_call *c, const struct variable *v)
{
    for (size_t k = 0; v && k + 1 < c->node->n_kids; k++)
        if (c->copies && c->copies[k] == v)
            return true;
    return false;
}

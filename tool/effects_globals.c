/* effects_globals.c - globals that hold pointers, where all that is ever stored in them is in sight.
 *
 * A loop's function finds such a global with a value that some other function of the unit, or
 * its initializer, left there. Where each of these is the address of a variable or function, or
 * NULL, the loop's walk starts with that in memory. */
#include <stdint.h>
#include <string.h>

#include "effects_private.h"
#include "node.h"

/* The variable at the bottom of a.b[i].c; NULL over a pointer. */
static const struct variable *base_of(const struct node *n)
{
    for (n = node_strip(n); n; n = node_strip(n->kids[0])) {
        if (n->kind == NODE_VARIABLE)
            return n->var;
        bool is_part = (n->kind == NODE_MEMBER && !n->is_arrow) ||
                       (n->kind == NODE_INDEX && n->kids[0]->type &&
                        node_strip(n->kids[0])->type->kind == TYPE_ARRAY);
        if (!is_part || !n->n_kids)
            return NULL;
    }
    return NULL;
}

static bool is_argument(const struct node *n)
{
    const struct node *up = n->parent;
    while (up && up->kind == NODE_CAST && up->is_implicit)
        up = up->parent;
    return up && up->kind == NODE_CALL && node_strip(up->kids[0]) != n;
}

/* Is its address, or that of a part, kept somewhere? What callees do with it is in their
 * summaries. */
static bool is_address_kept(const struct node *n, const struct variable *v)
{
    if (!n)
        return false;
    if (n->kind == NODE_ADDRESS && n->n_kids && base_of(n->kids[0]) == v && !is_argument(n))
        return true;
    if (n->kind == NODE_VARIABLE && n->var == v && n->type && n->type->kind == TYPE_ARRAY) {
        const struct node *up = n->parent;
        while (up && up->kind == NODE_CAST && up->is_implicit)
            up = up->parent;
        if (!up || (up->kind != NODE_INDEX && !is_argument(n)))
            return true;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_address_kept(n->kids[i], v))
            return true;
    return false;
}

/* What a store leaves there, as the loop's walk knows it; NULL: it isn't a name. */
static struct loc *named(struct walk *w, const struct loc *l)
{
    switch (l->kind) {
    case LOC_NULL:
        return w->null;
    case LOC_CONST:
        return w->constant;
    case LOC_FUNCTION:
        return loc_root(w, LOC_FUNCTION, l->base);
    case LOC_GLOBAL:
    case LOC_STATIC:
        if (l->n_stars || l->is_reach)
            return NULL;
        if (!l->parent)
            return loc_root(w, l->kind, l->base);
        struct loc *up = named(w, l->parent);
        return up ? loc_member(w, up, l->record, l->member) : NULL;
    default:
        return NULL;
    }
}

/* Is anything but NULL ever put there? Of a global that other units may set, nothing is known
 * otherwise. */
static bool is_set_here(const struct walk *w, const struct variable *v)
{
    const struct facts *f = &w->fe->facts;
    for (size_t i = 0; i < f->n_functions; i++) {
        const struct summary *s = f->functions[i]->data;
        for (size_t k = 0; s && k < s->n_stored; k++) {
            const struct stored *st = &s->stored[k];
            if (st->loc->base != v || st->loc->n_stars || st->loc->kind == LOC_LOCAL)
                continue;
            for (size_t j = 0; j < st->set.n; j++)
                if (st->set.at[j]->kind != LOC_NULL && st->set.at[j]->base != v)
                    return true;
        }
    }
    const struct node *start = strip_casts(v->start);
    return start && !(start->kind == NODE_LITERAL && start->value == 0);
}

/* The values that one function stores in v; false: not all of them are names. */
static bool seed_from(struct walk *w, const struct summary *s, const struct variable *v,
                      bool is_final)
{
    for (size_t i = 0; i < s->n_stored; i++) {
        const struct stored *st = &s->stored[i];
        if (st->loc->base != v || st->loc->n_stars || st->loc->kind == LOC_LOCAL)
            continue;
        if (st->is_punned || st->is_raw || st->set.is_cut || !named(w, st->loc))
            return false;
        struct set at = set_of(named(w, st->loc)), value = {.n = 0};
        for (size_t k = 0; k < st->set.n; k++) {
            const struct loc *l = st->set.at[k];
            bool is_old = l->base == v && l->n_stars == 1 && !l->member;
            if (!is_old && !named(w, l))
                return false;
            if (!is_old)
                set_add(w, &value, named(w, l));
        }
        if (is_final)
            memory_store(w, &at, &value);
    }
    return true;
}

static bool seed(struct walk *w, const struct variable *v, bool is_final)
{
    const struct facts *f = &w->fe->facts;
    for (size_t i = 0; i < f->n_functions; i++) {
        struct function *fn = f->functions[i];
        if (!fn->has_definition || fn->is_system)
            continue;
        if (!is_final && is_address_kept(frontend_body(w->fe, fn), v))
            return false;
        effects_of(w->fe, w->arena, fn);
        if (fn != w->fn && !seed_from(w, fn->data, v, is_final))
            return false;
    }
    for (size_t i = 0; !is_final && i < f->n_globals; i++)
        if (is_address_kept(f->globals[i]->init, v) || is_address_kept(f->globals[i]->start, v))
            return false;
    return true;
}

void walk_seed_globals(struct walk *w)
{
    for (size_t i = 0; i < w->fe->facts.n_globals; i++) {
        struct variable *v = w->fe->facts.globals[i];
        bool is_constant = v->type->is_const || v->init;
        if (v->is_system || !v->is_init_read || v->is_thread_local || is_constant ||
            (!v->is_defined_here && !v->is_static_local) || !type_holds_pointers(v->type))
            continue;
        if (!seed(w, v, false) || (!v->is_internal && !v->is_static_local && !is_set_here(w, v)))
            continue;
        seed(w, v, true);
        struct loc *l = loc_root(w, v->is_static_local ? LOC_STATIC : LOC_GLOBAL, v);
        struct set at = set_of(l), null = set_of(w->null);
        l->is_seeded = true;
        if (v->start)
            eval_initializer(w, &at, v->start, v->type);
        else
            memory_store(w, &at, &null);
    }
}

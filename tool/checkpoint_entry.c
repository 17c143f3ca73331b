/* checkpoint_entry.c - what saved variables hold when the loop begins.
 *
 * A program that begins with other values, since an input or the code in front of the loop is
 * another one, must not go on from the state of the old ones: those values are matched, too. Not
 * of all variables: what `save` or `rng` names comes from the state whatever it was; where
 * pointers lead is another story; a local variable may hold garbage; and what comes from clocks,
 * random numbers or out of sight would differ in every run. */
#include <string.h>

#include "checkpoint_private.h"
#include "libcalls.h"
#include "node.h"

#define MAX_SIZE (64u << 20) /* bytes that are read at each entry */

/* ---- variables whose values differ from run to run ---- */

struct varying {
    struct checkpoint_state *s;
    struct variable **at;
    size_t n, cap;
    bool is_changed;
};

static bool is_varying(const struct varying *k, const struct variable *v)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->at[i] == v)
            return true;
    return false;
}

static bool varies(const struct varying *k, const struct node *call)
{
    const unsigned bits = 1u << EFFECT_TIME | 1u << EFFECT_RANDOM | 1u << EFFECT_PROCESS |
                          1u << EFFECT_STATE | 1u << EFFECT_THREAD;
    struct function *fn = call->fn;
    const struct libcall *lib = fn ? libcall_find(fn->name) : NULL;
    if (lib)
        return (lib->effects & bits) != 0;
    if (!fn || !fn->has_definition)
        return !fn || !(fn->is_const_attr || fn->is_pure_attr || fn->is_builtin);
    const struct effects *fx = effects_of(k->s->plan->fe, k->s->arena, fn);
    for (size_t i = 0; i < fx->n_effects; i++)
        if (bits & 1u << fx->effects[i].kind)
            return true;
    for (size_t i = 0; i < fx->n_unseen; i++)
        if (!fx->unseen[i].is_listed && !fx->unseen[i].is_promised)
            return true;
    return false;
}

/* Does n's value, as far as that can be told, differ from run to run? */
static bool has_varying(const struct varying *k, const struct node *n)
{
    if (!n || n->kind == NODE_SIZEOF)
        return false;
    if (n->kind == NODE_VARIABLE)
        return is_varying(k, n->var);
    if (n->kind == NODE_CALL && varies(k, n))
        return true;
    if (n->kind == NODE_CAST && n->type && n->type->kind == TYPE_INTEGER && n->n_kids &&
        n->kids[0]->type && n->kids[0]->type->kind == TYPE_POINTER)
        return true; /* an address */
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_varying(k, n->kids[i]))
            return true;
    return false;
}

/* The variable that an lvalue is part of, or that a pointer of this name leads into. */
static struct variable *base_of(const struct node *n)
{
    for (n = node_strip(n); n; n = n->n_kids ? node_strip(n->kids[0]) : NULL) {
        if (n->kind == NODE_VARIABLE)
            return n->var;
        if (n->kind != NODE_MEMBER && n->kind != NODE_INDEX && n->kind != NODE_DEREF &&
            n->kind != NODE_ADDRESS && n->kind != NODE_CAST)
            return NULL;
    }
    return NULL;
}

static void add(struct varying *k, struct variable *v)
{
    if (!v || is_varying(k, v))
        return;
    ARENA_PUSH(k->s->arena, k->at, k->n, k->cap) = v;
    k->is_changed = true;
}

static void find_varying(struct varying *k, const struct node *n)
{
    if (!n)
        return;
    if (n->kind == NODE_ASSIGN && n->n_kids == 2 && has_varying(k, n->kids[1]))
        add(k, base_of(n->kids[0]));
    if (n->kind == NODE_DECL && n->n_kids && has_varying(k, n->kids[0]))
        add(k, n->var);
    if (n->kind == NODE_CALL && varies(k, n))
        for (size_t i = 1; i < n->n_kids; i++)
            if (n->kids[i]->type && n->kids[i]->type->kind == TYPE_POINTER)
                add(k, base_of(n->kids[i]));
    if (n->kind == NODE_CALL && n->fn && n->fn->has_definition)
        for (size_t i = 1; i < n->n_kids && i <= n->fn->n_params; i++)
            if (has_varying(k, n->kids[i]))
                add(k, n->fn->params[i - 1]);
    for (size_t i = 0; i < n->n_kids; i++)
        find_varying(k, n->kids[i]);
}

static void find_all_varying(struct varying *k)
{
    const struct facts *f = &k->s->plan->fe->facts;
    do {
        k->is_changed = false;
        for (size_t i = 0; i < f->n_functions; i++)
            if (f->functions[i]->has_definition && !f->functions[i]->is_system)
                find_varying(k, frontend_body(k->s->plan->fe, f->functions[i]));
    } while (k->is_changed);
}

/* ---- variables that have a value ---- */

static bool sets(const struct node *n, const struct variable *v)
{
    n = node_strip(n);
    if (n->kind == NODE_BINARY && !strcmp(n->op, ","))
        return sets(n->kids[0], v) || sets(n->kids[1], v);
    if (n->kind != NODE_ASSIGN || n->n_kids != 2 || strcmp(n->op, "=") != 0)
        return false;
    const struct node *to = node_strip(n->kids[0]);
    return (to->kind == NODE_VARIABLE && to->var == v) || sets(n->kids[1], v);
}

/* Does a statement in front of the loop, in a block around it, give it a value? */
static bool is_set_before(const struct node *loop, const struct variable *v)
{
    for (const struct node *n = loop; n->parent; n = n->parent)
        for (size_t i = 0; n->parent->kind == NODE_BLOCK && n->parent->kids[i] != n; i++)
            if (sets(n->parent->kids[i], v))
                return true;
    return false;
}

static bool has_value(const struct checkpoint_state *s, const struct variable *v)
{
    if (v->is_global || v->init)
        return true;
    bool is_scalar = v->type->kind != TYPE_ARRAY && v->type->kind != TYPE_RECORD;
    return is_scalar && (v->is_parameter || is_set_before(s->loop->root, v));
}

/* ---- all of them ---- */

static bool is_matched(const struct checkpoint_state *s, const struct checkpoint_variable *v)
{
    const struct type *t = v->type;
    if (v->how != CHECKPOINT_SAVED || !v->var || v->var->is_system || !t->is_complete ||
        t->is_variable || t->is_volatile || t->kind == TYPE_POINTER || t->size > MAX_SIZE ||
        (t->kind == TYPE_ARRAY && v->var->is_parameter) || strcmp(v->text, v->var->name) != 0)
        return false;
    return !state_is_in_head(s, v->var) && !state_is_named(s, CLAUSE_save, v->var) &&
           !state_is_named(s, CLAUSE_rng, v->var) && has_value(s, v->var) &&
           !checkpoint_is_dead(s->plan->fe, s->loop, v->var);
}

/* Of a structure, or an array of them: what is neither a pointer nor a bit-field; skipped members
 * and those that aren't saved are judged elsewhere. false: nothing is left. */
static bool add_members(struct checkpoint_state *s, const struct checkpoint_variable *saved,
                        struct checkpoint_variable *v)
{
    struct leaves leaves;
    const struct type *t = v->type;
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (t->kind == TYPE_POINTER || t->kind == TYPE_OTHER)
        return false;
    if (t->kind != TYPE_RECORD)
        return true;
    checkpoint_leaves(s->arena, v->type, &leaves);
    for (size_t i = 0; i < leaves.n; i++) {
        const struct leaf *l = &leaves.at[i];
        bool is_kept = l->is_pointer || l->is_opaque || l->is_bitfield || l->type->is_volatile ||
                       l->type->kind == TYPE_RECORD;
        for (size_t k = 0; k < saved->n_pointers; k++)
            is_kept |= !strcmp(saved->pointers[k].name, l->path);
        if (!is_kept)
            ARENA_PUSH(s->arena, v->pointers, v->n_pointers, v->cap_pointers) =
                leaf_bytes(l, false);
    }
    return v->n_pointers > 0;
}

void state_match_entry(struct checkpoint_state *s)
{
    struct varying k = {.s = s};
    size_t n = s->plan->n_variables;
    bool is_known = false;
    for (size_t i = 0; i < n; i++) {
        struct checkpoint_variable saved = s->plan->variables[i], v = saved;
        if (!is_matched(s, &saved))
            continue;
        if (!is_known)
            find_all_varying(&k);
        is_known = true;
        v.how = CHECKPOINT_ENTRY;
        v.pointers = NULL;
        v.n_pointers = v.cap_pointers = 0;
        if (!is_varying(&k, saved.var) && add_members(s, &saved, &v))
            ARENA_PUSH(s->arena, s->plan->variables, s->plan->n_variables,
                       s->plan->cap_variables) = v;
    }
}

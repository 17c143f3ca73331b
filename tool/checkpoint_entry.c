/* checkpoint_entry.c - what saved variables hold when the loop begins.
 *
 * A program that begins with other values, since an input or the code in front of the loop is
 * another one, must not go on from the state of the old ones: those values are matched, too. Not
 * all of them: what `rng` names, and variables in `save`, come from the state whatever they were;
 * local variables and memory of malloc's may hold garbage; and what comes from clocks and random
 * numbers would differ in every run. */
#include <string.h>
#include <strings.h>

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

/* By its name, for functions out of sight. */
static bool tells_time(const char *name)
{
    static const char *const words[] = {"time", "clock", "now",  "tick",    "sec",  "rand",
                                        "seed", "pid",   "wall", "elapsed", "stamp"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (const char *at = name; *at; at++)
            if (!strncasecmp(at, words[i], strlen(words[i])))
                return true;
    return false;
}

static bool is_unseen_clock(const struct function *fn)
{
    return fn && !fn->is_const_attr && !fn->is_pure_attr && !fn->is_builtin && tells_time(fn->name);
}

static bool only_waits(const char *name)
{
    return strstr(name, "sleep") || strstr(name, "yield");
}

static bool varies(const struct varying *k, const struct node *call)
{
    const unsigned bits = 1u << EFFECT_TIME | 1u << EFFECT_RANDOM | 1u << EFFECT_PROCESS |
                          1u << EFFECT_STATE | 1u << EFFECT_THREAD;
    struct function *fn = call->fn;
    const struct libcall *lib = fn ? libcall_find(fn->name) : NULL;
    if (lib)
        return (lib->effects & bits) != 0 && !only_waits(fn->name);
    if (!fn || !fn->has_definition)
        return is_unseen_clock(fn);
    const struct effects *fx = effects_of(k->s->plan->fe, k->s->arena, fn);
    for (size_t i = 0; i < fx->n_effects; i++)
        if (bits & 1u << fx->effects[i].kind && !only_waits(fx->effects[i].callee))
            return true;
    for (size_t i = 0; i < fx->n_unseen; i++)
        if (!fx->unseen[i].is_listed && is_unseen_clock(fx->unseen[i].fn))
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

/* ---- memory that has been filled ---- */

/* Arrays, and what pointers lead to: by the variable, or by the name of the last member on the
 * way. Memory of malloc's holds anything until something fills all of it; that is believed of
 * loops, of functions that get it, and of calloc(). What the loop itself does to it, and all that
 * it calls, says nothing of what it finds. */
struct filled {
    const struct checkpoint_state *s;
    struct variable **at;
    size_t n, cap;
    const char **members;
    size_t n_members, cap_members;
    bool is_changed;
};

static const char *last_member(const struct node *n)
{
    for (n = node_strip(n); n; n = n->n_kids ? node_strip(n->kids[0]) : NULL) {
        if (n->kind == NODE_MEMBER)
            return n->name;
        if (n->kind != NODE_INDEX && n->kind != NODE_DEREF && n->kind != NODE_ADDRESS &&
            n->kind != NODE_CAST)
            return NULL;
    }
    return NULL;
}

static bool is_filled(const struct filled *k, const struct variable *v, const char *member)
{
    for (size_t i = 0; member && i < k->n_members; i++)
        if (!strcmp(k->members[i], member))
            return true;
    for (size_t i = 0; !member && i < k->n; i++)
        if (k->at[i] == v)
            return true;
    return false;
}

static void fill(struct filled *k, struct variable *v, const char *member)
{
    if ((!v && !member) || is_filled(k, v, member))
        return;
    if (member)
        ARENA_PUSH(k->s->arena, k->members, k->n_members, k->cap_members) = member;
    else
        ARENA_PUSH(k->s->arena, k->at, k->n, k->cap) = v;
    k->is_changed = true;
}

static bool gives_zeros(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    const struct libcall *lib =
        n && n->kind == NODE_CALL && n->fn ? libcall_find(n->fn->name) : NULL;
    return lib && libcall_result(lib) == LIBCALL_ZEROED;
}

static bool may_fill(const struct node *call, size_t i)
{
    const struct function *fn = call->fn;
    const struct libcall *lib = fn ? libcall_find(fn->name) : NULL;
    const struct type *t = call->kids[i]->type;
    if (fn && i <= fn->n_params)
        t = fn->params[i - 1]->type;
    if (!t || t->kind != TYPE_POINTER || !t->element || t->element->is_const)
        return false;
    enum libcall_use use = lib ? libcall_use(lib, i - 1) : LIBCALL_WRITES;
    if (lib && strchr(lib->args, LIBCALL_SCAN) && i > libcall_n_args(lib))
        return true;
    return use != LIBCALL_NOTHING && use != LIBCALL_READS && use != LIBCALL_FREES &&
           use != LIBCALL_PATH && use != LIBCALL_PRINT;
}

static void find_filled(struct filled *k, const struct node *n, bool is_in_loop)
{
    if (!n || n == k->s->loop->root)
        return;
    is_in_loop |= node_is_loop(n);
    if (n->kind == NODE_ASSIGN && n->n_kids == 2) {
        const struct node *to = node_strip(n->kids[0]);
        if (gives_zeros(n->kids[1]) || (is_in_loop && to->kind != NODE_VARIABLE))
            fill(k, base_of(to), last_member(to));
    }
    if (n->kind == NODE_DECL && n->n_kids && gives_zeros(n->kids[0]))
        fill(k, n->var, NULL);
    for (size_t i = 1; n->kind == NODE_CALL && i < n->n_kids; i++) {
        struct variable *v = base_of(n->kids[i]);
        const char *member = last_member(n->kids[i]);
        if (may_fill(n, i))
            fill(k, v, member);
        if (n->fn && i <= n->fn->n_params && is_filled(k, v, member))
            fill(k, n->fn->params[i - 1], NULL);
    }
    for (size_t i = 0; i < n->n_kids; i++)
        find_filled(k, n->kids[i], is_in_loop);
}

static bool is_called_by_loop(const struct checkpoint_state *s, const struct function *fn)
{
    for (size_t i = 0; i < s->fx->all->n_callees; i++)
        if (s->fx->all->callees[i] == fn)
            return true;
    return false;
}

static void find_all_filled(struct filled *k)
{
    const struct facts *f = &k->s->plan->fe->facts;
    do {
        k->is_changed = false;
        for (size_t i = 0; i < f->n_functions; i++)
            if (f->functions[i]->has_definition && !f->functions[i]->is_system &&
                !is_called_by_loop(k->s, f->functions[i]))
                find_filled(k, frontend_body(k->s->plan->fe, f->functions[i]), false);
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

/* Is it set somewhere in n, or does a function get its address? */
static bool may_set(const struct node *n, const struct variable *v)
{
    if (!n)
        return false;
    if (sets(n, v) ||
        (n->kind == NODE_ADDRESS && n->n_kids && node_strip(n->kids[0])->kind == NODE_VARIABLE &&
         node_strip(n->kids[0])->var == v))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (may_set(n->kids[i], v))
            return true;
    return false;
}

/* Pointers are compared behind the head of the `for` where a run starts afresh, and in front of it
 * where one goes on. */
static bool is_pointer_of_head(const struct node *n, const struct variable *v)
{
    if (!n || v->type->kind != TYPE_POINTER)
        return false;
    bool is_set = n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC || n->kind == NODE_ADDRESS;
    const struct node *to = is_set && n->n_kids ? node_strip(n->kids[0]) : NULL;
    if (to && to->kind == NODE_VARIABLE && to->var == v)
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (is_pointer_of_head(n->kids[i], v))
            return true;
    return false;
}

/* Does a statement in front of the loop, in a block around it, give it a value? */
static bool is_set_before(const struct node *loop, const struct variable *v)
{
    for (const struct node *n = loop; n->parent; n = n->parent)
        for (size_t i = 0; n->parent->kind == NODE_BLOCK && n->parent->kids[i] != n; i++)
            if (may_set(n->parent->kids[i], v))
                return true;
    return false;
}

static bool has_value(const struct checkpoint_state *s, const struct filled *k,
                      const struct variable *v)
{
    const struct type *t = v->type;
    if (v->is_global || v->init)
        return true;
    if (t->kind == TYPE_ARRAY && !v->is_parameter) {
        while (t->kind == TYPE_ARRAY)
            t = t->element;
        return !t->is_char && is_filled(k, v, NULL);
    }
    return v->is_parameter || (t->kind != TYPE_RECORD && is_set_before(s->loop->root, v));
}

/* ---- all of them ---- */

static bool is_matched(const struct checkpoint_state *s, const struct filled *k,
                       const struct checkpoint_variable *v)
{
    const struct type *t = v->type;
    if (v->how != CHECKPOINT_SAVED || !v->var || v->var->is_system || !t->is_complete ||
        t->is_variable || t->is_volatile || t->size > MAX_SIZE ||
        (t->kind == TYPE_ARRAY && v->var->is_parameter) || strcmp(v->text, v->var->name) != 0)
        return false;
    return !state_is_in_head(s, v->var) && !is_pointer_of_head(s->loop->parts.init, v->var) &&
           !state_is_named(s, CLAUSE_save, v->var) && !state_is_named(s, CLAUSE_rng, v->var) &&
           has_value(s, k, v->var) && !checkpoint_is_dead(s->plan->fe, s->loop, v->var);
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
    if (v->type->kind == TYPE_POINTER) /* by where it leads */
        return true;
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

/* Names in a shape, all of which must say something in front of the loop. */
struct names {
    const struct checkpoint_state *s;
    const struct varying *varying;
    const struct filled *filled;
    bool is_unfit;
};

static bool visit_name(const struct cexpr *e, void *arg)
{
    struct names *n = arg;
    struct variable *v = e->kind == CEXPR_NAME ? scope_variable(n->s->scope, e) : NULL;
    if (v)
        n->is_unfit |= state_is_in_head(n->s, v) || is_varying(n->varying, v) ||
                       !has_value(n->s, n->filled, v);
    n->is_unfit |= e->kind == CEXPR_CALL;
    return true;
}

static bool is_filled_section(const struct checkpoint_state *s, const struct varying *varying,
                              const struct filled *filled, const struct checkpoint_section *k)
{
    struct names names = {s, varying, filled, false};
    const struct type *t = k->element;
    const struct cexpr *root = k->pointer;
    const char *member = NULL;
    if (k->id != CLAUSE_save || !root || k->shape->kind == SHAPE_STRING || !t || !t->is_complete ||
        !t->size || t->is_volatile || t->is_char || t->kind == TYPE_POINTER)
        return false;
    cexpr_walk(k->shape->expr, visit_name, &names);
    for (; root->kind != CEXPR_NAME && root->n_kids; root = root->kids[0])
        if (!member && (root->kind == CEXPR_MEMBER || root->kind == CEXPR_ARROW))
            member = root->text;
    return !names.is_unfit && is_filled(filled, scope_variable(s->scope, root), member);
}

void state_match_entry(struct checkpoint_state *s)
{
    struct varying varying = {.s = s};
    struct filled filled = {.s = s};
    size_t n = s->plan->n_variables;
    find_all_varying(&varying);
    find_all_filled(&filled);
    for (size_t i = 0; i < n; i++) {
        struct checkpoint_variable saved = s->plan->variables[i], v = saved;
        if (!is_matched(s, &filled, &saved))
            continue;
        v.how = CHECKPOINT_ENTRY;
        v.pointers = NULL;
        v.n_pointers = v.cap_pointers = 0;
        if (!is_varying(&varying, saved.var) && add_members(s, &saved, &v))
            ARENA_PUSH(s->arena, s->plan->variables, s->plan->n_variables, s->plan->cap_variables) =
                v;
    }
    for (size_t i = 0; i < s->plan->n_sections; i++)
        s->plan->sections[i].is_start_matched =
            is_filled_section(s, &varying, &filled, &s->plan->sections[i]);
}

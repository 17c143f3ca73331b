/* effects_call.c - calls: of functions in sight, of strangers, through pointers.
 *
 * The summary of a callee in sight speaks of its own parameters; map() retraces
 * each of its paths from the arguments. A stranger is believed to do to its
 * pointer arguments what their types allow, and to call the functions it gets. */
#include <stdint.h>
#include <string.h>

#include "effects_private.h"

#define MAX_DEPTH 6 /* of functions called through pointers that callees were given */

static struct set call_function(struct walk *w, const struct call *c);

/* ---- callees in sight ---- */

static struct set argument(struct walk *w, const struct call *c, const struct variable *v)
{
    return v->index < c->n_args ? c->args[v->index] : set_of(w->unknown);
}

/* Objects of plain numbers hold no records: an access of the one type isn't to the
 * other. Bytes may, but then somebody looks at them so. */
static bool is_numbers(const struct loc *l)
{
    if (l->n_members || l->n_stars > 1 ||
        (l->kind != LOC_LOCAL && l->kind != LOC_PARAM && l->kind != LOC_GLOBAL &&
         l->kind != LOC_STATIC))
        return false;
    const struct type *t = ((const struct variable *)l->base)->type;
    if (l->n_stars)
        t = t->element;
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    return t && (!t->is_char || !l->view) &&
           (t->kind == TYPE_INTEGER || t->kind == TYPE_FLOAT || t->kind == TYPE_COMPLEX ||
            t->kind == TYPE_ENUM || t->kind == TYPE_BOOL);
}

/* All that a callee may reach from its root l. */
static struct set map_reach(struct walk *w, const struct call *c, const struct loc *l)
{
    struct set out = {.n = 0}, from;
    if (l->kind == LOC_PARAM)
        from = argument(w, c, l->base);
    else
        from = set_of(loc_root(w, l->kind, l->base));
    from = memory_reach(w, &from);
    for (size_t i = 0; i < from.n; i++) {
        struct loc *o = from.at[i];
        if (l->record && is_numbers(o))
            continue;
        bool is_ours = loc_is_own(o) || o->kind == LOC_UNKNOWN || o->kind == LOC_ERRNO;
        set_add(w, &out, is_ours || is_numbers(o) ? o : loc_reach(w, o, l->record));
    }
    if (!out.n)
        set_add(w, &out, w->null);
    return out;
}

static bool is_recursive(const struct function *fn)
{
    const struct summary *s = fn ? fn->data : NULL;
    return s && s->is_cyclic;
}

/* A callee's location as the caller sees it. */
static struct set map(struct walk *w, const struct call *c, const struct loc *l)
{
    struct set base;
    switch (l->kind) {
    case LOC_UNKNOWN:
        return set_of(w->unknown);
    case LOC_CONST:
        return set_of(w->constant);
    case LOC_NULL:
        return set_of(w->null);
    case LOC_ERRNO:
        return set_of(w->errno_at);
    case LOC_FUNCTION:
        return set_of(loc_root(w, LOC_FUNCTION, l->base));
    default:
        break;
    }
    if (l->is_reach)
        return map_reach(w, c, l);
    if (!l->parent) {
        if (l->kind == LOC_GLOBAL || l->kind == LOC_STATIC)
            return set_of(loc_root(w, l->kind, l->base));
        return set_of(l->kind == LOC_RESULT ? loc_root(w, LOC_TEMP, c->node)
                                            : loc_inner(w, l, c->node, is_recursive(c->fn)));
    }
    bool is_parameter = l->kind == LOC_PARAM && !l->parent->parent;
    if (is_parameter && (!l->member || l->n_stars == 0)) {
        struct set value = argument(w, c, l->base);
        return l->member ? set_member(w, &value, l->record, l->member) : value;
    }
    base = map(w, c, l->parent);
    return l->member ? set_member(w, &base, l->record, l->member) : memory_load(w, &base);
}

static struct set map_set(struct walk *w, const struct call *c, const struct set *s)
{
    struct set out = {.n = 0};
    if (s->is_cut)
        return (struct set){.n = 1, .is_cut = true, .at = {w->unknown}};
    for (size_t i = 0; i < s->n; i++) {
        struct set one = map(w, c, s->at[i]);
        set_add_all(w, &out, &one);
    }
    return out;
}

static struct set map_stores(struct walk *w, const struct call *c, const struct summary *s)
{
    struct set result = {.n = 0};
    bool is_record = c->fn->result && c->fn->result->kind == TYPE_RECORD;
    for (size_t i = 0; i < s->n_stored; i++) {
        const struct stored *st = &s->stored[i];
        struct set value = map_set(w, c, &st->set);
        if (st->loc->kind == LOC_RESULT && !is_record) {
            set_add_all(w, &result, &value);
            continue;
        }
        struct set at = map(w, c, st->loc);
        memory_store(w, &at, &value);
        if (st->is_punned)
            memory_pun(w, &at);
        if (st->is_raw)
            memory_store_bytes(w, &at);
    }
    return is_record ? set_of(loc_root(w, LOC_TEMP, c->node)) : result;
}

static void map_accesses(struct walk *w, const struct call *c, const struct recorder *from)
{
    bool outer = w->is_unexpanded;
    for (size_t i = 0; i < from->out.n_accesses; i++) {
        const struct access *a = &from->out.accesses[i];
        struct set at = map(w, c, from->access_locs[i].loc);
        w->is_unexpanded = a->is_unexpanded;
        w->again = a;
        record_access(w, &at, a->is_write, from->access_locs[i].is_whole, a->where, a->via);
    }
    w->again = NULL;
    w->is_unexpanded = outer;
    for (size_t i = 0; i < from->n_lent; i++) {
        struct set at = map(w, c, from->lent[i].loc);
        record_lent(w, &at, from->lent[i].where, from->lent[i].via);
    }
}

/* The callee took the result of a call through a pointer for memory of a
 * stranger's. What it really is, it can't have known. */
static void judge_result(struct walk *w, const struct call *inner, const struct set *result)
{
    struct set given = {.n = 0}, unknown = set_of(w->unknown);
    struct set reach = memory_reach(w, result);
    for (size_t i = 0; i < inner->n_args; i++)
        set_add_all(w, &given, &inner->args[i]);
    given = memory_reach(w, &given);
    for (size_t i = 0; i < reach.n; i++) {
        size_t k = 0;
        while (k < given.n && given.at[k] != reach.at[i])
            k++;
        if (k == given.n && !loc_is_own(reach.at[i])) {
            record_access(w, &unknown, false, true, inner->node, NULL);
            record_access(w, &unknown, true, true, inner->node, NULL);
            return;
        }
    }
}

static struct set call_in_sight(struct walk *w, const struct call *c)
{
    struct summary *s = effects_summary(w, c->fn);
    struct frame frame = {w->frames ? w->frames->callee : w->fn, c->fn, c->node, w->frames,
                          w->frames ? w->frames->n + 1 : 1};
    struct set extra = {.n = 0};
    /* What is passed through `...` may be read and written. */
    for (size_t i = c->fn->n_params; i < c->n_args && c->fn->is_variadic; i++) {
        const struct type *t = c->arg_nodes ? strip_casts(c->arg_nodes[i])->type : NULL;
        if (!is_pointer_like(t) || !c->args[i].n)
            continue;
        record_access(w, &c->args[i], false, true, c->node, NULL);
        if (!t->element || !t->element->is_const)
            record_access(w, &c->args[i], true, true, c->node, NULL);
        set_add_all(w, &extra, &c->args[i]);
    }
    /* Functions among them may be called. */
    struct set functions = {.n = 0};
    for (size_t i = 0; i < extra.n; i++)
        if (extra.at[i]->kind == LOC_FUNCTION)
            set_add(w, &functions, extra.at[i]);
    if (functions.n && w->depth < MAX_DEPTH)
        call_back(w, c, &functions);
    w->frames = &frame;
    struct set result = map_stores(w, c, s);
    if (w->is_recording) {
        map_accesses(w, c, &s->own);
        /* What doesn't depend on the arguments is the same at every call. */
        if (record_callee(w, c->fn) || s->is_cyclic)
            record_others(w, &s->own.out);
    }
    w->depth++;
    for (size_t i = 0; i < s->n_pointer_calls; i++) {
        const struct pointer_call *p = &s->pointer_calls[i];
        struct set callee = map_set(w, c, &p->callee);
        struct set *args = arena_alloc(w->arena, (p->n_args + 1) * sizeof *args);
        for (size_t k = 0; k < p->n_args; k++)
            args[k] = map_set(w, c, &p->args[k]);
        struct call inner = {p->where, NULL, args, p->n_args, NULL};
        struct set r = call_pointer(w, &inner, &callee);
        judge_result(w, &inner, &r);
    }
    w->depth--;
    w->frames = frame.up;
    if (extra.n)
        set_add_all(w, &result, &extra);
    return result;
}

/* ---- arguments ---- */

const struct type *call_pointee(const struct call *c, size_t i)
{
    const struct type *t = NULL;
    if (c->fn && i < c->fn->n_params)
        t = c->fn->params[i]->type;
    else if (c->arg_nodes)
        t = c->arg_nodes[i]->type;
    return is_pointer_like(t) ? t->element : NULL;
}

/* The same before conversion to the parameter's type. */
const struct type *call_pointee_before(const struct call *c, size_t i)
{
    const struct type *t = c->arg_nodes ? strip_casts(c->arg_nodes[i])->type : NULL;
    return is_pointer_like(t) && t->element ? t->element : call_pointee(c, i);
}

/* Functions that may be called get pointers into all the other arguments. */
void call_back(struct walk *w, const struct call *c, const struct set *callee)
{
    struct set into = {.n = 0}, args[8];
    for (size_t i = 0; i < c->n_args; i++)
        if (!call_pointee(c, i) || call_pointee(c, i)->kind != TYPE_FUNCTION)
            set_add_all(w, &into, &c->args[i]);
    into = memory_reach(w, &into);
    struct set data = {.n = 0};
    for (size_t i = 0; i < into.n; i++)
        if (into.at[i]->kind != LOC_FUNCTION)
            set_add(w, &data, into.at[i]);
    set_add(w, &data, loc_root(w, LOC_TEMP, c->node));
    for (size_t i = 0; i < sizeof args / sizeof args[0]; i++)
        args[i] = data;
    struct call inner = {c->node, NULL, args, sizeof args / sizeof args[0], NULL};
    call_pointer(w, &inner, callee);
}

/* ---- strangers ---- */

/* May an object of type t contain a pointer to `to`, or an object of it? */
static bool can_lead(const struct type *t, const struct type *to, unsigned depth)
{
    if (!t || !to || t->kind == TYPE_VOID || to->kind == TYPE_VOID || t->is_char || depth > 4)
        return true;
    if (t->kind == to->kind && t->record == to->record &&
        (t->record || (t->size == to->size && t->kind != TYPE_POINTER)))
        return true;
    if (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY)
        return can_lead(t->element, to, depth + 1);
    if (t->kind != TYPE_RECORD)
        return false;
    if (!t->record || !t->record->is_complete)
        return true;
    for (size_t i = 0; i < t->record->n_fields; i++) {
        const struct type *f = t->record->fields[i].type;
        bool is_text = f->kind == TYPE_POINTER && f->element && f->element->is_char;
        if (!is_text && can_lead(f, to, depth + 1))
            return true;
    }
    return false;
}

/* The pointers that lead from `at`, of type t, to memory of type `to`. */
static void leading(struct walk *w, const struct set *at, const struct type *t,
                    const struct type *to, unsigned depth, struct set *out)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    if (!t || depth > 3 || !can_lead(t, to, 0))
        return;
    if (t->kind == TYPE_POINTER) {
        struct set s = memory_load(w, at);
        set_add_all(w, out, &s);
        leading(w, &s, t->element, to, depth + 1, out);
        return;
    }
    for (size_t i = 0; t->kind == TYPE_RECORD && t->record && i < t->record->n_fields; i++) {
        const struct field *f = &t->record->fields[i];
        if (!type_holds_pointers(f->type))
            continue;
        struct set member = set_member(w, at, t->record, f->name);
        leading(w, &member, f->type, to, depth + 1, out);
    }
}

static struct set stranger_result(struct walk *w, const struct call *c)
{
    const struct type *t = c->fn ? c->fn->result : c->node->type;
    struct set own = set_of(loc_root(w, LOC_TEMP, c->node)), out = {.n = 0};
    if (!t || !type_holds_pointers(t))
        return t && t->kind == TYPE_RECORD ? own : out;
    const struct type *to = t->kind == TYPE_POINTER ? t->element : t;
    out = own;
    memory_store(w, &own, &own);
    for (size_t i = 0; i < c->n_args; i++) {
        const struct type *from = call_pointee_before(c, i);
        if (!from || from->kind == TYPE_FUNCTION)
            continue;
        if (t->kind == TYPE_POINTER && can_lead(from, to, 0)) {
            set_add_all(w, &out, &c->args[i]);
            leading(w, &c->args[i], from, to, 0, &out);
        }
        if (can_lead(to, from, 0))
            memory_store(w, &own, &c->args[i]);
    }
    return out;
}

/* What lies at `at` is of type t, and not to be changed: but what pointers there lead to may be. */
static void lend_inside(struct walk *w, const struct call *c, const struct set *at,
                        const struct type *t, unsigned depth)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    if (!w->is_recording || !t || depth > 6 || !type_holds_pointers(t))
        return;
    if (t->kind == TYPE_POINTER) {
        struct set to = memory_load(w, at);
        if (t->element->kind == TYPE_FUNCTION || !to.n)
            return;
        if (t->element->is_const) { /* behind structures too, that's taken as unchanged */
            if (t->element->kind == TYPE_POINTER)
                lend_inside(w, c, &to, t->element, depth + 1);
            return;
        }
        to = memory_reach(w, &to);
        record_lent(w, &to, c->node, NULL);
        return;
    }
    for (size_t i = 0; t->record && i < t->record->n_fields; i++) {
        struct set member = set_member(w, at, t->record, t->record->fields[i].name);
        lend_inside(w, c, &member, t->record->fields[i].type, depth + 1);
    }
}

/* One pointer argument of a stranger's. */
static void lend_argument(struct walk *w, const struct call *c, size_t i)
{
    const struct type *t = call_pointee(c, i), *before = call_pointee_before(c, i);
    const struct type *plain = t;
    while (plain->kind == TYPE_ARRAY && plain->element)
        plain = plain->element;
    bool is_pure = c->fn && (c->fn->is_pure_attr || c->fn->is_const_attr);
    bool is_write = !plain->is_const && !is_pure;
    struct set reach = memory_reach(w, &c->args[i]);
    if (!reach.n)
        return;
    record_access(w, &reach, false, true, c->node, NULL);
    if (is_write)
        record_access(w, &reach, true, true, c->node, NULL);
    else if (!is_pure && plain->kind == TYPE_POINTER)
        lend_inside(w, c, &c->args[i], plain, 0);
    if (!is_write || (before && before->kind != TYPE_VOID && !type_holds_pointers(before)))
        return;
    struct set left = set_of(loc_root(w, LOC_TEMP, c->node));
    memory_store(w, &left, &left);
    for (size_t k = 0; k < c->n_args; k++)
        if (k != i && call_pointee(c, k) && can_lead(before, call_pointee_before(c, k), 0))
            set_add_all(w, &left, &c->args[k]);
    memory_store(w, &reach, &left);
}

static bool is_promised(const struct function *fn)
{
    return fn && (fn->is_const_attr || fn->is_pure_attr || fn->is_builtin);
}

static struct set call_stranger(struct walk *w, const struct call *c)
{
    bool promised = is_promised(c->fn);
    record_unseen(w, c->fn, c->fn && libcall_find(c->fn->name), promised, c->node, NULL);
    if (w->is_recording && !promised) {
        w->recorder->out.may_set_errno = true;
        w->recorder->out.uses_float = true;
    }
    struct set functions = {.n = 0};
    for (size_t i = 0; i < c->n_args; i++) {
        const struct type *t = call_pointee(c, i);
        if (!t && c->arg_nodes && c->arg_nodes[i]->type &&
            c->arg_nodes[i]->type->kind == TYPE_RECORD && c->args[i].n) {
            struct set inside = {.n = 0};
            memory_load_leaves(w, &c->args[i], c->arg_nodes[i]->type, &inside);
            inside = memory_reach(w, &inside);
            if (inside.n)
                record_access(w, &inside, false, true, c->node, NULL);
            if (!promised)
                lend_inside(w, c, &c->args[i], c->arg_nodes[i]->type, 0);
            continue;
        }
        if (!t)
            continue;
        struct set reach = memory_reach(w, &c->args[i]);
        for (size_t k = 0; k < reach.n; k++)
            if (reach.at[k]->kind == LOC_FUNCTION)
                set_add(w, &functions, reach.at[k]);
        if (t->kind == TYPE_FUNCTION)
            set_add_all(w, &functions, &c->args[i]);
        else if (!c->fn || !c->fn->is_const_attr)
            lend_argument(w, c, i);
    }
    if (functions.n && w->depth < MAX_DEPTH)
        call_back(w, c, &functions);
    return stranger_result(w, c);
}

/* ---- which of them ---- */

/* A weak definition: the linker may take another one. */
static struct set call_weak(struct walk *w, const struct call *c)
{
    struct set out = {.n = 0}, other = call_stranger(w, c);
    const struct summary *s = effects_summary(w, c->fn);
    if (s && s->is_ready)
        out = call_in_sight(w, c);
    set_add_all(w, &out, &other);
    return out;
}

static struct set call_function(struct walk *w, const struct call *c)
{
    if (!strncmp(c->fn->name, "MPI_", 4) || !strncmp(c->fn->name, "PMPI_", 5)) {
        record_effect(w, EFFECT_PROCESS, c->fn->name, NULL, c->node, NULL);
        return call_stranger(w, c);
    }
    if (c->fn->refused_attribute && !strcmp(c->fn->refused_attribute, "weak"))
        return call_weak(w, c);
    const struct libcall *lib = libcall_find(c->fn->name);
    /* Names with two underscores belong to the implementation. */
    bool is_librarys = c->fn->is_system || c->fn->is_builtin || !strncmp(c->fn->name, "__", 2);
    if (c->fn->has_definition && !(lib && c->fn->is_system)) {
        const struct summary *s = effects_summary(w, c->fn);
        if (s && s->is_ready)
            return call_in_sight(w, c);
        if (s)
            return (struct set){.n = 0}; /* recursion: the next round knows more */
        return call_stranger(w, c);
    }
    if (!lib)
        return call_stranger(w, c);
    if (is_librarys) {
        record_unseen(w, c->fn, true, is_promised(c->fn), c->node, NULL);
        return call_library(w, c, lib);
    }
    /* Declared by the user alone: it may be a function of the program's that
     * happens to have such a name. Both are assumed. */
    struct set a = call_library(w, c, lib), b = {.n = 0};
    for (size_t i = 0; i < c->n_args && !b.n; i++)
        if (call_pointee(c, i))
            b = call_stranger(w, c);
    record_unseen(w, c->fn, true, is_promised(c->fn), c->node, NULL);
    set_add_all(w, &a, &b);
    return a;
}

/* A parameter's, or memory's that a parameter leads to: the caller may know. */
static bool may_be_resolved(const struct loc *l)
{
    return l->kind == LOC_PARAM && l->n_stars > 0;
}

static void postpone(struct walk *w, const struct call *c, const struct set *callee)
{
    struct pointer_call p = {*callee, NULL, c->n_args, c->node};
    struct summary *s = w->sum;
    p.args = arena_alloc(w->arena, (c->n_args + 1) * sizeof *p.args);
    for (size_t i = 0; i < c->n_args; i++)
        p.args[i] = c->args[i];
    for (size_t i = 0; i < s->n_pointer_calls; i++)
        if (s->pointer_calls[i].where == c->node && s->pointer_calls[i].n_args == p.n_args) {
            struct pointer_call *old = &s->pointer_calls[i];
            w->is_changed |= set_add_all(w, &old->callee, callee);
            for (size_t k = 0; k < p.n_args; k++)
                w->is_changed |= set_add_all(w, &old->args[k], &p.args[k]);
            return;
        }
    ARENA_PUSH(w->arena, s->pointer_calls, s->n_pointer_calls, s->cap_pointer_calls) = p;
    w->is_changed = true;
}

struct set call_pointer(struct walk *w, const struct call *c, const struct set *callee)
{
    struct set out = {.n = 0}, waiting = {.n = 0};
    bool is_open = callee->n == 0;
    struct call one = *c;
    for (size_t i = 0; i < callee->n; i++) {
        struct loc *l = callee->at[i];
        if (l->kind == LOC_NULL)
            continue;
        if (l->kind == LOC_FUNCTION && w->depth < MAX_DEPTH) {
            one.fn = (struct function *)(uintptr_t)l->base;
            w->depth++;
            struct set r = call_function(w, &one);
            w->depth--;
            set_add_all(w, &out, &r);
        } else if (may_be_resolved(l)) {
            set_add(w, &waiting, l);
        } else {
            is_open = true;
        }
    }
    one.fn = NULL;
    if (is_open) {
        struct set r = call_stranger(w, &one);
        set_add_all(w, &out, &r);
    } else if (waiting.n) {
        /* Recorded apart: it counts if no caller knows better. */
        struct recorder *outer = w->recorder;
        postpone(w, c, &waiting);
        w->recorder = w->open;
        struct set r = call_stranger(w, &one);
        w->recorder = outer;
        set_add_all(w, &out, &r);
    }
    return out;
}

struct set eval_call(struct walk *w, const struct node *n)
{
    if (!n->n_kids)
        return (struct set){.n = 0};
    struct set callee = {.n = 0};
    if (!n->fn)
        callee = eval(w, n->kids[0]);
    size_t n_args = n->n_kids - 1;
    struct set *args = arena_alloc(w->arena, (n_args + 1) * sizeof *args);
    for (size_t i = 0; i < n_args; i++)
        args[i] = eval(w, n->kids[i + 1]);
    struct call c = {n, n->fn, args, n_args, n->kids + 1};
    struct set r = n->fn ? call_function(w, &c) : call_pointer(w, &c, &callee);
    if (!n->type || (n->type->kind != TYPE_POINTER && n->type->kind != TYPE_RECORD))
        return (struct set){.n = 0};
    if (n->type->kind == TYPE_RECORD)
        return set_of(loc_root(w, LOC_TEMP, n));
    return r;
}

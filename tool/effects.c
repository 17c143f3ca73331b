/* effects.c - the call graph and the summaries of functions; see effects.h and,
 * for how it works, effects_private.h.
 *
 * Functions that call each other in a circle are summarized together: first
 * what they do with pointers is iterated until it stays, then, on top of that,
 * what they access. Circles are found on the graph of names (a function is
 * joined to every function that its body names), which holds every call by
 * name or through a pointer made in sight. */
#include "effects.h"

#include <stdint.h>
#include <string.h>

#include "effects_private.h"

#define MAX_PASSES 24 /* over one function */
#define MAX_ROUNDS 12 /* over a circle of functions */

/* ---- the graph of names ---- */

static void add_name(struct arena *arena, struct summary *s, struct function *fn)
{
    if (!fn || !fn->has_definition || (fn->is_system && libcall_find(fn->name)))
        return;
    for (size_t i = 0; i < s->n_named; i++)
        if (s->named[i] == fn)
            return;
    ARENA_PUSH(arena, s->named, s->n_named, s->cap_named) = fn;
}

static void collect_names(struct arena *arena, struct summary *s, const struct node *n)
{
    if (!n)
        return;
    if (n->kind == NODE_FUNCTION || n->kind == NODE_CALL)
        add_name(arena, s, n->fn);
    if (n->kind == NODE_VARIABLE && n->var->is_global && !n->var->is_static_local)
        collect_names(arena, s, n->var->init);
    for (size_t i = 0; i < n->n_kids; i++)
        collect_names(arena, s, n->kids[i]);
}

struct summary *effects_summary(struct walk *w, struct function *fn)
{
    (void)w;
    return fn->data;
}

/* ---- one function ---- */

/* One walk over the body. Returns whether anything was added. */
static bool pass(struct walk *w, const struct node *body)
{
    w->is_changed = false;
    eval(w, body);
    return w->is_changed;
}

static void export_object(struct walk *w, const struct loc *object)
{
    struct summary *s = w->sum;
    struct loc *at = (struct loc *)(uintptr_t)object;
    bool is_punned = object->is_punned && !object->is_reach;
    for (const struct cell *c = object->cells; c; c = c->next)
        ARENA_PUSH(w->arena, s->stored, s->n_stored, s->cap_stored) =
            (struct stored){c->loc, c->set, is_punned, object->is_raw};
    if (!object->cells && (is_punned || object->is_raw))
        ARENA_PUSH(w->arena, s->stored, s->n_stored, s->cap_stored) =
            (struct stored){at, {.n = 0}, is_punned, object->is_raw};
}

/* What the caller can see of memory: what lies in its own, or in the result,
 * and whatever of ours can be reached from there. */
static void export_memory(struct walk *w)
{
    struct summary *s = w->sum;
    struct set seen = {.n = 0};
    s->n_stored = 0;
    for (const struct loc *o = w->objects; o; o = o->next)
        if (!loc_is_own(o) || o->kind == LOC_RESULT)
            export_object(w, o);
    for (size_t i = 0; i < s->n_stored; i++) {
        for (size_t k = 0; k < s->stored[i].set.n; k++) {
            struct loc *o = s->stored[i].set.at[k]->object;
            if (!loc_is_own(o) || !o->cells)
                continue;
            size_t before = seen.n;
            if (seen.is_cut || !set_add(w, &seen, o) || seen.n <= before)
                continue;
            export_object(w, o);
        }
    }
    if (!seen.is_cut)
        return;
    /* Too many objects of ours to tell apart: what they hold is unknown. */
    struct set unknown = set_of(w->unknown);
    for (struct loc *o = w->objects; o; o = o->next)
        if (o->kind == LOC_HEAP || o->kind == LOC_TEMP || o->kind == LOC_LOCAL)
            ARENA_PUSH(w->arena, s->stored, s->n_stored, s->cap_stored) =
                (struct stored){o, unknown, true, true};
}

static size_t memory_measure(const struct summary *s)
{
    size_t n = s->n_stored * 64 + s->n_pointer_calls * 64;
    for (size_t i = 0; i < s->n_stored; i++)
        n += s->stored[i].set.n + s->stored[i].set.is_cut + s->stored[i].is_punned +
             s->stored[i].is_raw;
    for (size_t i = 0; i < s->n_pointer_calls; i++) {
        n += s->pointer_calls[i].callee.n;
        for (size_t k = 0; k < s->pointer_calls[i].n_args; k++)
            n += s->pointer_calls[i].args[k].n;
    }
    return n;
}

static size_t record_measure(const struct effects *e)
{
    size_t n_typeless = 0;
    for (size_t i = 0; i < e->n_accesses; i++)
        n_typeless += !e->accesses[i].type;
    return n_typeless + e->n_accesses + e->n_effects + e->n_unseen + e->n_callees +
           e->n_raw_records + e->reads_errno + e->may_set_errno + e->uses_float + e->may_longjmp;
}

static size_t measure(const struct summary *s)
{
    return memory_measure(s) * 4096 + record_measure(&s->own.out) + record_measure(&s->open.out);
}

/* What couldn't be followed to its end is anything. */
static void give_up(struct walk *w)
{
    const struct node *body = w->fn->root;
    struct set unknown = set_of(w->unknown);
    record_access(w, &unknown, false, true, body, NULL);
    record_access(w, &unknown, true, true, body, NULL);
}

/* What the callees in sight do, whether it is complete or, in a circle, as far
 * as it is known, stands in their summaries; s's own is replaced at the end. */
static void summarize(struct frontend *fe, struct arena *arena, struct summary *s,
                      bool is_recording, bool is_stuck)
{
    const struct node *body = frontend_body(fe, s->fn);
    struct recorder own = {.n_slots = 0}, open = {.n_slots = 0};
    struct walk w;
    unsigned n = 0;
    walk_init(&w, fe, arena, s);
    w.recorder = &own;
    w.open = &open;
    while (pass(&w, body) && n < MAX_PASSES)
        n++;
    if (is_recording) {
        own.out.returns_allocated = s->fn->result && s->fn->result->kind == TYPE_POINTER;
        w.is_recording = true;
        pass(&w, body);
        raw_scan(&w, body);
        if (n == MAX_PASSES || is_stuck)
            give_up(&w);
        w.is_recording = false;
        recorder_seal(&own);
        recorder_seal(&open);
        s->own = own;
        s->open = open;
    }
    export_memory(&w);
    s->is_ready = true;
}

/* ---- circles ---- */

struct graph {
    struct frontend *fe;
    struct arena *arena;
    unsigned order;
    struct summary **stack;
    size_t n, cap;
};

static bool round_of(struct graph *g, struct summary **members, size_t n, bool is_recording,
                     bool is_stuck)
{
    bool is_changed = false;
    for (size_t i = 0; i < n; i++) {
        size_t before = measure(members[i]);
        summarize(g->fe, g->arena, members[i], is_recording, is_stuck);
        is_changed |= measure(members[i]) != before;
    }
    return is_changed;
}

static void summarize_circle(struct graph *g, struct summary **members, size_t n)
{
    if (n == 1 && !members[0]->is_cyclic) {
        summarize(g->fe, g->arena, members[0], true, false);
        return;
    }
    unsigned k = 0, rounds = 0;
    for (size_t i = 0; i < n; i++)
        members[i]->is_cyclic = true;
    while (round_of(g, members, n, false, false) && k < MAX_ROUNDS)
        k++;
    while (round_of(g, members, n, true, k == MAX_ROUNDS) && rounds < MAX_ROUNDS + n)
        rounds++;
    if (rounds == MAX_ROUNDS + n)
        round_of(g, members, n, true, true);
}

static struct summary *visit(struct graph *g, struct function *fn)
{
    struct summary *s = ARENA_NEW(g->arena, struct summary);
    fn->data = s;
    s->fn = fn;
    s->order = s->low = ++g->order;
    s->is_on_stack = true;
    size_t base = g->n;
    ARENA_PUSH(g->arena, g->stack, g->n, g->cap) = s;
    collect_names(g->arena, s, frontend_body(g->fe, fn));
    for (size_t i = 0; i < s->n_named; i++) {
        struct summary *t = s->named[i]->data;
        s->is_cyclic |= t == s;
        if (!t) {
            t = visit(g, s->named[i]);
            s->low = t->low < s->low ? t->low : s->low;
        } else if (t->is_on_stack) {
            s->low = t->order < s->low ? t->order : s->low;
        }
    }
    if (s->low == s->order) {
        for (size_t i = base; i < g->n; i++)
            g->stack[i]->is_on_stack = false;
        summarize_circle(g, g->stack + base, g->n - base);
        g->n = base;
    }
    return s;
}

/* ---- the answer ---- */

static void record_again(struct walk *w, const struct recorder *from)
{
    for (size_t i = 0; i < from->out.n_accesses; i++) {
        const struct access *a = &from->out.accesses[i];
        struct set at = set_of(from->access_locs[i].loc);
        w->is_unexpanded = a->is_unexpanded;
        w->again = a;
        record_access(w, &at, a->is_write, from->access_locs[i].is_whole, a->where, a->via);
    }
    w->again = NULL;
    record_others(w, &from->out);
}

/* Nobody resolves the root's calls through its own pointers. */
static struct effects *finish(struct frontend *fe, struct arena *arena, struct summary *s)
{
    if (!s->n_pointer_calls)
        return &s->own.out;
    struct walk w;
    struct recorder both = {.n_slots = 0};
    walk_init(&w, fe, arena, s);
    w.is_recording = true;
    w.recorder = &both;
    record_again(&w, &s->own);
    record_again(&w, &s->open);
    recorder_seal(&both);
    both.out.returns_allocated = s->own.out.returns_allocated;
    both.out.returned_other = s->own.out.returned_other;
    both.out.returned_global = s->own.out.returned_global;
    both.out.returns_static = s->own.out.returns_static;
    struct effects *out = ARENA_NEW(arena, struct effects);
    *out = both.out;
    return out;
}

struct effects *effects_of(struct frontend *fe, struct arena *arena, struct function *fn)
{
    struct summary *s = fn->data;
    if (!s) {
        struct graph g = {.fe = fe, .arena = arena};
        s = visit(&g, fn);
    }
    if (!s->final)
        s->final = finish(fe, arena, s);
    return s->final;
}

const char *effect_kind_name(enum effect_kind kind)
{
    static const char *const names[EFFECT_KINDS] = {
        [EFFECT_OUTPUT] = "writes output",
        [EFFECT_INPUT] = "reads input",
        [EFFECT_FILE] = "uses files",
        [EFFECT_TIME] = "depends on time",
        [EFFECT_RANDOM] = "uses the state of a random number generator",
        [EFFECT_ENVIRONMENT] = "uses the environment",
        [EFFECT_LOCALE] = "uses the locale",
        [EFFECT_EXIT] = "ends the program",
        [EFFECT_LONGJMP] = "leaves by a jump",
        [EFFECT_STATE] = "uses hidden state",
        [EFFECT_THREAD] = "depends on threads",
        [EFFECT_PROCESS] = "acts on processes or signals",
        [EFFECT_ASM] = "contains inline assembly",
        [EFFECT_VOLATILE] = "accesses a volatile object",
        [EFFECT_DATE] = "contains the date of compilation",
        [EFFECT_FENV_WRITE] = "changes the floating-point environment",
    };
    return (unsigned)kind < EFFECT_KINDS ? names[kind] : "";
}

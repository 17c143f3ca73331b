/* effects_loop.c - see effects_loop.h. */
#include "effects_loop.h"

#include <stdint.h>
#include <string.h>

#include "effects_private.h"
#include "node.h"

#define MAX_PASSES 24 /* as in effects.c */

/* ---- what the loop declares ---- */

/* The head of a `for`: everything but its last child. */
bool loop_declares(const struct loop_effects *fx, const struct variable *v)
{
    const struct node *n = fx->loop;
    if (v->is_global) /* a static in the body outlives the iteration */
        return false;
    if (n->kind != NODE_FOR)
        return node_declares(n, v);
    for (size_t i = 0; i < n->n_kids; i++) {
        bool is_head = n->kids[i]->is_declaration && i + 1 < n->n_kids;
        if (!is_head && node_declares(n->kids[i], v))
            return true;
    }
    return false;
}

/* ---- what a place is ---- */

bool effects_is_stream(const struct type *t)
{
    return t && t->kind == TYPE_POINTER && t->element && t->element->kind == TYPE_RECORD &&
           t->element->record && t->element->record->name &&
           !strcmp(t->element->record->name, "struct _IO_FILE");
}

static const struct node *call_of(const struct loc *l)
{
    return l->kind == LOC_HEAP || l->kind == LOC_TEMP ? l->object->base : NULL;
}

static bool is_stream_memory(const struct loc *l)
{
    const struct node *call = call_of(l);
    if (call)
        return effects_is_stream(call->type);
    if ((l->kind != LOC_PARAM && l->kind != LOC_GLOBAL && l->kind != LOC_STATIC) || !l->n_stars)
        return false;
    const struct type *t = ((const struct variable *)l->base)->type;
    while (t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY)) {
        if (effects_is_stream(t))
            return true;
        t = t->element;
    }
    return false;
}

/* A call of a function that is neither in sight nor known gives memory that may be the same
 * each time. */
static bool is_strangers(const struct loc *l)
{
    const struct node *call = l->kind == LOC_TEMP ? l->object->base : NULL;
    if (!call || call->kind != NODE_CALL || call->type->kind != TYPE_POINTER)
        return false;
    return !call->fn || (!call->fn->has_definition && !libcall_find(call->fn->name));
}

enum loop_place_kind loop_place_kind(const struct loop_effects *fx, const struct loc *l,
                                     struct variable **var, struct function **fn)
{
    *var = NULL;
    *fn = NULL;
    switch (l->kind) {
    case LOC_NULL:
        return PLACE_IS_NULL;
    case LOC_CONST:
        return PLACE_IS_LITERAL;
    case LOC_FUNCTION:
        *fn = (struct function *)(uintptr_t)l->base;
        return PLACE_IS_FUNCTION;
    case LOC_LOCAL:
    case LOC_PARAM:
    case LOC_GLOBAL:
    case LOC_STATIC:
        if (l->n_stars || l->is_reach)
            return PLACE_IS_MEMORY;
        *var = (struct variable *)(uintptr_t)l->base;
        return PLACE_IS_VARIABLE;
    case LOC_HEAP:
        return node_contains(fx->loop, call_of(l)) ? PLACE_IS_NEW : PLACE_IS_MEMORY;
    case LOC_TEMP:
        if (!node_contains(fx->loop, call_of(l)))
            return PLACE_IS_MEMORY;
        return is_strangers(l) ? PLACE_IS_UNKNOWN : PLACE_IS_NEW;
    default:
        return PLACE_IS_UNKNOWN;
    }
}

static bool is_prefix(const char *shorter, const char *longer)
{
    size_t n = strlen(shorter);
    return !strncmp(shorter, longer, n) && (longer[n] == '\0' || longer[n] == '.');
}

static bool has_no_parts(const struct loc *l)
{
    return l->kind == LOC_UNKNOWN || l->kind == LOC_ERRNO || l->kind == LOC_CONST ||
           l->kind == LOC_NULL;
}

bool loop_is_within(const struct loc *part, const struct loc *whole)
{
    if (has_no_parts(part) || has_no_parts(whole))
        return false;
    if (part->is_reach || whole->is_reach)
        return part == whole;
    return part->object == whole->object && is_prefix(whole->path, part->path);
}

static bool is_flexible_member(const struct loc *l)
{
    const struct field *f = l->member && l->record ? record_field(l->record, l->member) : NULL;
    return f && f->type->kind == TYPE_ARRAY && f->type->count <= 0;
}

bool loop_is_flexible(const struct loc *part, const struct loc *whole)
{
    for (const struct loc *l = part; l && l != whole && l->member; l = l->parent)
        if (is_flexible_member(l))
            return true;
    return false;
}

bool loop_is_many(const struct loc *l)
{
    for (const struct loc *o = l->object; o; o = o->inner)
        for (const struct node *n = call_of(o); n; n = n->parent)
            if (node_is_loop(n))
                return true;
    return false;
}

bool loop_same_root(const struct loc *a, const struct loc *b)
{
    return a->kind == b->kind && a->base == b->base;
}

bool loop_may_overlap(const struct loc *a, const struct loc *b)
{
    if (has_no_parts(a) || has_no_parts(b))
        return a->kind == LOC_UNKNOWN || b->kind == LOC_UNKNOWN;
    if (a->is_reach || b->is_reach) /* all that pointers lead to, not where they start */
        return loop_same_root(a, b) && a->n_stars && b->n_stars;
    return a->object == b->object &&
           (a->object->is_punned || is_prefix(a->path, b->path) || is_prefix(b->path, a->path));
}

bool loop_is_behind(const struct loc *l, const struct loc *from)
{
    if (l->is_reach)
        return loop_same_root(l, from);
    return !l->member && l->parent && l->parent->object == from->object;
}

bool loop_is_linked(const struct loc *l, const struct loc *from, bool all,
                    bool (*is_link)(const void *arg, const char *member), const void *arg)
{
    if (l->is_reach)
        return all && loop_same_root(l, from);
    for (const struct loc *o = l->object; o != from->object; o = o->parent->object) {
        if (!o->parent || o->parent->is_reach)
            return false;
        const char *inner = o->parent->path + strlen(o->parent->object->path);
        bool is_first = o->parent->object == from->object;
        if (is_first)
            inner = is_prefix(from->path, o->parent->path) ? o->parent->path + strlen(from->path) : "";
        if (!is_link(arg, inner))
            return false;
    }
    return l->object != from->object;
}

/* ---- places ---- */

static struct set set_from(const struct loop_places *p)
{
    struct set s = {.n = 0};
    for (size_t i = 0; i < p->n; i++)
        s.at[s.n++] = (struct loc *)(uintptr_t)p->at[i];
    return s;
}

static struct loop_places places_from(const struct set *s)
{
    struct loop_places p = {.n = 0};
    for (size_t i = 0; i < s->n; i++)
        p.at[p.n++] = s->at[i];
    return p;
}
_Static_assert(LOOP_MAX_PLACES == MAX_SET, "sets of places");

struct loop_places loop_places_of(struct loop_effects *fx, struct variable *v)
{
    enum loc_kind kind = v->is_static_local ? LOC_STATIC
                         : v->is_global     ? LOC_GLOBAL
                         : v->is_parameter  ? LOC_PARAM
                                            : LOC_LOCAL;
    struct set s = set_of(loc_root(fx->walk, kind, v));
    return places_from(&s);
}

static const struct type *record_type(const struct type *t)
{
    while (t && (t->kind == TYPE_ARRAY || t->kind == TYPE_POINTER))
        t = t->element;
    return t && t->kind == TYPE_RECORD ? t : NULL;
}

struct loop_places loop_places_member(struct loop_effects *fx, const struct loop_places *p,
                                      const struct type *t, const char *path)
{
    struct set s = set_from(p);
    while (*path == '.') {
        size_t n = strcspn(path + 1, ".");
        const char *name = arena_strndup(fx->walk->arena, path + 1, n);
        t = record_type(t);
        s = set_member(fx->walk, &s, t ? t->record : NULL, name);
        const struct field *f = t ? record_field(t->record, name) : NULL;
        t = f ? f->type : NULL;
        path += n + 1;
    }
    return places_from(&s);
}

struct loop_places loop_places_load(struct loop_effects *fx, const struct loop_places *p)
{
    struct set s = set_from(p);
    s = memory_load(fx->walk, &s);
    return places_from(&s);
}

/* The objects that e's value, a pointer or an array, leads to. */
static struct loop_places led_to(struct loop_effects *fx, const struct scope *s,
                                 const struct cexpr *e)
{
    struct loop_places at = loop_places_lvalue(fx, s, e);
    const struct type *t = scope_type(s, e);
    const struct variable *v = e->kind == CEXPR_NAME ? scope_variable(s, e) : NULL;
    bool is_array = t && t->kind == TYPE_ARRAY && !(v && v->is_parameter);
    return is_array ? at : loop_places_load(fx, &at);
}

struct loop_places loop_places_lvalue(struct loop_effects *fx, const struct scope *s,
                                      const struct cexpr *e)
{
    struct loop_places none = {.n = 0}, at;
    switch (e->kind) {
    case CEXPR_NAME: {
        struct variable *v = scope_variable(s, e);
        return v ? loop_places_of(fx, v) : none;
    }
    case CEXPR_MEMBER:
        at = loop_places_lvalue(fx, s, e->kids[0]);
        return loop_places_member(fx, &at, scope_type(s, e->kids[0]),
                                  arena_printf(fx->walk->arena, ".%s", e->text));
    case CEXPR_ARROW:
        at = led_to(fx, s, e->kids[0]);
        return loop_places_member(fx, &at, scope_type(s, e->kids[0]),
                                  arena_printf(fx->walk->arena, ".%s", e->text));
    case CEXPR_DEREF:
    case CEXPR_INDEX:
    case CEXPR_SECTION:
        return e->kids[0] ? led_to(fx, s, e->kids[0]) : none;
    case CEXPR_CAST:
        return loop_places_lvalue(fx, s, e->kids[0]);
    default:
        return none;
    }
}

/* ---- the walk ---- */

static void add_access(struct loop_effects *fx, struct arena *arena, const struct access *a,
                       const struct loc *l)
{
    struct function *fn;
    struct loop_access out = {.is_write = a->is_write,
                              .is_whole = a->is_whole,
                              .loc = l,
                              .where = a->where,
                              .via = a->via};
    switch (loop_place_kind(fx, l, &out.var, &fn)) {
    case PLACE_IS_VARIABLE:
        if (loop_declares(fx, out.var))
            return;
        out.kind = LOOP_VARIABLE;
        break;
    case PLACE_IS_MEMORY:
        out.kind = LOOP_BEHIND;
        out.is_stream = is_stream_memory(l);
        if (l->kind != LOC_HEAP && l->kind != LOC_TEMP)
            out.var = (struct variable *)(uintptr_t)l->base;
        break;
    case PLACE_IS_UNKNOWN:
        if (!a->is_write && l->kind == LOC_TEMP)
            return;
        out.kind = LOOP_UNKNOWN;
        out.loc = NULL;
        out.is_stream = l->kind == LOC_TEMP && is_stream_memory(l);
        break;
    default:
        return;
    }
    ARENA_PUSH(arena, fx->accesses, fx->n_accesses, fx->cap_accesses) = out;
}

struct loop_effects *effects_of_loop(struct frontend *fe, struct arena *arena, struct function *fn,
                                     const struct node *loop)
{
    struct loop_effects *fx = ARENA_NEW(arena, struct loop_effects);
    struct recorder recorder = {.n_slots = 0};
    const struct node *body = frontend_body(fe, fn);
    effects_of(fe, arena, fn); /* of the callees, before all */
    fx->loop = loop;
    struct walk *w = fx->walk = ARENA_NEW(arena, struct walk);
    walk_init(w, fe, arena, fn->data);
    w->recorder = w->open = &recorder;
    w->records_own = true;
    walk_seed_globals(w);
    unsigned n = 0;
    do {
        w->is_changed = false;
        eval(w, body);
    } while (w->is_changed && ++n < MAX_PASSES);
    w->is_recording = true;
    eval(w, loop);
    if (n == MAX_PASSES) {
        struct set unknown = set_of(w->unknown);
        record_access(w, &unknown, true, true, loop, NULL);
    }
    w->is_recording = false;
    recorder_seal(&recorder);
    for (size_t i = 0; i < recorder.out.n_accesses; i++)
        add_access(fx, arena, &recorder.out.accesses[i], recorder.access_locs[i].loc);
    fx->all = ARENA_NEW(arena, struct effects);
    *fx->all = recorder.out;
    fx->all->accesses = NULL;
    fx->all->n_accesses = fx->all->cap_accesses = 0;
    return fx;
}

/* effects_paths.c - locations, sets of them, and what memory holds.
 *
 * Members after the last pointer of a path don't make an object of their own:
 * what is stored in an object is kept at the object, in cells by member path,
 * and a load sees the cells whose path equals its own, or is a part of it, or
 * the other way round. Once an object is looked at by two record types
 * (unions, casts), all its cells are seen by all loads. */
#include <string.h>

#include "effects_private.h"
#include "shape.h"

#define N_BUCKETS 512

void walk_init(struct walk *w, struct frontend *fe, struct arena *arena, struct summary *sum)
{
    memset(w, 0, sizeof *w);
    w->fe = fe;
    w->arena = arena;
    w->fn = sum->fn;
    w->sum = sum;
    w->table = arena_alloc(arena, N_BUCKETS * sizeof *w->table);
    w->unknown = loc_root(w, LOC_UNKNOWN, NULL);
    w->constant = loc_root(w, LOC_CONST, NULL);
    w->null = loc_root(w, LOC_NULL, NULL);
    w->errno_at = loc_root(w, LOC_ERRNO, NULL);
    w->result = loc_root(w, LOC_RESULT, NULL);
}

/* ---- locations ---- */

static struct loc *intern(struct walk *w, const struct loc *key)
{
    size_t h = (size_t)key->base / sizeof(void *) + (size_t)key->kind * 7919;
    h = h * 31 + (size_t)key->parent / sizeof(void *) + (size_t)key->inner / 64;
    for (const char *s = key->member ? key->member : "*"; *s; s++)
        h = h * 33 ^ (unsigned char)*s;
    struct loc **slot = &w->table[(h ^ h >> 15) % N_BUCKETS];
    for (struct loc *l = *slot; l; l = l->hash_next)
        if (l->kind == key->kind && l->base == key->base && l->parent == key->parent &&
            l->inner == key->inner && !l->is_interior &&
            (l->member == key->member ||
             (l->member && key->member && !strcmp(l->member, key->member))))
            return l;
    struct loc *l = ARENA_NEW(w->arena, struct loc);
    *l = *key;
    l->hash_next = *slot;
    *slot = l;
    w->n_locs++;
    if (!l->object) {
        l->object = l;
        l->next = w->objects;
        w->objects = l;
    }
    return l;
}

struct loc *loc_root(struct walk *w, enum loc_kind kind, const void *base)
{
    return intern(w, &(struct loc){.kind = kind, .base = base, .path = ""});
}

struct loc *loc_inner(struct walk *w, const struct loc *callees, const struct node *node,
                      bool is_recursive)
{
    const struct loc *root = callees->object;
    struct loc key = {
        .kind = root->kind == LOC_HEAP ? LOC_HEAP : LOC_TEMP, .base = node, .path = ""};
    if (!is_recursive && root->n_inner < MAX_INNER) {
        key.inner = root;
        key.n_inner = root->n_inner + 1;
    }
    struct loc *l = intern(w, &key);
    return callees->is_interior ? loc_interior(w, l) : l;
}

/* Kinds that have no parts. */
static bool is_blind(const struct loc *l)
{
    return l->kind == LOC_UNKNOWN || l->kind == LOC_ERRNO || l->kind == LOC_CONST ||
           l->kind == LOC_FUNCTION || l->kind == LOC_NULL;
}

/* The location that a pointer at l leads to by itself, unless something was
 * stored there; NULL if l is the function's own. */
static struct loc *loc_deref(struct walk *w, struct loc *l)
{
    switch (l->kind) {
    case LOC_UNKNOWN:
    case LOC_CONST:
    case LOC_NULL:
        return l;
    case LOC_PARAM:
    case LOC_GLOBAL:
    case LOC_STATIC:
        break;
    default:
        return NULL;
    }
    if (l->is_reach || l->n_stars >= MAX_STARS)
        return loc_reach(w, l, NULL);
    struct loc key = {.kind = l->kind, .base = l->base, .parent = l, .n_stars = l->n_stars + 1};
    key.path = arena_printf(w->arena, "%s*", l->path);
    return intern(w, &key);
}

/* Some versions of libclang describe anonymous members: "struct s::(anonymous ...)". */
static bool is_nameless(const char *name)
{
    return !name || !*name || strchr(name, '(');
}

bool record_hides(const struct record *r, const char *name)
{
    if (is_nameless(name))
        return true;
    if (!r)
        return false;
    if (r->is_union)
        return true;
    for (size_t i = 0; i < r->n_fields; i++)
        if (!strcmp(r->fields[i].name, name))
            return false;
    /* In an anonymous member: the name stands for itself unless it is a union's. */
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i];
        if (!is_nameless(f->name) || f->type->kind != TYPE_RECORD || !f->type->record)
            continue;
        const struct record *inner = f->type->record;
        for (size_t k = 0; k < inner->n_fields; k++)
            if (!strcmp(inner->fields[k].name, name))
                return inner->is_union;
    }
    return false;
}

/* A member that is no structure: it has no members itself. */
static bool is_scalar_member(const struct loc *l)
{
    const struct field *f = l->member && l->record ? record_field(l->record, l->member) : NULL;
    const struct type *t = f ? f->type : NULL;
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    return t && !t->is_char && t->kind != TYPE_RECORD && t->kind != TYPE_OTHER;
}

struct loc *loc_member(struct walk *w, struct loc *l, const struct record *r, const char *name)
{
    if (is_blind(l))
        return l;
    if (l->is_interior)
        l = l->object;
    if (r && is_scalar_member(l)) { /* a pointer led here by mistake, or to what is around it */
        l = l->object;
        w->is_changed |= !l->is_punned;
        l->is_punned = true;
        return l;
    }
    if (l->is_reach)
        return r && !l->record ? loc_reach(w, l, r) : l;
    if (r && !is_nameless(name)) {
        if (!l->view)
            l->view = r;
        else if (l->view != r && !l->object->is_punned)
            l->object->is_punned = w->is_changed = true;
    }
    if (record_hides(r, name) || l->n_members >= MAX_MEMBERS)
        return l;
    struct loc key = {.kind = l->kind,
                      .base = l->base,
                      .parent = l,
                      .object = l->object,
                      .member = name,
                      .record = r,
                      .n_stars = l->n_stars,
                      .n_members = l->n_members + 1};
    key.path = arena_printf(w->arena, "%s.%s", l->path, name);
    return intern(w, &key);
}

static struct loc *root_of(struct loc *l)
{
    while (l->parent)
        l = l->parent;
    return l;
}

/* Everything reachable from l's root; of type r, if that is known. */
struct loc *loc_reach(struct walk *w, struct loc *l, const struct record *r)
{
    struct loc *root = root_of(l);
    for (struct loc *k = root->reach; k; k = k->next_reach)
        if (k->record == r)
            return k;
    struct loc *k = ARENA_NEW(w->arena, struct loc);
    *k = (struct loc){.kind = l->kind,
                      .base = l->base,
                      .parent = root,
                      .record = r,
                      .path = r ? arena_printf(w->arena, "~%s", r->name) : "~",
                      .n_stars = MAX_STARS,
                      .is_reach = true,
                      .is_punned = true};
    k->object = k;
    k->next = w->objects;
    w->objects = k;
    k->next_reach = root->reach;
    root->reach = k;
    return k;
}

/* Only memory of malloc's has to tell its beginning from its middle. */
struct loc *loc_interior(struct walk *w, struct loc *l)
{
    if (l->kind != LOC_HEAP || l->is_interior || l->n_members)
        return l;
    if (!l->twin) {
        struct loc *t = ARENA_NEW(w->arena, struct loc);
        *t = *l;
        t->is_interior = true;
        t->hash_next = t->next = NULL;
        t->cells = NULL;
        l->twin = t;
    }
    return l->twin;
}

bool loc_is_own(const struct loc *l)
{
    switch (l->kind) {
    case LOC_PARAM:
        return l->n_stars == 0;
    case LOC_GLOBAL:
    case LOC_STATIC:
    case LOC_UNKNOWN:
    case LOC_ERRNO:
        return false;
    default:
        return true;
    }
}

/* ---- sets ---- */

static bool is_far(const struct loc *l)
{
    return (l->kind == LOC_PARAM || l->kind == LOC_GLOBAL || l->kind == LOC_STATIC) &&
           l->n_stars >= 2;
}

/* Does the set hold all that can be reached from l's root? */
static bool holds_reach(const struct set *s, const struct loc *l)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i]->is_reach && !s->at[i]->record && s->at[i]->kind == l->kind &&
            s->at[i]->base == l->base)
            return true;
    return false;
}

/* Paths of two pointers and more become all that is reachable from their roots. */
static void compact(struct walk *w, struct set *s)
{
    struct set out = {.n = 0};
    for (size_t i = 0; i < s->n; i++) {
        struct loc *l = is_far(s->at[i]) ? loc_reach(w, s->at[i], NULL) : s->at[i];
        size_t k = 0;
        while (k < out.n && out.at[k] != l)
            k++;
        if (k == out.n)
            out.at[out.n++] = l;
    }
    *s = out;
}

bool set_add(struct walk *w, struct set *s, struct loc *l)
{
    if (s->is_cut)
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i] == l)
            return false;
    if (is_far(l) && holds_reach(s, l))
        return false;
    if (s->n == MAX_SET) {
        compact(w, s);
        if (is_far(l))
            l = loc_reach(w, l, NULL);
        if (is_far(l) && holds_reach(s, l))
            return true;
    }
    if (s->n == MAX_SET) {
        s->is_cut = true;
        s->n = 1;
        s->at[0] = w->unknown;
    } else {
        s->at[s->n++] = l;
    }
    return true;
}

bool set_add_all(struct walk *w, struct set *s, const struct set *from)
{
    bool is_new = false;
    for (size_t i = 0; i < from->n; i++)
        is_new |= set_add(w, s, from->at[i]);
    if (from->is_cut && !s->is_cut) {
        *s = *from;
        is_new = true;
    }
    return is_new;
}

struct set set_of(struct loc *l)
{
    return (struct set){.n = 1, .at = {l}};
}

struct set set_member(struct walk *w, const struct set *s, const struct record *r, const char *name)
{
    struct set out = {.is_cut = s->is_cut};
    if (s->is_cut)
        return *s;
    for (size_t i = 0; i < s->n; i++)
        set_add(w, &out, loc_member(w, s->at[i], r, name));
    return out;
}

struct set set_interior(struct walk *w, const struct set *s)
{
    struct set out = *s;
    if (s->is_cut)
        return out;
    out.n = 0;
    for (size_t i = 0; i < s->n; i++)
        set_add(w, &out, loc_interior(w, s->at[i]));
    return out;
}

/* ---- memory ---- */

/* Is one of these locations of one object a part of the other? */
static bool overlaps(const struct loc *a, const struct loc *b)
{
    size_t n = strlen(a->path), m = strlen(b->path), least = n < m ? n : m;
    if (memcmp(a->path, b->path, least))
        return false;
    if (n == m)
        return true;
    char next = n < m ? b->path[m > n ? n : 0] : a->path[m];
    return next == '.';
}

/* Pointers in it are those of an initializer that nothing can change. */
static bool is_const_object(const struct type *t)
{
    for (; t; t = t->element) {
        if (t->is_const)
            return true;
        if (t->kind != TYPE_ARRAY)
            break;
    }
    return false;
}

bool loc_has_known_value(const struct loc *l)
{
    if ((l->kind != LOC_GLOBAL && l->kind != LOC_STATIC) || l->n_stars)
        return false;
    const struct variable *v = l->base;
    return v->init && is_const_object(v->type);
}

static void load_cells(struct walk *w, struct set *out, const struct loc *object,
                       const struct loc *l, bool anywhere)
{
    if (object->is_raw)
        set_add(w, out, w->unknown);
    for (const struct cell *c = object->cells; c; c = c->next)
        if (anywhere || object->is_punned || overlaps(c->loc, l))
            set_add_all(w, out, &c->set);
}

static void load_one(struct walk *w, struct set *out, struct loc *l, bool anywhere)
{
    if (!loc_has_known_value(l) && !(l->object->is_seeded && l->n_stars == 0)) {
        struct loc *d = loc_deref(w, l);
        if (d)
            set_add(w, out, d);
    }
    load_cells(w, out, l->object, l, anywhere);
    struct loc *root = root_of(l);
    if (!root->reach || l->n_stars == 0)
        return;
    /* What was stored somewhere behind the root may lie here, and the reverse. */
    for (const struct loc *k = root->reach; k; k = k->next_reach)
        load_cells(w, out, k, l, true);
    for (const struct loc *o = w->objects; l->is_reach && o; o = o->next)
        if (o->kind == l->kind && o->base == l->base && o->n_stars > 0)
            load_cells(w, out, o, l, true);
}

struct set memory_load(struct walk *w, const struct set *at)
{
    struct set out = {.n = 0};
    for (size_t i = 0; i < at->n; i++)
        load_one(w, &out, at->at[i], false);
    return out;
}

struct set memory_load_any(struct walk *w, const struct set *at)
{
    struct set out = {.n = 0};
    for (size_t i = 0; i < at->n; i++)
        load_one(w, &out, at->at[i], true);
    return out;
}

static void store_one(struct walk *w, struct loc *l, const struct set *value)
{
    if (is_blind(l) || !value->n)
        return;
    struct loc *object = l->object;
    struct cell *c = object->cells;
    while (c && strcmp(c->loc->path, l->path))
        c = c->next;
    if (!c) {
        c = ARENA_NEW(w->arena, struct cell);
        c->loc = l;
        c->next = object->cells;
        object->cells = c;
    }
    w->is_changed |= set_add_all(w, &c->set, value);
}

void memory_store(struct walk *w, const struct set *at, const struct set *value)
{
    for (size_t i = 0; i < at->n; i++)
        store_one(w, at->at[i], value);
}

bool type_holds_pointers(const struct type *t)
{
    if (!t)
        return false;
    switch (t->kind) {
    case TYPE_POINTER:
    case TYPE_OTHER:
        return true;
    case TYPE_ARRAY:
        return type_holds_pointers(t->element);
    case TYPE_RECORD:
        if (!t->record || !t->record->is_complete)
            return true;
        for (size_t i = 0; i < t->record->n_fields; i++)
            if (type_holds_pointers(t->record->fields[i].type))
                return true;
        return false;
    default:
        return false;
    }
}

void memory_copy(struct walk *w, const struct set *to, const struct set *from, const struct type *t)
{
    if (!type_holds_pointers(t))
        return;
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (t->kind == TYPE_POINTER) {
        struct set value = memory_load(w, from);
        memory_store(w, to, &value);
        return;
    }
    if (t->kind != TYPE_RECORD || !t->record || !t->record->is_complete || t->record->is_union) {
        memory_copy_any(w, to, from);
        return;
    }
    for (size_t i = 0; i < t->record->n_fields; i++) {
        const struct field *f = &t->record->fields[i];
        if (!type_holds_pointers(f->type))
            continue;
        struct set a = set_member(w, to, t->record, f->name);
        struct set b = set_member(w, from, t->record, f->name);
        memory_copy(w, &a, &b, f->type);
    }
}

void memory_copy_any(struct walk *w, const struct set *to, const struct set *from)
{
    struct set value = memory_load_any(w, from);
    memory_store(w, to, &value);
    memory_pun(w, to);
}

void memory_pun(struct walk *w, const struct set *at)
{
    for (size_t i = 0; i < at->n; i++) {
        struct loc *object = at->at[i]->object;
        if (!is_blind(object) && !object->is_punned)
            object->is_punned = w->is_changed = true;
    }
}

void memory_store_bytes(struct walk *w, const struct set *at)
{
    for (size_t i = 0; i < at->n; i++) {
        struct loc *l = at->at[i], *object = l->object;
        if (is_blind(l) || l->n_members || object->is_raw)
            continue;
        if ((l->kind == LOC_LOCAL || (l->kind == LOC_PARAM && !l->n_stars)) &&
            !type_holds_pointers(((const struct variable *)l->base)->type))
            continue;
        object->is_raw = w->is_changed = true;
    }
}

void memory_load_leaves(struct walk *w, const struct set *at, const struct type *t, struct set *out)
{
    while (t && t->kind == TYPE_ARRAY)
        t = t->element;
    if (!type_holds_pointers(t))
        return;
    if (t->kind != TYPE_RECORD || !t->record || !t->record->is_complete) {
        struct set s = memory_load(w, at);
        set_add_all(w, out, &s);
        return;
    }
    for (size_t i = 0; i < t->record->n_fields; i++) {
        struct set member = set_member(w, at, t->record, t->record->fields[i].name);
        memory_load_leaves(w, &member, t->record->fields[i].type, out);
    }
}

struct set memory_reach(struct walk *w, const struct set *from)
{
    struct set out = *from;
    /* Only what is ours, or was stored, is followed: what else lies behind memory of
     * the caller's is part of "all that is reachable from" it. */
    for (size_t i = 0; i < out.n && !out.is_cut; i++) {
        struct loc *o = out.at[i]->object;
        for (const struct cell *c = o->cells; c; c = c->next)
            set_add_all(w, &out, &c->set);
        if (o->kind == LOC_PARAM && o->n_stars == 0) {
            struct set at = set_of(o);
            memory_load_leaves(w, &at, ((const struct variable *)o->base)->type, &out);
        }
    }
    return out;
}

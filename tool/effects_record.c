/* effects_record.c - what is found, each thing once and by the shortest way.
 *
 * A thing is known by a tag, two pointers, a text and flags; what is found
 * again by a shorter chain of calls takes the place of the longer. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/panic.h"
#include "base/strbuf.h"
#include "effects_private.h"

enum tag { TAG_FREE, TAG_ACCESS, TAG_EFFECT, TAG_UNSEEN, TAG_CALLEE, TAG_RAW };

struct record_slot {
    enum tag tag;
    unsigned flags;
    const void *a, *b;
    const char *text;
    size_t index; /* into the array of its tag */
};

static size_t slot_hash(const struct record_slot *k)
{
    size_t h = (size_t)k->tag * 0x9e3779b97f4a7c15u + k->flags;
    h = (h ^ (size_t)k->a >> 3) * 0x9e3779b97f4a7c15u;
    h = (h ^ (size_t)k->b >> 3) * 0x9e3779b97f4a7c15u;
    for (const char *s = k->text; s && *s; s++)
        h = h * 33 ^ (unsigned char)*s;
    return h ^ h >> 29;
}

static bool slot_equal(const struct record_slot *x, const struct record_slot *y)
{
    return x->tag == y->tag && x->flags == y->flags && x->a == y->a && x->b == y->b &&
           (x->text == y->text || (x->text && y->text && !strcmp(x->text, y->text)));
}

static struct record_slot *slot_at(struct record_slot *slots, size_t n,
                                   const struct record_slot *key)
{
    size_t i = slot_hash(key) & (n - 1);
    while (slots[i].tag != TAG_FREE && !slot_equal(&slots[i], key))
        i = (i + 1) & (n - 1);
    return &slots[i];
}

static void grow(struct recorder *r)
{
    size_t n = r->n_slots ? r->n_slots * 2 : 64;
    struct record_slot *slots = calloc(n, sizeof *slots);
    if (!slots)
        fatal("out of memory");
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].tag != TAG_FREE)
            *slot_at(slots, n, &r->slots[i]) = r->slots[i];
    free(r->slots);
    r->slots = slots;
    r->n_slots = n;
}

void recorder_seal(struct recorder *r)
{
    free(r->slots);
    r->slots = NULL;
    r->n_slots = r->n_used = 0;
}

/* The slot of key; *is_new if it was made now, with its index still to be set. */
static struct record_slot *slot_of(const struct walk *w, const struct record_slot *key,
                                   bool *is_new)
{
    struct recorder *r = w->recorder;
    if ((r->n_used + 1) * 2 > r->n_slots)
        grow(r);
    struct record_slot *s = slot_at(r->slots, r->n_slots, key);
    *is_new = s->tag == TAG_FREE;
    if (*is_new) {
        *s = *key;
        r->n_used++;
    }
    return s;
}

/* ---- chains of calls ---- */

static size_t via_len(const struct call_step *via)
{
    return via ? via->n : 0;
}

static bool is_shorter(const struct walk *w, const struct call_step *via,
                       const struct call_step *than)
{
    size_t n = via_len(via) + (w->frames ? w->frames->n : 0);
    return n < via_len(than);
}

static const struct call_step *full_via(struct walk *w, const struct call_step *via)
{
    for (const struct frame *f = w->frames; f; f = f->up) {
        struct call_step *s = ARENA_NEW(w->arena, struct call_step);
        *s = (struct call_step){f->caller, f->callee, f->where, via, via_len(via) + 1};
        via = s;
    }
    return via;
}

/* ---- what is recorded ---- */

static enum place place_of(const struct loc *l)
{
    switch (l->kind) {
    case LOC_PARAM:
        return PLACE_PARAM;
    case LOC_GLOBAL:
        return PLACE_GLOBAL;
    case LOC_STATIC:
        return PLACE_STATIC;
    default: /* or of the function's own: records_own */
        return PLACE_UNKNOWN;
    }
}

/* stdin, stdout, stderr: what happens to a stream is an effect of its own. */
static bool is_stream(const struct loc *l)
{
    const struct variable *v = l->base;
    return l->kind == LOC_GLOBAL && v->is_system && v->type->kind == TYPE_POINTER &&
           (!strcmp(v->name, "stdin") || !strcmp(v->name, "stdout") || !strcmp(v->name, "stderr"));
}

static bool is_union_member(const struct node *n)
{
    for (; n->kind == NODE_MEMBER || n->kind == NODE_INDEX; n = n->kids[0]) {
        const struct type *t = n->n_kids ? n->kids[0]->type : NULL;
        if (t && n->kind == NODE_MEMBER && n->is_arrow)
            t = t->element;
        if (!t || t->kind == TYPE_VECTOR || (n->kind == NODE_MEMBER && t->kind != TYPE_RECORD) ||
            (n->kind == NODE_MEMBER && record_hides(t->record, n->name)))
            return true;
        if (n->is_arrow || t->kind == TYPE_POINTER)
            return false;
    }
    return false;
}

/* Of the lvalue at `where` that something is done with; NULL: any. */
static const struct type *lvalue_type(const struct walk *w, const struct node *where)
{
    if (w->again)
        return w->again->type;
    if (!where || !where->type || w->is_unexpanded || where->type->is_char)
        return NULL;
    switch (where->kind) {
    case NODE_VARIABLE:
    case NODE_DEREF:
        return where->type;
    case NODE_MEMBER:
    case NODE_INDEX:
        return is_union_member(where) ? NULL : where->type;
    default:
        return NULL;
    }
}

static const char *unqualified(const struct type *t)
{
    const char *s = t->spelling;
    while (!strncmp(s, "const ", 6) || !strncmp(s, "volatile ", 9))
        s += *s == 'c' ? 6 : 9;
    return s;
}

static const struct type *one_type(const struct type *a, const struct type *b)
{
    bool is_same = a == b || (a && b && a->kind == b->kind && a->record == b->record &&
                              !strcmp(unqualified(a), unqualified(b)));
    return is_same ? a : NULL;
}

static void record_one(struct walk *w, struct loc *l, bool is_write, bool is_whole,
                       const struct node *where, const struct call_step *via)
{
    struct recorder *r = w->recorder;
    if (l->kind == LOC_ERRNO) {
        bool is_users = !w->fn->is_system;
        r->out.may_set_errno |= is_write;
        r->out.reads_errno |= !is_write && is_users;
        return;
    }
    if ((loc_is_own(l) && !w->records_own) || (!is_write && is_stream(l)))
        return;
    bool is_new, is_unknown = l->kind == LOC_UNKNOWN || l->is_reach;
    unsigned flags = is_write | (unsigned)is_whole << 1 | (unsigned)w->is_unexpanded << 2;
    struct record_slot key = {TAG_ACCESS, flags, l->base, NULL, l->path, 0};
    struct record_slot *s = slot_of(w, &key, &is_new);
    if (!is_new) {
        struct access *old = &r->out.accesses[s->index];
        old->type = one_type(old->type, lvalue_type(w, where));
        if (is_shorter(w, via, old->via)) {
            old->where = where;
            old->via = full_via(w, via);
        }
        return;
    }
    size_t n = s->index = r->out.n_accesses;
    ARENA_PUSH(w->arena, r->access_locs, n, r->cap_access_locs) = (struct recorded_at){l, is_whole};
    ARENA_PUSH(w->arena, r->out.accesses, r->out.n_accesses, r->out.cap_accesses) =
        (struct access){.place = is_unknown ? PLACE_UNKNOWN : place_of(l),
                        .var = is_unknown ? NULL : (struct variable *)(uintptr_t)l->base,
                        .path = is_unknown ? "" : l->path,
                        .is_write = is_write,
                        .is_whole = is_whole || is_unknown,
                        .is_unexpanded = w->is_unexpanded,
                        .type = lvalue_type(w, where),
                        .behind = is_unknown ? (const struct variable *)l->base : NULL,
                        .where = where,
                        .via = full_via(w, via)};
}

void record_access(struct walk *w, const struct set *at, bool is_write, bool is_whole,
                   const struct node *where, const struct call_step *via)
{
    if (!w->is_recording)
        return;
    for (size_t i = 0; i < at->n; i++)
        record_one(w, at->at[i], is_write, is_whole, where, via);
    if (!at->n)
        record_one(w, w->unknown, is_write, is_whole, where, via);
}

static bool is_lent(const struct recorder *r, const struct loc *l)
{
    for (size_t i = 0; i < r->n_lent; i++)
        if (r->lent[i].loc == l)
            return true;
    return false;
}

void record_lent(struct walk *w, const struct set *at, const struct node *where,
                 const struct call_step *via)
{
    struct recorder *r = w->recorder;
    if (!w->is_recording)
        return;
    if (w->records_own) {
        record_access(w, at, true, true, where, via);
        return;
    }
    for (size_t i = 0; i < at->n; i++)
        if (!loc_is_own(at->at[i]) && !is_lent(r, at->at[i]))
            ARENA_PUSH(w->arena, r->lent, r->n_lent, r->cap_lent) =
                (struct lent){at->at[i], where, full_via(w, via)};
}

void record_effect(struct walk *w, enum effect_kind kind, const char *callee,
                   const struct node *literal_expr, const struct node *where,
                   const struct call_step *via)
{
    if (!w->is_recording)
        return;
    struct recorder *r = w->recorder;
    const struct node *inner = literal_expr ? strip_casts(literal_expr) : NULL;
    const char *literal = inner && inner->kind == NODE_STRING ? inner->name : NULL;
    /* Arguments that aren't literals are told apart by place. */
    const void *place = inner && !literal ? inner : NULL;
    bool is_new;
    struct record_slot key = {TAG_EFFECT, kind, place, literal, callee, 0};
    if (literal) /* by text: literals of one spelling are one */
        key.b = NULL, key.text = arena_printf(w->arena, "%s\"%s", callee, literal);
    struct record_slot *s = slot_of(w, &key, &is_new);
    if (is_new) {
        s->index = r->out.n_effects;
        ARENA_PUSH(w->arena, r->out.effects, r->out.n_effects, r->out.cap_effects) =
            (struct effect){kind, callee, literal, literal_expr, where, full_via(w, via)};
        r->out.may_longjmp |= kind == EFFECT_LONGJMP;
        return;
    }
    struct effect *old = &r->out.effects[s->index];
    if (is_shorter(w, via, old->via)) {
        old->where = where;
        old->literal_expr = literal_expr;
        old->via = full_via(w, via);
    }
}

void record_unseen(struct walk *w, struct function *fn, bool is_listed, bool is_promised,
                   const struct node *where, const struct call_step *via)
{
    if (!w->is_recording)
        return;
    struct recorder *r = w->recorder;
    bool is_new;
    /* Calls through pointers are told apart by place. */
    struct record_slot key = {TAG_UNSEEN, 0, fn, fn ? NULL : where, NULL, 0};
    struct record_slot *s = slot_of(w, &key, &is_new);
    if (is_new) {
        s->index = r->out.n_unseen;
        ARENA_PUSH(w->arena, r->out.unseen, r->out.n_unseen, r->out.cap_unseen) =
            (struct unseen){fn, where, full_via(w, via), is_listed, is_promised};
        return;
    }
    struct unseen *old = &r->out.unseen[s->index];
    if (is_shorter(w, via, old->via)) {
        old->where = where;
        old->via = full_via(w, via);
    }
}

bool record_callee(struct walk *w, struct function *fn)
{
    if (!w->is_recording)
        return true;
    bool is_new;
    struct effects *out = &w->recorder->out;
    if (fn == w->fn)
        return true;
    struct record_slot key = {TAG_CALLEE, 0, fn, NULL, NULL, 0};
    slot_of(w, &key, &is_new);
    if (is_new)
        ARENA_PUSH(w->arena, out->callees, out->n_callees, out->cap_callees) = fn;
    return is_new;
}

void record_raw(struct walk *w, const struct record *rec)
{
    bool is_new;
    struct effects *out = &w->recorder->out;
    struct record_slot key = {TAG_RAW, 0, rec, NULL, NULL, 0};
    slot_of(w, &key, &is_new);
    if (is_new)
        ARENA_PUSH(w->arena, out->raw_records, out->n_raw_records, out->cap_raw_records) = rec;
}

void record_others(struct walk *w, const struct effects *from)
{
    struct effects *out = &w->recorder->out;
    for (size_t i = 0; i < from->n_effects; i++) {
        const struct effect *e = &from->effects[i];
        record_effect(w, e->kind, e->callee, e->literal_expr, e->where, e->via);
    }
    for (size_t i = 0; i < from->n_unseen; i++) {
        const struct unseen *u = &from->unseen[i];
        record_unseen(w, u->fn, u->is_listed, u->is_promised, u->where, u->via);
    }
    for (size_t i = 0; i < from->n_callees; i++)
        record_callee(w, from->callees[i]);
    for (size_t i = 0; i < from->n_raw_records; i++)
        record_raw(w, from->raw_records[i]);
    out->reads_errno |= from->reads_errno;
    out->may_set_errno |= from->may_set_errno;
    out->uses_float |= from->uses_float;
    out->may_longjmp |= from->may_longjmp;
    if (from->alloc_align > out->alloc_align)
        out->alloc_align = from->alloc_align;
}

/* Does one of the names, or any name at all, stand in the text outside of strings? */
static bool has_name(const char *text, size_t len, const char *name)
{
    size_t n = name ? strlen(name) : 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"' || text[i] == '\'') {
            char quote = text[i];
            for (i++; i < len && text[i] != quote; i++)
                i += text[i] == '\\';
        } else if (!name ? isalpha((unsigned char)text[i]) || text[i] == '_'
                         : i + n <= len && !memcmp(text + i, name, n)) {
            return true;
        }
    }
    return false;
}

/* __DATE__ and its like stand for a string, or for a part of one, maybe through a
 * macro; the frontend may have emptied it. */
void record_date(struct walk *w, const struct node *n)
{
    static const char *const names[] = {"__DATE__", "__TIME__", "__TIMESTAMP__"};
    const struct source *src = n->range.src;
    const char *text = src ? src->text + n->range.begin : "";
    size_t len = src ? n->range.end - n->range.begin : 0;
    if (!w->is_recording || !has_name(text, len, NULL))
        return;
    struct strbuf expanded = STRBUF_INIT;
    if (w->fe->macros && macro_expand(w->fe->macros, text, len, &expanded)) {
        text = expanded.buf;
        len = expanded.len;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (has_name(text, len, names[i]))
            record_effect(w, EFFECT_DATE, names[i], NULL, n, NULL);
    strbuf_release(&expanded);
}

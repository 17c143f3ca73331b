/* checkpoint_elements.c - one pointer of many: rows of a table, members of an array of structures.
 *
 * Memory is told by where the walk of the function found it: all rows[i] lead to the same place,
 * and so a shape of one of them, 'rows[0][:n]', seems to cover the others. Here every pointer that
 * the loop takes from memory is looked at again: is there a shape of that very element, or
 * of all of them, or is the pointer saved itself, so that each save sees where it leads? */
#include <stdlib.h>
#include <string.h>

#include "checkpoint_private.h"
#include "node.h"

/* ---- the same lvalue ---- */

static bool is_written(const struct checkpoint_state *s, const struct variable *v)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++)
        if (s->fx->accesses[i].is_write && s->fx->accesses[i].kind == LOOP_VARIABLE &&
            s->fx->accesses[i].var == v)
            return true;
    return false;
}

static bool is_number_text(const char *text, long long *value)
{
    char *end;
    *value = strtoll(text, &end, 0);
    end += strspn(end, "uUlL");
    return end != text && !*end;
}

static bool is_same(const struct checkpoint_state *s, const struct node *n, const struct cexpr *e)
{
    long long value;
    n = node_strip(n);
    switch (e->kind) {
    case CEXPR_NAME:
        return n->kind == NODE_VARIABLE && n->var == scope_variable(s->scope, e);
    case CEXPR_LITERAL:
        return n->kind == NODE_LITERAL && is_number_text(e->text, &value) && n->value == value;
    case CEXPR_MEMBER:
    case CEXPR_ARROW:
        return n->kind == NODE_MEMBER && n->is_arrow == (e->kind == CEXPR_ARROW) &&
               !strcmp(n->name, e->text) && is_same(s, n->kids[0], e->kids[0]);
    case CEXPR_DEREF:
        return n->kind == NODE_DEREF && is_same(s, n->kids[0], e->kids[0]);
    case CEXPR_INDEX: {
        const struct variable *v =
            e->kids[1]->kind == CEXPR_NAME ? scope_variable(s->scope, e->kids[1]) : NULL;
        return n->kind == NODE_INDEX && is_same(s, n->kids[0], e->kids[0]) &&
               is_same(s, n->kids[1], e->kids[1]) && !(v && is_written(s, v));
    }
    default:
        return false;
    }
}

/* ---- which elements a section speaks of ---- */

static bool has_step(const struct cexpr *e, enum cexpr_kind kind)
{
    for (; e; e = e->n_kids ? e->kids[0] : NULL)
        if (e->kind == kind)
            return true;
    return false;
}

/* The only a[1] on the way, of an array of known size: its text in front and behind. */
struct pick {
    const char *before, *behind;
    long long at, count;
};

static bool pick_of(const struct checkpoint_state *s, const struct cexpr *pointer,
                    struct pick *out)
{
    const struct cexpr *index = NULL;
    for (const struct cexpr *e = pointer; e; e = e->n_kids ? e->kids[0] : NULL) {
        if (e->kind != CEXPR_INDEX)
            continue;
        if (index)
            return false;
        index = e;
    }
    if (!index || index->kids[1]->kind != CEXPR_LITERAL ||
        !is_number_text(index->kids[1]->text, &out->at))
        return false;
    const struct variable *v = scope_variable(s->scope, index->kids[0]);
    const struct type *t = scope_type(s->scope, index->kids[0]);
    if (!t || t->kind != TYPE_ARRAY || (v && v->is_parameter && index->kids[0]->kind == CEXPR_NAME))
        return false;
    const char *text = scope_text(s->scope, pointer), *whole = scope_text(s->scope, index);
    size_t n = strlen(whole);
    if (strncmp(text, whole, n) != 0)
        return false;
    out->count = t->count;
    out->before = scope_text(s->scope, index->kids[0]);
    out->behind = text + n;
    return true;
}

static bool is_same_save(const struct checkpoint_section *a, const struct checkpoint_section *b)
{
    return (a->id == CLAUSE_match) == (b->id == CLAUSE_match) && a->id != CLAUSE_alloc &&
           b->id != CLAUSE_alloc;
}

/* Have all elements of the array a section like this one? */
static bool is_one_of_all(const struct checkpoint_state *s, const struct checkpoint_section *k)
{
    struct pick p, q;
    if (!pick_of(s, k->pointer, &p) || p.count <= 0)
        return false;
    for (long long at = 0; at < p.count; at++) {
        bool is_named = false;
        for (size_t i = 0; i < s->plan->n_sections && !is_named; i++) {
            const struct checkpoint_section *o = &s->plan->sections[i];
            is_named = o->pointer && is_same_save(k, o) && pick_of(s, o->pointer, &q) &&
                       q.at == at && !strcmp(q.before, p.before) && !strcmp(q.behind, p.behind);
        }
        if (!is_named)
            return false;
    }
    return true;
}

/* ---- pointers that the loop takes from memory ---- */

/* One of several that can't be told apart. */
static bool is_one_of_many(const struct loop_access *a)
{
    if (a->kind == LOOP_VARIABLE && a->var->type->kind == TYPE_ARRAY && !a->var->is_parameter)
        return true;
    for (const struct node *n = node_strip(a->where);
         n->kind == NODE_INDEX || (n->kind == NODE_MEMBER && !n->is_arrow);
         n = node_strip(n->kids[0]))
        if (n->kind == NODE_INDEX)
            return true;
    return false;
}

static bool is_accessed(const struct checkpoint_state *s, const struct loc *l)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        if (a->kind == LOOP_BEHIND && !a->is_stream && loop_may_overlap(a->loc, l))
            return true;
    }
    return false;
}

static bool is_memory(const struct checkpoint_state *s, const struct loc *l)
{
    struct variable *v;
    struct function *fn;
    return loop_place_kind(s->fx, l, &v, &fn) == PLACE_IS_MEMORY;
}

bool state_is_followed(const struct checkpoint_state *s, const struct loop_places *at)
{
    struct loop_places to = loop_places_load(s->fx, at);
    for (size_t i = 0; i < to.n; i++)
        if (is_memory(s, to.at[i]) && is_accessed(s, to.at[i]) &&
            !state_is_skipped(s, to.at[i]) &&
            state_covers(s, to.at[i], COVER_SAVE | COVER_MATCH | COVER_ALLOC))
            return true;
    return false;
}

/* A variable of its own; checkpoint_state.c saves it, to see where it leads. */
static bool is_plain(const struct loop_access *a)
{
    return a->kind == LOOP_VARIABLE && a->var->type->kind == TYPE_POINTER;
}

/* Is the pointer saved itself? */
static bool is_saved(const struct checkpoint_state *s, const struct loop_access *a)
{
    if (state_covers(s, a->loc, COVER_SAVE))
        return true;
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *b = &s->fx->accesses[i];
        if (a->kind == LOOP_VARIABLE && b->is_write && b->loc && loop_may_overlap(a->loc, b->loc))
            return true;
    }
    return false;
}

/* Does the section speak of all that pointers like this one lead to? */
static bool speaks_of(const struct checkpoint_state *s, const struct checkpoint_section *k,
                      const struct loop_access *a, const struct loc *to, bool is_many)
{
    if (!k->pointer)
        return true;
    if (is_same(s, a->where, k->pointer))
        return true;
    if (has_step(k->pointer, CEXPR_INDEX))
        return is_one_of_all(s, k);
    return !(is_many || loop_is_many(to)) || has_step(k->pointer, CEXPR_SECTION);
}

/* A section that covers it by name only; NULL: there is none, or one that speaks of all. */
static const struct checkpoint_section *named_only(const struct checkpoint_state *s,
                                                   const struct loop_access *a,
                                                   const struct loc *to, bool is_many)
{
    const struct checkpoint_section *covering = NULL;
    for (size_t i = 0; i < s->plan->n_sections; i++) {
        const struct checkpoint_section *k = &s->plan->sections[i];
        if (k->id == CLAUSE_alloc || !state_section_covers(s, k, to))
            continue;
        covering = k;
        if (speaks_of(s, k, a, to, is_many))
            return NULL;
    }
    return covering;
}

static void report(struct checkpoint_state *s, const struct loop_access *a,
                   const struct checkpoint_section *k)
{
    const struct cexpr *root = k->shape->expr;
    while (root->kind != CEXPR_NAME && root->n_kids)
        root = root->kids[0];
    s->has_errors = true;
    diag_report(s->diag, err_checkpoint_element, state_place(s, a->where),
                state_quote(s, node_strip(a->where)));
    state_chain(s, a->via);
    diag_report(s->diag, note_checkpoint_element, s->loop->annotation->range,
                scope_text(s->scope, root));
}

static void check_element(struct checkpoint_state *s, const struct loop_access *a)
{
    struct loop_places at = {.n = 1, .at = {a->loc}};
    struct loop_places to = loop_places_load(s->fx, &at);
    bool is_many = is_one_of_many(a);
    for (size_t k = 0; k < to.n; k++) {
        const struct checkpoint_section *only = named_only(s, a, to.at[k], is_many);
        if (!only || !is_memory(s, to.at[k]) || !is_accessed(s, to.at[k]) ||
            state_is_skipped(s, to.at[k]))
            continue;
        report(s, a, only);
        return;
    }
}

void state_check_elements(struct checkpoint_state *s)
{
    for (size_t i = 0; i < s->fx->n_accesses && !s->has_errors; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        if (state_reads_pointer(a) && a->loc && !a->is_stream && !state_is_trusted(s, a) &&
            !state_is_skipped(s, a->loc) && !is_saved(s, a) && !is_plain(a))
            check_element(s, a);
    }
}

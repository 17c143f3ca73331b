/* checkpoint_sections.c - clauses: memory behind pointers, and what they cover. */
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "checkpoint_private.h"
#include "node.h"

/* ---- sections ---- */

/* The pointer that the shape's memory is found by: p of p[:n], *p and p->a.b; NULL: none is
 * followed. */
static const struct cexpr *pointer_of(const struct scope *s, const struct cexpr *e)
{
    for (; e; e = e->n_kids ? e->kids[0] : NULL) {
        const struct cexpr *kid = e->n_kids ? e->kids[0] : NULL;
        const struct type *t = kid ? scope_type(s, kid) : NULL;
        const struct variable *v = kid && kid->kind == CEXPR_NAME ? scope_variable(s, kid) : NULL;
        switch (e->kind) {
        case CEXPR_ARROW:
        case CEXPR_DEREF:
            return kid;
        case CEXPR_INDEX:
        case CEXPR_SECTION:
            if (!t || t->kind == TYPE_POINTER || (v && v->is_parameter))
                return kid;
            break;
        case CEXPR_MEMBER:
        case CEXPR_CAST:
            break;
        default:
            return NULL;
        }
    }
    return NULL;
}

/* The lvalue of string(p): what p points to. */
static struct loop_places places_of_shape(const struct checkpoint_state *s,
                                          const struct shape *shape)
{
    struct loop_places p = loop_places_lvalue(s->fx, s->scope, shape->expr);
    return shape->kind == SHAPE_STRING ? loop_places_load(s->fx, &p) : p;
}

static const struct type *element_of(const struct checkpoint_state *s, const struct shape *shape)
{
    const struct type *t = state_shape_type(s, shape->expr);
    if (shape->kind == SHAPE_STRING)
        return t ? t->element : NULL;
    const struct variable *v =
        shape->expr->kind == CEXPR_NAME ? scope_variable(s->scope, shape->expr) : NULL;
    return v && v->is_parameter && t && t->kind == TYPE_ARRAY ? t->element : t;
}

static bool is_written(const struct checkpoint_state *s, const struct loop_places *places)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        for (size_t k = 0; a->is_write && a->loc && k < places->n; k++)
            if (loop_may_overlap(a->loc, places->at[k]))
                return true;
    }
    return false;
}

/* A plain variable, or a member of one: its entry among the variables says all. */
static bool is_whole_variable(const struct shape *shape)
{
    return shape->kind == SHAPE_OBJECT && shape->expr->kind == CEXPR_NAME;
}

static void add_shape(struct checkpoint_state *s, const struct clause *c, const struct shape *shape)
{
    struct checkpoint_plan *p = s->plan;
    const struct cexpr *pointer =
        shape->kind == SHAPE_STRING ? shape->expr : pointer_of(s->scope, shape->expr);
    const struct type *t = scope_type(s->scope, shape->expr);
    const struct variable *v = scope_variable(s->scope, shape->expr);
    bool is_array_parameter = v && v->is_parameter && t && t->kind == TYPE_ARRAY;
    if (is_whole_variable(shape) && !is_array_parameter)
        return;
    if (is_array_parameter && shape->expr->kind == CEXPR_NAME)
        pointer = shape->expr;
    struct loop_places at = {.n = 0};
    if (pointer)
        at = loop_places_lvalue(s->fx, s->scope, pointer);
    ARENA_PUSH(s->arena, p->sections, p->n_sections, p->cap_sections) =
        (struct checkpoint_section){.shape = shape,
                                    .clause = c,
                                    .id = c->id,
                                    .pointer = pointer,
                                    .is_pointer_changed = pointer && is_written(s, &at),
                                    .element = element_of(s, shape)};
}

/* `const char *` parameters are strings; see language.md. */
static void add_strings(struct checkpoint_state *s)
{
    static const struct clause match = {.id = CLAUSE_match};
    for (size_t i = 0; i < s->loop->fn->n_params; i++) {
        struct variable *v = s->loop->fn->params[i];
        const struct type *t = v->type;
        if (t->kind != TYPE_POINTER || !t->element->is_char || !t->element->is_const || !*v->name)
            continue;
        struct loop_places at = loop_places_of(s->fx, v), to = loop_places_load(s->fx, &at);
        bool is_read = false;
        for (size_t k = 0; k < s->fx->n_accesses && !is_read; k++) {
            const struct loop_access *a = &s->fx->accesses[k];
            for (size_t j = 0; a->loc && j < to.n; j++)
                is_read |= a->kind == LOOP_BEHIND && loop_is_within(a->loc, to.at[j]);
            if (is_read)
                is_read = !state_covers(s, a->loc, COVER_SAVE | COVER_MATCH) &&
                          !state_is_skipped(s, a->loc);
        }
        if (!is_read || is_written(s, &at))
            continue;
        struct cexpr *name = ARENA_NEW(s->arena, struct cexpr);
        *name = (struct cexpr){.kind = CEXPR_NAME, .text = v->name, .height = 1, .range = v->range};
        struct shape *shape = ARENA_NEW(s->arena, struct shape);
        *shape = (struct shape){.kind = SHAPE_STRING,
                                .expr = name,
                                .range = v->range,
                                .text = arena_printf(s->arena, "string(%s)", v->name)};
        add_shape(s, &match, shape);
        diag_report(s->diag, remark_checkpoint_string, v->range, v->name, v->name);
    }
}

void state_add_sections(struct checkpoint_state *s)
{
    static const enum clause_id ids[] = {CLAUSE_save, CLAUSE_alloc, CLAUSE_match, CLAUSE_rng};
    const struct annotation *a = s->loop->annotation;
    for (size_t i = 0; i < a->n_clauses; i++) {
        const struct clause *c = &a->clauses[i];
        for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
            for (size_t j = 0; c->id == ids[k] && j < c->n_shapes; j++)
                if (c->shapes[j].expr)
                    add_shape(s, c, &c->shapes[j]);
    }
    add_strings(s);
}

/* ---- what bounds read ---- */

struct bounds {
    struct checkpoint_state *s;
    void (*name)(struct checkpoint_state *s, struct variable *v);
};

static bool is_number(const struct type *t)
{
    return t && (t->kind == TYPE_INTEGER || t->kind == TYPE_ENUM || t->kind == TYPE_BOOL);
}

/* One of another place than those that are saved, matched or skipped already. */
static void match_bound(struct checkpoint_state *s, const struct cexpr *e)
{
    static const struct clause match = {.id = CLAUSE_match};
    struct loop_places at = loop_places_lvalue(s->fx, s->scope, e);
    for (size_t i = 0; i < at.n; i++)
        if (state_covers(s, at.at[i], COVER_SAVE | COVER_MATCH) || state_is_skipped(s, at.at[i]))
            return;
    if (is_written(s, &at))
        return;
    struct shape *shape = ARENA_NEW(s->arena, struct shape);
    *shape = (struct shape){.kind = SHAPE_OBJECT,
                            .expr = (struct cexpr *)(uintptr_t)e,
                            .range = e->range,
                            .text = scope_text(s->scope, e)};
    add_shape(s, &match, shape);
}

static bool visit_bound(const struct cexpr *e, void *arg)
{
    struct bounds *b = arg;
    struct variable *v = e->kind == CEXPR_NAME ? scope_variable(b->s->scope, e) : NULL;
    bool is_chain = e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF || e->kind == CEXPR_MEMBER ||
                    e->kind == CEXPR_INDEX;
    if (v && is_number(v->type))
        b->name(b->s, v);
    if (is_chain && is_number(scope_type(b->s->scope, e))) {
        match_bound(b->s, e);
        return true;
    }
    return true;
}

static void visit_bounds(struct bounds *b, const struct cexpr *e)
{
    for (; e && (e->kind == CEXPR_SECTION || e->kind == CEXPR_INDEX || e->kind == CEXPR_MEMBER ||
                 e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF);
         e = e->kids[0])
        for (size_t i = 1; i < e->n_kids; i++)
            if (e->kids[i])
                cexpr_walk(e->kids[i], visit_bound, b);
}

void state_each_bound(struct checkpoint_state *s,
                      void (*name)(struct checkpoint_state *s, struct variable *v))
{
    struct bounds b = {s, name};
    for (size_t i = 0; i < s->plan->n_sections; i++) {
        struct checkpoint_section k = s->plan->sections[i];
        if (k.id == CLAUSE_save || k.id == CLAUSE_rng)
            visit_bounds(&b, k.shape->expr);
    }
}

bool state_has_own_section(const struct checkpoint_state *s, const struct variable *v)
{
    for (size_t i = 0; i < s->plan->n_sections; i++) {
        const struct checkpoint_section *k = &s->plan->sections[i];
        const struct cexpr *e = k->shape->expr;
        while (e->kind == CEXPR_SECTION || e->kind == CEXPR_INDEX)
            e = e->kids[0];
        if (!k->pointer && e != k->shape->expr && e->kind == CEXPR_NAME &&
            scope_variable(s->scope, e) == v)
            return true;
    }
    return false;
}

/* ---- what they cover ---- */

static unsigned cover_of(enum clause_id id)
{
    switch (id) {
    case CLAUSE_save:
    case CLAUSE_rng:
        return COVER_SAVE;
    case CLAUSE_alloc:
        return COVER_ALLOC;
    default:
        return COVER_MATCH;
    }
}

bool state_section_covers(const struct checkpoint_state *s, const struct checkpoint_section *k,
                          const struct loc *l)
{
    struct loop_places at = places_of_shape(s, k->shape);
    for (size_t i = 0; i < at.n; i++)
        if (loop_is_within(l, at.at[i]) && !loop_is_flexible(l, at.at[i]))
            return true;
    return false;
}

bool state_covers(const struct checkpoint_state *s, const struct loc *l, unsigned by)
{
    for (size_t i = 0; i < s->plan->n_sections; i++)
        if ((cover_of(s->plan->sections[i].id) & by) &&
            state_section_covers(s, &s->plan->sections[i], l))
            return true;
    return false;
}

bool state_is_skipped(const struct checkpoint_state *s, const struct loc *l)
{
    const struct clause *c = state_clause(s, CLAUSE_skip);
    struct variable *v;
    struct function *fn;
    /* A skipped pointer takes memory along that has no name of its own. */
    int deepest = loop_place_kind(s->fx, l, &v, &fn) == PLACE_IS_VARIABLE ? 0 : 2;
    for (size_t i = 0; c && i < c->n_exprs; i++) {
        struct loop_places at = loop_places_lvalue(s->fx, s->scope, c->exprs[i]);
        for (int depth = 0; depth <= deepest; depth++) {
            for (size_t k = 0; k < at.n; k++)
                if (loop_is_within(l, at.at[k]) || (depth && loop_is_behind(l, at.at[k])))
                    return true;
            at = loop_places_load(s->fx, &at);
        }
    }
    return false;
}

/* A callee out of sight gets a structure: what is said of it by any clause is all there is. */
static bool is_lent(const struct checkpoint_state *s, const struct loop_access *a)
{
    for (size_t i = 0; a->is_whole && i < s->plan->n_sections; i++) {
        const struct checkpoint_section *k = &s->plan->sections[i];
        struct loop_places at = places_of_shape(s, k->shape);
        if (a->is_write && k->id == CLAUSE_match)
            continue;
        for (size_t j = 0; j < at.n; j++)
            if (loop_same_root(a->loc, at.at[j]))
                return true;
    }
    return false;
}

/* The pointer that a section starts from is saved, or matched, with it. */
static bool is_base(const struct checkpoint_state *s, const struct loop_access *a)
{
    for (size_t i = 0; i < s->plan->n_sections; i++) {
        const struct checkpoint_section *k = &s->plan->sections[i];
        if (!k->pointer || (a->is_write && k->id == CLAUSE_match))
            continue;
        struct loop_places at = loop_places_lvalue(s->fx, s->scope, k->pointer);
        for (size_t j = 0; j < at.n; j++)
            if (loop_is_within(a->loc, at.at[j]))
                return true;
    }
    return false;
}

/* Pointers of an element to other elements. */
struct links {
    struct leaves leaves;
    const struct type *element;
};

static bool leads_to_element(const struct links *k, const struct leaf *f)
{
    return f->is_pointer && f->type->element->record == k->element->record;
}

static bool is_link(const void *arg, const char *member)
{
    const struct links *k = arg;
    for (size_t i = 0; i < k->leaves.n; i++)
        if (leads_to_element(k, &k->leaves.at[i]) && !strcmp(k->leaves.at[i].path, member))
            return true;
    return false;
}

static bool has_only_links(const struct links *k)
{
    for (size_t i = 0; i < k->leaves.n; i++)
        if (k->leaves.at[i].is_opaque ||
            (k->leaves.at[i].is_pointer && !leads_to_element(k, &k->leaves.at[i])))
            return false;
    return true;
}

/* In an array of structures that point to each other, what such a pointer leads to is in the
 * array: the pointers are saved as offsets, and each save sees to it that they lead there. */
bool state_is_in_arena(const struct checkpoint_state *s, const struct loc *l)
{
    for (size_t i = 0; i < s->plan->n_sections; i++) {
        const struct checkpoint_section *k = &s->plan->sections[i];
        if (k->id != CLAUSE_save || !k->element || k->element->kind != TYPE_RECORD ||
            k->shape->expr->kind != CEXPR_SECTION)
            continue;
        struct links links = {.element = k->element};
        checkpoint_leaves(s->arena, k->element, &links.leaves);
        struct loop_places at = places_of_shape(s, k->shape);
        for (size_t j = 0; j < at.n; j++)
            if (loop_is_linked(l, at.at[j], has_only_links(&links), is_link, &links))
                return true;
    }
    return false;
}

/* The arguments of the program: they are part of what identifies it, but for a loop with `name`. */
static bool is_argv(const struct checkpoint_state *s, const struct loop_access *a)
{
    return !a->is_write && s->loop->fn->is_main && a->var && a->var->is_parameter &&
           a->var->index == 1;
}

/* ---- reports ---- */

static bool has_flexible_type(const struct node *n)
{
    return n->type && n->type->kind == TYPE_ARRAY && n->type->count <= 0 && n->kind == NODE_MEMBER;
}

/* The pointer that an access in the loop's own function follows: p of p[i], *p and p->x; s->tail
 * of s->tail[i], a flexible array. NULL: there is none. */
static const struct node *pointer_node(const struct loop_access *a)
{
    const struct node *n = a->where;
    while (n && n->n_kids && !a->via) {
        const struct node *kid = node_strip(n->kids[0]);
        if (n->kind == NODE_INDEX && has_flexible_type(kid))
            return kid;
        if (n->kind == NODE_DEREF || (n->kind == NODE_MEMBER && n->is_arrow) ||
            (n->kind == NODE_INDEX && kid->type && kid->type->kind == TYPE_POINTER))
            return kid;
        if (n->kind != NODE_MEMBER && n->kind != NODE_INDEX)
            break;
        n = kid;
    }
    return NULL;
}

static const char *pointer_text(const struct checkpoint_state *s, const struct loop_access *a)
{
    const struct node *n = pointer_node(a);
    if (n)
        return state_quote(s, n);
    if (a->var)
        return a->var->name;
    return a->where ? state_quote(s, a->where) : "a pointer";
}

/* p->m, with p in sight of the loop's clauses: "p->m". NULL: it is something else. */
static const char *member_text(const struct checkpoint_state *s, const struct loop_access *a)
{
    const struct node *n = a->where, *kid = n && n->n_kids ? node_strip(n->kids[0]) : NULL;
    if (a->via || !kid || n->kind != NODE_MEMBER || !n->is_arrow || kid->kind != NODE_VARIABLE)
        return NULL;
    return state_quote(s, n);
}

static bool leads_to(const struct checkpoint_state *s, const struct loop_places *at,
                     const struct loc *l)
{
    struct loop_places to = loop_places_load(s->fx, at);
    for (size_t i = 0; i < to.n; i++)
        if (loop_is_within(l, to.at[i]))
            return true;
    return false;
}

/* v, or a pointer in the structure that it is or points to, if that leads to what is accessed. */
static const char *name_by(const struct checkpoint_state *s, struct variable *v,
                           const struct loop_access *a, const struct type **to)
{
    struct loop_places at = loop_places_of(s->fx, v);
    bool is_pointer = v->type->kind == TYPE_POINTER;
    const struct type *t = is_pointer ? v->type->element : v->type;
    *to = t;
    if (is_pointer && leads_to(s, &at, a->loc))
        return v->name;
    if (t->kind != TYPE_RECORD || !t->is_complete)
        return NULL;
    if (is_pointer)
        at = loop_places_load(s->fx, &at);
    struct leaves leaves;
    checkpoint_leaves(s->arena, t, &leaves);
    for (size_t k = 0; k < leaves.n; k++) {
        if (!leaves.at[k].is_pointer || leaves.at[k].count != 1)
            continue;
        struct loop_places member = loop_places_member(s->fx, &at, t, leaves.at[k].path);
        *to = leaves.at[k].type->element;
        if (leads_to(s, &member, a->loc))
            return arena_printf(s->arena, "%s%s%s", v->name, is_pointer ? "->" : ".",
                                leaves.at[k].path + 1);
    }
    return NULL;
}

static bool is_global_in_sight(const struct checkpoint_state *s, const struct variable *v)
{
    for (size_t i = 0; i < s->loop->n_visible; i++)
        if (!strcmp(s->loop->visible[i]->name, v->name))
            return false;
    bool is_later = v->range.src == s->loop->range.src && v->range.begin > s->loop->range.begin;
    return v->is_global && !v->is_static_local && !v->is_system && !is_later;
}

/* By a callee whose arguments lead there. */
static bool is_by_call(const struct loop_access *a)
{
    return a->where && a->where->kind == NODE_CALL;
}

/* A pointer that the clauses can name and that leads to what a callee accesses; and what it
 * points to. NULL: none is found. */
static const char *name_in_sight(const struct checkpoint_state *s, const struct loop_access *a,
                                 const struct type **to)
{
    const char *name = NULL;
    for (size_t i = 0; i < s->loop->n_visible && !name; i++)
        name = name_by(s, s->loop->visible[i], a, to);
    const struct facts *f = &s->plan->fe->facts;
    for (size_t i = 0; i < f->n_globals && !name && is_by_call(a); i++)
        if (is_global_in_sight(s, f->globals[i]))
            name = name_by(s, f->globals[i], a, to);
    return name;
}

/* The same once more, or with the same advice. */
static bool is_reported(struct checkpoint_state *s, const struct node *where)
{
    for (size_t i = 0; i < s->n_reported; i++)
        if (s->reported[i] == where ||
            (where && s->reported[i] && where->kind == NODE_MEMBER &&
             s->reported[i]->kind == NODE_MEMBER &&
             !strcmp(state_quote(s, where), state_quote(s, s->reported[i]))))
            return true;
    ARENA_PUSH(s->arena, s->reported, s->n_reported, s->cap_reported) = where;
    return false;
}

static void advise(struct checkpoint_state *s, const struct loop_access *a, const char *name)
{
    const char *member = member_text(s, a);
    const struct node *n = pointer_node(a);
    struct src_range pragma = s->loop->annotation->range;
    const struct type *to = NULL;
    if (is_argv(s, a)) {
        diag_report(s->diag, note_checkpoint_arguments, pragma, a->var->name);
        return;
    }
    if (n && node_has_kind(n, NODE_INDEX)) {
        while (n->kind != NODE_INDEX && n->n_kids)
            n = node_strip(n->kids[0]);
        diag_report(s->diag, note_checkpoint_element, pragma,
                    state_quote(s, node_strip(n->n_kids ? n->kids[0] : n)));
        return;
    }
    bool is_local = n && n->kind == NODE_VARIABLE && loop_declares(s->fx, n->var);
    const char *in_sight = a->via || is_local || is_by_call(a) ? name_in_sight(s, a, &to) : NULL;
    if (is_local && !in_sight) { /* a list, or a tree */
        diag_report(s->diag, note_checkpoint_element, pragma, a->var ? a->var->name : name);
        return;
    }
    if (in_sight && !to->is_complete && to->kind == TYPE_RECORD) {
        diag_report(s->diag, note_checkpoint_opaque, pragma, in_sight, in_sight);
        return;
    }
    if (in_sight && to->kind == TYPE_RECORD) {
        if (a->is_write)
            diag_report(s->diag, note_checkpoint_save_object, pragma, in_sight, in_sight, in_sight);
        else
            diag_report(s->diag, note_checkpoint_match_object, pragma, in_sight, in_sight,
                        in_sight);
        return;
    }
    if (in_sight)
        name = in_sight;
    if (a->is_write && member)
        diag_report(s->diag, note_checkpoint_save_member, pragma, member, name, member);
    else if (a->is_write)
        diag_report(s->diag, note_checkpoint_save, pragma, name, name);
    else if (member)
        diag_report(s->diag, note_checkpoint_match_member, pragma, member, name, member, member);
    else
        diag_report(s->diag, note_checkpoint_match, pragma, name, name, name);
}

/* No pointer that the clauses can name is known to lead there. */
static void report_given(struct checkpoint_state *s, const struct loop_access *a)
{
    const char *callee = a->where->fn ? a->where->fn->name : state_quote(s, a->where->kids[0]);
    struct src_range at = state_place(s, a->where);
    if (a->is_write)
        diag_report(s->diag, err_checkpoint_writes_given, at, callee);
    else
        diag_report(s->diag, err_checkpoint_reads_given, at, callee);
    state_chain(s, a->via);
    diag_report(s->diag, note_checkpoint_given, s->loop->annotation->range, callee);
}

static void report_behind(struct checkpoint_state *s, const struct loop_access *a)
{
    const struct type *to;
    const char *name = is_by_call(a) ? name_in_sight(s, a, &to) : NULL;
    bool is_given = is_by_call(a) && !name && !a->var;
    if (!name)
        name = pointer_text(s, a);
    struct src_range at = state_place(s, a->where);
    s->has_errors = true;
    if (is_reported(s, a->where))
        return;
    if (is_given) {
        report_given(s, a);
        return;
    }
    if (a->is_write && state_covers(s, a->loc, COVER_MATCH)) {
        diag_report(s->diag, err_checkpoint_match_written, at, name);
        state_chain(s, a->via);
        return;
    }
    if (a->is_write)
        diag_report(s->diag, err_checkpoint_writes, at, name);
    else
        diag_report(s->diag, err_checkpoint_reads, at, name);
    state_chain(s, a->via);
    advise(s, a, name);
}

/* Where a pointer leads is looked at where it is followed; its own value is never compared. */
bool state_reads_pointer(const struct loop_access *a)
{
    const struct type *t = a->where ? a->where->type : NULL;
    return !a->is_write && !a->is_whole && t && t->kind == TYPE_POINTER &&
           t->element->kind != TYPE_FUNCTION && a->where->kind != NODE_CALL;
}

static bool is_fine(struct checkpoint_state *s, const struct loop_access *a)
{
    if (a->is_stream || (is_argv(s, a) && !state_clause(s, CLAUSE_name)) ||
        state_reads_pointer(a) || state_is_skipped(s, a->loc) ||
        state_covers(s, a->loc, COVER_SAVE) ||
        (!a->is_write && state_covers(s, a->loc, COVER_MATCH)))
        return true;
    return is_lent(s, a) || state_is_in_arena(s, a->loc) || is_base(s, a);
}

/* Is a write of the same memory reported? */
static bool is_written_too(struct checkpoint_state *s, const struct loop_access *a)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *b = &s->fx->accesses[i];
        if (b->kind == LOOP_BEHIND && b->is_write && loop_may_overlap(a->loc, b->loc) &&
            !is_fine(s, b))
            return true;
    }
    return false;
}

bool state_is_trusted(const struct checkpoint_state *s, const struct loop_access *a)
{
    const struct clause *c = state_clause(s, CLAUSE_trust);
    const struct function *last = a->where && a->where->kind == NODE_CALL ? a->where->fn : NULL;
    for (size_t i = 0; c && i < c->n_exprs; i++) {
        if (last && !strcmp(last->name, c->exprs[i]->text))
            return true;
        for (const struct call_step *v = a->via; v; v = v->next)
            if (!strcmp(v->callee->name, c->exprs[i]->text))
                return true;
    }
    return false;
}

void state_check_behind(struct checkpoint_state *s)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        if (a->kind == LOOP_VARIABLE || state_is_trusted(s, a))
            continue;
        if (a->kind == LOOP_UNKNOWN) {
            if (a->is_stream || is_reported(s, a->where))
                continue;
            s->has_errors = true;
            if (a->is_write)
                diag_report(s->diag, err_checkpoint_writes_unknown, state_place(s, a->where));
            else
                diag_report(s->diag, err_checkpoint_reads_unknown, state_place(s, a->where));
            state_chain(s, a->via);
            diag_report(s->diag, note_checkpoint_unknown, s->loop->annotation->range);
        } else if (!is_fine(s, a) && (a->is_write || !is_written_too(s, a))) {
            report_behind(s, a);
        }
    }
}

/* checkpoint_state.c - what is saved, matched and skipped; see checkpoint.h. */
#include <stdint.h>
#include <string.h>

#include "base/strbuf.h"
#include "checkpoint_effects.h"
#include "checkpoint_private.h"

#define MAX_COPY 1024 /* bytes of a variable that is passed as a copy */

/* ---- places and words ---- */

struct src_range state_place(const struct checkpoint_state *s, const struct node *where)
{
    return where && where->range.src ? where->range : s->loop->annotation->range;
}

void state_chain(const struct checkpoint_state *s, const struct call_step *via)
{
    for (const struct call_step *c = via; c; c = c->next)
        if (c->where && c->where->range.src)
            diag_report(s->diag, note_calls_here, c->where->range, c->caller->name,
                        c->callee->name);
}

const char *state_quote(const struct checkpoint_state *s, const struct node *n)
{
    struct src_range r = n->range;
    if (!r.src || r.end <= r.begin || r.end - r.begin > 60)
        return n->kind == NODE_VARIABLE ? n->var->name : "a pointer";
    char *text = arena_strndup(s->arena, r.src->text + r.begin, r.end - r.begin);
    for (char *c = text; *c; c++)
        if (strchr("\t\r\n", *c))
            *c = ' ';
    return text;
}

/* ---- variables ---- */

/* Clauses of that id; `rng` may stand more than once. */
bool state_is_named(const struct checkpoint_state *s, enum clause_id id, const struct variable *v)
{
    const struct annotation *a = s->loop->annotation;
    for (size_t k = 0; k < a->n_clauses; k++) {
        const struct clause *c = &a->clauses[k];
        if (c->id != id)
            continue;
        for (size_t i = 0; i < c->n_exprs; i++)
            if (c->exprs[i]->kind == CEXPR_NAME && scope_variable(s->scope, c->exprs[i]) == v)
                return true;
        for (size_t i = 0; i < c->n_shapes; i++)
            if (c->shapes[i].expr && c->shapes[i].expr->kind == CEXPR_NAME &&
                scope_variable(s->scope, c->shapes[i].expr) == v)
                return true;
    }
    return false;
}

static bool is_constant(const struct variable *v)
{
    const struct type *t = v->type;
    while (t->kind == TYPE_ARRAY && !t->is_const)
        t = t->element;
    return t->is_const && v->is_global && !t->is_volatile;
}

static bool is_visible(const struct checkpoint_state *s, const struct variable *v)
{
    for (size_t i = 0; i < s->loop->n_visible; i++)
        if (s->loop->visible[i] == v)
            return true;
    return false;
}

/* Declared in the head of the `for`. */
bool state_is_in_head(const struct checkpoint_state *s, const struct variable *v)
{
    const struct node *init = s->loop->parts.init;
    for (size_t i = 0; init && i < init->n_kids; i++)
        if (init->kids[i]->kind == NODE_DECL && init->kids[i]->var == v)
            return true;
    return init && init->kind == NODE_DECL && init->var == v;
}

/* Does its name mean another variable where the loop stands? */
static bool is_hidden(const struct checkpoint_state *s, const struct variable *v)
{
    for (size_t i = 0; i < s->loop->n_visible; i++)
        if (!strcmp(s->loop->visible[i]->name, v->name))
            return s->loop->visible[i] != v;
    return false;
}

/* A global, to be reached by a function at the end of the unit. */
static bool is_out_of_reach(const struct checkpoint_state *s, const struct variable *v)
{
    bool is_later = v->range.src == s->loop->range.src && v->range.begin > s->loop->range.begin;
    return v->is_global && !v->is_static_local && (is_later || is_hidden(s, v));
}

struct checkpoint_variable *state_variable(const struct checkpoint_state *s,
                                           const struct variable *v, enum checkpoint_how how)
{
    for (size_t i = 0; i < s->plan->n_variables; i++)
        if (s->plan->variables[i].var == v && s->plan->variables[i].how == how &&
            !strcmp(s->plan->variables[i].text, v->name))
            return &s->plan->variables[i];
    return NULL;
}

struct checkpoint_variable *state_add_variable(struct checkpoint_state *s, struct variable *v,
                                               enum checkpoint_how how)
{
    struct checkpoint_plan *p = s->plan;
    struct checkpoint_variable *out =
        &ARENA_PUSH(s->arena, p->variables, p->n_variables, p->cap_variables);
    *out = (struct checkpoint_variable){.how = how, .var = v, .text = v->name, .type = v->type};
    bool is_here = is_visible(s, v) || state_is_in_head(s, v);
    out->is_foreign_static = v->is_static_local && !is_here;
    out->is_declared_later = is_out_of_reach(s, v);
    out->needs_address = !v->type->is_complete || v->type->is_variable ||
                         v->type->size > MAX_COPY || out->is_foreign_static ||
                         out->is_declared_later;
    return out;
}

static void report_unsaved(struct checkpoint_state *s, const struct checkpoint_object *o)
{
    const struct loop_access *a = o->write ? o->write : o->read;
    const struct variable *v = o->var;
    struct src_range at = state_place(s, a->where);
    s->has_errors = true;
    if (is_hidden(s, v))
        diag_report(s->diag, err_checkpoint_hidden, at, v->name);
    else
        diag_report(s->diag, err_checkpoint_incomplete, at, v->name);
    state_chain(s, a->via);
    if (v->range.src)
        diag_report(s->diag, note_declared_here, v->range, v->name);
    if (!is_hidden(s, v))
        diag_report(s->diag, note_checkpoint_size, s->loop->annotation->range, v->name, v->name);
}

/* ---- by members ---- */

static const struct loop_access *access_to(const struct checkpoint_state *s,
                                           const struct checkpoint_object *o,
                                           const struct leaf *leaf, bool is_write)
{
    struct loop_places at = loop_places_of(s->fx, o->var);
    at = loop_places_member(s->fx, &at, o->var->type, leaf->path);
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        for (size_t k = 0; a->kind == LOOP_VARIABLE && a->var == o->var && k < at.n; k++)
            if (a->is_write == is_write && loop_may_overlap(a->loc, at.at[k]))
                return a;
    }
    return NULL;
}

static bool is_leaf_skipped(const struct checkpoint_state *s, const struct checkpoint_object *o,
                            const struct leaf *leaf)
{
    struct loop_places at = loop_places_of(s->fx, o->var);
    at = loop_places_member(s->fx, &at, o->var->type, leaf->path);
    for (size_t k = 0; k < at.n; k++)
        if (state_is_skipped(s, at.at[k]))
            return true;
    return false;
}

static void add_part(struct checkpoint_state *s, struct checkpoint_variable *v,
                     const struct leaf *l, bool is_changed)
{
    ARENA_PUSH(s->arena, v->pointers, v->n_pointers, v->cap_pointers) = leaf_bytes(l, is_changed);
}

static bool is_function_pointer(const struct type *t)
{
    return t->kind == TYPE_POINTER && t->element->kind == TYPE_FUNCTION;
}

static bool is_record(const struct type *t)
{
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    return t->kind == TYPE_RECORD;
}

/* Of an object that is saved as a whole. */
void state_add_pointers(struct checkpoint_state *s, size_t index)
{
    struct leaves leaves;
    struct variable *var = s->plan->variables[index].var;
    if (is_record(var->type) && !state_is_named(s, CLAUSE_save, var) &&
        !state_is_named(s, CLAUSE_rng, var))
        return; /* member by member: done */
    checkpoint_leaves(s->arena, s->plan->variables[index].type, &leaves);
    for (size_t i = 0; i < leaves.n; i++) {
        const struct leaf *l = &leaves.at[i];
        struct checkpoint_variable *v = &s->plan->variables[index];
        struct checkpoint_object o = {.var = v->var};
        bool is_written = access_to(s, &o, l, true) != NULL;
        if (l->is_opaque && is_written) {
            s->has_errors = true;
            diag_report(s->diag, err_checkpoint_union, state_place(s, v->where), v->text, l->path);
            diag_report(s->diag, note_checkpoint_union, s->loop->annotation->range, v->text,
                        l->path);
        } else if (l->is_pointer || l->is_opaque) {
            add_part(s, v, l, is_written);
        }
    }
}

/* Pointers that are only read. What they lead to is in the clauses, or has a name. */
static void match_targets(struct checkpoint_state *s, const struct checkpoint_object *o,
                          const struct leaf *l, const struct loop_access *a)
{
    enum checkpoint_pointee pointee = leaf_pointee(l);
    struct checkpoint_variable *v = NULL;
    if (effects_is_stream(l->type))
        return;
    for (size_t i = 0; i < s->plan->n_variables && !v; i++) {
        struct checkpoint_variable *k = &s->plan->variables[i];
        if (k->var == o->var && k->how == CHECKPOINT_TARGETS && k->pointee == pointee)
            v = k;
    }
    if (!v) {
        v = state_add_variable(s, o->var, CHECKPOINT_TARGETS);
        v->pointee = pointee;
        v->where = a->where;
        v->via = a->via;
        v->is_read = true;
    }
    add_part(s, v, l, false);
}

/* A member that is only read: a name of its own, if it has one. */
static void match_leaf(struct checkpoint_state *s, const struct checkpoint_object *o,
                       const struct leaf *l, const struct loop_access *a)
{
    bool is_foreign =
        (o->var->is_static_local && !is_visible(s, o->var)) || is_out_of_reach(s, o->var);
    if (l->is_opaque)
        return;
    if (l->is_pointer && !is_function_pointer(l->type)) {
        match_targets(s, o, l, a);
        return;
    }
    if (l->count == 1 && !is_foreign && !l->is_bitfield) {
        struct checkpoint_variable *v = state_add_variable(s, o->var, CHECKPOINT_MATCHED);
        v->text = arena_printf(s->arena, "%s%s", o->var->name, l->path);
        v->type = l->type;
        v->where = a->where;
        v->via = a->via;
        v->is_read = true;
        return;
    }
    struct checkpoint_variable *v = state_variable(s, o->var, CHECKPOINT_MATCHED);
    if (!v) {
        v = state_add_variable(s, o->var, CHECKPOINT_MATCHED);
        v->where = a->where;
        v->via = a->via;
        v->is_read = true;
    }
    add_part(s, v, l, false);
}

static bool shares_bytes(const struct leaf *a, const struct leaf *b)
{
    return a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

/* Bit-fields share bytes: one that is changed takes its neighbours along. */
static bool is_carried(const struct checkpoint_state *s, const struct checkpoint_object *o,
                       const struct leaves *leaves, const struct leaf *l)
{
    for (size_t i = 0; l->is_bitfield && i < leaves->n; i++)
        if (leaves->at[i].is_bitfield && shares_bytes(l, &leaves->at[i]) &&
            access_to(s, o, &leaves->at[i], true))
            return true;
    return false;
}

static void save_members(struct checkpoint_state *s, const struct checkpoint_object *o,
                         struct checkpoint_variable *v)
{
    struct leaves leaves;
    checkpoint_leaves(s->arena, v->type, &leaves);
    size_t at = (size_t)(v - s->plan->variables);
    for (size_t i = 0; i < leaves.n; i++) {
        const struct leaf *l = &leaves.at[i];
        bool is_skipped = is_leaf_skipped(s, o, l);
        bool is_written = !is_skipped && (access_to(s, o, l, true) || is_carried(s, o, &leaves, l));
        const struct loop_access *read = access_to(s, o, l, false);
        if (l->is_opaque && is_written) {
            s->has_errors = true;
            diag_report(s->diag, err_checkpoint_union, state_place(s, o->write->where),
                        o->var->name, l->path);
            diag_report(s->diag, note_checkpoint_union, s->loop->annotation->range, o->var->name,
                        l->path);
        } else if (is_written && l->is_pointer) {
            add_part(s, &s->plan->variables[at], l, true);
        } else if (!is_written) {
            add_part(s, &s->plan->variables[at], l, false);
            if (read && !is_skipped)
                match_leaf(s, o, l, read);
        }
    }
}

static void match_members(struct checkpoint_state *s, const struct checkpoint_object *o)
{
    struct leaves leaves;
    checkpoint_leaves(s->arena, o->var->type, &leaves);
    for (size_t i = 0; i < leaves.n; i++) {
        const struct loop_access *read = access_to(s, o, &leaves.at[i], false);
        if (read && !is_leaf_skipped(s, o, &leaves.at[i]))
            match_leaf(s, o, &leaves.at[i], read);
    }
}

/* ---- one variable ---- */

static bool is_plain_pointer(const struct variable *v)
{
    return (v->type->kind == TYPE_POINTER && !is_function_pointer(v->type)) ||
           (v->type->kind == TYPE_ARRAY && v->is_parameter);
}

static void save_variable(struct checkpoint_state *s, const struct checkpoint_object *o)
{
    const struct loop_access *a = o->write ? o->write : o->read;
    if (!o->var->type->is_complete && !o->var->type->is_variable) {
        report_unsaved(s, o);
        return;
    }
    struct checkpoint_variable *v = state_add_variable(s, o->var, CHECKPOINT_SAVED);
    v->where = a ? a->where : NULL;
    v->via = a ? a->via : NULL;
    v->is_read = o->read != NULL;
    if (is_record(v->type) && !state_is_named(s, CLAUSE_save, o->var) &&
        !state_is_named(s, CLAUSE_rng, o->var))
        save_members(s, o, v);
}

/* Does the pointer lead to one of many blocks, of which the clauses cover others? Then it's saved,
 * though the loop doesn't change it, for each save to see where it leads. */
static bool is_one_of_many(const struct checkpoint_state *s, const struct variable *v)
{
    struct loop_places at = loop_places_of(s->fx, (struct variable *)(uintptr_t)v);
    struct loop_places to = loop_places_load(s->fx, &at);
    bool is_many = false;
    for (size_t i = 0; i < to.n; i++)
        is_many |= loop_is_many(to.at[i]);
    for (size_t i = 0; i < s->plan->n_sections; i++) {
        const struct cexpr *p = s->plan->sections[i].pointer;
        if (p && p->kind == CEXPR_NAME && scope_variable(s->scope, p) == v)
            return false;
    }
    return is_many && !v->type->is_const && state_is_followed(s, &at);
}

static void match_variable(struct checkpoint_state *s, const struct checkpoint_object *o)
{
    if (is_plain_pointer(o->var)) {
        if (is_one_of_many(s, o->var)) {
            save_variable(s, o);
            return;
        }
        struct checkpoint_variable *v = state_add_variable(s, o->var, CHECKPOINT_MOVED);
        v->is_read = true;
        v->where = o->read->where;
        const struct type *to = o->var->type->element;
        struct leaf whole = {
            .path = "", .type = o->var->type, .size = o->var->type->size, .count = 1};
        if (to->is_char && !o->var->is_register && o->var->type->kind == TYPE_POINTER)
            match_targets(s, o, &whole, o->read);
        return;
    }
    if (!o->var->type->is_complete && !o->var->type->is_variable) {
        report_unsaved(s, o);
        return;
    }
    if (is_record(o->var->type) || type_pointer_member(s->arena, o->var->type)) {
        match_members(s, o);
        return;
    }
    struct checkpoint_variable *v = state_add_variable(s, o->var, CHECKPOINT_MATCHED);
    v->where = o->read->where;
    v->via = o->read->via;
    v->is_read = true;
}

/* The elements that an initializer gives a flexible array lie behind the object. */
static bool is_flexible_used(struct checkpoint_state *s, const struct checkpoint_object *o)
{
    const struct type *t = o->var->type;
    if (t->kind != TYPE_RECORD || !t->record || !t->record->has_flexible_array)
        return false;
    struct loop_places at = loop_places_of(s->fx, o->var);
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        if (a->kind != LOOP_VARIABLE || a->var != o->var || !loop_is_flexible(a->loc, at.at[0]) ||
            state_covers(s, a->loc, COVER_SAVE))
            continue;
        s->has_errors = true;
        diag_report(s->diag, err_checkpoint_incomplete, state_place(s, a->where),
                    state_quote(s, a->where));
        state_chain(s, a->via);
        diag_report(s->diag, note_checkpoint_flexible, s->loop->annotation->range, o->var->name);
        return true;
    }
    return false;
}

static void decide(struct checkpoint_state *s, const struct checkpoint_object *o)
{
    struct variable *v = o->var;
    if (state_is_named(s, CLAUSE_skip, v)) {
        struct checkpoint_variable *e = state_add_variable(s, v, CHECKPOINT_SKIPPED);
        const struct loop_access *a = o->write ? o->write : o->read;
        e->where = a->where;
        e->is_read = o->read != NULL;
        return;
    }
    if (state_has_own_section(s, v) || (is_constant(v) && !o->write) || (v->is_system && !o->write))
        return;
    if (is_flexible_used(s, o))
        return;
    if (is_hidden(s, v) && !v->is_global && !state_is_in_head(s, v)) {
        report_unsaved(s, o);
        return;
    }
    bool is_saved = state_is_named(s, CLAUSE_save, v);
    bool is_forced = is_saved || state_is_named(s, CLAUSE_rng, v);
    if (o->write && state_is_named(s, CLAUSE_match, v)) {
        s->has_errors = true;
        diag_report(s->diag, err_checkpoint_match_written, state_place(s, o->write->where),
                    v->name);
        return;
    }
    if (o->write || is_forced || state_is_in_head(s, v))
        save_variable(s, o);
    else
        match_variable(s, o);
    struct checkpoint_variable *e = state_variable(s, v, CHECKPOINT_SAVED);
    if (e && is_saved && !v->is_register) /* pointers may lead into it, as into a section */
        e->needs_address = true;
}

/* ---- all of them ---- */

static struct checkpoint_object *object_of(struct checkpoint_state *s, struct variable *v)
{
    for (size_t i = 0; i < s->n_objects; i++)
        if (s->objects[i].var == v)
            return &s->objects[i];
    struct checkpoint_object *o = &ARENA_PUSH(s->arena, s->objects, s->n_objects, s->cap_objects);
    *o = (struct checkpoint_object){.var = v};
    return o;
}

static void find_objects(struct checkpoint_state *s)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        if (a->kind != LOOP_VARIABLE)
            continue;
        struct checkpoint_object *o = object_of(s, a->var);
        const struct loop_access **first = a->is_write ? &o->write : &o->read;
        if (!*first)
            *first = a;
    }
}

/* Of what stands in a clause alone. */
static const struct loop_access nowhere;

/* Named in `save` or `match`, though the loop doesn't touch them in sight. */
static void find_named(struct checkpoint_state *s)
{
    static const enum clause_id ids[] = {CLAUSE_save, CLAUSE_rng, CLAUSE_match};
    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        for (size_t c = 0; c < s->loop->annotation->n_clauses; c++) {
            const struct clause *clause = &s->loop->annotation->clauses[c];
            for (size_t i = 0; clause->id == ids[k] && i < clause->n_shapes; i++) {
                const struct cexpr *e = clause->shapes[i].expr;
                struct variable *v =
                    e && e->kind == CEXPR_NAME ? scope_variable(s->scope, e) : NULL;
                if (!v || is_plain_pointer(v) || object_of(s, v)->write || object_of(s, v)->read)
                    continue;
                object_of(s, v)->read = &nowhere;
            }
        }
    }
}

static void find_bound(struct checkpoint_state *s, struct variable *v)
{
    struct checkpoint_object *o = object_of(s, v);
    if (!o->read)
        o->read = &nowhere;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void set_name(struct checkpoint_state *s)
{
    const struct clause *c = state_clause(s, CLAUSE_name);
    s->plan->name = c && c->string
                        ? c->string
                        : arena_printf(s->arena, "%s:%s:%u", base_name(s->loop->file->src.name),
                                       s->loop->fn->name, s->loop->ordinal);
}

/* Does the condition change anything that outlives it? */
static bool condition_writes(struct checkpoint_state *s)
{
    const struct node *cond =
        s->loop->root->kind == NODE_FOR ? s->loop->parts.cond : stmt_condition(s->loop->root);
    if (!cond || !state_clause(s, CLAUSE_keep))
        return false;
    struct loop_effects *fx = effects_of_loop(s->plan->fe, s->arena, s->loop->fn, cond);
    for (size_t i = 0; i < fx->n_accesses; i++)
        if (fx->accesses[i].is_write &&
            !(fx->accesses[i].var && state_is_named(s, CLAUSE_skip, fx->accesses[i].var)))
            return true;
    return false;
}

static bool is_va_list(const struct type *t)
{
    while (t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY))
        t = t->element;
    return t && t->kind == TYPE_RECORD && strstr(t->record->name, "__va_list");
}

/* Where variable arguments stand is nobody's variable. */
static void check_nodes(struct checkpoint_state *s, const struct node *n)
{
    if (n->kind == NODE_VARIABLE && is_va_list(n->type) && !loop_declares(s->fx, n->var)) {
        s->has_errors = true;
        diag_report(s->diag, err_checkpoint_va_arg, state_place(s, n));
    }
    for (size_t i = 0; i < n->n_kids; i++)
        check_nodes(s, n->kids[i]);
}

struct checkpoint_plan *checkpoint_plan(struct frontend *fe, struct arena *arena,
                                        struct checkpoint_loop *loop,
                                        const struct unit_request *request)
{
    struct checkpoint_plan *p = ARENA_NEW(arena, struct checkpoint_plan);
    p->loop = loop;
    p->arena = arena;
    p->fe = fe;
    p->request = request;
    p->loop_effects = effects_of_loop(fe, arena, loop->fn, loop->root);
    p->effects = p->loop_effects->all;
    struct checkpoint_state s = {.plan = p,
                                 .loop = loop,
                                 .fx = p->loop_effects,
                                 .arena = arena,
                                 .diag = loop->scope.diag,
                                 .scope = &loop->scope};
    set_name(&s);
    check_nodes(&s, loop->root);
    state_add_sections(&s);
    state_check_behind(&s);
    state_check_elements(&s);
    find_objects(&s);
    find_named(&s);
    state_each_bound(&s, find_bound);
    for (size_t i = 0; i < s.n_objects; i++)
        decide(&s, &s.objects[i]);
    state_check_pointers(&s);
    state_match_entry(&s);
    p->condition_writes = condition_writes(&s);
    checkpoint_effects(p);
    frontend_fingerprint_loop(fe, loop->fn, loop->root, &p->fingerprint);
    loop->has_errors |= s.has_errors;
    return loop->has_errors ? NULL : p;
}

/* checkpoint_pointers.c - where pointers that the loop changes may lead.
 *
 * A pointer is saved as an offset into something that will be there again: a section, a
 * variable, a function. Whether it does lead there is looked at again at each save; here
 * those are refused that can't. */
#include <string.h>

#include "checkpoint_private.h"

/* ---- what a pointer may lead to ---- */

/* Its entry among the variables, so that it has an address to be known by. */
static void need_variable(struct checkpoint_state *s, struct variable *v)
{
    struct checkpoint_variable *e = state_variable(s, v, CHECKPOINT_SAVED);
    if (!e)
        e = state_variable(s, v, CHECKPOINT_OBJECT);
    if (!e)
        e = state_add_variable(s, v, CHECKPOINT_OBJECT);
    e->needs_address = true;
}

static void need_function(struct checkpoint_state *s, struct function *fn)
{
    struct checkpoint_plan *p = s->plan;
    for (size_t i = 0; i < p->n_variables; i++)
        if (p->variables[i].fn == fn)
            return;
    bool is_later = fn->has_definition && !fn->has_earlier_declaration &&
                    fn->name_range.src == s->loop->range.src &&
                    fn->name_range.begin > s->loop->range.begin;
    ARENA_PUSH(s->arena, p->variables, p->n_variables, p->cap_variables) =
        (struct checkpoint_variable){.how = CHECKPOINT_OBJECT,
                                     .fn = fn,
                                     .text = fn->name,
                                     .needs_address = true,
                                     .is_declared_later = is_later};
}

enum target { TARGET_FINE, TARGET_ELSEWHERE, TARGET_NEW, TARGET_LITERAL, TARGET_LOCAL };

static enum target judge(struct checkpoint_state *s, const struct loc *l)
{
    struct variable *v;
    struct function *fn;
    switch (loop_place_kind(s->fx, l, &v, &fn)) {
    case PLACE_IS_NULL:
        return TARGET_FINE;
    case PLACE_IS_VARIABLE:
        if (loop_declares(s->fx, v))
            return TARGET_LOCAL;
        need_variable(s, v);
        return TARGET_FINE;
    case PLACE_IS_FUNCTION:
        need_function(s, fn);
        return TARGET_FINE;
    case PLACE_IS_MEMORY:
        return state_covers(s, l, COVER_SAVE | COVER_ALLOC | COVER_MATCH) || state_is_in_arena(s, l)
                   ? TARGET_FINE
                   : TARGET_ELSEWHERE;
    case PLACE_IS_NEW:
        return state_covers(s, l, COVER_ALLOC) ? TARGET_FINE : TARGET_NEW;
    case PLACE_IS_LITERAL:
        return TARGET_LITERAL;
    default:
        return TARGET_ELSEWHERE;
    }
}

static enum target judge_all(struct checkpoint_state *s, const struct loop_places *at)
{
    struct loop_places to = loop_places_load(s->fx, at);
    enum target worst = TARGET_FINE;
    for (size_t i = 0; i < to.n; i++) {
        enum target t = judge(s, to.at[i]);
        if (worst == TARGET_FINE)
            worst = t;
    }
    return worst;
}

/* ---- reports ---- */

/* Where the loop changes it. */
static const struct loop_access *write_of(const struct checkpoint_state *s,
                                          const struct loop_places *at)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        for (size_t k = 0; a->is_write && a->loc && k < at->n; k++)
            if (loop_may_overlap(a->loc, at->at[k]))
                return a;
    }
    return NULL;
}

static void report(struct checkpoint_state *s, const struct loop_places *at, enum target t,
                   const char *name, const struct type *type)
{
    const struct loop_access *a = write_of(s, at);
    struct src_range range = state_place(s, a ? a->where : NULL);
    struct src_range pragma = s->loop->annotation->range;
    s->has_errors = true;
    if (effects_is_stream(type)) {
        diag_report(s->diag, err_checkpoint_pointer_stream, range, name);
        state_chain(s, a ? a->via : NULL);
        diag_report(s->diag, note_checkpoint_pointer_stream, pragma, name, name);
        return;
    }
    switch (t) {
    case TARGET_NEW:
        diag_report(s->diag, err_checkpoint_pointer_new, range, name);
        state_chain(s, a ? a->via : NULL);
        diag_report(s->diag, note_checkpoint_alloc, pragma, name, name, name);
        return;
    case TARGET_LITERAL:
        diag_report(s->diag, err_checkpoint_pointer_literal, range, name);
        state_chain(s, a ? a->via : NULL);
        diag_report(s->diag, note_checkpoint_pointer_literal, pragma, name);
        return;
    case TARGET_LOCAL:
        diag_report(s->diag, err_checkpoint_pointer_local, range, name);
        state_chain(s, a ? a->via : NULL);
        diag_report(s->diag, note_checkpoint_pointer_local, pragma, name);
        return;
    default:
        diag_report(s->diag, err_checkpoint_pointer_elsewhere, range, name);
        state_chain(s, a ? a->via : NULL);
        diag_report(s->diag, note_checkpoint_pointer, pragma, name);
    }
}

static void check(struct checkpoint_state *s, const struct loop_places *at, const char *name,
                  const struct type *type)
{
    enum target t = judge_all(s, at);
    if (t != TARGET_FINE)
        report(s, at, t, name, type);
}

/* ---- all pointers ---- */

static void check_variables(struct checkpoint_state *s)
{
    for (size_t i = 0; i < s->plan->n_variables; i++) { /* OBJECTs are added on the way */
        struct checkpoint_variable v = s->plan->variables[i];
        if (v.how != CHECKPOINT_SAVED)
            continue;
        bool is_pointer =
            v.type->kind == TYPE_POINTER || (v.type->kind == TYPE_ARRAY && v.var->is_parameter);
        struct loop_places at = loop_places_of(s->fx, v.var);
        if (is_pointer) {
            if (checkpoint_is_dead(s->plan->fe, s->loop, v.var))
                s->plan->variables[i].how = CHECKPOINT_DEAD;
            else
                check(s, &at, v.text, v.type);
            continue;
        }
        if (!type_pointer_member(s->arena, v.type))
            continue;
        if (!v.n_pointers) { /* an array of pointers; named whole in `save` */
            state_add_pointers(s, i);
            v = s->plan->variables[i];
        }
        for (size_t k = 0; k < v.n_pointers; k++) {
            if (!v.pointers[k].is_changed)
                continue;
            struct loop_places member = loop_places_member(s->fx, &at, v.type, v.pointers[k].name);
            check(s, &member, arena_printf(s->arena, "%s%s", v.text, v.pointers[k].name), NULL);
        }
    }
}

/* Pointers that the loop only reads: what they may lead to in sight gets an address, so that
 * another choice in a later run is seen. */
static void name_targets(struct checkpoint_state *s, const struct loop_places *at)
{
    struct loop_places to = loop_places_load(s->fx, at);
    for (size_t i = 0; i < to.n; i++) {
        struct variable *target;
        struct function *fn;
        if (loop_place_kind(s->fx, to.at[i], &target, &fn) == PLACE_IS_VARIABLE &&
            !target->is_system && target->type->is_complete && !target->is_register &&
            !loop_declares(s->fx, target) && !state_is_skipped(s, to.at[i]))
            need_variable(s, target);
    }
}

static void name_all_targets(struct checkpoint_state *s)
{
    for (size_t i = 0; i < s->plan->n_variables; i++) { /* OBJECTs are added on the way */
        struct checkpoint_variable v = s->plan->variables[i];
        if (!v.var)
            continue;
        struct loop_places at = loop_places_of(s->fx, v.var);
        if (v.how == CHECKPOINT_MOVED && v.is_read && !effects_is_stream(v.type))
            name_targets(s, &at);
        for (size_t k = 0; v.how == CHECKPOINT_TARGETS && k < v.n_pointers; k++) {
            struct loop_places member = loop_places_member(s->fx, &at, v.type, v.pointers[k].name);
            name_targets(s, &member);
        }
    }
}

/* Does the loop read it? */
static bool is_read(const struct checkpoint_state *s, const struct loop_places *at)
{
    for (size_t i = 0; i < s->fx->n_accesses; i++) {
        const struct loop_access *a = &s->fx->accesses[i];
        for (size_t k = 0; !a->is_write && a->loc && k < at->n; k++)
            if (loop_may_overlap(a->loc, at->at[k]))
                return true;
    }
    return false;
}

static void check_section(struct checkpoint_state *s, struct checkpoint_section *k)
{
    struct leaves leaves;
    if (k->id == CLAUSE_save && state_hides_pointers(s, k->shape->expr)) {
        s->has_errors = true;
        diag_report(s->diag, err_checkpoint_cast, k->shape->range, k->shape->text);
        diag_report(s->diag, note_checkpoint_cast, s->loop->annotation->range);
    }
    if (!k->element || !k->element->is_complete || k->shape->kind == SHAPE_STRING)
        return;
    checkpoint_leaves(s->arena, k->element, &leaves);
    struct loop_places places = loop_places_lvalue(s->fx, s->scope, k->shape->expr);
    for (size_t i = 0; i < leaves.n; i++) {
        const struct leaf *l = &leaves.at[i];
        if (!l->is_pointer && !l->is_opaque)
            continue;
        struct loop_places at = loop_places_member(s->fx, &places, k->element, l->path);
        bool is_changed = write_of(s, &at) != NULL;
        const char *name = arena_printf(s->arena, "%s%s", k->shape->text, l->path);
        if (l->is_opaque && is_changed) {
            s->has_errors = true;
            diag_report(s->diag, err_checkpoint_union, k->shape->range, k->shape->text, l->path);
            diag_report(s->diag, note_checkpoint_union, s->loop->annotation->range, k->shape->text,
                        l->path);
            continue;
        }
        bool is_link =
            l->is_pointer && k->element->record && l->type->element->record == k->element->record;
        bool is_many = k->shape->expr->kind == CEXPR_SECTION && state_is_followed(s, &at);
        bool is_checked = l->is_pointer && is_read(s, &at) && (is_link || is_many);
        if (is_changed)
            check(s, &at, name, l->type);
        ARENA_PUSH(s->arena, k->pointers, k->n_pointers, k->cap_pointers) =
            leaf_bytes(l, is_changed || is_checked);
    }
}

/* In memory that is there before the loop, as it was when the state was saved: what `match` names,
 * and single objects. */
static void add_targets(struct checkpoint_state *s, struct checkpoint_section *k)
{
    struct leaves leaves;
    bool is_there =
        k->id == CLAUSE_match || (k->id == CLAUSE_save && k->shape->kind == SHAPE_OBJECT);
    if (!is_there || !k->element || !k->element->is_complete || k->shape->kind == SHAPE_STRING ||
        k->element->kind == TYPE_FUNCTION || !k->element->size)
        return;
    checkpoint_leaves(s->arena, k->element, &leaves);
    struct loop_places places = loop_places_lvalue(s->fx, s->scope, k->shape->expr);
    for (size_t i = 0; i < leaves.n; i++) {
        const struct leaf *l = &leaves.at[i];
        struct loop_places at = loop_places_member(s->fx, &places, k->element, l->path);
        if (!l->is_pointer || l->type->element->kind == TYPE_FUNCTION ||
            effects_is_stream(l->type) || write_of(s, &at) || !is_read(s, &at))
            continue;
        name_targets(s, &at);
        enum checkpoint_pointee to = leaf_pointee(l);
        ARENA_PUSH(s->arena, k->targets[to].at, k->targets[to].n, k->targets[to].cap) =
            leaf_bytes(l, false);
    }
}

/* Pointer variables in sight that lead into what `alloc` may move. */
static void add_moved(struct checkpoint_state *s, struct variable *v)
{
    if (v->type->kind != TYPE_POINTER || v->type->element->kind == TYPE_FUNCTION || v->is_system ||
        v->type->is_const || state_variable(s, v, CHECKPOINT_SAVED) ||
        state_variable(s, v, CHECKPOINT_MOVED) || state_variable(s, v, CHECKPOINT_DEAD))
        return;
    struct loop_places at = loop_places_of(s->fx, v), to = loop_places_load(s->fx, &at);
    for (size_t i = 0; i < to.n; i++)
        if (state_covers(s, to.at[i], COVER_ALLOC)) {
            state_add_variable(s, v, CHECKPOINT_MOVED);
            return;
        }
}

static void find_moved(struct checkpoint_state *s)
{
    if (!state_clause(s, CLAUSE_alloc))
        return;
    for (size_t i = 0; i < s->loop->n_visible; i++)
        add_moved(s, s->loop->visible[i]);
    const struct facts *f = &s->plan->fe->facts;
    for (size_t i = 0; i < f->n_globals; i++)
        if (!f->globals[i]->is_static_local)
            add_moved(s, f->globals[i]);
}

void state_check_pointers(struct checkpoint_state *s)
{
    check_variables(s);
    name_all_targets(s);
    for (size_t i = 0; i < s->plan->n_sections; i++)
        if (s->plan->sections[i].id == CLAUSE_save || s->plan->sections[i].id == CLAUSE_rng)
            check_section(s, &s->plan->sections[i]);
    for (size_t i = 0; i < s->plan->n_sections; i++)
        add_targets(s, &s->plan->sections[i]);
    find_moved(s);
}

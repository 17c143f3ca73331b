/* check_concurrent.c - which functions with `#pragma concurrent` may run as tasks, and what
 * a call touches; see concurrent.h.
 *
 * What a task may not do, since others would see in which order it was done (output, globals,
 * hidden state), or on which thread (thread-locals, jumps), makes a function serial: its calls
 * run in their place, with a warning that names the cause. Memory is no reason: it is a reach,
 * and synchronized code waits where reaches meet. What clauses name is believed; what else the
 * body does is found there and added. */
#include "concurrent.h"

#include <string.h>

#include "check_effects.h"
#include "check_errno.h"
#include "check_memo.h"
#include "checkpoint.h"
#include "diag.h"
#include "reach.h"

#define MAX_CAUSES 4

/* The annotations that speak for the function: its own, and the memo's. */
struct judge {
    struct frontend *fe;
    struct arena *arena;
    const struct concurrency *all;
    struct concurrent_function *cf;
    struct memo_function own; /* as if it were a memo: for what is checked alike */
    const struct memo_function *memo;
    /* Causes to be serial, already reported: by kind and name. */
    const char *causes[MAX_CAUSES];
    size_t n_causes;
};

static struct diag_engine *diag_of(const struct judge *j)
{
    return j->cf->scope.diag;
}

/* ---- causes ---- */

enum remedy { REMEDY_NONE, REMEDY_TRUST, REMEDY_PURE, REMEDY_UNSEEN, REMEDY_GLOBAL, REMEDY_WORD };

static void tell_remedy(const struct judge *j, enum remedy remedy, const char *name)
{
    struct src_range at = j->cf->annotation->range;
    switch (remedy) {
    case REMEDY_NONE:
        break;
    case REMEDY_TRUST:
        diag_report(diag_of(j), note_serial_trust, at, name);
        break;
    case REMEDY_PURE:
        diag_report(diag_of(j), note_serial_pure, at);
        break;
    case REMEDY_UNSEEN:
        diag_report(diag_of(j), note_serial_unseen, at, name, name);
        break;
    case REMEDY_GLOBAL:
        diag_report(diag_of(j), note_serial_global, at, name);
        break;
    case REMEDY_WORD:
        diag_report(diag_of(j), note_write_instead, at, name);
        break;
    }
}

/* The calls of the function run in their place, since it does `what`, a verb and its object, at
 * `where`. Each cause is told once, and not too many of them. */
static void serialize(struct judge *j, const char *what, struct src_range where,
                      const struct call_step *via, enum remedy remedy, const char *name)
{
    for (size_t i = 0; i < j->n_causes; i++)
        if (!strcmp(j->causes[i], what))
            return;
    bool is_first = !j->cf->is_serial;
    j->cf->is_serial = true;
    if (j->n_causes == MAX_CAUSES)
        return;
    j->causes[j->n_causes++] = what;
    if (is_first)
        diag_report(diag_of(j), warn_serial, j->cf->fn->name_range, j->cf->fn->name, what);
    if (where.src)
        diag_report(diag_of(j), note_serial_here, where, what);
    check_report_chain(&j->own, via);
    tell_remedy(j, remedy, name);
}

static const char *text_of(const struct judge *j, const char *format, const char *a, const char *b)
{
    return arena_printf(j->arena, format, a, b);
}

/* ---- the user's word ---- */

static bool trusts(const struct annotation *a, const char *callee)
{
    const struct clause *c = a ? annotation_clause(a, CLAUSE_trust) : NULL;
    for (size_t i = 0; c && callee && i < c->n_exprs; i++)
        if (!strcmp(c->exprs[i]->text, callee))
            return true;
    return false;
}

static bool trusts_chain(const struct annotation *a, const struct call_step *via,
                         const char *callee)
{
    if (a && annotation_clause(a, CLAUSE_pure))
        return true;
    for (const struct call_step *s = via; s; s = s->next)
        if (trusts(a, s->callee->name))
            return true;
    return trusts(a, callee);
}

/* Is what is done at the end of that chain, by a call of `callee` (or NULL), said not to matter:
 * by this function's annotations, or by those of one on the way? */
static bool is_trusted(const struct judge *j, const struct call_step *via, const char *callee)
{
    if (trusts_chain(j->cf->annotation, via, callee) ||
        (j->memo && trusts_chain(j->memo->annotation, via, callee)))
        return true;
    for (const struct call_step *s = via; s; s = s->next) {
        const struct concurrent_function *other = concurrent_find(j->all, s->callee);
        if (s->callee->is_memo_pure || (other && trusts_chain(other->annotation, s->next, callee)))
            return true;
    }
    return false;
}

/* ---- the form of the function ---- */

static bool has_const_member(const struct type *t)
{
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (t->kind != TYPE_RECORD)
        return false;
    for (size_t i = 0; i < t->record->n_fields; i++) {
        const struct type *f = t->record->fields[i].type;
        while (f->kind == TYPE_ARRAY && !f->is_const)
            f = f->element;
        if (f->is_const || has_const_member(f))
            return true;
    }
    return false;
}

static bool can_be_copied(const struct type *t)
{
    if (t->kind == TYPE_OTHER || t->is_atomic || has_const_member(t))
        return false;
    return t->kind != TYPE_RECORD || (!t->is_variable && !t->record->has_flexible_array);
}

static bool is_made_at_start(const struct function *fn)
{
    const char *a = fn->refused_attribute;
    return a && (!strcmp(a, "constructor") || !strcmp(a, "destructor") || !strcmp(a, "naked") ||
                 !strcmp(a, "interrupt"));
}

/* What can't be a task at all: the annotation is a mistake. */
static bool check_kind(struct judge *j)
{
    struct function *fn = j->cf->fn;
    const char *what = NULL;
    if (fn->is_main)
        what = "'main'";
    else if (is_made_at_start(fn))
        what = text_of(j, "a function with attribute '%s'%s", fn->refused_attribute, "");
    if (!what)
        return true;
    diag_report(diag_of(j), err_concurrent_form, fn->name_range, what);
    diag_report(diag_of(j), note_annotated_here, j->cf->annotation->range);
    return false;
}

static void judge_types(struct judge *j)
{
    const struct function *fn = j->cf->fn;
    for (size_t i = 0; i < fn->n_params; i++) {
        const struct variable *v = fn->params[i];
        const char *name = v->name && *v->name ? v->name : "a parameter";
        if (type_is_va_list(v->type))
            serialize(j, "takes a 'va_list'", v->range, NULL, REMEDY_NONE, "");
        else if (v->type->kind != TYPE_ARRAY && !can_be_copied(v->type))
            serialize(j,
                      text_of(j, "takes '%s' of type '%s', which can't be assigned", name,
                              v->type->spelling),
                      v->range, NULL, REMEDY_WORD, "pass a pointer to it");
    }
    if (fn->result->kind != TYPE_VOID && !can_be_copied(fn->result))
        serialize(
            j, text_of(j, "returns type '%s', which can't be assigned%s", fn->result->spelling, ""),
            (struct src_range){0}, NULL, REMEDY_NONE, "");
}

static void judge_form(struct judge *j)
{
    const struct function *fn = j->cf->fn;
    const char *what = NULL, *word = NULL;
    const char *attribute = fn->refused_attribute ? fn->refused_attribute : "";
    if (fn->is_variadic)
        what = "takes variable arguments";
    else if (fn->is_noreturn || !strcmp(attribute, "noreturn"))
        what = "doesn't return";
    else if (fn->is_knr)
        what = "declares its parameters in the old style", word = "write a prototype";
    else if (fn->defines_type)
        what = "defines a type in its header", word = "define the type before the function";
    else if (fn->has_definition && !strcmp(attribute, "weak"))
        what = "is weak: another definition may take its place";
    else if (!strcmp(attribute, "returns_twice"))
        what = "returns twice";
    if (what)
        serialize(j, what, (struct src_range){0}, NULL, word ? REMEDY_WORD : REMEDY_NONE, word);
    struct src_range where;
    struct src_range body = fn->has_definition ? fn->body : (struct src_range){0};
    const char *error = body.src ? frontend_error_in(j->fe, body, &where) : NULL;
    if (error)
        serialize(j, text_of(j, "can't be analysed: %s%s", error, ""), where, NULL, REMEDY_NONE,
                  "");
    judge_types(j);
}

/* ---- clauses ---- */

static bool check_names(struct judge *j, const struct clause *c)
{
    bool ok = true;
    for (size_t i = 0; i < c->n_exprs; i++) {
        if (frontend_function(j->fe, c->exprs[i]->text))
            continue;
        diag_report(diag_of(j), err_trust_unknown, c->exprs[i]->range, c->exprs[i]->text);
        ok = false;
    }
    return ok;
}

static bool check_clauses(struct judge *j)
{
    bool ok = true;
    /* The memo of a prototype is checked where the function is defined. */
    for (size_t i = 0; j->memo && !j->cf->fn->has_definition && i < j->memo->annotation->n_clauses;
         i++) {
        const struct clause *c = &j->memo->annotation->clauses[i];
        bool is_shapes = c->id == CLAUSE_in || c->id == CLAUSE_out || c->id == CLAUSE_inout ||
                         c->id == CLAUSE_reads;
        for (size_t k = 0; is_shapes && k < c->n_shapes; k++)
            ok &= scope_check_shape(&j->memo->scope, &c->shapes[k], false);
    }
    for (size_t i = 0; i < j->cf->annotation->n_clauses; i++) {
        const struct clause *c = &j->cf->annotation->clauses[i];
        for (size_t k = 0; k < c->n_shapes; k++)
            ok &= scope_check_shape(&j->cf->scope, &c->shapes[k], c->id != CLAUSE_in);
        if (c->id == CLAUSE_trust)
            ok &= check_names(j, c);
    }
    return ok;
}

/* ---- accesses ---- */

static bool is_covered(const struct judge *j, enum clause_id id, const struct access *a)
{
    return check_covers(&j->own, id, a) || (j->memo && check_covers(j->memo, id, a));
}

static struct src_range place_of(const struct judge *j, const struct access *a)
{
    return a->where && a->where->range.src ? a->where->range : j->cf->fn->name_range;
}

static bool is_constant(const struct access *a)
{
    const struct type *t = a->var->type;
    while (t->kind == TYPE_ARRAY && !t->is_const)
        t = t->element;
    return t->is_const && !strchr(a->path, '*');
}

/* `in` says that it is only read. */
static bool contradicts(struct judge *j, const struct access *a)
{
    if (!a->is_write || !is_covered(j, CLAUSE_in, a))
        return false;
    diag_report(diag_of(j), err_concurrent_writes_in, place_of(j, a), j->cf->fn->name,
                a->var->name);
    check_report_chain(&j->own, a->via);
    diag_report(diag_of(j), note_concurrent_writes_in, j->cf->annotation->range, a->var->name);
    return true;
}

static bool judge_named(struct judge *j, const struct access *a)
{
    bool is_parameter = a->place == PLACE_PARAM;
    if (is_covered(j, CLAUSE_inout, a) || is_covered(j, CLAUSE_out, a) ||
        (!a->is_write && (is_covered(j, CLAUSE_in, a) || is_covered(j, CLAUSE_reads, a)))) {
        reach_widen(j->cf, a);
        return true;
    }
    if (contradicts(j, a))
        return false;
    if (!is_parameter && a->var->is_thread_local) {
        if (!is_trusted(j, a->via, NULL))
            serialize(j, text_of(j, "uses thread-local '%s'%s", a->var->name, ""), place_of(j, a),
                      a->via, REMEDY_PURE, "");
        return true;
    }
    if (!is_parameter && a->is_write) {
        bool is_static = a->place == PLACE_STATIC;
        if (!is_trusted(j, a->via, NULL))
            serialize(j,
                      text_of(j, is_static ? "writes static '%s'%s" : "writes global '%s'%s",
                              a->var->name, ""),
                      place_of(j, a), a->via, is_static ? REMEDY_PURE : REMEDY_GLOBAL,
                      a->var->name);
        return true;
    }
    if (is_parameter || !is_constant(a))
        reach_add_access(j->cf, a);
    return true;
}

static bool judge_access(struct judge *j, const struct access *a)
{
    if (a->place != PLACE_UNKNOWN)
        return judge_named(j, a);
    bool is_behind_parameter = a->behind && a->behind->is_parameter;
    if (!a->is_write || is_behind_parameter)
        reach_add_access(j->cf, a);
    else if (!is_trusted(j, a->via, NULL))
        serialize(j, "writes memory that can't be traced", place_of(j, a), a->via, REMEDY_PURE, "");
    return true;
}

/* ---- effects ---- */

/* Which clock a call reads, nobody can tell from what the program prints. */
static bool is_harmless(const struct effect *e)
{
    return e->kind == EFFECT_TIME || e->kind == EFFECT_DATE;
}

static void judge_effect(struct judge *j, const struct effect *e)
{
    if (is_harmless(e) || is_trusted(j, e->via, *e->callee ? e->callee : NULL))
        return;
    const char *kind = effect_kind_name(e->kind);
    struct src_range at = e->where && e->where->range.src ? e->where->range : j->cf->fn->name_range;
    if (*e->callee)
        serialize(j, text_of(j, "%s with '%s'", kind, e->callee), at, e->via, REMEDY_TRUST,
                  e->callee);
    else
        serialize(j, kind, at, e->via, REMEDY_PURE, "");
}

static void judge_unseen(struct judge *j, const struct unseen *u)
{
    struct src_range at = u->where && u->where->range.src ? u->where->range : j->cf->fn->name_range;
    if (u->is_listed || u->is_promised || is_trusted(j, u->via, u->fn ? u->fn->name : NULL))
        return;
    if (!u->fn)
        serialize(j, "calls a function through a pointer", at, u->via, REMEDY_PURE, "");
    else if (!u->fn->memo_name && !concurrent_find(j->all, u->fn))
        serialize(j, text_of(j, "calls '%s', which is out of sight%s", u->fn->name, ""), at, u->via,
                  REMEDY_UNSEEN, u->fn->name);
}

/* A task starts with an errno of its own. */
static void judge_errno(struct judge *j)
{
    bool is_seen = false;
    if (!j->cf->effects->reads_errno || is_trusted(j, NULL, NULL))
        return;
    const struct node *n = check_errno_early(j->fe, j->cf->fn, &is_seen);
    if (n || !is_seen)
        serialize(j, "reads 'errno' that it may not have set", n ? n->range : (struct src_range){0},
                  NULL, REMEDY_WORD, "assign 'errno = 0' at the beginning of the function");
}

static bool judge_body(struct judge *j)
{
    struct effects *fx = j->cf->effects = effects_of(j->fe, j->arena, j->cf->fn);
    j->own.effects = fx;
    bool ok = true;
    for (size_t i = 0; i < fx->n_effects; i++)
        judge_effect(j, &fx->effects[i]);
    for (size_t i = 0; i < fx->n_unseen; i++)
        judge_unseen(j, &fx->unseen[i]);
    judge_errno(j);
    for (size_t i = 0; ok && i < fx->n_accesses; i++)
        ok = judge_access(j, &fx->accesses[i]);
    return ok & check_single_objects(&j->own, frontend_body(j->fe, j->cf->fn));
}

/* What libclang couldn't understand of a callee, its effects don't show. */
static void judge_callees(struct judge *j)
{
    for (size_t i = 0; i < j->cf->effects->n_callees; i++) {
        const struct function *fn = j->cf->effects->callees[i];
        struct src_range where;
        const char *error = fn->body.src ? frontend_error_in(j->fe, fn->body, &where) : NULL;
        if (error)
            serialize(j, text_of(j, "calls '%s', which can't be analysed: %s", fn->name, error),
                      where, NULL, REMEDY_NONE, "");
    }
}

/* On which thread a loop is entered, and after which others, is what a later run finds its state
 * by. */
static void judge_checkpoints(struct judge *j)
{
    const struct checkpoints *c = j->all->checkpoints;
    for (size_t i = 0; c && i < c->n_loops; i++) {
        bool is_called = c->loops[i]->fn == j->cf->fn;
        for (size_t k = 0; k < j->cf->effects->n_callees && !is_called; k++)
            is_called = c->loops[i]->fn == j->cf->effects->callees[k];
        if (is_called)
            serialize(j, "has a loop with checkpoints", c->loops[i]->annotation->range, NULL,
                      REMEDY_NONE, "");
    }
}

/* ---- all of it ---- */

/* Parameters of a prototype need names: reaches are texts. */
static void name_parameters(struct judge *j)
{
    struct function *fn = j->cf->fn;
    for (size_t i = 0; i < fn->n_params; i++) {
        const char *name = j->cf->scope.names[i];
        if (!fn->params[i]->name || !*fn->params[i]->name)
            fn->params[i]->name = name && *name ? name : arena_printf(j->arena, "memo_l_a%zu", i);
    }
}

static bool has_effects(const struct judge *j)
{
    const struct concurrent_function *cf = j->cf;
    const struct effects *fx = cf->effects;
    if (!fx)
        return !cf->fn->is_const_attr && !cf->fn->is_pure_attr;
    for (size_t i = 0; i < cf->n_reaches; i++)
        if (cf->reaches[i].is_write)
            return true;
    for (size_t i = 0; i < fx->n_effects; i++)
        if (!is_harmless(&fx->effects[i]))
            return true;
    for (size_t i = 0; i < fx->n_unseen; i++)
        if (!fx->unseen[i].is_listed && !fx->unseen[i].is_promised)
            return true;
    return false;
}

void check_concurrent(struct frontend *fe, struct arena *arena, const struct concurrency *all,
                      struct concurrent_function *cf)
{
    struct judge j = {.fe = fe, .arena = arena, .all = all, .cf = cf, .memo = cf->memo};
    j.own = (struct memo_function){.fn = cf->fn,
                                   .annotation = cf->annotation,
                                   .site = cf->site,
                                   .top = cf->top,
                                   .scope = cf->scope};
    cf->has_errors |= cf->annotation->has_errors || (j.memo && j.memo->has_errors);
    cf->is_serial = cf->has_effects = cf->may_set_errno = true;
    if (cf->has_errors)
        return;
    if (!check_kind(&j) || !check_clauses(&j)) {
        cf->has_errors = true;
        return;
    }
    cf->is_serial = false;
    name_parameters(&j);
    judge_form(&j);
    check_add_access_shapes(&j.own);
    reach_add_clauses(cf, j.own.annotation, &cf->scope);
    if (j.memo)
        reach_add_clauses(cf, j.memo->annotation, &j.memo->scope);
    if (!cf->fn->has_definition) {
        reach_add_prototype(cf, j.own.annotation, j.memo ? j.memo->annotation : NULL);
    } else {
        cf->has_errors = !judge_body(&j);
        if (!j.memo) /* that reads all that is in the key */
            reach_narrow(cf);
        judge_callees(&j);
        judge_checkpoints(&j);
        cf->may_set_errno = cf->effects->may_set_errno;
    }
    cf->is_serial |= cf->has_errors;
    cf->has_effects = cf->is_serial || has_effects(&j);
}

/* check_memo.c - the function's form, its clauses, and whether every access is
 * covered by a shape; see check_memo.h. check_effects.c has the rest. */
#include "check_memo.h"

#include <string.h>

#include "check_address.h"
#include "check_effects.h"
#include "check_order.h"
#include "check_out.h"
#include "check_shapes.h"
#include "diag.h"
#include "libcalls.h"

static struct arena *arena_of(const struct memo_function *mf)
{
    return mf->scope.fe->facts.arena;
}

/* ---- the form of the function ---- */

/* Its arguments are anybody's. */
static bool takes_va_list(const struct function *fn)
{
    for (size_t i = 0; i < fn->n_params; i++) {
        const struct type *t = fn->params[i]->type;
        while (t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY))
            t = t->element;
        if (t && t->kind == TYPE_RECORD && strstr(t->record->name, "__va_list"))
            return true;
    }
    return false;
}

static bool check_form(struct memo_function *mf)
{
    struct function *fn = mf->fn;
    struct diag_engine *diag = mf->scope.diag;
    struct src_range at = fn->name_range;
    const char *what = NULL, *why = NULL;
    if (fn->is_main)
        what = "'main'";
    else if (takes_va_list(fn))
        what = "a function with a parameter of type 'va_list'";
    else if (fn->is_variadic)
        what = "a function with variable arguments";
    else if (fn->is_noreturn)
        what = "a function that doesn't return", why = "there is nothing to remember";
    else if (fn->refused_attribute)
        what = arena_printf(arena_of(mf), "a function with attribute '%s'", fn->refused_attribute);
    else if (fn->is_inline && !fn->is_static && !mf->is_external)
        what = "an 'inline' function with external linkage", why = "write 'static inline'";
    else if (fn->defines_type)
        what = "a function whose header defines a type",
        why = "define the type before the function";
    else if (mf->is_external && fn->has_definition)
        what = "a function that is defined in this unit, as 'external'",
        why = "leave out 'external'";
    if (what) {
        diag_report(diag, err_memo_form, at, what);
        if (why)
            diag_report(diag, note_write_instead, at, why);
        diag_report(diag, note_annotated_here, mf->annotation->range);
        return false;
    }
    struct src_range where;
    struct src_range body = fn->has_definition ? fn->body : (struct src_range){0};
    const char *error = body.src ? frontend_error_in(mf->scope.fe, body, &where) : NULL;
    if (error) {
        diag_report(diag, err_memo_not_understood, where, fn->name, error);
        return false;
    }
    return true;
}

/* What libclang couldn't understand of a callee, its effects don't show. */
static bool check_callees(struct memo_function *mf)
{
    for (size_t i = 0; i < mf->effects->n_callees; i++) {
        const struct function *fn = mf->effects->callees[i];
        struct src_range where;
        const char *error = fn->body.src ? frontend_error_in(mf->scope.fe, fn->body, &where) : NULL;
        if (!error)
            continue;
        diag_report(mf->scope.diag, err_memo_not_understood, where, mf->fn->name, error);
        diag_report(mf->scope.diag, note_annotated_here, mf->annotation->range);
        return false;
    }
    return true;
}

static bool check_value_type(struct memo_function *mf, const struct type *t, struct src_range at,
                             const char *what)
{
    struct diag_engine *diag = mf->scope.diag;
    if (t->kind == TYPE_OTHER || t->is_atomic) {
        diag_report(diag, err_memo_type, at, what, t->spelling);
        return false;
    }
    if (t->kind == TYPE_RECORD && (t->is_variable || t->record->has_flexible_array)) {
        diag_report(diag, err_memo_variable_struct, at, what, t->spelling);
        return false;
    }
    return true;
}

/* ---- clauses ---- */

static const enum clause_id shape_clauses[] = {CLAUSE_in, CLAUSE_out, CLAUSE_inout, CLAUSE_reads};

static bool is_writing(enum clause_id id)
{
    return id == CLAUSE_out || id == CLAUSE_inout;
}

/* A pointer inside what a shape takes in needs a shape of its own, or ignore. */
static bool member_is_covered(struct memo_function *mf, const char *path)
{
    for (size_t i = 0; i < mf->n_ignored_members; i++)
        if (strcmp(mf->ignored_members[i], path) == 0)
            return true;
    for (size_t k = 0; k < sizeof shape_clauses / sizeof *shape_clauses; k++) {
        const struct clause *c = annotation_clause(mf->annotation, shape_clauses[k]);
        for (size_t i = 0; c && i < c->n_shapes; i++) {
            const struct cexpr *e = c->shapes[i].expr, *root = e ? cexpr_root(e) : NULL;
            if (!root)
                continue;
            const char *own =
                arena_printf(arena_of(mf), "%s%s", root->text, scope_path(&mf->scope, e));
            size_t n = strlen(path);
            bool is_pointer_itself = strcmp(own, path) == 0;
            if ((strncmp(own, path, n) == 0 && own[n] == '*') ||
                (is_pointer_itself && c->shapes[i].kind != SHAPE_OBJECT))
                return true;
        }
    }
    return false;
}

static bool check_pointers_in(struct memo_function *mf, const struct type *t, const char *path,
                              struct src_range at, bool is_result, const char *what)
{
    struct diag_engine *diag = mf->scope.diag;
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (t->kind == TYPE_POINTER) {
        if (!is_result && member_is_covered(mf, path))
            return true;
        diag_report(diag, err_memo_pointer_inside, at, what);
        diag_report(diag, note_memo_pointer_inside, at);
        return false;
    }
    if (t->kind != TYPE_RECORD)
        return true;
    bool ok = true;
    for (size_t i = 0; i < t->record->n_fields; i++) {
        const struct field *f = &t->record->fields[i];
        const char *inner_path = *f->name && !t->record->is_union
                                     ? arena_printf(arena_of(mf), "%s.%s", path, f->name)
                                     : path;
        const char *inner = *f->name ? arena_printf(arena_of(mf), "%s.%s", what, f->name) : what;
        ok &= check_pointers_in(mf, f->type, inner_path, at, is_result, inner);
    }
    return ok;
}

static bool check_shape(struct memo_function *mf, const struct shape *shape, enum clause_id id)
{
    const struct scope *s = &mf->scope;
    const struct cexpr *e = shape->expr;
    if (!scope_check_shape(s, shape, is_writing(id)))
        return false;
    if (shape->kind == SHAPE_CODE || shape->kind == SHAPE_STRING)
        return true;
    const struct cexpr *root = cexpr_root(e);
    if (id == CLAUSE_in && !scope_parameter(s, root)) {
        diag_report(s->diag, err_shape_global, shape->range, root->text);
        return false;
    }
    const struct type *t = scope_type(s, e);
    if (!t || shape->kind == SHAPE_ALLOC)
        return true;
    const char *path = arena_printf(arena_of(mf), "%s%s", root->text, scope_path(s, e));
    return check_pointers_in(mf, t, path, shape->range, is_writing(id), shape->text);
}

static bool check_returns(struct memo_function *mf, const struct clause *c)
{
    const struct scope *s = &mf->scope;
    struct diag_engine *diag = s->diag;
    const struct shape *shape = &c->shapes[0];
    const struct type *result = mf->fn->result;
    if (result->kind != TYPE_POINTER) {
        diag_report(diag, err_returns_no_pointer, c->range, mf->fn->name, result->spelling);
        return false;
    }
    bool is_text = shape->kind == SHAPE_RETURN_STRING || shape->kind == SHAPE_RETURN_STATIC;
    if (is_text && !result->element->is_char) {
        diag_report(diag, err_returns_no_string, c->range, result->spelling);
        return false;
    }
    if (shape->kind == SHAPE_RETURN_IN) {
        const struct cexpr *root = cexpr_root(shape->expr);
        if (!root || !scope_parameter(s, root)) {
            diag_report(diag, err_shape_no_object, shape->range, shape->text);
            return false;
        }
        return true;
    }
    if (shape->expr && !scope_check(s, shape->expr))
        return false;
    if (!is_text && result->element->kind != TYPE_VOID) {
        if (!result->element->is_complete) {
            diag_report(diag, err_memo_opaque, shape->range, shape->text,
                        result->element->spelling);
            return false;
        }
        return check_pointers_in(mf, result->element, "result*", shape->range, true, "*result");
    }
    return true;
}

static bool check_expressions(struct memo_function *mf, const struct clause *c)
{
    struct scope s = mf->scope;
    s.has_result = c->id == CLAUSE_store_if;
    s.has_entry = c->id == CLAUSE_valid;
    bool ok = true;
    for (size_t i = 0; i < c->n_exprs; i++)
        ok &= scope_check(&s, c->exprs[i]);
    return ok;
}

/* All bytes of a union count: none of its members can be left out alone. */
static bool is_union_member(const struct scope *s, const struct cexpr *e)
{
    if (e->kind != CEXPR_MEMBER && e->kind != CEXPR_ARROW)
        return false;
    const char *path = scope_path(s, e);
    size_t n = strlen(path), len = strlen(e->text);
    return n <= len || strcmp(path + n - len, e->text) != 0 || path[n - len - 1] != '.';
}

static bool check_ignored(struct memo_function *mf, const struct clause *c)
{
    const struct scope *s = &mf->scope;
    const char **members = NULL;
    size_t n = 0, cap = 0;
    bool ok = true;
    for (size_t i = 0; i < c->n_exprs; i++) {
        const struct cexpr *e = c->exprs[i], *root = cexpr_root(e);
        if (!scope_check(s, e)) {
            ok = false;
        } else if (!root || !scope_parameter(s, root)) {
            diag_report(s->diag, err_ignore_no_parameter, e->range);
            ok = false;
        } else if (e != root && is_union_member(s, e)) {
            diag_report(s->diag, err_ignore_union, e->range);
            ok = false;
        } else if (e != root) {
            ARENA_PUSH(arena_of(mf), members, n, cap) =
                arena_printf(arena_of(mf), "%s%s", root->text, scope_path(s, e));
        }
    }
    mf->ignored_members = members;
    mf->n_ignored_members = n;
    return ok;
}

static bool check_clause(struct memo_function *mf, const struct clause *c)
{
    struct diag_engine *diag = mf->scope.diag;
    bool ok = true;
    switch (c->id) {
    case CLAUSE_in:
    case CLAUSE_out:
    case CLAUSE_inout:
    case CLAUSE_reads:
        for (size_t i = 0; i < c->n_shapes; i++)
            ok &= check_shape(mf, &c->shapes[i], c->id);
        return ok;
    case CLAUSE_returns:
        return c->n_shapes && check_returns(mf, c);
    case CLAUSE_key:
    case CLAUSE_file:
    case CLAUSE_when:
    case CLAUSE_valid:
    case CLAUSE_store_if:
        return check_expressions(mf, c);
    case CLAUSE_ignore:
        return true; /* done first */
    case CLAUSE_params:
    case CLAUSE_strict:
        diag_report(diag, err_clause_not_supported, c->range, clause_name(c->id));
        return false;
    default:
        return true;
    }
}

/* ---- shapes that go without saying ---- */

static bool is_mentioned(const struct memo_function *mf, const char *name)
{
    static const enum clause_id ids[] = {CLAUSE_in, CLAUSE_out, CLAUSE_inout, CLAUSE_ignore,
                                         CLAUSE_reads};
    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        const struct clause *c = annotation_clause(mf->annotation, ids[k]);
        for (size_t i = 0; c && i < c->n_shapes; i++) {
            const struct cexpr *root = c->shapes[i].expr ? cexpr_root(c->shapes[i].expr) : NULL;
            if (root && strcmp(root->text, name) == 0)
                return true;
        }
        for (size_t i = 0; c && i < c->n_exprs; i++) {
            const struct cexpr *root = cexpr_root(c->exprs[i]);
            if (root && strcmp(root->text, name) == 0)
                return true;
        }
    }
    return false;
}

/* Add a shape to the clause `id` of a copy of the annotation. */
static void add_shape(struct memo_function *mf, enum clause_id id, struct shape shape)
{
    struct arena *arena = arena_of(mf);
    struct annotation *a = ARENA_NEW(arena, struct annotation);
    *a = *mf->annotation;
    a->clauses = arena_grow(arena, a->clauses, a->n_clauses * sizeof *a->clauses,
                            (a->n_clauses + 1) * sizeof *a->clauses);
    struct clause *c = NULL;
    for (size_t i = 0; i < a->n_clauses; i++)
        if (a->clauses[i].id == id)
            c = &a->clauses[i];
    if (!c) {
        c = &a->clauses[a->n_clauses++];
        *c = (struct clause){.id = id, .range = a->range, .name_range = a->range};
    }
    c->shapes = arena_grow(arena, c->shapes, c->n_shapes * sizeof *c->shapes,
                           (c->n_shapes + 1) * sizeof *c->shapes);
    c->shapes[c->n_shapes++] = shape;
    mf->annotation = a;
}

static struct cexpr *name_expr(struct memo_function *mf, const char *name)
{
    struct cexpr *e = ARENA_NEW(arena_of(mf), struct cexpr);
    *e = (struct cexpr){
        .kind = CEXPR_NAME, .text = name, .range = mf->annotation->range, .height = 1};
    return e;
}

static bool is_written(const struct memo_function *mf, const struct variable *v)
{
    for (size_t i = 0; mf->effects && i < mf->effects->n_accesses; i++) {
        const struct access *a = &mf->effects->accesses[i];
        if (a->place == PLACE_PARAM && a->var == v && a->is_write)
            return true;
    }
    return !mf->effects && !v->type->element->is_const;
}

/* access(read_only, 1, 2) is in(p[:n]); with the others, inout. */
void check_add_access_shapes(struct memo_function *mf)
{
    for (size_t i = 0; i < mf->fn->n_access; i++) {
        const struct access_attribute *a = &mf->fn->access[i];
        const char *name = mf->scope.names[a->pointer], *size = mf->scope.names[a->size];
        if (!*name || !*size || is_mentioned(mf, name))
            continue;
        struct cexpr *section = ARENA_NEW(arena_of(mf), struct cexpr);
        *section = *name_expr(mf, name);
        section->kind = CEXPR_SECTION;
        section->text = "";
        section->height = 2;
        section->kids = arena_alloc(arena_of(mf), 3 * sizeof *section->kids);
        section->kids[0] = name_expr(mf, name);
        section->kids[2] = name_expr(mf, size);
        section->n_kids = 3;
        struct shape shape = {.expr = section,
                              .range = mf->annotation->range,
                              .text = arena_printf(arena_of(mf), "%s[:%s]", name, size)};
        add_shape(mf, a->mode == ACCESS_READ ? CLAUSE_in : CLAUSE_inout, shape);
    }
}

static void add_known_shapes(struct memo_function *mf)
{
    const struct scope *s = &mf->scope;
    check_add_access_shapes(mf);
    for (size_t i = 0; i < mf->fn->n_params; i++) {
        const struct variable *v = mf->fn->params[i];
        const char *name = s->names[i];
        if (!*name || is_mentioned(mf, name))
            continue;
        struct shape shape = {
            .expr = name_expr(mf, name), .range = mf->annotation->range, .text = name};
        if (v->type->kind == TYPE_ARRAY && v->type->count >= 0 && !v->type->is_variable) {
            bool inout = !v->type->element->is_const && is_written(mf, v);
            add_shape(mf, inout ? CLAUSE_inout : CLAUSE_in, shape);
        } else if (v->type->kind == TYPE_POINTER && v->type->element->kind == TYPE_ARRAY &&
                   v->type->element->is_complete && !v->type->element->is_variable) {
            struct cexpr *deref = ARENA_NEW(arena_of(mf), struct cexpr);
            *deref = *shape.expr;
            deref->kind = CEXPR_DEREF;
            deref->text = "";
            deref->kids = arena_alloc(arena_of(mf), sizeof *deref->kids);
            deref->kids[0] = shape.expr;
            deref->n_kids = 1;
            deref->height = 2;
            shape.expr = deref;
            shape.text = arena_printf(arena_of(mf), "*%s", name);
            add_shape(mf, is_written(mf, v) ? CLAUSE_inout : CLAUSE_in, shape);
        } else if (v->type->kind == TYPE_POINTER && v->type->element->is_char &&
                   v->type->element->is_const &&
                   strcmp(v->type->element->spelling, "const char") == 0) {
            shape.kind = SHAPE_STRING;
            shape.text = arena_printf(arena_of(mf), "string(%s)", name);
            add_shape(mf, CLAUSE_in, shape);
            diag_report(s->diag, remark_memo_string, v->range, name);
        }
    }
}

/* ---- parameters without shapes ---- */

static const struct access *first_access(const struct memo_function *mf, const struct variable *v)
{
    for (size_t i = 0; mf->effects && i < mf->effects->n_accesses; i++) {
        const struct access *a = &mf->effects->accesses[i];
        if (a->place == PLACE_PARAM && a->var == v)
            return a;
    }
    return NULL;
}

static void report_no_shape(struct memo_function *mf, const struct variable *v, const char *name)
{
    struct diag_engine *diag = mf->scope.diag;
    const struct access *a = first_access(mf, v);
    bool is_function = v->type->kind == TYPE_POINTER && v->type->element->kind == TYPE_FUNCTION;
    if (is_function) {
        diag_report(diag, err_memo_function_pointer, v->range, name);
        diag_report(diag, note_memo_function_pointer, mf->annotation->range, name, name);
    } else if (a && a->where) {
        diag_report(diag, err_memo_no_shape, a->where->range, name);
        check_report_chain(mf, a->via);
        diag_report(diag, note_memo_add_shape, mf->annotation->range, a->is_write ? "inout" : "in",
                    name, v->type->element->kind == TYPE_VOID ? "bytes" : "n", name);
    } else {
        diag_report(diag, err_memo_no_shape_unused, v->range, name);
        diag_report(diag, note_memo_ignore, mf->annotation->range, name);
    }
}

static bool check_parameters(struct memo_function *mf)
{
    bool ok = true;
    for (size_t i = 0; i < mf->fn->n_params; i++) {
        const struct variable *v = mf->fn->params[i];
        const char *name = mf->scope.names[i];
        struct src_range at = v->range.src ? v->range : mf->fn->name_range;
        bool is_pointer = v->type->kind == TYPE_POINTER || v->type->kind == TYPE_ARRAY;
        ok &= check_value_type(mf, v->type, at, "parameter");
        if (!*name && is_pointer) {
            diag_report(mf->scope.diag, err_memo_unnamed, at);
            ok = false;
        } else if (is_pointer && !is_mentioned(mf, name)) {
            report_no_shape(mf, v, name);
            ok = false;
        } else if (v->type->kind == TYPE_RECORD) {
            bool ignored = false;
            const struct clause *c = annotation_clause(mf->annotation, CLAUSE_ignore);
            for (size_t j = 0; c && j < c->n_exprs; j++)
                ignored |= c->exprs[j]->kind == CEXPR_NAME && !strcmp(c->exprs[j]->text, name);
            ok &= ignored || check_pointers_in(mf, v->type, name, at, false, name);
        }
    }
    return ok;
}

static bool check_result(struct memo_function *mf)
{
    const struct type *t = mf->fn->result;
    struct diag_engine *diag = mf->scope.diag;
    struct src_range at = mf->fn->name_range;
    if (t->kind == TYPE_POINTER && !annotation_clause(mf->annotation, CLAUSE_returns)) {
        diag_report(diag, err_memo_returns_pointer, at, mf->fn->name);
        diag_report(diag, note_memo_add_returns, mf->annotation->range);
        return false;
    }
    if (t->kind == TYPE_VOID || t->kind == TYPE_POINTER)
        return true;
    if (!check_value_type(mf, t, at, "result"))
        return false;
    return check_pointers_in(mf, t, "result", at, true, "result");
}

/* ---- floating point that options leave to the compiler ---- */

static void check_float(struct memo_function *mf)
{
    const struct unit_request *rq = mf->request;
    const char *options = rq->codegen ? rq->codegen : "", *which = NULL;
    static const char *const free_hand[] = {"-ffast-math", "-Ofast", "-funsafe-math-optimizations",
                                            "-fassociative-math", "-ffp-contract=fast"};
    for (size_t i = 0; i < sizeof free_hand / sizeof *free_hand; i++)
        if (strstr(options, free_hand[i]))
            which = free_hand[i];
    /* gcc contracts by itself where there is something to contract to. */
    if (!which && rq->is_gcc && !strstr(options, "-ffp-contract=") && !strstr(options, "-std=c"))
        which = strstr(options, "-mfma")           ? "-mfma"
                : strstr(options, "-march=native") ? "-march=native"
                                                   : NULL;
    if (which && mf->effects->uses_float)
        diag_report(mf->scope.diag, warn_memo_fp, mf->fn->name_range, mf->fn->name, which);
}

/* ---- library functions ---- */

/* What the table knows of an `external` function besides its value. */
static bool check_external(struct memo_function *mf)
{
    const struct libcall *c = libcall_find(mf->fn->name);
    if (!c || annotation_clause(mf->annotation, CLAUSE_pure))
        return true;
    for (int kind = 0; kind < EFFECT_KINDS; kind++) {
        if (!(c->effects & 1u << kind))
            continue;
        diag_report(mf->scope.diag, err_memo_effect, mf->fn->name_range, mf->fn->name,
                    effect_kind_name((enum effect_kind)kind));
        diag_report(mf->scope.diag, note_memo_pure, mf->annotation->range);
        return false;
    }
    return true;
}

/* ---- all of it ---- */

bool check_memo(struct memo_function *mf)
{
    if (mf->annotation->has_errors || !check_form(mf))
        return false;
    const struct clause *ignore = annotation_clause(mf->annotation, CLAUSE_ignore);
    bool ok = ignore ? check_ignored(mf, ignore) : true;
    for (size_t i = 0; i < mf->annotation->n_clauses; i++)
        ok &= check_clause(mf, &mf->annotation->clauses[i]);
    if (!ok)
        return false;
    if (mf->is_external && !check_external(mf))
        return false;
    if (!mf->is_external)
        mf->effects = effects_of(mf->scope.fe, arena_of(mf), mf->fn);
    add_known_shapes(mf);
    ok = check_parameters(mf);
    ok &= check_result(mf);
    if (ok && mf->effects) {
        ok = check_callees(mf) && check_effects(mf);
        ok &= check_address(mf);
        bool is_ordered = check_order(mf);
        if (is_ordered)
            check_out(mf);
        ok &= is_ordered;
        if (ok)
            check_shapes(mf);
        check_float(mf);
    }
    return ok;
}

/* check_effects.c - accesses against shapes, and effects against the rules.
 *
 * A shape covers an access if its path is a prefix of the access's and what
 * remains follows no further pointer: in(*c) covers c->a.b, not c->p[0]. */
#include "check_effects.h"

#include <string.h>

#include "diag.h"
#include "node.h"

void check_report_chain(const struct memo_function *mf, const struct call_step *via)
{
    for (const struct call_step *c = via; c; c = c->next)
        if (c->where && c->where->range.src)
            diag_report(mf->scope.diag, note_calls_here, c->where->range, c->caller->name,
                        c->callee->name);
}

static bool has_clause(const struct memo_function *mf, enum clause_id id)
{
    return annotation_clause(mf->annotation, id) != NULL;
}

/* Is the access made through a callee that the user trusts? */
static bool is_trusted(const struct memo_function *mf, const struct call_step *via,
                       const char *callee)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_trust);
    if (has_clause(mf, CLAUSE_pure))
        return true;
    for (const struct call_step *s = via; s; s = s->next)
        if (s->callee->is_memo_pure)
            return true;
    for (size_t i = 0; c && i < c->n_exprs; i++) {
        if (callee && strcmp(c->exprs[i]->text, callee) == 0)
            return true;
        for (const struct call_step *s = via; s; s = s->next)
            if (strcmp(c->exprs[i]->text, s->callee->name) == 0)
                return true;
    }
    return false;
}

/* Reading the pointer that a covered section starts from is no access of its
 * own: where it leads is in the key. */
static bool leads_to(const char *access, const char *shape)
{
    size_t n = strlen(access);
    return strncmp(access, shape, n) == 0 && shape[n] == '*';
}

static bool prefix_covers(const char *shape, const char *access)
{
    size_t n = strlen(shape);
    return strncmp(shape, access, n) == 0 &&
           (access[n] == '\0' || access[n] == '.' || n == 0 || shape[n - 1] == '*') &&
           !strchr(access + n, '*');
}

static bool bounds_cover(const struct memo_function *mf, const struct cexpr *e,
                         const struct access *a)
{
    const struct cexpr *reads[32];
    size_t n = 0;
    for (; e && e->kind == CEXPR_SECTION; e = e->kids[0]) {
        scope_bound_reads(&mf->scope, e->kids[1], reads, &n, 32);
        scope_bound_reads(&mf->scope, e->kids[2], reads, &n, 32);
    }
    for (size_t i = 0; i < n; i++) {
        const struct cexpr *root = cexpr_root(reads[i]);
        if (root && scope_parameter(&mf->scope, root) == a->var &&
            prefix_covers(scope_path(&mf->scope, reads[i]), a->path))
            return true;
    }
    return false;
}

static const struct field *field_named(const struct record *r, const char *name, size_t len)
{
    for (size_t i = 0; i < r->n_fields; i++) {
        const struct field *f = &r->fields[i], *inner = NULL;
        if (strlen(f->name) == len && !strncmp(f->name, name, len))
            return f;
        if (!*f->name && f->type->kind == TYPE_RECORD)
            inner = field_named(f->type->record, name, len);
        if (inner)
            return inner;
    }
    return NULL;
}

/* Does the path lead into a flexible array behind what its first `from` characters say?
 * An object doesn't hold the elements of that. */
static bool enters_flexible(const struct type *t, const char *path, size_t from)
{
    for (const char *p = path; *p && t;) {
        if (*p == '*') {
            t = t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY ? t->element : NULL;
            p++;
            continue;
        }
        while (t && t->kind == TYPE_ARRAY)
            t = t->element;
        size_t len = *p == '.' ? strcspn(p + 1, ".*") : 0;
        const struct field *f =
            len && t && t->kind == TYPE_RECORD ? field_named(t->record, p + 1, len) : NULL;
        if (!f)
            return false;
        p += len + 1;
        t = f->type;
        if (t->kind == TYPE_ARRAY && !t->is_variable && t->count < 0 && (size_t)(p - path) > from)
            return true;
    }
    return false;
}

bool check_covers(const struct memo_function *mf, enum clause_id id, const struct access *a)
{
    const struct clause *c = annotation_clause(mf->annotation, id);
    for (size_t i = 0; c && i < c->n_shapes; i++) {
        const struct shape *shape = &c->shapes[i];
        const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
        if (!root)
            continue;
        const struct variable *v = scope_parameter(&mf->scope, root);
        if (!v)
            v = scope_global(&mf->scope, root);
        const char *path = scope_path(&mf->scope, shape->expr);
        if (shape->kind == SHAPE_STRING || shape->kind == SHAPE_CODE)
            path = arena_printf(mf->scope.fe->facts.arena, "%s*", path);
        /* `double a[16]` as a shape is what a points to. */
        if (v && v->is_parameter && shape->expr->kind == CEXPR_NAME &&
            shape->kind == SHAPE_OBJECT && v->type->kind == TYPE_ARRAY)
            path = "*";
        if (v == a->var && enters_flexible(v->type, a->path, strlen(path)))
            continue;
        if (v == a->var && (prefix_covers(path, a->path) ||
                            (!a->is_write && !a->is_whole && leads_to(a->path, path))))
            return true;
        if (shape->kind == SHAPE_ALLOC && v == a->var) {
            const struct cexpr *pointer = shape->expr->kids[0];
            const char *to = scope_path(&mf->scope, pointer);
            if (prefix_covers(to, a->path) ||
                prefix_covers(arena_printf(mf->scope.fe->facts.arena, "%s*", to), a->path))
                return true;
        }
        if (!a->is_write && bounds_cover(mf, shape->expr, a))
            return true;
    }
    return false;
}

static bool is_ignored(const struct memo_function *mf, const struct access *a)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_ignore);
    for (size_t i = 0; c && i < c->n_exprs; i++) {
        const struct cexpr *root = cexpr_root(c->exprs[i]);
        if (!root || scope_parameter(&mf->scope, root) != a->var)
            continue;
        size_t n = strlen(scope_path(&mf->scope, c->exprs[i]));
        if (strncmp(scope_path(&mf->scope, c->exprs[i]), a->path, n) == 0)
            return true;
    }
    return false;
}

static bool leads_to_ignored(const struct memo_function *mf, const struct access *a)
{
    for (size_t i = 0; i < mf->n_ignored_members; i++) {
        const char *m = mf->ignored_members[i];
        size_t n = strlen(a->var->name);
        if (strncmp(m, a->var->name, n) == 0 && strcmp(m + n, a->path) == 0)
            return true;
    }
    return false;
}

static const char *spelled(const struct memo_function *mf, const struct access *a)
{
    const char *name = a->var->name;
    for (size_t i = 0; i < mf->fn->n_params; i++)
        if (mf->fn->params[i] == a->var)
            name = mf->scope.names[i];
    return name;
}

static bool check_param_access(struct memo_function *mf, const struct access *a)
{
    struct diag_engine *diag = mf->scope.diag;
    const char *name = spelled(mf, a);
    struct src_range at = a->where && a->where->range.src ? a->where->range : mf->fn->name_range;
    bool covered = check_covers(mf, CLAUSE_inout, a) || check_covers(mf, CLAUSE_out, a);
    if (a->is_write) {
        if (covered)
            return true;
        if (is_ignored(mf, a)) {
            if (is_trusted(mf, a->via, NULL))
                return true;
            diag_report(diag, err_memo_writes_ignored, at, mf->fn->name, name);
        } else {
            diag_report(diag, err_memo_writes_param, at, mf->fn->name, name);
        }
        check_report_chain(mf, a->via);
        const struct function *callee =
            a->where && a->where->kind == NODE_CALL ? a->where->fn : NULL;
        if (callee && !callee->has_definition && !callee->is_system)
            diag_report(diag, note_memo_unseen_pointer, callee->name_range, callee->name);
        diag_report(diag, note_memo_add_out, mf->annotation->range, name);
        return false;
    }
    if (covered || check_covers(mf, CLAUSE_in, a) || leads_to_ignored(mf, a) || is_ignored(mf, a) ||
        has_clause(mf, CLAUSE_key))
        return true;
    diag_report(diag, err_memo_reads_param, at, mf->fn->name, name);
    check_report_chain(mf, a->via);
    diag_report(diag, note_memo_add_in, mf->annotation->range, name);
    return false;
}

static void report_write(struct memo_function *mf, const struct access *a, const char *what)
{
    struct diag_engine *diag = mf->scope.diag;
    struct src_range at = a->where && a->where->range.src ? a->where->range : mf->fn->name_range;
    diag_report(diag, err_memo_writes_global, at, mf->fn->name, what, a->var->name);
    check_report_chain(mf, a->via);
    if (a->var->range.src)
        diag_report(diag, note_declared_here, a->var->range, a->var->name);
    diag_report(diag, note_memo_pure, mf->annotation->range);
}

static void report_static_read(struct memo_function *mf, const struct access *a)
{
    struct diag_engine *diag = mf->scope.diag;
    struct src_range at = a->where && a->where->range.src ? a->where->range : mf->fn->name_range;
    diag_report(diag, err_memo_reads_static, at, mf->fn->name, a->var->name);
    check_report_chain(mf, a->via);
    if (a->var->range.src)
        diag_report(diag, note_declared_here, a->var->range, a->var->name);
    diag_report(diag, note_memo_pure, mf->annotation->range);
}

static bool is_written_at_all(const struct memo_function *mf, const struct variable *v)
{
    for (size_t i = 0; i < mf->effects->n_accesses; i++)
        if (mf->effects->accesses[i].var == v && mf->effects->accesses[i].is_write)
            return true;
    return false;
}

static bool check_global_read(struct memo_function *mf, const struct access *a)
{
    struct diag_engine *diag = mf->scope.diag;
    const struct variable *v = a->var;
    struct src_range at = a->where && a->where->range.src ? a->where->range : mf->fn->name_range;
    if (check_covers(mf, CLAUSE_reads, a) || check_covers(mf, CLAUSE_inout, a))
        return true;
    const struct type *t = v->type;
    while (t->kind == TYPE_ARRAY)
        t = t->element;
    if (v->type->is_const || t->is_const) {
        /* Its initializer is in the fingerprint, or the program's content in the
         * key. Behind it there may be memory that changes. */
        const struct type *to = t->kind == TYPE_POINTER ? t->element : NULL;
        if (!strchr(a->path, '*') || (to && to->is_const) || t->kind == TYPE_RECORD)
            return true;
    }
    const char *pointer = type_pointer_member(mf->scope.fe->facts.arena, v->type);
    if (!v->type->is_complete || pointer || strchr(a->path, '*')) {
        diag_report(diag, err_memo_reads_global, at, mf->fn->name, v->name,
                    !v->type->is_complete ? "its size is unknown here" : "it holds pointers");
        check_report_chain(mf, a->via);
        if (v->range.src)
            diag_report(diag, note_declared_here, v->range, v->name);
        diag_report(diag, note_memo_reads, mf->annotation->range, v->name);
        return false;
    }
    if (diag_report(diag, remark_memo_reads_global, at, mf->fn->name, v->name))
        return false;
    return true;
}

/* Is the variable named where it is accessed, and not reached over a pointer that
 * somebody was handed, who may write through it? */
static bool is_direct(const struct access *a)
{
    for (const struct node *n = a->where; n; n = n->n_kids ? n->kids[0] : NULL) {
        if (n->kind == NODE_VARIABLE)
            return n->var == a->var;
        if (n->kind == NODE_DEREF || (n->kind == NODE_MEMBER && n->is_arrow))
            return false;
    }
    return false;
}

static bool check_access(struct memo_function *mf, const struct access *a)
{
    struct diag_engine *diag = mf->scope.diag;
    struct src_range at = a->where && a->where->range.src ? a->where->range : mf->fn->name_range;
    switch (a->place) {
    case PLACE_PARAM:
        return check_param_access(mf, a);
    case PLACE_GLOBAL:
        if (!a->is_write)
            return check_global_read(mf, a);
        if (check_covers(mf, CLAUSE_inout, a) || check_covers(mf, CLAUSE_out, a) ||
            is_trusted(mf, a->via, NULL))
            return true;
        report_write(mf, a, "global");
        return false;
    case PLACE_STATIC:
        if (!a->is_write &&
            (a->var->type->is_const || (!is_written_at_all(mf, a->var) && is_direct(a))))
            return true;
        if (is_trusted(mf, a->via, NULL))
            return true;
        if (a->is_write)
            report_write(mf, a, "static");
        else if (!is_written_at_all(mf, a->var))
            report_static_read(mf, a);
        return false;
    default:
        if (is_trusted(mf, a->via, NULL))
            return true;
        if (a->is_write)
            diag_report(diag, err_memo_writes_unknown, at, mf->fn->name);
        else
            diag_report(diag, err_memo_reads_unknown, at, mf->fn->name);
        check_report_chain(mf, a->via);
        diag_report(diag, note_memo_pure, mf->annotation->range);
        return false;
    }
}

/* ---- more than one object behind a shape that says one ---- */

static bool has_index(const struct cexpr *e)
{
    for (; e; e = e->n_kids ? e->kids[0] : NULL)
        if (e->kind == CEXPR_SECTION || e->kind == CEXPR_INDEX)
            return true;
    return false;
}

/* Is the only thing said of what v points to that it is one object? */
static bool is_one_object(const struct memo_function *mf, const struct variable *v)
{
    static const enum clause_id ids[] = {CLAUSE_in, CLAUSE_out, CLAUSE_inout};
    bool is_one = false;
    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        const struct clause *c = annotation_clause(mf->annotation, ids[k]);
        for (size_t i = 0; c && i < c->n_shapes; i++) {
            const struct shape *shape = &c->shapes[i];
            const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
            if (!root || scope_parameter(&mf->scope, root) != v)
                continue;
            if (shape->kind != SHAPE_OBJECT || has_index(shape->expr))
                return false;
            is_one = true;
        }
    }
    return is_one;
}

/* The parameter of which n takes another element than the first, or NULL. */
static const struct variable *indexed_parameter(const struct node *n)
{
    const struct node *base = NULL, *index = NULL;
    if (n->kind == NODE_INDEX && n->n_kids == 2) {
        base = node_strip(n->kids[0]);
        index = node_strip(n->kids[1]);
    } else if (n->kind == NODE_DEREF && n->n_kids == 1) {
        const struct node *sum = node_strip(n->kids[0]);
        if (sum->kind == NODE_BINARY && sum->n_kids == 2) {
            base = node_strip(sum->kids[0]);
            index = node_strip(sum->kids[1]);
        }
    }
    if (!base || base->kind != NODE_VARIABLE || !base->var->is_parameter ||
        base->var->type->kind != TYPE_POINTER || (index->kind == NODE_LITERAL && index->value == 0))
        return NULL;
    return base->var;
}

/* The parameter that n follows as a pointer to something larger, or NULL. */
static const struct variable *widened_parameter(const struct node *n)
{
    bool follows = n->kind == NODE_DEREF || n->kind == NODE_INDEX || n->is_arrow;
    const struct node *cast = follows && n->n_kids ? node_strip(n->kids[0]) : NULL;
    if (!cast || cast->kind != NODE_CAST || cast->n_kids != 1 || !cast->type ||
        cast->type->kind != TYPE_POINTER)
        return NULL;
    const struct node *base = node_strip(cast->kids[0]);
    if (base->kind != NODE_VARIABLE || !base->var->is_parameter ||
        base->var->type->kind != TYPE_POINTER)
        return NULL;
    const struct type *to = cast->type->element, *from = base->var->type->element;
    return to->is_complete && from->is_complete && from->kind != TYPE_VOID && to->size > from->size
               ? base->var
               : NULL;
}

bool check_single_objects(struct memo_function *mf, const struct node *n)
{
    const struct variable *v = n ? indexed_parameter(n) : NULL;
    if (n && !v)
        v = widened_parameter(n);
    bool ok = true;
    if (v && is_one_object(mf, v)) {
        struct access a = {.var = (struct variable *)v};
        const char *name = spelled(mf, &a);
        diag_report(mf->scope.diag, err_memo_past_object, n->range, name, name);
        diag_report(mf->scope.diag, note_memo_past_object, mf->annotation->range, name);
        ok = false;
    }
    for (size_t i = 0; n && i < n->n_kids; i++)
        ok &= check_single_objects(mf, n->kids[i]);
    return ok;
}

/* ---- effects ---- */

/* A literal made of several, or with escapes, is taken on trust. */
static bool is_literal(const struct memo_function *mf, const struct cexpr *e, const char *text)
{
    if (e->kind != CEXPR_LITERAL)
        return false;
    const char *plain = arena_printf(mf->scope.fe->facts.arena, "\"%s\"", text);
    return strcmp(e->text, plain) == 0 || strpbrk(e->text, "\\") ||
           strchr(strchr(e->text + 1, '"') ? strchr(e->text + 1, '"') + 1 : "", '"');
}

/* Is it the file of a `file` clause that is opened? Where the name has come a long way
 * nobody can tell, and it is believed to be. */
static bool names_file(const struct memo_function *mf, const struct effect *e)
{
    const struct annotation *a = mf->annotation;
    const struct node *name = e->literal_expr ? node_strip(e->literal_expr) : NULL;
    bool has_file = false,
         is_parameter = name && !e->via && name->kind == NODE_VARIABLE && name->var->is_parameter;
    for (size_t i = 0; i < a->n_clauses; i++) {
        const struct clause *c = &a->clauses[i];
        const struct cexpr *root =
            c->id == CLAUSE_file && c->n_exprs ? cexpr_root(c->exprs[0]) : NULL;
        if (c->id != CLAUSE_file)
            continue;
        has_file = true;
        if (is_parameter && (!root || scope_parameter(&mf->scope, root) == name->var))
            return true;
        if (e->literal && c->n_exprs && is_literal(mf, c->exprs[0], e->literal))
            return true;
    }
    return has_file && !is_parameter && !e->literal;
}

/* Fine in themselves: a call that ends in them stores nothing, or they are
 * keyed elsewhere. */
static bool is_harmless(const struct memo_function *mf, const struct effect *e)
{
    const struct annotation *a = mf->annotation;
    switch (e->kind) {
    case EFFECT_EXIT:
    case EFFECT_LONGJMP:
    case EFFECT_KINDS:
        return true;
    case EFFECT_ENVIRONMENT:
        for (size_t i = 0; i < a->n_clauses; i++)
            if (a->clauses[i].id == CLAUSE_env && e->literal && a->clauses[i].string &&
                strcmp(a->clauses[i].string, e->literal) == 0)
                return true;
        return false;
    case EFFECT_OUTPUT: /* closing what was opened for reading writes nothing */
        return strcmp(e->callee, "fclose") == 0 && annotation_clause(a, CLAUSE_file);
    case EFFECT_FILE:
        return names_file(mf, e);
    case EFFECT_INPUT:
        return annotation_clause(a, CLAUSE_file) != NULL; /* what is read was opened */
    default:
        return false;
    }
}

static bool check_effect(struct memo_function *mf, const struct effect *e)
{
    struct diag_engine *diag = mf->scope.diag;
    if (is_harmless(mf, e) || is_trusted(mf, e->via, e->callee) ||
        check_is_fatal(mf, e->via, e->where))
        return true;
    struct src_range at = e->where && e->where->range.src ? e->where->range : mf->fn->name_range;
    if (*e->callee)
        diag_report(diag, err_memo_effect_call, at, mf->fn->name, effect_kind_name(e->kind),
                    e->callee);
    else
        diag_report(diag, err_memo_effect, at, mf->fn->name, effect_kind_name(e->kind));
    check_report_chain(mf, e->via);
    if (e->kind == EFFECT_ENVIRONMENT && e->literal && strstr(e->callee, "getenv"))
        diag_report(diag, note_memo_env, mf->annotation->range, e->literal);
    else if (e->kind == EFFECT_FILE || e->kind == EFFECT_INPUT)
        diag_report(diag, note_memo_file, mf->annotation->range);
    else
        diag_report(diag, note_memo_pure, mf->annotation->range);
    return false;
}

/* ---- what is returned ---- */

static bool check_returned(struct memo_function *mf)
{
    const struct clause *c = annotation_clause(mf->annotation, CLAUSE_returns);
    if (!c || !c->n_shapes || mf->effects->returns_allocated)
        return true;
    enum shape_kind k = c->shapes[0].kind;
    const struct variable *global = mf->effects->returned_global;
    if (k == SHAPE_RETURN_STATIC && global && !has_clause(mf, CLAUSE_pure)) {
        diag_report(mf->scope.diag, err_returns_changeable, mf->fn->name_range, mf->fn->name,
                    global->name);
        if (global->range.src)
            diag_report(mf->scope.diag, note_declared_here, global->range, global->name);
        diag_report(mf->scope.diag, note_returns_changeable, mf->annotation->range);
        return false;
    }
    if (k == SHAPE_RETURN_IN || k == SHAPE_RETURN_STATIC || has_clause(mf, CLAUSE_pure))
        return true;
    const struct node *other = mf->effects->returned_other;
    if (!other || !other->range.src)
        return true;
    diag_report(mf->scope.diag, err_returns_not_allocated, other->range, mf->fn->name);
    diag_report(mf->scope.diag, note_returns_allocated, mf->annotation->range);
    return false;
}

/* One error for a place, a global, or memory that can't be traced is enough. */
static bool is_reported(const struct effects *fx, size_t i)
{
    const struct access *a = &fx->accesses[i];
    for (size_t k = 0; k < i; k++) {
        const struct access *b = &fx->accesses[k];
        bool is_global = a->place == PLACE_GLOBAL || a->place == PLACE_STATIC;
        if (a->is_write == b->is_write &&
            (a->where == b->where || (a->place == b->place && a->place == PLACE_UNKNOWN) ||
             (is_global && a->place == b->place && a->var == b->var)))
            return true;
    }
    return false;
}

bool check_effects(struct memo_function *mf)
{
    const struct effects *fx = mf->effects;
    bool ok = true;
    for (size_t i = 0; i < fx->n_effects; i++)
        ok &= check_effect(mf, &fx->effects[i]);
    for (size_t i = 0; i < fx->n_accesses; i++)
        if (ok || !is_reported(fx, i))
            ok &= check_access(mf, &fx->accesses[i]);
    ok &= check_single_objects(mf, frontend_body(mf->scope.fe, mf->fn));
    return ok & check_returned(mf);
}

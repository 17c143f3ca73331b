/* annotations_checkpoint_clauses.c - the clauses of `#pragma checkpoint`: names, types, and
 * what can't be gone on from. What the loop does, and whether the clauses fit that, is for
 * checkpoint_state.c. */
#include <string.h>

#include "annotations_private.h"
#include "base/strbuf.h"
#include "clex.h"
#include "nearest.h"
#include "node.h"

struct clauses {
    struct finder *fd;
    struct checkpoint_loop *loop;
};

static void write_instead(const struct clauses *k, struct src_range at, const char *text)
{
    diag_report(k->fd->diag, note_write_instead, at, text);
}

/* ---- memory that `for (INIT; ...)` makes reachable ---- */

static const struct node *without_casts(const struct node *n)
{
    while (n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    return n;
}

/* The variable that the lvalue n starts from, and the path from it as scope_path() has it;
 * NULL: none. */
static struct variable *node_path(const struct node *n, struct strbuf *path)
{
    n = without_casts(n);
    if (n->kind == NODE_VARIABLE)
        return n->var;
    if (n->n_kids == 0 ||
        (n->kind != NODE_MEMBER && n->kind != NODE_DEREF && n->kind != NODE_INDEX))
        return NULL;
    struct variable *v = node_path(n->kids[0], path);
    const struct type *t = without_casts(n->kids[0])->type;
    bool follows = n->kind == NODE_DEREF || (n->kind == NODE_MEMBER && n->is_arrow) ||
                   (n->kind == NODE_INDEX && !(t && t->kind == TYPE_ARRAY));
    if (follows)
        strbuf_addc(path, '*');
    if (n->kind == NODE_MEMBER)
        strbuf_addf(path, ".%s", n->name);
    return v;
}

/* Is one of the two paths the begin of the other? */
static bool paths_meet(const char *a, const char *b)
{
    size_t n = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return strncmp(a, b, n) == 0 && (!a[n] || strchr(".*", a[n])) && (!b[n] || strchr(".*", b[n]));
}

/* Does the code n set the object `path` of v, or take its address? */
static bool sets(const struct node *n, const struct variable *v, const char *path)
{
    if (n->kind == NODE_DECL && n->var == v)
        return true;
    bool is_set = n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC || n->kind == NODE_ADDRESS ||
                  n->kind == NODE_OPERATOR;
    if (is_set && n->n_kids) {
        struct strbuf to = STRBUF_INIT;
        bool meets = node_path(n->kids[0], &to) == v && paths_meet(to.buf, path);
        strbuf_release(&to);
        if (meets)
            return true;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        if (sets(n->kids[i], v, path))
            return true;
    return false;
}

/* The pointers that lead to a shape must hold their value where INIT isn't carried out. */
static bool check_init(const struct clauses *k, const struct cexpr *e)
{
    const struct scope *s = &k->loop->scope;
    const struct node *init = k->loop->parts.init;
    for (; init && e && e->n_kids; e = e->kids[0]) {
        const struct cexpr *pointer = e->kids[0];
        bool follows = e->kind == CEXPR_ARROW || e->kind == CEXPR_DEREF || e->kind == CEXPR_INDEX ||
                       e->kind == CEXPR_SECTION;
        const struct type *t = follows && pointer ? scope_type(s, pointer) : NULL;
        const struct cexpr *root = pointer ? cexpr_root(pointer) : NULL;
        const struct variable *v = root ? scope_variable(s, root) : NULL;
        if (!t || t->kind != TYPE_POINTER || !v || !sets(init, v, scope_path(s, pointer)))
            continue;
        diag_report(k->fd->diag, err_checkpoint_init, e->range, scope_text(s, pointer));
        write_instead(k, k->loop->parts.init_range,
                      "name the array that it points into, or set it in front of the loop");
        return false;
    }
    return true;
}

/* ---- shapes ---- */

static bool visit_bound(const struct cexpr *e, void *arg)
{
    const struct scope *s = ((const void **)arg)[0];
    bool *ok = (bool *)((void **)arg)[1];
    if (e->kind == CEXPR_SECTION)
        for (size_t i = 1; i < e->n_kids; i++)
            if (e->kids[i] && *ok)
                *ok = annotations_check_value(s, e->kids[i]);
    return e->kind != CEXPR_SIZEOF;
}

static bool check_string(const struct clauses *k, const struct scope *s, const struct shape *shape)
{
    const struct type *t = scope_type(s, shape->expr);
    bool is_chars = t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY) && t->element->is_char;
    if (t && !is_chars)
        diag_report(k->fd->diag, err_returns_no_string, shape->range, t->spelling);
    return !t || is_chars;
}

/* The first name in e that means what the `for` declares. */
static bool visit_inner(const struct cexpr *e, void *arg)
{
    const void **a = arg;
    const struct checkpoint_loop *loop = a[0];
    if (e->kind == CEXPR_NAME && !a[1] &&
        scope_local(&loop->scope, e) != scope_local(&loop->outside, e))
        a[1] = e;
    return true;
}

static bool check_match_names(const struct clauses *k, const struct cexpr *e)
{
    const void *found[] = {k->loop, NULL};
    cexpr_walk(e, visit_inner, found);
    const struct cexpr *name = found[1];
    if (!name)
        return true;
    diag_report(k->fd->diag, err_match_inner, name->range, name->text);
    write_instead(k, k->loop->parts.init_range, "declare it in front of the loop");
    return false;
}

static bool check_shape(const struct clauses *k, const struct clause *c, const struct shape *shape)
{
    bool is_match = c->id == CLAUSE_match;
    const struct scope *s = is_match ? &k->loop->outside : &k->loop->scope;
    if (!shape->expr)
        return false;
    if (shape->kind == SHAPE_CODE && !is_match) {
        diag_report(k->fd->diag, err_shape_place, shape->range, "code", "match");
        return false;
    }
    if (is_match && !check_match_names(k, shape->expr))
        return false;
    bool ok = true;
    void *bounds[] = {(void *)s, &ok};
    if (!scope_check_shape(s, shape, !is_match))
        return false;
    cexpr_walk(shape->expr, visit_bound, bounds);
    if (!ok || (shape->kind == SHAPE_STRING && !check_string(k, s, shape)))
        return false;
    return is_match || check_init(k, shape->expr);
}

static bool is_zero(const struct cexpr *e)
{
    return !e || (e->kind == CEXPR_LITERAL && strcmp(e->text, "0") == 0);
}

static bool check_alloc(const struct clauses *k, const struct shape *shape)
{
    const struct scope *s = &k->loop->scope;
    const struct cexpr *e = shape->expr, *p = e->kind == CEXPR_SECTION ? e->kids[0] : NULL;
    bool is_place =
        p && (p->kind == CEXPR_NAME || p->kind == CEXPR_MEMBER || p->kind == CEXPR_ARROW ||
              p->kind == CEXPR_DEREF || p->kind == CEXPR_INDEX);
    const struct type *t = is_place ? scope_type(s, p) : NULL;
    if (t && t->kind == TYPE_ARRAY) {
        diag_report(k->fd->diag, err_alloc_array, shape->range, scope_text(s, p));
        write_instead(k, shape->range, "'save' alone does for arrays");
    } else if (!t || t->kind != TYPE_POINTER || !is_zero(e->kids[1])) {
        diag_report(k->fd->diag, err_alloc_form, shape->range);
        write_instead(k, shape->range, "write 'alloc(p[:n])', p being what 'malloc' returned");
    } else if (t->is_const) {
        diag_report(k->fd->diag, err_alloc_const, shape->range, scope_text(s, p));
    } else {
        return true;
    }
    return false;
}

static bool check_rng(const struct clauses *k, const struct shape *shape)
{
    const struct type *t = scope_type(&k->loop->scope, shape->expr);
    const char *pointer = t ? type_pointer_member(k->fd->arena, t) : NULL;
    if (!pointer)
        return true;
    if (*pointer)
        diag_report(k->fd->diag, err_rng_pointer, shape->range, shape->text, pointer);
    else
        diag_report(k->fd->diag, err_rng_pointers, shape->range, shape->text);
    diag_report(k->fd->diag, note_rng_state, shape->range);
    return false;
}

static bool check_shapes(const struct clauses *k, const struct clause *c)
{
    bool ok = true;
    for (size_t i = 0; i < c->n_shapes; i++) {
        const struct shape *shape = &c->shapes[i];
        bool is_fine = check_shape(k, c, shape);
        if (is_fine && c->id == CLAUSE_alloc)
            is_fine = check_alloc(k, shape);
        if (is_fine && c->id == CLAUSE_rng && shape->kind == SHAPE_OBJECT)
            is_fine = check_rng(k, shape);
        ok &= is_fine;
    }
    return ok;
}

static bool check_skip(const struct clauses *k, const struct clause *c)
{
    const struct scope *s = &k->loop->scope;
    bool ok = true;
    for (size_t i = 0; i < c->n_exprs; i++) {
        const struct cexpr *e = c->exprs[i], *root = cexpr_root(e);
        if (!scope_check(s, e)) {
            ok = false;
        } else if (!root || !scope_variable(s, root)) {
            diag_report(k->fd->diag, err_shape_no_variable, e->range, scope_text(s, e));
            ok = false;
        }
    }
    return ok;
}

/* ---- functions ---- */

/* One that is only declared by a system header is known once a body that names it was read. */
static struct function *known_function(struct frontend *fe, const char *name)
{
    struct function *fn = frontend_function(fe, name);
    for (size_t i = 0; !fn && i < fe->n_tops; i++)
        if (fe->tops[i].kind == TOP_FUNCTION && frontend_body(fe, fe->tops[i].fn))
            fn = frontend_function(fe, name);
    return fn;
}

static struct function *function_named(const struct clauses *k, const struct cexpr *e)
{
    const struct scope *s = &k->loop->scope;
    struct frontend *fe = k->fd->fe;
    bool is_hidden = scope_local(s, e) || scope_parameter(s, e);
    struct function *fn = is_hidden ? NULL : known_function(fe, e->text);
    if (fn)
        return fn;
    diag_report(k->fd->diag, err_trust_unknown, e->range, e->text);
    const char **names = arena_alloc(k->fd->arena, (fe->facts.n_functions + 1) * sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < fe->facts.n_functions; i++)
        if (!fe->facts.functions[i]->is_system)
            names[n++] = fe->facts.functions[i]->name;
    const char *best = nearest_of(e->text, names, n);
    if (best)
        diag_report(k->fd->diag, note_did_you_mean, e->range, best);
    return NULL;
}

static bool check_trust(const struct clauses *k, const struct clause *c)
{
    bool ok = true;
    for (size_t i = 0; i < c->n_exprs; i++)
        ok &= function_named(k, c->exprs[i]) != NULL;
    return ok;
}

static bool is_size(const struct type *t, size_t size)
{
    return t->kind == TYPE_INTEGER && !t->is_signed && t->size == size && !t->is_char;
}

static bool is_void_pointer(const struct type *t, bool is_const)
{
    return t->kind == TYPE_POINTER && t->element->kind == TYPE_VOID &&
           t->element->is_const == is_const;
}

static bool check_state(const struct clauses *k, const struct clause *c)
{
    static const char *const forms[] = {"size_t get(void *, size_t)",
                                        "void set(const void *, size_t)"};
    bool ok = c->n_exprs == 2;
    for (size_t i = 0; c->n_exprs == 2 && i < 2; i++) {
        const struct function *fn = function_named(k, c->exprs[i]);
        ok &= fn != NULL;
        if (!fn)
            continue;
        bool fits = fn->n_params == 2 && !fn->is_variadic &&
                    is_void_pointer(fn->params[0]->type, i == 1) &&
                    is_size(fn->params[1]->type, fn->params[0]->type->size);
        if (fits && i == 0)
            fits = is_size(fn->result, fn->params[0]->type->size);
        else if (fits)
            fits = fn->result->kind == TYPE_VOID;
        if (fits)
            continue;
        diag_report(k->fd->diag, err_state_type, c->exprs[i]->range, fn->name, fn->signature,
                    forms[i]);
        diag_report(k->fd->diag, note_function_here, fn->name_range, fn->name);
        ok = false;
    }
    return ok;
}

/* ---- the others ---- */

/* Something that isn't a FILE *, as far as can be told. */
static bool is_no_stream(const struct scope *s, const struct cexpr *e)
{
    const struct type *t = scope_type(s, e);
    if (!t)
        return e->kind == CEXPR_NAME || e->kind == CEXPR_LITERAL || e->kind == CEXPR_SIZEOF;
    return t->kind != TYPE_POINTER || t->element->kind != TYPE_RECORD ||
           !strstr(t->element->record->name, "FILE");
}

static bool check_file(const struct clauses *k, const struct clause *c)
{
    const struct scope *s = &k->loop->scope;
    bool ok = true;
    for (size_t i = 0; i < c->n_exprs; i++) {
        const struct cexpr *e = c->exprs[i];
        bool is_fine = annotations_check_value(s, e);
        if (is_fine && is_no_stream(s, e)) {
            diag_report(k->fd->diag, err_file_type, e->range, scope_text(s, e));
            write_instead(k, e->range, "name a variable of type FILE *, as in 'file(log)'");
            is_fine = false;
        }
        ok &= is_fine && check_init(k, e);
    }
    return ok;
}

static bool check_name(const struct clauses *k, const struct clause *c)
{
    const struct checkpoints *all = &k->fd->an->checkpoints;
    for (size_t i = 0; i < all->n_loops && all->loops[i] != k->loop; i++) {
        const struct clause *other = annotation_clause(all->loops[i]->annotation, CLAUSE_name);
        if (!other || !other->string || !c->string || strcmp(other->string, c->string) != 0)
            continue;
        diag_report(k->fd->diag, err_checkpoint_name, c->range, c->string);
        diag_report(k->fd->diag, note_first_given, other->range);
        return false;
    }
    return true;
}

/* ---- arrays of variable length ---- */

/* The first node in n that sets v. */
static const struct node *setter(const struct node *n, const struct variable *v)
{
    bool is_set = n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC || n->kind == NODE_ADDRESS;
    if (is_set && n->n_kids) {
        const struct node *to = without_casts(n->kids[0]);
        if (to->kind == NODE_VARIABLE && to->var == v)
            return n;
    }
    const struct node *found = NULL;
    for (size_t i = 0; i < n->n_kids && !found; i++)
        found = setter(n->kids[i], v);
    return found;
}

/* The names between the brackets behind the array's name. */
static void names_of_size(struct finder *fd, const struct variable *array, struct ctokens *out)
{
    const struct source *src = array->range.src;
    struct strbuf text = STRBUF_INIT;
    struct clex lx;
    struct clex_token t;
    int depth = 0;
    clex_init(&lx, src->text, src->len);
    lx.pos = array->range.end;
    while (clex_next(&lx, &t) != CLEX_END) {
        depth += clex_is(&lx, &t, "[") || clex_is(&lx, &t, "(");
        depth -= clex_is(&lx, &t, "]") || clex_is(&lx, &t, ")");
        if (depth < 0 || (depth == 0 && (clex_is(&lx, &t, ";") || clex_is(&lx, &t, ",") ||
                                         clex_is(&lx, &t, "="))))
            break;
    }
    if (macro_expand(fd->fe->macros, src->text + array->range.end, t.begin - array->range.end,
                     &text))
        ctokens_lex(out, fd->arena, arena_strndup(fd->arena, text.buf, text.len), text.len);
    strbuf_release(&text);
}

static bool check_variable_array(const struct clauses *k, const struct variable *array)
{
    struct ctokens tokens = {0};
    names_of_size(k->fd, array, &tokens);
    for (size_t i = 0; i < tokens.n; i++) {
        struct cexpr name = {.kind = CEXPR_NAME, .text = tokens.items[i].text};
        const struct variable *v =
            tokens.items[i].kind == CLEX_NAME ? scope_variable(&k->loop->outside, &name) : NULL;
        const struct node *n = v ? setter(k->loop->root, v) : NULL;
        if (!n)
            continue;
        diag_report(k->fd->diag, err_checkpoint_vla, n->range, v->name, array->name);
        diag_report(k->fd->diag, note_declared_here, array->range, array->name);
        write_instead(k, array->range, "keep its size in a variable that the loop doesn't change");
        return false;
    }
    return true;
}

/* ---- all of them ---- */

static bool check_clause(const struct clauses *k, const struct clause *c)
{
    switch (c->id) {
    case CLAUSE_save:
    case CLAUSE_alloc:
    case CLAUSE_match:
    case CLAUSE_rng:
        return check_shapes(k, c);
    case CLAUSE_skip:
        return check_skip(k, c);
    case CLAUSE_trust:
        return check_trust(k, c);
    case CLAUSE_state:
        return check_state(k, c);
    case CLAUSE_file:
        return check_file(k, c);
    case CLAUSE_name:
        return check_name(k, c);
    default:
        return true;
    }
}

void annotations_check_checkpoint(struct finder *fd, struct checkpoint_loop *loop)
{
    struct clauses k = {fd, loop};
    for (size_t i = 0; i < loop->annotation->n_clauses; i++)
        loop->has_errors |= !check_clause(&k, &loop->annotation->clauses[i]);
    for (size_t i = 0; i < loop->n_visible; i++) {
        const struct variable *v = loop->visible[i];
        if (v->type->kind == TYPE_ARRAY && v->type->is_variable && v->range.src &&
            node_names(loop->root, v))
            loop->has_errors |= !check_variable_array(&k, v);
    }
}

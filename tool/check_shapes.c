/* check_shapes.c - shapes against what the code does with them; see
 * check_shapes.h.
 *
 * Bounds are compared as sums of parameters that the function never changes:
 * v[n] and v[i + 1] with i < n lie outside of v[:n], of v[i * m] nothing is said.
 * The index of a `for` loop that steps by one is known in the first and in the
 * last round; what stands under a further condition isn't looked at. */
#include "check_shapes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "check_effects.h"
#include "diag.h"

/* ---- shapes that nobody uses ---- */

static bool is_unknown(const struct access *a)
{
    return a->place == PLACE_UNKNOWN || a->is_unexpanded;
}

/* Is there an access of that kind to what the shape stands for? */
static bool is_used(const struct memo_function *mf, const struct variable *v, const char *path,
                    bool is_write)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < mf->effects->n_accesses; i++) {
        const struct access *a = &mf->effects->accesses[i];
        if (is_unknown(a))
            return true;
        if (a->var != v || a->is_write != is_write || a->place != PLACE_PARAM)
            continue;
        size_t m = strlen(a->path);
        if (strncmp(a->path, path, n < m ? n : m) == 0 &&
            (m >= n || a->is_whole || !strchr(path + m, '*')))
            return true;
    }
    return false;
}

struct mention {
    const char *name;
    bool found;
};

static bool find_name(const struct cexpr *e, void *arg)
{
    struct mention *m = arg;
    m->found |= e->kind == CEXPR_NAME && strcmp(e->text, m->name) == 0;
    return !m->found;
}

static void find_in_bounds(const struct cexpr *e, struct mention *m)
{
    for (; e; e = e->n_kids ? e->kids[0] : NULL)
        for (size_t i = 1; i < e->n_kids && (e->kind == CEXPR_SECTION || e->kind == CEXPR_INDEX);
             i++)
            if (e->kids[i])
                cexpr_walk(e->kids[i], find_name, m);
}

/* Is the parameter's memory asked for by another part of the annotation? */
static bool serves_clauses(const struct memo_function *mf, const char *name)
{
    struct mention m = {name, false};
    for (size_t i = 0; i < mf->annotation->n_clauses; i++) {
        const struct clause *c = &mf->annotation->clauses[i];
        for (size_t k = 0; k < c->n_shapes; k++) {
            if (c->id == CLAUSE_returns && c->shapes[k].expr)
                cexpr_walk(c->shapes[k].expr, find_name, &m);
            find_in_bounds(c->shapes[k].expr, &m);
        }
        for (size_t k = 0; k < c->n_exprs; k++)
            if (c->id != CLAUSE_ignore && c->id != CLAUSE_trust)
                cexpr_walk(c->exprs[k], find_name, &m);
    }
    return m.found;
}

/* What was added for arrays and strings by itself has the pragma's own place. */
static bool is_written_out(const struct memo_function *mf, const struct shape *shape)
{
    return shape->range.begin != mf->annotation->range.begin;
}

/* The path of what the shape stands for. */
static const char *path_of(const struct memo_function *mf, const struct shape *shape)
{
    const char *path = scope_path(&mf->scope, shape->expr);
    /* `double a[16]`: what a points to. */
    return shape->kind == SHAPE_STRING || !*path
               ? arena_printf(mf->scope.fe->facts.arena, "%s*", path)
               : path;
}

bool check_is_written(const struct memo_function *mf, const struct shape *shape)
{
    const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
    const struct variable *v = root ? scope_parameter(&mf->scope, root) : NULL;
    return !v || is_used(mf, v, path_of(mf, shape), true);
}

static const struct node *uncast(const struct node *n)
{
    while (n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* Is the pointer itself looked at? Whether it is NULL is in the key only with the shape. */
static bool is_value_used(const struct node *n, const struct variable *v)
{
    if (!n || (n->kind == NODE_CAST && n->type && n->type->kind == TYPE_VOID))
        return false;
    if (n->kind == NODE_VARIABLE)
        return n->var == v;
    bool follows = n->kind == NODE_DEREF || n->kind == NODE_INDEX || n->is_arrow;
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *base = uncast(n->kids[i]);
        if (follows && i == 0 && base->kind == NODE_VARIABLE)
            continue;
        if (is_value_used(n->kids[i], v))
            return true;
    }
    return false;
}

static void check_use(struct memo_function *mf, enum clause_id id, const struct shape *shape)
{
    const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
    const struct variable *v = root ? scope_parameter(&mf->scope, root) : NULL;
    bool is_object = shape->kind == SHAPE_OBJECT || shape->kind == SHAPE_STRING;
    if (!v || !is_object || !is_written_out(mf, shape) || serves_clauses(mf, root->text))
        return;
    struct diag_engine *diag = mf->scope.diag;
    if (id == CLAUSE_in && !is_used(mf, v, path_of(mf, shape), false) &&
        !is_value_used(frontend_body(mf->scope.fe, mf->fn), v)) {
        diag_report(diag, warn_memo_unread, shape->range, mf->fn->name, shape->text);
        diag_report(diag, note_memo_unread, shape->range, shape->text);
    } else if (id != CLAUSE_in && !check_is_written(mf, shape)) {
        diag_report(diag, warn_memo_unwritten, shape->range, mf->fn->name, shape->text);
        diag_report(diag, note_memo_unwritten, shape->range, shape->text);
    }
}

/* ---- sums of parameters ---- */

#define MAX_TERMS 4

struct sum {
    bool is_known;
    long long constant;
    struct term {
        const struct variable *var;
        long long factor;
    } terms[MAX_TERMS];
    size_t n_terms;
};

static const struct sum unknown = {.is_known = false};

static struct sum sum_of_constant(long long k)
{
    return (struct sum){.is_known = k > -(1ll << 40) && k < 1ll << 40, .constant = k};
}

static struct sum sum_of_variable(const struct variable *v)
{
    return (struct sum){.is_known = true, .terms = {{v, 1}}, .n_terms = 1};
}

/* a + b * factor */
static struct sum sum_add(struct sum a, const struct sum *b, long long factor)
{
    if (!a.is_known || !b->is_known)
        return unknown;
    a.constant += b->constant * factor;
    for (size_t i = 0; i < b->n_terms; i++) {
        size_t k = 0;
        while (k < a.n_terms && a.terms[k].var != b->terms[i].var)
            k++;
        if (k == MAX_TERMS)
            return unknown;
        if (k == a.n_terms)
            a.terms[a.n_terms++] = (struct term){b->terms[i].var, 0};
        a.terms[k].factor += b->terms[i].factor * factor;
        if (a.terms[k].factor == 0)
            a.terms[k] = a.terms[--a.n_terms];
    }
    return a.constant > -(1ll << 40) && a.constant < 1ll << 40 ? a : unknown;
}

static struct sum sum_multiply(const struct sum *a, const struct sum *b)
{
    const struct sum zero = {.is_known = true};
    if (!a->is_known || !b->is_known || (a->n_terms && b->n_terms))
        return unknown;
    return a->n_terms ? sum_add(zero, a, b->constant) : sum_add(zero, b, a->constant);
}

/* The sum with one variable replaced. */
static struct sum sum_with(struct sum s, const struct variable *v, const struct sum *value)
{
    for (size_t i = 0; i < s.n_terms; i++)
        if (s.terms[i].var == v) {
            long long factor = s.terms[i].factor;
            s.terms[i] = s.terms[--s.n_terms];
            return sum_add(s, value, factor);
        }
    return s;
}

static void sum_print(struct strbuf *out, const struct sum *s)
{
    for (size_t i = 0; i < s->n_terms; i++) {
        long long f = s->terms[i].factor;
        strbuf_adds(out, f < 0 ? (i ? " - " : "-") : i ? " + " : "");
        if (f != 1 && f != -1)
            strbuf_addf(out, "%lld * ", f < 0 ? -f : f);
        strbuf_adds(out, s->terms[i].var->name);
    }
    if (!s->n_terms)
        strbuf_addf(out, "%lld", s->constant);
    else if (s->constant)
        strbuf_addf(out, " %c %lld", s->constant < 0 ? '-' : '+',
                    s->constant < 0 ? -s->constant : s->constant);
}

/* ---- expressions as sums ---- */

static const struct node *strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* Is the variable assigned, or its address taken, below n? */
static bool is_changed(const struct node *n, const struct variable *v)
{
    if (!n)
        return false;
    bool changes = n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC || n->kind == NODE_ADDRESS ||
                   n->kind == NODE_OPERATOR || n->kind == NODE_ASM;
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *to = strip(n->kids[i]);
        if (changes && (i == 0 || n->kind == NODE_ASM || n->kind == NODE_OPERATOR) &&
            to->kind == NODE_VARIABLE && to->var == v)
            return true;
        if (is_changed(n->kids[i], v))
            return true;
    }
    return false;
}

struct loop {
    const struct variable *var;
    struct sum first, last; /* values of var */
};

struct search {
    struct memo_function *mf;
    const struct node *body;
    const struct variable *param;
    const struct shape *shape;
    struct sum begin, end;   /* of the section, in elements */
    const struct loop *loop; /* the innermost, unless a condition stands between */
};

static bool is_number(const struct type *t)
{
    return t && t->kind == TYPE_INTEGER;
}

static struct sum sum_of_node(const struct search *s, const struct node *n)
{
    struct sum a, b;
    n = strip(n);
    switch (n->kind) {
    case NODE_LITERAL:
        return is_number(n->type) && !n->type->is_char ? sum_of_constant(n->value) : unknown;
    case NODE_ENUMERATOR:
        return sum_of_constant(n->value);
    case NODE_VARIABLE:
        if (!is_number(n->var->type) || n->var->is_global)
            return unknown;
        if ((s->loop && s->loop->var == n->var) ||
            (n->var->is_parameter && !is_changed(s->body, n->var)))
            return sum_of_variable(n->var);
        return unknown;
    case NODE_BINARY:
        if (n->n_kids != 2 || !is_number(n->type))
            return unknown;
        a = sum_of_node(s, n->kids[0]);
        b = sum_of_node(s, n->kids[1]);
        return !strcmp(n->op, "+")   ? sum_add(a, &b, 1)
               : !strcmp(n->op, "-") ? sum_add(a, &b, -1)
               : !strcmp(n->op, "*") ? sum_multiply(&a, &b)
                                     : unknown;
    default:
        return unknown;
    }
}

static struct sum sum_of_cexpr(const struct search *s, const struct cexpr *e)
{
    struct sum a, b;
    if (!e)
        return sum_of_constant(0);
    char *end;
    const struct variable *v;
    switch (e->kind) {
    case CEXPR_LITERAL:
        a = sum_of_constant(strtoll(e->text, &end, 0));
        return *end == '\0' || strspn(end, "uUlL") == strlen(end) ? a : unknown;
    case CEXPR_NAME:
        v = scope_parameter(&s->mf->scope, e);
        return v && is_number(v->type) && !is_changed(s->body, v) ? sum_of_variable(v) : unknown;
    case CEXPR_BINARY:
        a = sum_of_cexpr(s, e->kids[0]);
        b = sum_of_cexpr(s, e->kids[1]);
        return !strcmp(e->text, "+")   ? sum_add(a, &b, 1)
               : !strcmp(e->text, "-") ? sum_add(a, &b, -1)
               : !strcmp(e->text, "*") ? sum_multiply(&a, &b)
                                       : unknown;
    default:
        return unknown;
    }
}

/* ---- loops ---- */

static bool jumps(const struct node *n)
{
    if (!n)
        return false;
    if (n->kind == NODE_BREAK || n->kind == NODE_CONTINUE || n->kind == NODE_RETURN ||
        n->kind == NODE_GOTO || n->kind == NODE_OPERATOR || (n->fn && n->fn->is_noreturn))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (jumps(n->kids[i]))
            return true;
    return false;
}

/* +1, -1, or 0 if it is no step of v by one. */
static int step_of(const struct node *n, const struct variable *v)
{
    const struct node *to = n && n->n_kids ? strip(n->kids[0]) : NULL;
    if (!to || to->kind != NODE_VARIABLE || to->var != v)
        return 0;
    if (n->kind == NODE_INCDEC)
        return n->op[0] == '+' ? 1 : -1;
    if (n->kind != NODE_ASSIGN || n->n_kids != 2)
        return 0;
    const struct node *by = strip(n->kids[1]);
    if (by->kind != NODE_LITERAL || by->value != 1 || !is_number(by->type))
        return 0;
    return !strcmp(n->op, "+=") ? 1 : !strcmp(n->op, "-=") ? -1 : 0;
}

/* `for (v = a; v < b; v++)` and its like: v's first and last value. */
static bool read_loop(const struct search *s, const struct node *n, struct loop *out)
{
    if (n->kind != NODE_FOR || n->n_kids != 4)
        return false;
    const struct node *init = n->kids[0], *cond = strip(n->kids[1]), *value = NULL;
    if (init->kind == NODE_DECL && init->n_kids == 1) {
        out->var = init->var;
        value = init->kids[0];
    } else if (init->kind == NODE_ASSIGN && init->n_kids == 2 && !strcmp(init->op, "=") &&
               strip(init->kids[0])->kind == NODE_VARIABLE) {
        out->var = strip(init->kids[0])->var;
        value = init->kids[1];
    }
    int step = value ? step_of(n->kids[2], out->var) : 0;
    if (!step || !is_number(out->var->type) || out->var->is_global || jumps(n->kids[3]) ||
        is_changed(n->kids[3], out->var) || cond->kind != NODE_BINARY || cond->n_kids != 2)
        return false;
    const struct node *left = strip(cond->kids[0]);
    struct search outside = *s;
    outside.loop = NULL;
    if (left->kind != NODE_VARIABLE || left->var != out->var)
        return false;
    struct sum one = sum_of_constant(1);
    out->first = sum_of_node(&outside, value);
    out->last = sum_of_node(&outside, cond->kids[1]);
    if (!strcmp(cond->op, step > 0 ? "<" : ">"))
        out->last = sum_add(out->last, &one, -step);
    else if (strcmp(cond->op, step > 0 ? "<=" : ">=") != 0)
        return false;
    return true;
}

/* ---- accesses ---- */

/* Is index certainly below the section, or behind it? */
static bool is_outside(const struct search *s, const struct sum *index)
{
    struct sum below = sum_add(*index, &s->begin, -1), behind = sum_add(*index, &s->end, -1);
    return (below.is_known && !below.n_terms && below.constant < 0) ||
           (behind.is_known && !behind.n_terms && behind.constant >= 0);
}

static bool report_outside(const struct search *s, const struct node *n, const struct sum *index,
                           const struct sum *round)
{
    struct diag_engine *diag = s->mf->scope.diag;
    struct strbuf text = STRBUF_INIT, at = STRBUF_INIT;
    if (!is_outside(s, index))
        return false;
    sum_print(&text, index);
    diag_report(diag, warn_memo_bounds, n->range, s->mf->fn->name, s->param->name, text.buf,
                s->shape->text);
    if (round) {
        sum_print(&at, round);
        diag_report(diag, note_memo_bounds_round, n->range, s->loop->var->name, at.buf);
    }
    diag_report(diag, note_memo_bounds, s->shape->range);
    strbuf_release(&text);
    strbuf_release(&at);
    return true;
}

/* How far behind the parameter does the pointer point? */
static struct sum offset_of(const struct search *s, const struct node *n)
{
    n = strip(n);
    if (n->kind == NODE_VARIABLE)
        return n->var == s->param ? sum_of_constant(0) : unknown;
    if (n->kind != NODE_BINARY || n->n_kids != 2 || !n->type || n->type->kind != TYPE_POINTER ||
        n->kids[0]->type->kind != TYPE_POINTER)
        return unknown;
    struct sum base = offset_of(s, n->kids[0]), more = sum_of_node(s, n->kids[1]);
    return sum_add(base, &more, n->op[0] == '-' ? -1 : 1);
}

static void see_access(const struct search *s, const struct node *n)
{
    struct sum i = n->n_kids && !n->is_macro ? offset_of(s, n->kids[0]) : unknown;
    if (n->kind == NODE_INDEX) {
        struct sum index = n->n_kids == 2 ? sum_of_node(s, n->kids[1]) : unknown;
        i = sum_add(i, &index, 1);
    }
    bool is_in_loop = false;
    for (size_t k = 0; i.is_known && s->loop && k < i.n_terms; k++)
        is_in_loop |= i.terms[k].var == s->loop->var;
    if (!i.is_known)
        return;
    if (!is_in_loop) {
        report_outside(s, n, &i, NULL);
        return;
    }
    struct sum first = sum_with(i, s->loop->var, &s->loop->first);
    struct sum last = sum_with(i, s->loop->var, &s->loop->last);
    if (!report_outside(s, n, &last, &s->loop->last))
        report_outside(s, n, &first, &s->loop->first);
}

static void look(const struct search *s, const struct node *n)
{
    struct search inner = *s;
    struct loop loop;
    if (!n)
        return;
    switch (n->kind) {
    case NODE_ADDRESS: { /* &v[n] is no access */
        const struct node *of = strip(n->kids[0]);
        for (size_t i = 0; i < of->n_kids; i++)
            look(s, of->kids[i]);
        return;
    }
    case NODE_FOR:
        inner.loop = read_loop(s, n, &loop) ? &loop : NULL;
        for (size_t i = 0; i + 1 < n->n_kids; i++) {
            struct search head = *s;
            head.loop = NULL;
            look(&head, n->kids[i]);
        }
        if (n->n_kids)
            look(&inner, n->kids[n->n_kids - 1]);
        return;
    case NODE_IF:
    case NODE_COND:
    case NODE_SWITCH:
    case NODE_WHILE:
    case NODE_DO:
        inner.loop = NULL;
        break;
    case NODE_BINARY:
        if (!strcmp(n->op, "&&") || !strcmp(n->op, "||"))
            inner.loop = NULL;
        break;
    case NODE_INDEX:
    case NODE_DEREF:
        if (n->type && n->type->kind != TYPE_ARRAY)
            see_access(s, n);
        break;
    default:
        break;
    }
    for (size_t i = 0; i < n->n_kids; i++)
        look(&inner, n->kids[i]);
}

/* The only section that starts from v, `v[first : count]`, or NULL. */
static const struct shape *only_section(const struct memo_function *mf, const struct variable *v)
{
    static const enum clause_id ids[] = {CLAUSE_in, CLAUSE_inout, CLAUSE_out};
    const struct shape *found = NULL;
    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        const struct clause *c = annotation_clause(mf->annotation, ids[k]);
        for (size_t i = 0; c && i < c->n_shapes; i++) {
            const struct shape *shape = &c->shapes[i];
            const struct cexpr *root = shape->expr ? cexpr_root(shape->expr) : NULL;
            if (!root || scope_parameter(&mf->scope, root) != v)
                continue;
            if (found || shape->kind != SHAPE_OBJECT || shape->expr->kind != CEXPR_SECTION ||
                shape->expr->kids[0]->kind != CEXPR_NAME || !shape->expr->kids[2])
                return NULL;
            found = shape;
        }
    }
    return found;
}

static void check_bounds(struct memo_function *mf, const struct variable *v)
{
    struct search s = {.mf = mf, .param = v, .shape = only_section(mf, v)};
    s.body = frontend_body(mf->scope.fe, mf->fn);
    if (!s.shape || !s.body || v->type->kind != TYPE_POINTER || is_changed(s.body, v) ||
        v->type->element->kind == TYPE_VOID)
        return;
    s.begin = sum_of_cexpr(&s, s.shape->expr->kids[1]);
    s.end = sum_of_cexpr(&s, s.shape->expr->kids[2]);
    s.end = sum_add(s.end, &s.begin, 1);
    look(&s, s.body);
}

void check_shapes(struct memo_function *mf)
{
    static const enum clause_id ids[] = {CLAUSE_in, CLAUSE_inout, CLAUSE_out};
    for (size_t k = 0; k < sizeof ids / sizeof *ids; k++) {
        const struct clause *c = annotation_clause(mf->annotation, ids[k]);
        for (size_t i = 0; c && i < c->n_shapes; i++)
            check_use(mf, ids[k], &c->shapes[i]);
    }
    for (size_t i = 0; i < mf->fn->n_params; i++)
        check_bounds(mf, mf->fn->params[i]);
}

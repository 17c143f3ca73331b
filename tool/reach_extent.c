/* reach_extent.c - see reach_extent.h: one walk over the body for each pointer. */
#include "reach_extent.h"

#include <string.h>

#include "base/strbuf.h"
#include "node.h"
#include "reach_extent_private.h"

#define MAX_DEPTH 4 /* calls */
#define MAX_PARTS 24
#define MAX_RANGES 6 /* of one path */

enum mode { MODE_READ = 1, MODE_WRITE = 2, MODE_ADDRESS = 4 };

static const struct extent *scan(struct extent_scan *s, struct frontend *fe, struct function *fn,
                                 const struct variable *v, const char *path);

void extent_give_up(struct extent_scan *s)
{
    s->out->is_known = false;
}

/* ---- the pointer ---- */

/* ".a.b" of n, members of the root; NULL: another object. */
static const char *path_in_root(struct extent_scan *s, const struct node *n)
{
    if (n->kind == NODE_VARIABLE)
        return n->var == s->root ? "" : NULL;
    const struct type *t = n->n_kids ? n->kids[0]->type : NULL;
    if (n->kind != NODE_MEMBER || n->is_arrow || !t || t->kind != TYPE_RECORD ||
        t->record->is_union || !*n->name || strchr(n->name, '('))
        return NULL;
    const char *outer = path_in_root(s, node_strip(n->kids[0]));
    return outer ? arena_printf(s->arena, "%s.%s", outer, n->name) : NULL;
}

static bool is_pointer(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY);
}

long long extent_elements_in(const struct type *t)
{
    long long n = 1;
    for (; t && t->kind == TYPE_ARRAY; t = t->element)
        n = t->is_variable || t->count < 0 ? 0 : n * t->count;
    return n;
}

/* The same as a range: none for arrays of variable size. */
static struct range size_of(const struct type *t)
{
    long long n = extent_elements_in(t);
    return n ? range_number(n) : range_none();
}

static struct range elements(struct extent_scan *s, const struct node *index, const struct type *t)
{
    struct range by = extent_value(s, index), size = size_of(t);
    return range_multiply(&by, &size, s->is_positive);
}

static bool same_pointee(const struct type *a, const struct type *b)
{
    while (a && a->kind == TYPE_ARRAY)
        a = a->element;
    while (b && b->kind == TYPE_ARRAY)
        b = b->element;
    return a && b && a->kind == b->kind && a->record == b->record && a->size == b->size && a->size;
}

/* The lvalue n, an element or a row. */
static bool is_rooted_object(struct extent_scan *s, const struct node *n, struct range *at)
{
    n = node_strip(n);
    if (n->kind == NODE_DEREF && n->n_kids == 1)
        return extent_is_rooted(s, n->kids[0], at);
    if (n->kind != NODE_INDEX || n->n_kids != 2 || !extent_is_rooted(s, n->kids[0], at))
        return false;
    struct range by = elements(s, n->kids[1], n->type);
    *at = range_add(at, &by);
    return true;
}

/* Does the pointer value n come from the root? Then *at is how many elements behind it points. */
bool extent_is_rooted(struct extent_scan *s, const struct node *n, struct range *at)
{
    n = node_strip(n);
    if (!n || !is_pointer(n->type))
        return false;
    const char *path = path_in_root(s, n);
    if (path && !strcmp(path, s->root_path)) {
        *at = range_number(0);
        return true;
    }
    struct range by;
    switch (n->kind) {
    case NODE_VARIABLE:
        for (const struct extent_loop *l = s->loops; l; l = l->outer)
            if (l->var == n->var) {
                *at = l->range;
                return true;
            }
        return !n->var->is_parameter && !n->var->is_global && n->var->init &&
               n->var->type->kind == TYPE_POINTER && extent_keeps_value(s, n->var) &&
               same_pointee(n->var->type->element, s->row) && extent_is_rooted(s, n->var->init, at);
    case NODE_ADDRESS:
        return n->n_kids == 1 && is_rooted_object(s, n->kids[0], at);
    case NODE_INDEX:
    case NODE_DEREF:
        return n->type->kind == TYPE_ARRAY && is_rooted_object(s, n, at);
    case NODE_BINARY:
        if (n->n_kids != 2 || n->is_guessed || (strcmp(n->op, "+") && strcmp(n->op, "-")))
            return false;
        if (!extent_is_rooted(s, n->kids[0], at)) {
            if (*n->op == '-' || !extent_is_rooted(s, n->kids[1], at))
                return false;
            by = elements(s, n->kids[0], n->type->element);
        } else {
            by = elements(s, n->kids[1], n->type->element);
        }
        if (*n->op == '-' && by.is_ok)
            by = range_negate(&by);
        *at = range_add(at, &by);
        return true;
    default:
        return false;
    }
}

static void touched(struct extent_scan *s, const struct range *at, long long len, const char *path,
                    unsigned mode, const struct node *where)
{
    struct extent *x = s->out;
    if (!at->is_ok || mode & MODE_ADDRESS || len < 1) {
        extent_give_up(s);
        return;
    }
    struct range end = range_shift(at, len - 1);
    struct extent_part p = {range_between(at, &end), path, mode & MODE_READ, mode & MODE_WRITE,
                            where};
    struct extent_part *last = NULL; /* of that path */
    size_t n = 0;
    for (size_t i = 0; i < x->n_parts; i++) {
        struct extent_part *q = &x->parts[i];
        if (strcmp(q->path, path) != 0)
            continue;
        last = q;
        n++;
        if (range_equal(&q->range, &p.range)) {
            q->is_read |= p.is_read;
            q->is_write |= p.is_write;
            return;
        }
    }
    if (n < MAX_RANGES && x->n_parts < MAX_PARTS) {
        ARENA_PUSH(s->arena, x->parts, x->n_parts, x->cap_parts) = p;
        return;
    }
    if (!last) {
        extent_give_up(s);
        return;
    }
    /* Too many to tell apart. */
    last->range = range_union(&last->range, &p.range);
    last->is_read |= p.is_read;
    last->is_write |= p.is_write;
    if (!last->range.is_ok)
        extent_give_up(s);
}

/* ---- lvalues ---- */

static void access_part(struct extent_scan *s, const struct node *n, unsigned mode,
                        const char *path, const struct range *inner, long long len);

static bool is_prefix(const char *a, const char *b)
{
    size_t n = strlen(a);
    return !strncmp(a, b, n) && (!b[n] || b[n] == '.');
}

static void access_member(struct extent_scan *s, const struct node *n, unsigned mode,
                          const char *path)
{
    struct range at, zero = range_number(0);
    const char *longer = arena_printf(s->arena, ".%s%s", n->name, path);
    const struct type *t = n->kids[0]->type;
    if (t && n->is_arrow)
        t = t->element;
    if (!t || t->kind != TYPE_RECORD || t->record->is_union || !*n->name || strchr(n->name, '('))
        longer = "";
    const char *in_root = path_in_root(s, n);
    if (in_root) {
        /* The pointer itself changes, or its value goes who knows where. */
        if (mode == MODE_READ && (n->type && n->type->kind != TYPE_ARRAY)
                ? is_prefix(in_root, s->root_path)
                : is_prefix(in_root, s->root_path) || is_prefix(s->root_path, in_root))
            extent_give_up(s);
    } else if (!n->is_arrow) {
        access_part(s, n->kids[0], mode, longer, &zero, 1);
    } else if (extent_is_rooted(s, n->kids[0], &at)) {
        touched(s, &at, 1, longer, mode, n);
    } else {
        extent_walk(s, n->kids[0]);
    }
}

static void access_element(struct extent_scan *s, const struct node *n, unsigned mode,
                           const char *path, const struct range *inner, long long len)
{
    const struct node *base = node_strip(n->kids[0]);
    bool is_array = base->type && base->type->kind == TYPE_ARRAY &&
                    !(base->kind == NODE_VARIABLE && base->var->is_parameter);
    struct range at, by = elements(s, n->kids[1], n->type), zero = range_number(0);
    extent_walk(s, n->kids[1]);
    by = range_add(&by, inner);
    if (is_array && !by.is_ok) {
        access_part(s, base, mode, path, &zero, extent_elements_in(base->type)); /* all of it */
    } else if (is_array) {
        access_part(s, base, mode, path, &by, len);
    } else if (extent_is_rooted(s, base, &at)) {
        at = range_add(&at, &by);
        touched(s, &at, len, path, mode, n);
    } else {
        extent_walk(s, n->kids[0]);
    }
}

/* The object n, of which the elements [inner, inner + len) and in them the members `path`
 * count, is read, written, or has its address taken. */
static void access_part(struct extent_scan *s, const struct node *n, unsigned mode,
                        const char *path, const struct range *inner, long long len)
{
    struct range at;
    n = node_strip(n);
    if (n->kind == NODE_MEMBER && n->n_kids) {
        access_member(s, n, mode, path);
    } else if (n->kind == NODE_INDEX && n->n_kids == 2) {
        access_element(s, n, mode, path, inner, len);
    } else if (n->kind == NODE_DEREF && n->n_kids == 1 && extent_is_rooted(s, n->kids[0], &at)) {
        at = range_add(&at, inner);
        touched(s, &at, len, path, mode, n);
    } else if (n->kind == NODE_VARIABLE) {
        if (n->var == s->root || extent_is_rooted(s, n, &at))
            extent_give_up(s); /* changed, or its value goes who knows where */
    } else {
        for (size_t i = 0; i < n->n_kids; i++)
            extent_walk(s, n->kids[i]);
    }
}

static void access_object(struct extent_scan *s, const struct node *n, unsigned mode)
{
    struct range zero = range_number(0);
    long long len = extent_elements_in(n->type);
    bool is_value = mode == MODE_READ && n->type && n->type->kind == TYPE_ARRAY;
    access_part(s, n, is_value ? MODE_ADDRESS : mode, "", &zero, len);
}

/* ---- calls ---- */

/* The callee's extents of parameter i, with its parameters replaced by the arguments. */
static void pass(struct extent_scan *s, const struct node *call, size_t i, const struct range *at)
{
    struct function *fn = call->fn;
    bool is_weak = fn && fn->refused_attribute && !strcmp(fn->refused_attribute, "weak");
    if (!fn || !fn->has_definition || fn == s->fn || is_weak || i >= fn->n_params ||
        s->depth >= MAX_DEPTH || fn->is_variadic || fn->is_knr ||
        !is_pointer(fn->params[i]->type) || !same_pointee(fn->params[i]->type->element, s->row)) {
        extent_give_up(s);
        return;
    }
    struct extent_scan inner = {.depth = s->depth + 1};
    const struct extent *x = scan(&inner, s->fe, fn, fn->params[i], "");
    if (!x->is_known || x->wraps) {
        extent_give_up(s);
        return;
    }
    size_t n = fn->n_params;
    struct range *with = arena_alloc(s->arena, (n + 1) * sizeof *with);
    for (size_t k = 0; k < n; k++) {
        with[k] = k + 1 < call->n_kids ? extent_value(s, call->kids[k + 1]) : range_none();
        extent_must_fit(s, &with[k], fn->params[k]->type);
    }
    for (size_t k = 0; k < x->n_parts; k++) {
        struct range r = range_substitute(&x->parts[k].range, with, n, s->is_positive);
        r = range_add(&r, at);
        touched(s, &r, 1, x->parts[k].path,
                (x->parts[k].is_read ? MODE_READ : 0u) | (x->parts[k].is_write ? MODE_WRITE : 0u),
                call);
    }
}

static void walk_call(struct extent_scan *s, const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++) {
        struct range at;
        if (i && extent_is_rooted(s, n->kids[i], &at))
            pass(s, n, i - 1, &at);
        else
            extent_walk(s, n->kids[i]);
    }
}

/* ---- everything else ---- */

/* Looked at, but not followed: p == q, !p, p && ..., if (p). */
static bool is_only_tested(struct extent_scan *s, const struct node *n)
{
    struct range at;
    return n && is_pointer(node_strip(n)->type) && extent_is_rooted(s, n, &at);
}

static bool compares(const struct node *n)
{
    static const char *const ops[] = {"==", "!=", "<", ">", "<=", ">=", "&&", "||"};
    if (n->kind == NODE_UNARY)
        return !strcmp(n->op, "!");
    if (n->kind != NODE_BINARY)
        return false;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (!strcmp(n->op, ops[i]))
            return true;
    return !strcmp(n->op, "-") && !is_pointer(n->type); /* p - q */
}

static void walk_kids(struct extent_scan *s, const struct node *n, bool may_test, size_t n_tested)
{
    for (size_t i = 0; i < n->n_kids; i++)
        if (!may_test || i >= n_tested || !is_only_tested(s, n->kids[i]))
            extent_walk(s, n->kids[i]);
}

void extent_walk(struct extent_scan *s, const struct node *n)
{
    struct range at;
    if (!n || !s->out->is_known)
        return;
    switch (n->kind) {
    case NODE_VARIABLE:
    case NODE_MEMBER:
    case NODE_INDEX:
    case NODE_DEREF:
        access_object(s, n, MODE_READ);
        break;
    case NODE_ASSIGN:
        if (n->n_kids != 2) {
            extent_give_up(s);
            break;
        }
        extent_walk(s, n->kids[1]);
        access_object(s, n->kids[0], *n->op == '=' ? MODE_WRITE : MODE_READ | MODE_WRITE);
        break;
    case NODE_INCDEC:
        access_object(s, n->kids[0], MODE_READ | MODE_WRITE);
        break;
    case NODE_ADDRESS:
        access_object(s, n->kids[0], MODE_ADDRESS);
        break;
    case NODE_DECL: {
        bool is_alias = n->n_kids == 1 && n->var->type->kind == TYPE_POINTER &&
                        extent_keeps_value(s, n->var) && extent_is_rooted(s, n->kids[0], &at);
        if (!is_alias)
            walk_kids(s, n, false, 0);
        break;
    }
    case NODE_CALL:
        walk_call(s, n);
        break;
    case NODE_FOR:
        extent_walk_for(s, n);
        break;
    case NODE_IF:
    case NODE_WHILE:
    case NODE_COND:
        walk_kids(s, n, true, 1);
        break;
    case NODE_RETURN: /* what the caller does with it isn't this function's */
        walk_kids(s, n, s->depth == 0, 1);
        break;
    case NODE_UNARY:
    case NODE_BINARY:
        walk_kids(s, n, compares(n), 2);
        break;
    case NODE_CAST: {
        bool is_dropped = n->type && n->type->kind == TYPE_VOID;
        bool is_test = n->type && n->type->kind == TYPE_BOOL;
        walk_kids(s, n, is_dropped || is_test, 1);
        break;
    }
    case NODE_OPERATOR:
    case NODE_OTHER:
        for (size_t i = 0; i < n->n_kids; i++)
            if (extent_is_rooted(s, n->kids[i], &at))
                extent_give_up(s);
        walk_kids(s, n, false, 0);
        break;
    default:
        walk_kids(s, n, false, 0);
        break;
    }
}

/* ---- all of it ---- */

/* The type of the member `path` of t. */
static const struct type *type_of_path(const struct type *t, const char *path)
{
    while (*path && t && t->kind == TYPE_RECORD) {
        size_t len = strcspn(path + 1, ".");
        const struct type *inner = NULL;
        for (size_t i = 0; i < t->record->n_fields; i++) {
            const struct field *f = &t->record->fields[i];
            if (strlen(f->name) == len && !strncmp(f->name, path + 1, len))
                inner = f->type;
        }
        t = inner;
        path += len + 1;
    }
    return *path ? NULL : t;
}

static const struct extent *scan(struct extent_scan *s, struct frontend *fe, struct function *fn,
                                 const struct variable *v, const char *path)
{
    const struct node *body = frontend_body(fe, fn);
    const struct type *t = type_of_path(v->type, path);
    s->fe = fe;
    s->arena = fe->facts.arena;
    s->fn = fn;
    s->root = v;
    s->root_path = path;
    struct extent *x = s->out = ARENA_NEW(s->arena, struct extent);
    if (!body || !t || !is_pointer(t) || extent_has_odd_jumps(body, false, false))
        return x;
    s->row = x->element = t->element;
    struct strbuf base = STRBUF_INIT;
    strbuf_addf(&base, "%s%s", v->name, path);
    for (; x->element && x->element->kind == TYPE_ARRAY; x->element = x->element->element)
        strbuf_adds(&base, "[0]");
    x->base = arena_strndup(s->arena, base.buf, base.len);
    strbuf_release(&base);
    s->is_positive = arena_alloc(s->arena, fn->n_params + 1);
    for (size_t i = 0; i < fn->n_params; i++)
        s->is_positive[i] =
            extent_is_integer(fn->params[i]->type) && !extent_is_signed(fn->params[i]->type);
    extent_count_uses(s, body);
    x->is_known = x->element && x->element->is_complete && x->element->kind != TYPE_FUNCTION &&
                  (*path || extent_keeps_value(s, v));
    extent_walk(s, body);
    return x;
}

const struct extent *extent_of(struct frontend *fe, struct function *fn, const struct variable *v,
                               const char *path)
{
    struct extent_scan s = {.depth = 0};
    return scan(&s, fe, fn, v, path);
}

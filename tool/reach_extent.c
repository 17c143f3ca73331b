/* reach_extent.c - see reach_extent.h.
 *
 * One walk over the body for each pointer. What a variable may hold is known where it is a
 * parameter that nothing assigns to, the variable of a loop round the place, or a local that
 * keeps its initial value. Unsigned arithmetic could wrap where the range leaves its type:
 * conditions for that are collected. */
#include "reach_extent.h"

#include <string.h>

#include "base/strbuf.h"
#include "effects.h"
#include "stmt.h"

#define MAX_DEPTH 4 /* calls */
#define MAX_PARTS 24
#define MAX_RANGES 6 /* of one path */

/* How often the body assigns to a variable. */
struct use {
    const struct variable *var;
    unsigned n_assigned;
    bool is_exposed;
};

/* A counting loop round the place. */
struct loop {
    const struct variable *var;
    struct range range; /* of an integer; of a pointer: elements from the root */
    const struct loop *outer;
};

struct scan {
    struct frontend *fe;
    struct arena *arena;
    struct function *fn;
    const struct variable *root;
    const char *root_path;
    const struct type *row; /* what the root points to, arrays included */
    struct extent *out;
    struct use *uses;
    size_t n_uses, cap_uses;
    const struct loop *loops;
    bool *is_positive; /* parameters that can't be negative here */
    unsigned depth;
};

enum mode { MODE_READ = 1, MODE_WRITE = 2, MODE_ADDRESS = 4 };

static const struct extent *scan(struct scan *s, struct frontend *fe, struct function *fn,
                                 const struct variable *v, const char *path);
static void walk(struct scan *s, const struct node *n);
static struct range value_of(struct scan *s, const struct node *n);

static void give_up(struct scan *s)
{
    s->out->is_known = false;
}

static const struct node *strip(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->is_implicit && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

static const struct node *strip_all(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* ---- variables ---- */

static struct use *use_of(struct scan *s, const struct variable *v)
{
    for (size_t i = 0; i < s->n_uses; i++)
        if (s->uses[i].var == v)
            return &s->uses[i];
    struct use u = {.var = v};
    ARENA_PUSH(s->arena, s->uses, s->n_uses, s->cap_uses) = u;
    return &s->uses[s->n_uses - 1];
}

/* Below n: who is assigned to, whose address is taken? */
static void count_uses(struct scan *s, const struct node *n)
{
    const struct node *to = n->n_kids ? strip_all(n->kids[0]) : NULL;
    bool is_unknown = n->kind == NODE_OPERATOR || n->kind == NODE_ASM || n->kind == NODE_OTHER;
    if (to && to->kind == NODE_VARIABLE) {
        if (n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC)
            use_of(s, to->var)->n_assigned++;
        if (n->kind == NODE_ADDRESS)
            use_of(s, to->var)->is_exposed = true;
    }
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *kid = strip_all(n->kids[i]);
        if (is_unknown && kid->kind == NODE_VARIABLE)
            use_of(s, kid->var)->is_exposed = true;
        count_uses(s, n->kids[i]);
    }
}

static bool keeps_value(struct scan *s, const struct variable *v)
{
    const struct use *u = use_of(s, v);
    return !u->n_assigned && !u->is_exposed;
}

static unsigned assignments_in(const struct node *n, const struct variable *v)
{
    const struct node *to = n->n_kids ? strip_all(n->kids[0]) : NULL;
    unsigned k = 0;
    if ((n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC) && to->kind == NODE_VARIABLE)
        k = to->var == v;
    for (size_t i = 0; i < n->n_kids; i++)
        k += assignments_in(n->kids[i], v);
    return k;
}

/* Labels in loops and case labels may lead into one past its beginning; a nested function may do
 * anything at any time. */
static bool has_odd_jumps(const struct node *n, bool in_loop, bool in_switch)
{
    bool is_loop = n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
    if (n->kind == NODE_NESTED_FUNCTION || n->kind == NODE_ASM ||
        (n->kind == NODE_LABEL && in_loop) || (n->kind == NODE_CASE && in_loop && !in_switch))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_odd_jumps(n->kids[i], in_loop || is_loop,
                          n->kind == NODE_SWITCH || (in_switch && !is_loop)))
            return true;
    return false;
}

/* ---- integers ---- */

static bool is_integer(const struct type *t)
{
    return t && (t->kind == TYPE_INTEGER || t->kind == TYPE_ENUM) && t->size && t->size <= 8;
}

/* Enumerations are unsigned with gcc and clang unless a constant is negative. */
static bool is_signed(const struct type *t)
{
    return t->is_signed;
}

static void add_condition(struct scan *s, const char *text)
{
    const char *old = s->out->wraps;
    if (!old)
        s->out->wraps = text;
    else if (!strstr(old, text))
        s->out->wraps = arena_printf(s->arena, "%s || %s", old, text);
}

static bool may_be_negative(const struct scan *s, const struct range *r)
{
    for (unsigned i = 0; i < r->n_low; i++)
        for (unsigned k = 0; k < r->low[i].n; k++) {
            const struct product *p = &r->low[i].products[k];
            if (p->by < 0)
                return true;
            for (unsigned f = 0; f < p->n; f++)
                if (!s->is_positive[p->params[f]])
                    return true;
        }
    return false;
}

/* A parameter of type `from` alone, or a number, that type t holds in any case? */
static bool fits_always(const struct scan *s, const struct range *r, const struct type *t)
{
    long long low, high;
    unsigned bits = (unsigned)t->size * 8;
    if (!range_is_point(r))
        return false;
    if (sum_is_number(&r->low[0], &low)) {
        high = bits == 64 ? (long long)(~0ull >> 1) : (1ll << (bits - is_signed(t))) - 1;
        return low <= high && (low >= 0 || (is_signed(t) && low >= -high - 1));
    }
    const struct product *p = &r->low[0].products[0];
    if (r->low[0].n != 1 || p->n != 1 || p->by != 1)
        return false;
    const struct type *from = s->fn->params[p->params[0]]->type;
    if (!is_integer(from))
        return false;
    if (is_signed(from))
        return is_signed(t) && from->size <= t->size;
    return from->size < t->size || (from->size == t->size && !is_signed(t));
}

/* The value is converted to t, or computed in it: outside of its range it would be another
 * one. 64 bits hold all that can be an index. */
static void must_fit(struct scan *s, const struct range *r, const struct type *t)
{
    if (!r->is_ok || !is_integer(t) || t->size == 8 || fits_always(s, r, t))
        return;
    unsigned bits = (unsigned)t->size * 8;
    long long high = (1ll << (bits - is_signed(t))) - 1, low = is_signed(t) ? -high - 1 : 0;
    if (is_signed(t) || may_be_negative(s, r))
        add_condition(
            s, arena_printf(s->arena, "%s < %lldLL", range_low_text(s->arena, r, s->fn), low));
    long long number;
    if (r->n_high == 1 && sum_is_number(&r->high[0], &number) && number <= high)
        return;
    add_condition(s,
                  arena_printf(s->arena, "%s > %lldLL", range_high_text(s->arena, r, s->fn), high));
}

static struct range cast_value(struct scan *s, const struct node *n)
{
    const struct node *from = n->kids[0];
    if (!is_integer(n->type) || !is_integer(from->type))
        return range_none();
    struct range r = value_of(s, from);
    bool widens = is_signed(from->type) == is_signed(n->type)
                      ? n->type->size >= from->type->size
                      : n->type->size > from->type->size && !is_signed(from->type);
    if (!widens)
        must_fit(s, &r, n->type);
    return r;
}

/* x % n and x & mask: between 0 and n - 1, or mask. */
static struct range remainder_of(struct scan *s, const struct node *n)
{
    struct range x = value_of(s, n->kids[0]), y = value_of(s, n->kids[1]), zero = range_number(0);
    long long number;
    bool is_number = range_is_point(&y) && sum_is_number(&y.low[0], &number);
    if (!strcmp(n->op, "&"))
        return is_number && number >= 0 ? range_between(&zero, &y) : range_none();
    if (!range_is_point(&y) || (is_number && number <= 0))
        return range_none();
    struct range last = range_shift(&y, -1);
    bool is_unsigned = is_integer(n->type) && !is_signed(n->type);
    if (is_unsigned || (x.is_ok && !may_be_negative(s, &x)))
        return range_between(&zero, &last);
    struct range first = range_negate(&last);
    struct range both = range_between(&first, &last), other = range_between(&last, &first);
    return is_number ? both : range_union(&both, &other);
}

static struct range binary_value(struct scan *s, const struct node *n)
{
    if (n->n_kids != 2 || !is_integer(n->type))
        return range_none();
    if (!strcmp(n->op, "%") || !strcmp(n->op, "&"))
        return remainder_of(s, n);
    struct range a = value_of(s, n->kids[0]), b = value_of(s, n->kids[1]), r = range_none();
    if (!strcmp(n->op, "+")) {
        r = range_add(&a, &b);
    } else if (!strcmp(n->op, "-")) {
        b = b.is_ok ? range_negate(&b) : b;
        r = range_add(&a, &b);
    } else if (!strcmp(n->op, "*")) {
        r = range_multiply(&a, &b, s->is_positive);
    }
    if (!is_signed(n->type))
        must_fit(s, &r, n->type);
    return r;
}

static struct range variable_value(struct scan *s, const struct variable *v)
{
    if (!is_integer(v->type))
        return range_none();
    for (const struct loop *l = s->loops; l; l = l->outer)
        if (l->var == v)
            return l->range;
    if (v->is_thread_local || v->type->is_volatile || !keeps_value(s, v))
        return range_none();
    if (v->is_parameter)
        return range_parameter(v->index);
    if (v->init && (!v->is_global || v->type->is_const)) {
        struct range r = value_of(s, v->init);
        if (v->init->type && v->init->type != v->type)
            must_fit(s, &r, v->type);
        return r;
    }
    return range_none();
}

static struct range value_of(struct scan *s, const struct node *n)
{
    if (!n || !is_integer(n->type) || n->is_guessed)
        return range_none();
    switch (n->kind) {
    case NODE_LITERAL:
    case NODE_ENUMERATOR:
        return range_number(n->value);
    case NODE_VARIABLE:
        return variable_value(s, n->var);
    case NODE_CAST:
        return n->n_kids == 1 ? cast_value(s, n) : range_none();
    case NODE_UNARY: {
        struct range r = n->n_kids == 1 ? value_of(s, n->kids[0]) : range_none();
        if (r.is_ok && !strcmp(n->op, "-")) {
            r = range_negate(&r);
            if (!is_signed(n->type))
                must_fit(s, &r, n->type);
            return r;
        }
        return !strcmp(n->op, "+") ? r : range_none();
    }
    case NODE_BINARY:
        return binary_value(s, n);
    case NODE_COND: {
        if (n->n_kids != 3)
            return range_none();
        struct range a = value_of(s, n->kids[1]), b = value_of(s, n->kids[2]);
        return range_union(&a, &b);
    }
    default:
        return range_none();
    }
}

/* ---- the pointer ---- */

/* ".a.b" of n, members of the root; NULL: another object. */
static const char *path_in_root(struct scan *s, const struct node *n)
{
    if (n->kind == NODE_VARIABLE)
        return n->var == s->root ? "" : NULL;
    const struct type *t = n->n_kids ? n->kids[0]->type : NULL;
    if (n->kind != NODE_MEMBER || n->is_arrow || !t || t->kind != TYPE_RECORD ||
        t->record->is_union || !*n->name || strchr(n->name, '('))
        return NULL;
    const char *outer = path_in_root(s, strip(n->kids[0]));
    return outer ? arena_printf(s->arena, "%s.%s", outer, n->name) : NULL;
}

static bool is_pointer(const struct type *t)
{
    return t && (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY);
}

static long long elements_in(const struct type *t)
{
    long long n = 1;
    for (; t && t->kind == TYPE_ARRAY; t = t->element)
        n = t->is_variable || t->count < 0 ? 0 : n * t->count;
    return n;
}

/* The same as a range: none for arrays of variable size. */
static struct range size_of(const struct type *t)
{
    long long n = elements_in(t);
    return n ? range_number(n) : range_none();
}

static struct range elements(struct scan *s, const struct node *index, const struct type *t)
{
    struct range by = value_of(s, index), size = size_of(t);
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

static bool is_rooted(struct scan *s, const struct node *n, struct range *at);

/* The lvalue n, an element or a row. */
static bool is_rooted_object(struct scan *s, const struct node *n, struct range *at)
{
    n = strip(n);
    if (n->kind == NODE_DEREF && n->n_kids == 1)
        return is_rooted(s, n->kids[0], at);
    if (n->kind != NODE_INDEX || n->n_kids != 2 || !is_rooted(s, n->kids[0], at))
        return false;
    struct range by = elements(s, n->kids[1], n->type);
    *at = range_add(at, &by);
    return true;
}

/* Does the pointer value n come from the root? Then *at is how many elements behind it points. */
static bool is_rooted(struct scan *s, const struct node *n, struct range *at)
{
    n = strip(n);
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
        for (const struct loop *l = s->loops; l; l = l->outer)
            if (l->var == n->var) {
                *at = l->range;
                return true;
            }
        return !n->var->is_parameter && !n->var->is_global && n->var->init &&
               n->var->type->kind == TYPE_POINTER && keeps_value(s, n->var) &&
               same_pointee(n->var->type->element, s->row) && is_rooted(s, n->var->init, at);
    case NODE_ADDRESS:
        return n->n_kids == 1 && is_rooted_object(s, n->kids[0], at);
    case NODE_INDEX:
    case NODE_DEREF:
        return n->type->kind == TYPE_ARRAY && is_rooted_object(s, n, at);
    case NODE_BINARY:
        if (n->n_kids != 2 || n->is_guessed || (strcmp(n->op, "+") && strcmp(n->op, "-")))
            return false;
        if (!is_rooted(s, n->kids[0], at)) {
            if (*n->op == '-' || !is_rooted(s, n->kids[1], at))
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

static void touched(struct scan *s, const struct range *at, long long len, const char *path,
                    unsigned mode, const struct node *where)
{
    struct extent *x = s->out;
    if (!at->is_ok || mode & MODE_ADDRESS || len < 1) {
        give_up(s);
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
        give_up(s);
        return;
    }
    /* Too many to tell apart. */
    last->range = range_union(&last->range, &p.range);
    last->is_read |= p.is_read;
    last->is_write |= p.is_write;
    if (!last->range.is_ok)
        give_up(s);
}

/* ---- lvalues ---- */

static void access_part(struct scan *s, const struct node *n, unsigned mode, const char *path,
                        const struct range *inner, long long len);

static bool is_prefix(const char *a, const char *b)
{
    size_t n = strlen(a);
    return !strncmp(a, b, n) && (!b[n] || b[n] == '.');
}

static void access_member(struct scan *s, const struct node *n, unsigned mode, const char *path)
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
            give_up(s);
    } else if (!n->is_arrow) {
        access_part(s, n->kids[0], mode, longer, &zero, 1);
    } else if (is_rooted(s, n->kids[0], &at)) {
        touched(s, &at, 1, longer, mode, n);
    } else {
        walk(s, n->kids[0]);
    }
}

static void access_element(struct scan *s, const struct node *n, unsigned mode, const char *path,
                           const struct range *inner, long long len)
{
    const struct node *base = strip(n->kids[0]);
    bool is_array = base->type && base->type->kind == TYPE_ARRAY &&
                    !(base->kind == NODE_VARIABLE && base->var->is_parameter);
    struct range at, by = elements(s, n->kids[1], n->type), zero = range_number(0);
    walk(s, n->kids[1]);
    by = range_add(&by, inner);
    if (is_array && !by.is_ok) {
        access_part(s, base, mode, path, &zero, elements_in(base->type)); /* all of it */
    } else if (is_array) {
        access_part(s, base, mode, path, &by, len);
    } else if (is_rooted(s, base, &at)) {
        at = range_add(&at, &by);
        touched(s, &at, len, path, mode, n);
    } else {
        walk(s, n->kids[0]);
    }
}

/* The object n, of which the elements [inner, inner + len) and in them the members `path`
 * count, is read, written, or has its address taken. */
static void access_part(struct scan *s, const struct node *n, unsigned mode, const char *path,
                        const struct range *inner, long long len)
{
    struct range at;
    n = strip(n);
    if (n->kind == NODE_MEMBER && n->n_kids) {
        access_member(s, n, mode, path);
    } else if (n->kind == NODE_INDEX && n->n_kids == 2) {
        access_element(s, n, mode, path, inner, len);
    } else if (n->kind == NODE_DEREF && n->n_kids == 1 && is_rooted(s, n->kids[0], &at)) {
        at = range_add(&at, inner);
        touched(s, &at, len, path, mode, n);
    } else if (n->kind == NODE_VARIABLE) {
        if (n->var == s->root || is_rooted(s, n, &at))
            give_up(s); /* changed, or its value goes who knows where */
    } else {
        for (size_t i = 0; i < n->n_kids; i++)
            walk(s, n->kids[i]);
    }
}

static void access_object(struct scan *s, const struct node *n, unsigned mode)
{
    struct range zero = range_number(0);
    long long len = elements_in(n->type);
    bool is_value = mode == MODE_READ && n->type && n->type->kind == TYPE_ARRAY;
    access_part(s, n, is_value ? MODE_ADDRESS : mode, "", &zero, len);
}

/* ---- calls ---- */

/* The callee's extents of parameter i, with its parameters replaced by the arguments. */
static void pass(struct scan *s, const struct node *call, size_t i, const struct range *at)
{
    struct function *fn = call->fn;
    bool is_weak = fn && fn->refused_attribute && !strcmp(fn->refused_attribute, "weak");
    if (!fn || !fn->has_definition || fn == s->fn || is_weak || i >= fn->n_params ||
        s->depth >= MAX_DEPTH || fn->is_variadic || fn->is_knr ||
        !is_pointer(fn->params[i]->type) || !same_pointee(fn->params[i]->type->element, s->row)) {
        give_up(s);
        return;
    }
    struct scan inner = {.depth = s->depth + 1};
    const struct extent *x = scan(&inner, s->fe, fn, fn->params[i], "");
    if (!x->is_known || x->wraps) {
        give_up(s);
        return;
    }
    size_t n = fn->n_params;
    struct range *with = arena_alloc(s->arena, (n + 1) * sizeof *with);
    for (size_t k = 0; k < n; k++) {
        with[k] = k + 1 < call->n_kids ? value_of(s, call->kids[k + 1]) : range_none();
        must_fit(s, &with[k], fn->params[k]->type);
    }
    for (size_t k = 0; k < x->n_parts; k++) {
        struct range r = range_substitute(&x->parts[k].range, with, n, s->is_positive);
        r = range_add(&r, at);
        touched(s, &r, 1, x->parts[k].path,
                (x->parts[k].is_read ? MODE_READ : 0u) | (x->parts[k].is_write ? MODE_WRITE : 0u),
                call);
    }
}

static void walk_call(struct scan *s, const struct node *n)
{
    for (size_t i = 0; i < n->n_kids; i++) {
        struct range at;
        if (i && is_rooted(s, n->kids[i], &at))
            pass(s, n, i - 1, &at);
        else
            walk(s, n->kids[i]);
    }
}

/* ---- loops ---- */

struct counting {
    const struct variable *var;
    const struct node *first, *bound;
    const char *op;
    struct range step;
    bool is_down, is_unsigned;
};

static bool is_variable(const struct node *n, const struct variable *v)
{
    n = strip_all(n);
    return n && n->kind == NODE_VARIABLE && n->var == v;
}

/* The declaration or assignment of one variable. */
static bool read_init(const struct node *n, struct counting *c)
{
    while (n && n->kind == NODE_BLOCK && n->n_kids == 1)
        n = n->kids[0];
    if (!n)
        return false;
    if (n->kind == NODE_DECL && n->n_kids == 1) {
        c->var = n->var;
        c->first = n->kids[0];
        return true;
    }
    const struct node *to = n->kind == NODE_ASSIGN && n->n_kids == 2 ? strip(n->kids[0]) : NULL;
    if (!to || to->kind != NODE_VARIABLE || strcmp(n->op, "="))
        return false;
    c->var = to->var;
    c->first = n->kids[1];
    return !c->var->is_parameter && !c->var->is_global;
}

static bool read_step(struct scan *s, const struct node *n, struct counting *c)
{
    if (!n || !n->n_kids || n->is_guessed || !is_variable(n->kids[0], c->var))
        return false;
    if (n->kind == NODE_INCDEC) {
        c->is_down = !strcmp(n->op, "--");
        c->step = range_number(1);
        return true;
    }
    if (n->kind != NODE_ASSIGN || n->n_kids != 2 || (strcmp(n->op, "+=") && strcmp(n->op, "-=")))
        return false;
    c->is_down = *n->op == '-';
    c->step = value_of(s, n->kids[1]);
    return c->step.is_ok;
}

/* The comparison of the variable, alone or in a chain of &&. */
static bool read_bound(const struct node *n, struct counting *c)
{
    static const char *const turned[][2] = {{"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
    n = strip(n);
    if (!n || n->kind != NODE_BINARY || n->n_kids != 2)
        return false;
    if (!strcmp(n->op, "&&"))
        return read_bound(n->kids[0], c) || read_bound(n->kids[1], c);
    const struct type *t = n->kids[0]->type;
    c->is_unsigned = is_integer(t) && !is_signed(t);
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(n->op, turned[i][0]))
            continue;
        bool is_left = is_variable(n->kids[0], c->var);
        c->bound = n->kids[is_left ? 1 : 0];
        c->op = turned[i][is_left ? 0 : 1];
        return is_left || is_variable(n->kids[1], c->var);
    }
    return false;
}

/* The value of an integer, or of a pointer in elements. */
static struct range position_of(struct scan *s, const struct node *n, const struct variable *v)
{
    struct range at = range_none();
    if (v->type->kind != TYPE_POINTER)
        return value_of(s, n);
    return is_rooted(s, n, &at) ? at : range_none();
}

/* What the variable holds inside the body. */
static struct range counted(struct scan *s, const struct counting *c)
{
    struct range first = position_of(s, c->first, c->var);
    struct range bound = position_of(s, c->bound, c->var), r;
    bool is_strict = !c->op[1];
    long long step;
    if (!first.is_ok || !bound.is_ok)
        return range_none();
    bool is_pointer = c->var->type->kind == TYPE_POINTER;
    if (is_pointer && elements_in(c->var->type->element) != 1)
        return range_none();
    if (!range_is_point(&c->step) || !sum_is_number(&c->step.low[0], &step)) {
        add_condition(
            s, arena_printf(s->arena, "%s < 1LL", range_low_text(s->arena, &c->step, s->fn)));
    } else if (step <= 0) {
        return range_none();
    }
    /* -1 as an unsigned bound is the greatest. */
    if (c->is_unsigned && may_be_negative(s, &bound))
        add_condition(s,
                      arena_printf(s->arena, "%s < 0LL", range_low_text(s->arena, &bound, s->fn)));
    if (c->is_down && c->is_unsigned && may_be_negative(s, &first))
        add_condition(s,
                      arena_printf(s->arena, "%s < 0LL", range_low_text(s->arena, &first, s->fn)));
    if (c->is_down ? *c->op != '>' : *c->op != '<')
        return range_none();
    bound = range_shift(&bound, !is_strict ? 0 : c->is_down ? 1 : -1);
    r = c->is_down ? range_between(&bound, &first) : range_between(&first, &bound);
    if (!is_pointer)
        must_fit(s, &first, c->var->type);
    struct range step_by = c->is_down ? range_negate(&c->step) : c->step;
    struct range next = range_add(&r, &step_by);
    if (!is_pointer && c->var->type->size < 4)
        must_fit(s, &next, c->var->type);
    /* One step too many is a great number. */
    if (c->is_down && c->is_unsigned && may_be_negative(s, &next))
        add_condition(s,
                      arena_printf(s->arena, "%s < 0LL", range_low_text(s->arena, &next, s->fn)));
    return next.is_ok ? r : next;
}

/* Where the loop's body is carried out at all, its bounds say something of parameters:
 * 0 <= n - 1. */
static void learn(struct scan *s, const struct range *r)
{
    long long low, by;
    if (!r->is_ok || r->n_low != 1 || r->n_high != 1 || !sum_is_number(&r->low[0], &low))
        return;
    const struct sum *h = &r->high[0];
    struct sum rest = *h;
    if (h->n < 1 || h->n > 2 || h->products[0].n != 1 || h->products[0].by != 1)
        return;
    rest.n--;
    rest.products[0] = rest.products[1];
    if (sum_is_number(&rest, &by) && low - by >= 0)
        s->is_positive[h->products[0].params[0]] = true;
}

static void walk_for(struct scan *s, const struct node *n)
{
    struct for_parts f;
    struct counting c = {0};
    if (!stmt_for_nodes(s->fe, n, &f)) {
        give_up(s);
        return;
    }
    bool counts = read_init(f.init, &c) && f.cond && read_bound(f.cond, &c) &&
                  read_step(s, f.inc, &c) && f.body && !assignments_in(f.body, c.var) &&
                  !assignments_in(f.cond, c.var) && !use_of(s, c.var)->is_exposed;
    struct loop loop = {.range = range_none()};
    if (counts)
        loop = (struct loop){c.var, counted(s, &c), s->loops};
    if (!loop.range.is_ok) {
        for (size_t i = 0; i < n->n_kids; i++)
            walk(s, n->kids[i]);
        return;
    }
    bool is_pointer = c.var->type->kind == TYPE_POINTER;
    const struct loop *outer = s->loops;
    size_t n_params = s->fn->n_params;
    bool *positive = s->is_positive;
    if (!is_pointer)
        walk(s, f.init);
    /* In the condition the variable may stand one step further. */
    struct loop wider = loop;
    struct range further = c.is_down ? range_negate(&c.step) : c.step;
    struct range at_end = range_add(&loop.range, &further);
    struct range first = position_of(s, c.first, c.var);
    wider.range = range_union(&loop.range, &at_end);
    wider.range = range_union(&wider.range, &first);
    s->loops = &wider;
    if (!is_pointer)
        walk(s, f.cond);
    s->loops = &loop;
    s->is_positive = arena_alloc(s->arena, n_params + 1);
    memcpy(s->is_positive, positive, n_params);
    learn(s, &loop.range);
    walk(s, f.body);
    s->loops = outer;
    s->is_positive = positive;
}

/* ---- everything else ---- */

/* Looked at, but not followed: p == q, !p, p && ..., if (p). */
static bool is_only_tested(struct scan *s, const struct node *n)
{
    struct range at;
    return n && is_pointer(strip(n)->type) && is_rooted(s, n, &at);
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

static void walk_kids(struct scan *s, const struct node *n, bool may_test, size_t n_tested)
{
    for (size_t i = 0; i < n->n_kids; i++)
        if (!may_test || i >= n_tested || !is_only_tested(s, n->kids[i]))
            walk(s, n->kids[i]);
}

static void walk(struct scan *s, const struct node *n)
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
            give_up(s);
            break;
        }
        walk(s, n->kids[1]);
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
                        keeps_value(s, n->var) && is_rooted(s, n->kids[0], &at);
        if (!is_alias)
            walk_kids(s, n, false, 0);
        break;
    }
    case NODE_CALL:
        walk_call(s, n);
        break;
    case NODE_FOR:
        walk_for(s, n);
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
            if (is_rooted(s, n->kids[i], &at))
                give_up(s);
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

static const struct extent *scan(struct scan *s, struct frontend *fe, struct function *fn,
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
    if (!body || !t || !is_pointer(t) || has_odd_jumps(body, false, false))
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
        s->is_positive[i] = is_integer(fn->params[i]->type) && !is_signed(fn->params[i]->type);
    count_uses(s, body);
    x->is_known = x->element && x->element->is_complete && x->element->kind != TYPE_FUNCTION &&
                  (*path || keeps_value(s, v));
    walk(s, body);
    return x;
}

const struct extent *extent_of(struct frontend *fe, struct function *fn, const struct variable *v,
                               const char *path)
{
    struct scan s = {.depth = 0};
    return scan(&s, fe, fn, v, path);
}

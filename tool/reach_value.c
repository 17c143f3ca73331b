/* reach_value.c - what integers in a body may be; see reach_extent_private.h.
 *
 * It is known of parameters that nothing assigns to, of the variables of loops round the place,
 * and of locals that keep their initial value. Where a range leaves the type of unsigned
 * arithmetic, C's values would be others: conditions for that are collected. */
#include <string.h>

#include "reach_extent_private.h"

const struct node *extent_strip_all(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids == 1)
        n = n->kids[0];
    return n;
}

/* ---- variables ---- */

struct extent_use *extent_use_of(struct extent_scan *s, const struct variable *v)
{
    for (size_t i = 0; i < s->n_uses; i++)
        if (s->uses[i].var == v)
            return &s->uses[i];
    struct extent_use u = {.var = v};
    ARENA_PUSH(s->arena, s->uses, s->n_uses, s->cap_uses) = u;
    return &s->uses[s->n_uses - 1];
}

/* Below n: who is assigned to, whose address is taken? */
void extent_count_uses(struct extent_scan *s, const struct node *n)
{
    const struct node *to = n->n_kids ? extent_strip_all(n->kids[0]) : NULL;
    bool is_unknown = n->kind == NODE_OPERATOR || n->kind == NODE_ASM || n->kind == NODE_OTHER;
    if (to && to->kind == NODE_VARIABLE) {
        if (n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC)
            extent_use_of(s, to->var)->n_assigned++;
        if (n->kind == NODE_ADDRESS)
            extent_use_of(s, to->var)->is_exposed = true;
    }
    for (size_t i = 0; i < n->n_kids; i++) {
        const struct node *kid = extent_strip_all(n->kids[i]);
        if (is_unknown && kid->kind == NODE_VARIABLE)
            extent_use_of(s, kid->var)->is_exposed = true;
        extent_count_uses(s, n->kids[i]);
    }
}

bool extent_keeps_value(struct extent_scan *s, const struct variable *v)
{
    const struct extent_use *u = extent_use_of(s, v);
    return !u->n_assigned && !u->is_exposed;
}

unsigned extent_assignments(const struct node *n, const struct variable *v)
{
    const struct node *to = n->n_kids ? extent_strip_all(n->kids[0]) : NULL;
    unsigned k = 0;
    if ((n->kind == NODE_ASSIGN || n->kind == NODE_INCDEC) && to->kind == NODE_VARIABLE)
        k = to->var == v;
    for (size_t i = 0; i < n->n_kids; i++)
        k += extent_assignments(n->kids[i], v);
    return k;
}

/* Labels in loops and case labels may lead into one past its beginning; a nested function may do
 * anything at any time. */
bool extent_has_odd_jumps(const struct node *n, bool in_loop, bool in_switch)
{
    bool is_loop = n->kind == NODE_FOR || n->kind == NODE_WHILE || n->kind == NODE_DO;
    if (n->kind == NODE_NESTED_FUNCTION || n->kind == NODE_ASM ||
        (n->kind == NODE_LABEL && in_loop) || (n->kind == NODE_CASE && in_loop && !in_switch))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (extent_has_odd_jumps(n->kids[i], in_loop || is_loop,
                                 n->kind == NODE_SWITCH || (in_switch && !is_loop)))
            return true;
    return false;
}

/* ---- integers ---- */

bool extent_is_integer(const struct type *t)
{
    return t && (t->kind == TYPE_INTEGER || t->kind == TYPE_ENUM) && t->size && t->size <= 8;
}

/* Enumerations are unsigned with gcc and clang unless a constant is negative. */
bool extent_is_signed(const struct type *t)
{
    return t->is_signed;
}

void extent_add_condition(struct extent_scan *s, const char *text)
{
    const char *old = s->out->wraps;
    if (!old)
        s->out->wraps = text;
    else if (!strstr(old, text))
        s->out->wraps = arena_printf(s->arena, "%s || %s", old, text);
}

bool extent_may_be_negative(const struct extent_scan *s, const struct range *r)
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
static bool fits_always(const struct extent_scan *s, const struct range *r, const struct type *t)
{
    long long low, high;
    unsigned bits = (unsigned)t->size * 8;
    if (!range_is_point(r))
        return false;
    if (sum_is_number(&r->low[0], &low)) {
        high = bits == 64 ? (long long)(~0ull >> 1) : (1ll << (bits - extent_is_signed(t))) - 1;
        return low <= high && (low >= 0 || (extent_is_signed(t) && low >= -high - 1));
    }
    const struct product *p = &r->low[0].products[0];
    if (r->low[0].n != 1 || p->n != 1 || p->by != 1)
        return false;
    const struct type *from = s->fn->params[p->params[0]]->type;
    if (!extent_is_integer(from))
        return false;
    if (extent_is_signed(from))
        return extent_is_signed(t) && from->size <= t->size;
    return from->size < t->size || (from->size == t->size && !extent_is_signed(t));
}

/* The value is converted to t, or computed in it: outside of its range it would be another
 * one. 64 bits hold all that can be an index. */
void extent_must_fit(struct extent_scan *s, const struct range *r, const struct type *t)
{
    if (!r->is_ok || !extent_is_integer(t) || t->size == 8 || fits_always(s, r, t))
        return;
    unsigned bits = (unsigned)t->size * 8;
    long long high = (1ll << (bits - extent_is_signed(t))) - 1,
              low = extent_is_signed(t) ? -high - 1 : 0;
    if (extent_is_signed(t) || extent_may_be_negative(s, r))
        extent_add_condition(
            s, arena_printf(s->arena, "%s < %lldLL", range_low_text(s->arena, r, s->fn), low));
    long long number;
    if (r->n_high == 1 && sum_is_number(&r->high[0], &number) && number <= high)
        return;
    extent_add_condition(
        s, arena_printf(s->arena, "%s > %lldLL", range_high_text(s->arena, r, s->fn), high));
}

static struct range cast_value(struct extent_scan *s, const struct node *n)
{
    const struct node *from = n->kids[0];
    if (!extent_is_integer(n->type) || !extent_is_integer(from->type))
        return range_none();
    struct range r = extent_value(s, from);
    bool widens = extent_is_signed(from->type) == extent_is_signed(n->type)
                      ? n->type->size >= from->type->size
                      : n->type->size > from->type->size && !extent_is_signed(from->type);
    if (!widens)
        extent_must_fit(s, &r, n->type);
    return r;
}

/* x % n and x & mask: between 0 and n - 1, or mask. */
static struct range remainder_of(struct extent_scan *s, const struct node *n)
{
    struct range x = extent_value(s, n->kids[0]), y = extent_value(s, n->kids[1]),
                 zero = range_number(0);
    long long number;
    bool is_number = range_is_point(&y) && sum_is_number(&y.low[0], &number);
    if (!strcmp(n->op, "&"))
        return is_number && number >= 0 ? range_between(&zero, &y) : range_none();
    if (!range_is_point(&y) || (is_number && number <= 0))
        return range_none();
    struct range last = range_shift(&y, -1);
    bool is_unsigned = extent_is_integer(n->type) && !extent_is_signed(n->type);
    if (is_unsigned || (x.is_ok && !extent_may_be_negative(s, &x)))
        return range_between(&zero, &last);
    struct range first = range_negate(&last);
    struct range both = range_between(&first, &last), other = range_between(&last, &first);
    return is_number ? both : range_union(&both, &other);
}

static struct range binary_value(struct extent_scan *s, const struct node *n)
{
    if (n->n_kids != 2 || !extent_is_integer(n->type))
        return range_none();
    if (!strcmp(n->op, "%") || !strcmp(n->op, "&"))
        return remainder_of(s, n);
    struct range a = extent_value(s, n->kids[0]), b = extent_value(s, n->kids[1]), r = range_none();
    if (!strcmp(n->op, "+")) {
        r = range_add(&a, &b);
    } else if (!strcmp(n->op, "-")) {
        b = b.is_ok ? range_negate(&b) : b;
        r = range_add(&a, &b);
    } else if (!strcmp(n->op, "*")) {
        r = range_multiply(&a, &b, s->is_positive);
    }
    if (!extent_is_signed(n->type))
        extent_must_fit(s, &r, n->type);
    return r;
}

static struct range variable_value(struct extent_scan *s, const struct variable *v)
{
    if (!extent_is_integer(v->type))
        return range_none();
    for (const struct extent_loop *l = s->loops; l; l = l->outer)
        if (l->var == v)
            return l->range;
    if (v->is_thread_local || v->type->is_volatile || !extent_keeps_value(s, v))
        return range_none();
    if (v->is_parameter)
        return range_parameter(v->index);
    if (v->init && (!v->is_global || v->type->is_const)) {
        struct range r = extent_value(s, v->init);
        if (v->init->type && v->init->type != v->type)
            extent_must_fit(s, &r, v->type);
        return r;
    }
    return range_none();
}

struct range extent_value(struct extent_scan *s, const struct node *n)
{
    if (!n || !extent_is_integer(n->type) || n->is_guessed)
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
        struct range r = n->n_kids == 1 ? extent_value(s, n->kids[0]) : range_none();
        if (r.is_ok && !strcmp(n->op, "-")) {
            r = range_negate(&r);
            if (!extent_is_signed(n->type))
                extent_must_fit(s, &r, n->type);
            return r;
        }
        return !strcmp(n->op, "+") ? r : range_none();
    }
    case NODE_BINARY:
        return binary_value(s, n);
    case NODE_COND: {
        if (n->n_kids != 3)
            return range_none();
        struct range a = extent_value(s, n->kids[1]), b = extent_value(s, n->kids[2]);
        return range_union(&a, &b);
    }
    default:
        return range_none();
    }
}

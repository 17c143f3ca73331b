/* affine_loop.c - expressions and loops of the program as polynomials. */
#include <string.h>

#include "affine.h"
#include "stmt.h"
#include "touch_private.h"

#define MAX_DEPTH 12

struct reading {
    struct touch_scope *s;
    unsigned depth;
};

static struct affine unknown(void)
{
    return (struct affine){.is_known = false};
}

static struct affine_range range_of_type(const struct type *t)
{
    struct affine_range all = {-AFFINE_INFINITY, AFFINE_INFINITY};
    if (!t || !t->size || t->size > 8)
        return all;
    if (t->kind == TYPE_BOOL)
        return (struct affine_range){0, 1};
    if (t->kind != TYPE_INTEGER)
        return all;
    if (t->size == 8) /* of unsigned ones the greatest act as negative numbers in an address */
        return all;
    long long half = 1LL << (t->size * 8 - 1);
    return t->is_signed ? (struct affine_range){-half, half - 1}
                        : (struct affine_range){0, 2 * half - 1};
}

struct affine_range affine_type_range(const struct variable *v)
{
    return range_of_type(v->type);
}

/* ---- the range of a variable in sight of its loop ---- */

static struct affine read_node(struct reading *r, const struct node *n);

/* A constant bound by the loop whose variable it is would need its loop: that is looked for
 * by whoever compares subscripts. Here a type's values, or those of a loop's header. */
static struct affine_range any_value(void *arg, struct affine_factor f)
{
    struct reading *r = arg;
    struct affine_range range = affine_type_range(f.var);
    const struct variable_facts *facts = touch_facts(r->s, f.var);
    struct affine_loop loop;
    if (r->depth > MAX_DEPTH || !facts->block || facts->block->kind != NODE_FOR)
        return range;
    r->depth += 4;
    long long k;
    if (affine_loop_of(r->s, facts->block, &loop) && loop.var == f.var) {
        if (affine_is_constant(&loop.lowest, &k) && k > range.min)
            range.min = k;
        /* One past the end is the value in the header. */
        if (affine_is_constant(&loop.end, &k) && loop.step > 0 && k + loop.step < range.max)
            range.max = k + loop.step;
        if (affine_is_constant(&loop.end, &k) && loop.step < 0 && k < range.max)
            range.max = k;
        if (loop.step < 0 && affine_is_constant(&loop.lowest, &k))
            range.min = k + loop.step > affine_type_range(f.var).min ? k + loop.step
                                                                     : affine_type_range(f.var).min;
    }
    r->depth -= 4;
    return range;
}

/* Does a value of the type have the polynomial's value? Of signed arithmetic, and of 64 bits,
 * yes. */
static struct affine as_type(struct reading *r, struct affine a, const struct type *t,
                             bool is_conversion)
{
    if (!a.is_known || !t || t->kind != TYPE_INTEGER || !t->size)
        return unknown();
    if (t->size >= 8 || (t->is_signed && !is_conversion))
        return a;
    struct affine_range limits = range_of_type(t), range = affine_range(&a, any_value, r);
    return range.min >= limits.min && range.max <= limits.max ? a : unknown();
}

/* The same of a value of type `from`. */
static struct affine converted(struct reading *r, struct affine a, const struct type *from,
                               const struct type *to)
{
    bool is_wider =
        from && to && from->kind == TYPE_INTEGER && to->kind == TYPE_INTEGER &&
        from->size <= to->size &&
        (from->is_signed == to->is_signed || (!from->is_signed && from->size < to->size));
    return is_wider ? a : as_type(r, a, to, true);
}

static struct affine read_binary(struct reading *r, const struct node *n)
{
    if (n->n_kids != 2 || n->is_guessed || !n->type || n->type->kind != TYPE_INTEGER)
        return unknown();
    struct affine a = read_node(r, n->kids[0]), b, out;
    if (!a.is_known)
        return unknown();
    b = read_node(r, n->kids[1]);
    long long k;
    if (!strcmp(n->op, "+"))
        out = affine_sum(&a, &b, 1);
    else if (!strcmp(n->op, "-"))
        out = affine_sum(&a, &b, -1);
    else if (!strcmp(n->op, "*"))
        out = affine_product(&a, &b);
    else if (!strcmp(n->op, "<<") && affine_is_constant(&b, &k) && k >= 0 && k < 31)
        b = affine_constant(1LL << k), out = affine_product(&a, &b);
    else
        return unknown();
    return as_type(r, out, n->type, false);
}

static struct affine read_variable(struct reading *r, const struct node *n)
{
    const struct variable *v = n->var;
    const struct type *t = v->type;
    if ((t->kind != TYPE_INTEGER && t->kind != TYPE_BOOL) || t->is_volatile || t->is_atomic)
        return unknown();
    const struct variable_facts *f = touch_facts(r->s, v);
    bool is_once = !v->is_global && !v->is_parameter && !f->is_exposed && f->n_assigned == 1 &&
                   f->assigned[0]->kind == NODE_DECL && t->kind == TYPE_INTEGER;
    if (is_once && r->depth < MAX_DEPTH && touch_keeps_value(r->s, f->assigned[0]->kids[0], v)) {
        r->depth++;
        struct affine a = read_node(r, f->assigned[0]->kids[0]);
        a = converted(r, a, f->assigned[0]->kids[0]->type, t);
        r->depth--;
        if (a.is_known)
            return a;
    }
    return affine_variable(v, 0);
}

static struct affine read_node(struct reading *r, const struct node *n)
{
    long long k;
    struct affine a;
    if (touch_constant(n, &k))
        return affine_constant(k);
    switch (n->kind) {
    case NODE_VARIABLE:
        return read_variable(r, n);
    case NODE_CAST:
        if (n->n_kids != 1 || !n->kids[0]->type)
            return unknown();
        a = read_node(r, n->kids[0]);
        return converted(r, a, n->kids[0]->type, n->type);
    case NODE_BINARY:
        return read_binary(r, n);
    case NODE_UNARY:
        if (n->n_kids != 1 || n->is_guessed || (strcmp(n->op, "-") != 0 && strcmp(n->op, "+") != 0))
            return unknown();
        a = read_node(r, n->kids[0]);
        if (n->op[0] == '-') {
            struct affine none = affine_constant(0);
            a = affine_sum(&none, &a, -1);
        }
        return as_type(r, a, n->type, false);
    default:
        return unknown();
    }
}

struct affine affine_of(struct touch_scope *s, const struct node *n)
{
    struct reading r = {.s = s};
    return n ? read_node(&r, n) : unknown();
}

/* ---- loops ---- */

static const struct node *without_casts(const struct node *n)
{
    while (n && n->kind == NODE_CAST && n->n_kids)
        n = n->kids[0];
    return n;
}

static bool is_variable(const struct node *n, const struct variable *v)
{
    n = without_casts(n);
    return n && n->kind == NODE_VARIABLE && n->var == v;
}

/* What `i++`, `i += 2`, `i = i - 1` add. */
static bool step_of(const struct node *inc, const struct variable *v, long long *step)
{
    if (inc->is_guessed)
        return false;
    if (inc->kind == NODE_INCDEC && inc->n_kids && is_variable(inc->kids[0], v)) {
        *step = inc->op[0] == '+' ? 1 : -1;
        return true;
    }
    if (inc->kind != NODE_ASSIGN || inc->n_kids != 2 || !is_variable(inc->kids[0], v))
        return false;
    const struct node *by = inc->kids[1];
    bool is_minus = inc->op[0] == '-';
    if (!strcmp(inc->op, "=")) {
        by = without_casts(by);
        if (by->kind != NODE_BINARY || by->n_kids != 2 || by->is_guessed)
            return false;
        is_minus = !strcmp(by->op, "-");
        if (!is_minus && strcmp(by->op, "+") != 0)
            return false;
        bool is_left = is_variable(by->kids[0], v);
        if (!is_left && (is_minus || !is_variable(by->kids[1], v)))
            return false;
        by = by->kids[is_left ? 1 : 0];
    } else if (strcmp(inc->op, "+=") != 0 && strcmp(inc->op, "-=") != 0) {
        return false;
    }
    if (!touch_constant(by, step) || *step == 0 || *step > 65536 || *step < -65536)
        return false;
    *step = is_minus ? -*step : *step;
    return true;
}

/* Is it entered by its beginning only? */
static bool has_entry(const struct node *n, bool in_switch)
{
    if (n->kind == NODE_LABEL || (n->kind == NODE_CASE && !in_switch))
        return true;
    for (size_t i = 0; i < n->n_kids; i++)
        if (has_entry(n->kids[i], in_switch || n->kind == NODE_SWITCH))
            return true;
    return false;
}

static size_t n_assigned_in(struct touch_scope *s, const struct variable *v, const struct node *n)
{
    const struct variable_facts *f = touch_facts(s, v);
    size_t count = 0;
    for (size_t i = 0; i < f->n_assigned; i++)
        count += touch_is_inside(f->assigned[i], n);
    return count;
}

struct bound {
    const char *op; /* with the variable on the left */
    const struct node *node;
    const struct type *type; /* in which the two are compared */
};

static bool bound_of(const struct node *cond, const struct variable *v, struct bound *out)
{
    static const char *const mirrored[][2] = {
        {"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}, {"!=", "!="}};
    cond = without_casts(cond);
    if (cond->kind == NODE_BINARY && cond->n_kids == 2 && !strcmp(cond->op, "&&"))
        return bound_of(cond->kids[0], v, out) || bound_of(cond->kids[1], v, out);
    if (cond->kind != NODE_BINARY || cond->n_kids != 2)
        return false;
    bool is_left = is_variable(cond->kids[0], v);
    if (!is_left && !is_variable(cond->kids[1], v))
        return false;
    out->type = cond->kids[is_left ? 0 : 1]->type;
    out->node = cond->kids[is_left ? 1 : 0];
    for (size_t i = 0; i < sizeof mirrored / sizeof *mirrored; i++)
        if (!strcmp(cond->op, mirrored[i][0])) {
            out->op = mirrored[i][is_left ? 0 : 1];
            return true;
        }
    return false;
}

/* Can the variable never wrap round, so that it takes each value once, in order? */
static bool is_monotonous(struct reading *r, const struct affine_loop *l, const struct bound *b)
{
    const struct type *t = l->var->type;
    if (t->size >= 8 || (t->is_signed && t->size >= 4))
        return true;
    if (!b->node || !strcmp(b->op, "!="))
        return false;
    struct affine_range limits = range_of_type(t);
    struct affine a = read_node(r, b->node);
    struct affine_range range = affine_range(&a, any_value, r), of_type;
    of_type = range_of_type(without_casts(b->node)->type);
    range.min = of_type.min > range.min ? of_type.min : range.min;
    range.max = of_type.max < range.max ? of_type.max : range.max;
    long long last = b->op[1] ? 0 : 1; /* `<`: the bound itself isn't reached in the body */
    if (l->step > 0)
        return *b->op == '<' && range.max - last + l->step <= limits.max;
    return *b->op == '>' && range.min + last + l->step >= limits.min;
}

static long long least(struct reading *r, const struct affine *a)
{
    return affine_range(a, any_value, r).min;
}

static struct affine limit_of(struct reading *r, const struct affine_loop *l, const struct bound *b)
{
    /* A comparison as unsigned says something else of what is negative. */
    bool is_plain = b->node && b->type && b->type->kind == TYPE_INTEGER &&
                    (b->type->is_signed || !l->var->type->is_signed);
    struct affine limit = is_plain ? read_node(r, b->node) : unknown();
    if (!l->var->type->is_signed && least(r, &limit) < 0)
        return unknown(); /* n - 1, which is huge where n is 0 */
    return limit;
}

static void find_limits(struct reading *r, struct affine_loop *l, const struct node *first,
                        const struct bound *b)
{
    struct affine start = first ? read_node(r, first) : unknown(), limit = limit_of(r, l, b);
    struct affine one = affine_constant(1), way;
    if (first)
        start = converted(r, start, first->type, l->var->type);
    bool is_unsigned = !l->var->type->is_signed, is_up = l->step > 0;
    bool is_equal = b->node && b->op[1] == '=' && b->op[0] != '!';
    way = is_up ? affine_sum(&limit, &start, -1) : affine_sum(&start, &limit, -1);
    /* `!=` holds for ever if the bound lies behind the beginning. */
    bool has_bound =
        *b->op == (is_up ? '<' : '>') ||
        (!strcmp(b->op, "!=") && (l->step == 1 || l->step == -1) && least(r, &way) >= 0);
    l->lowest = l->end = unknown();
    if (is_up) {
        l->lowest = start;
        if (has_bound)
            l->end = is_equal ? affine_sum(&limit, &one, 1) : limit;
        return;
    }
    if (is_unsigned && least(r, &start) < 0)
        return;
    l->end = affine_sum(&start, &one, 1);
    limit = is_equal ? limit : affine_sum(&limit, &one, 1);
    /* The step below the last may wrap round, and be large again. */
    if (has_bound && (!is_unsigned || least(r, &limit) + l->step >= 0))
        l->lowest = limit;
}

/* Is there a step of a variable of which the condition speaks? Commas are looked through. */
static const struct variable *find_variable(const struct node *inc, const struct node *cond,
                                            long long *step)
{
    const struct variable *v = NULL;
    struct bound b;
    inc = without_casts(inc);
    if (inc->kind == NODE_BINARY && !strcmp(inc->op, ",") && inc->n_kids == 2) {
        v = find_variable(inc->kids[0], cond, step);
        return v ? v : find_variable(inc->kids[1], cond, step);
    }
    if ((inc->kind == NODE_INCDEC || inc->kind == NODE_ASSIGN) && inc->n_kids)
        v = touch_root(inc->kids[0]);
    bool is_it = v && step_of(inc, v, step) && (!cond || bound_of(cond, v, &b));
    return is_it ? v : NULL;
}

/* What the loop's beginning gives v, or NULL. */
static const struct node *first_of(const struct node *init, const struct variable *v)
{
    const struct node *found = NULL;
    if (!init)
        return NULL;
    if (init->kind == NODE_DECL)
        return init->var == v && init->n_kids ? init->kids[0] : NULL;
    if (init->kind == NODE_ASSIGN && init->n_kids == 2 && !strcmp(init->op, "=") &&
        is_variable(init->kids[0], v))
        return init->kids[1];
    bool is_list = init->kind == NODE_BLOCK || (init->kind == NODE_BINARY && *init->op == ',');
    for (size_t i = 0; is_list && i < init->n_kids && !found; i++)
        found = first_of(init->kids[i], v);
    return found;
}

bool affine_loop_of(struct touch_scope *s, const struct node *loop, struct affine_loop *out)
{
    struct for_parts parts;
    if (loop->kind != NODE_FOR || ((struct touch_data *)s->data)->goes_back ||
        !stmt_for_nodes(s->fe, loop, &parts) || !parts.inc || !parts.body)
        return false;
    *out = (struct affine_loop){.loop = loop, .body = parts.body};
    const struct variable *v = out->var = find_variable(parts.inc, parts.cond, &out->step);
    if (!v || v->is_global || v->type->kind != TYPE_INTEGER || v->type->size > 8 ||
        v->type->is_volatile || v->type->is_atomic || touch_is_exposed(s, v))
        return false;
    const struct node *first = first_of(parts.init, v);
    if (n_assigned_in(s, v, loop) != (first ? 2 : 1) || has_entry(loop, false))
        return false;
    struct reading r = {.s = s, .depth = 4};
    struct bound b = {.op = ""};
    if (parts.cond && !bound_of(parts.cond, v, &b))
        b = (struct bound){.op = ""};
    if (!is_monotonous(&r, out, &b))
        return false;
    find_limits(&r, out, first, &b);
    return true;
}

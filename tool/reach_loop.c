/* reach_loop.c - counting loops: what their variables hold inside; see reach_extent_private.h. */
#include <string.h>

#include "node.h"
#include "reach_extent_private.h"
#include "stmt.h"

struct counting {
    const struct variable *var;
    const struct node *first, *bound;
    const char *op;
    struct range step;
    bool is_down, is_unsigned;
};

static bool is_variable(const struct node *n, const struct variable *v)
{
    n = extent_strip_all(n);
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
    const struct node *to =
        n->kind == NODE_ASSIGN && n->n_kids == 2 ? node_strip(n->kids[0]) : NULL;
    if (!to || to->kind != NODE_VARIABLE || strcmp(n->op, "="))
        return false;
    c->var = to->var;
    c->first = n->kids[1];
    return !c->var->is_parameter && !c->var->is_global;
}

static bool read_step(struct extent_scan *s, const struct node *n, struct counting *c)
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
    c->step = extent_value(s, n->kids[1]);
    return c->step.is_ok;
}

/* The comparison of the variable, alone or in a chain of &&. */
static bool read_bound(const struct node *n, struct counting *c)
{
    static const char *const turned[][2] = {{"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
    n = node_strip(n);
    if (!n || n->kind != NODE_BINARY || n->n_kids != 2)
        return false;
    if (!strcmp(n->op, "&&"))
        return read_bound(n->kids[0], c) || read_bound(n->kids[1], c);
    const struct type *t = n->kids[0]->type;
    c->is_unsigned = extent_is_integer(t) && !extent_is_signed(t);
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
static struct range position_of(struct extent_scan *s, const struct node *n,
                                const struct variable *v)
{
    struct range at = range_none();
    if (v->type->kind != TYPE_POINTER)
        return extent_value(s, n);
    return extent_is_rooted(s, n, &at) ? at : range_none();
}

/* What the variable holds inside the body. */
static struct range counted(struct extent_scan *s, const struct counting *c)
{
    struct range first = position_of(s, c->first, c->var);
    struct range bound = position_of(s, c->bound, c->var), r;
    bool is_strict = !c->op[1];
    long long step;
    if (!first.is_ok || !bound.is_ok)
        return range_none();
    bool is_pointer = c->var->type->kind == TYPE_POINTER;
    if (is_pointer && extent_elements_in(c->var->type->element) != 1)
        return range_none();
    if (!range_is_point(&c->step) || !sum_is_number(&c->step.low[0], &step)) {
        extent_add_condition(
            s, arena_printf(s->arena, "%s < 1LL", range_low_text(s->arena, &c->step, s->fn)));
    } else if (step <= 0) {
        return range_none();
    }
    /* -1 as an unsigned bound is the greatest. */
    if (c->is_unsigned && extent_may_be_negative(s, &bound))
        extent_add_condition(
            s, arena_printf(s->arena, "%s < 0LL", range_low_text(s->arena, &bound, s->fn)));
    if (c->is_down && c->is_unsigned && extent_may_be_negative(s, &first))
        extent_add_condition(
            s, arena_printf(s->arena, "%s < 0LL", range_low_text(s->arena, &first, s->fn)));
    if (c->is_down ? *c->op != '>' : *c->op != '<')
        return range_none();
    bound = range_shift(&bound, !is_strict ? 0 : c->is_down ? 1 : -1);
    r = c->is_down ? range_between(&bound, &first) : range_between(&first, &bound);
    if (!is_pointer)
        extent_must_fit(s, &first, c->var->type);
    struct range step_by = c->is_down ? range_negate(&c->step) : c->step;
    struct range next = range_add(&r, &step_by);
    if (!is_pointer && c->var->type->size < 4)
        extent_must_fit(s, &next, c->var->type);
    /* One step too many is a great number. */
    if (c->is_down && c->is_unsigned && extent_may_be_negative(s, &next))
        extent_add_condition(
            s, arena_printf(s->arena, "%s < 0LL", range_low_text(s->arena, &next, s->fn)));
    return next.is_ok ? r : next;
}

/* Where the loop's body is carried out at all, its bounds say something of parameters:
 * 0 <= n - 1. */
static void learn(struct extent_scan *s, const struct range *r)
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

void extent_walk_for(struct extent_scan *s, const struct node *n)
{
    struct for_parts f;
    struct counting c = {0};
    if (!stmt_for_nodes(s->fe, n, &f)) {
        extent_give_up(s);
        return;
    }
    bool counts = read_init(f.init, &c) && f.cond && read_bound(f.cond, &c) &&
                  read_step(s, f.inc, &c) && f.body && !extent_assignments(f.body, c.var) &&
                  !extent_assignments(f.cond, c.var) && !extent_use_of(s, c.var)->is_exposed;
    struct extent_loop loop = {.range = range_none()};
    if (counts)
        loop = (struct extent_loop){c.var, counted(s, &c), s->loops};
    if (!loop.range.is_ok) {
        for (size_t i = 0; i < n->n_kids; i++)
            extent_walk(s, n->kids[i]);
        return;
    }
    bool is_pointer = c.var->type->kind == TYPE_POINTER;
    const struct extent_loop *outer = s->loops;
    size_t n_params = s->fn->n_params;
    bool *positive = s->is_positive;
    if (!is_pointer)
        extent_walk(s, f.init);
    /* In the condition the variable may stand one step further. */
    struct extent_loop wider = loop;
    struct range further = c.is_down ? range_negate(&c.step) : c.step;
    struct range at_end = range_add(&loop.range, &further);
    struct range first = position_of(s, c.first, c.var);
    wider.range = range_union(&loop.range, &at_end);
    wider.range = range_union(&wider.range, &first);
    s->loops = &wider;
    if (!is_pointer)
        extent_walk(s, f.cond);
    s->loops = &loop;
    s->is_positive = arena_alloc(s->arena, n_params + 1);
    memcpy(s->is_positive, positive, n_params);
    learn(s, &loop.range);
    extent_walk(s, f.body);
    s->loops = outer;
    s->is_positive = positive;
}

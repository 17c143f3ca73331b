/* depend_index.c - parts of one object: members and subscripts.
 *
 * The earlier touch happened in some iteration, the later one happens in another, or in the same:
 * for each loop that may have carried on in between (all outside it stand still, all inside
 * have gone on anyhow), and for the same iteration, the difference of the two subscripts is a
 * polynomial. They differ if that can't be zero: by its divisors, by its range, or by its
 * bounds, which are found by putting the limits of the loops in, innermost first. */
#include <string.h>

#include "affine.h"
#include "depend_private.h"

#define MAX_LOOPS 12

enum moment {
    SHARED,  /* the same value at both */
    EARLIER, /* its value at the earlier touch */
    LATER,
    DISTANCE, /* of the loop that carries: the number of iterations, 1 at least */
};

struct side {
    const struct touch *touch;
    struct affine_loop loops[MAX_LOOPS]; /* round it, that can be followed; outermost first */
    size_t n_loops;
    enum moment moment;
};
struct comparison {
    const struct depend_context *dc;
    struct side earlier, later;
    size_t carrier;                    /* index in dc->loops; n_loops: the same iteration */
    const struct affine_loop *carried; /* that loop, NULL if it can't be followed */
};

/* ---- loops round a touch ---- */

static bool collect(struct touch_scope *s, struct side *side, const struct node *n,
                    const struct node *where)
{
    if (n == where)
        return true;
    for (size_t i = 0; i < n->n_kids; i++) {
        size_t before = side->n_loops;
        struct affine_loop l;
        if (n->kind == NODE_FOR && before < MAX_LOOPS && affine_loop_of(s, n, &l) &&
            n->kids[i] == l.body)
            side->loops[side->n_loops++] = l;
        if (collect(s, side, n->kids[i], where))
            return true;
        side->n_loops = before;
    }
    return false;
}

static const struct affine_loop *loop_of(const struct side *side, const struct variable *v)
{
    for (size_t i = side->n_loops; i-- > 0;)
        if (side->loops[i].var == v)
            return &side->loops[i];
    return NULL;
}

static const struct affine_loop *loop_at(const struct side *side, const struct node *loop)
{
    for (size_t i = 0; i < side->n_loops; i++)
        if (side->loops[i].loop == loop)
            return &side->loops[i];
    return NULL;
}

/* The index of the loop among those that both are in; SIZE_MAX: it isn't one. */
static size_t level_of(const struct comparison *c, const struct node *loop)
{
    for (size_t i = 0; i < c->dc->n_loops; i++)
        if (c->dc->loops[i] == loop)
            return i;
    return (size_t)-1;
}

/* ---- the value of a variable at both touches ---- */

static bool is_set_once_above(const struct comparison *c, const struct variable_facts *f)
{
    return f->n_assigned == 1 && f->assigned[0]->kind == NODE_DECL && f->block &&
           touch_is_inside(c->earlier.touch->where, f->block) &&
           touch_is_inside(c->later.touch->where, f->block);
}

/* Has a variable that is no loop's the same value at both touches? */
static bool stands_still(const struct comparison *c, const struct variable *v)
{
    struct touch_scope *s = c->dc->scope;
    const struct variable_facts *f = touch_facts(s, v);
    const struct touch_data *d = s->data;
    if (v->is_global)
        return depend_is_steady(c->dc, v);
    if (f->is_exposed || v->type->is_volatile)
        return false;
    if (f->n_assigned == 0)
        return true;
    if (d->goes_back)
        return false;
    if (c->carrier < c->dc->n_loops)
        return !touch_assigns(s, c->dc->loops[c->carrier], v);
    if (is_set_once_above(c, f))
        return true;
    const struct node *around = c->dc->n_loops  ? c->dc->loops[c->dc->n_loops - 1]
                                : c->dc->region ? c->dc->region->root
                                                : s->fn->root;
    return around && !touch_assigns(s, around, v);
}

static enum moment moment_of(const struct comparison *c, const struct side *side,
                             const struct variable *v)
{
    const struct affine_loop *l = loop_of(side, v);
    if (!l)
        return stands_still(c, v) ? SHARED : side->moment;
    size_t level = level_of(c, l->loop);
    if (level == (size_t)-1)
        return stands_still(c, v) ? SHARED : side->moment;
    return level < c->carrier ? SHARED : side->moment;
}

/* The polynomial at that touch, variables at their moments. (Moments are given numbers from 1
 * on: 0 is a variable not yet looked at.) */
static struct affine value_at(const struct comparison *c, const struct side *side,
                              const struct affine *a)
{
    struct affine out = *a;
    for (unsigned i = 0; i < a->n_terms; i++)
        for (unsigned j = 0; j < a->terms[i].n_factors && out.is_known; j++) {
            struct affine_factor f = a->terms[i].factors[j];
            if (f.moment != 0)
                continue;
            struct affine v = affine_variable(f.var, (unsigned)moment_of(c, side, f.var) + 1);
            if (c->carried && c->carried->var == f.var &&
                loop_at(side, c->carried->loop) == loop_of(side, f.var)) {
                /* The loop that carries has gone on by some steps between the two. */
                struct affine steps = affine_variable(f.var, DISTANCE + 1);
                v = affine_variable(f.var, SHARED + 1);
                if (side == &c->later)
                    v = affine_sum(&v, &steps, c->carried->step);
            }
            out = affine_substitute(&out, f, &v);
        }
    return out;
}

/* ---- what is known of values ---- */

static struct affine limit_of(const struct comparison *c, const struct side *side,
                              const struct affine_loop *l, bool is_end)
{
    struct affine a = value_at(c, side, is_end ? &l->end : &l->lowest), one = affine_constant(1);
    return is_end ? affine_sum(&a, &one, -1) : a;
}

static const struct side *side_at(const struct comparison *c, unsigned moment)
{
    return moment == LATER + 1 ? &c->later : &c->earlier;
}

static struct affine_range range_at(void *arg, struct affine_factor f);

/* Where a loop with a constant beginning is in, its end is more than that. */
static long long least_by_loops(const struct comparison *c, const struct side *side,
                                struct affine_factor f, long long least)
{
    for (size_t i = 0; i < side->n_loops; i++) {
        long long first;
        struct affine end = value_at(c, side, &side->loops[i].end);
        if (!affine_is_constant(&side->loops[i].lowest, &first) || !end.is_known ||
            end.n_terms != 1 || end.terms[0].n_factors != 1 || end.terms[0].k != 1 ||
            end.terms[0].factors[0].var != f.var || end.terms[0].factors[0].moment != f.moment)
            continue;
        long long value = first + 1 - end.constant;
        least = value > least ? value : least;
    }
    return least;
}

static struct affine_range range_at(void *arg, struct affine_factor f)
{
    const struct comparison *c = arg;
    if (f.moment == DISTANCE + 1) {
        long long low, end;
        struct affine_range r = {1, AFFINE_INFINITY};
        long long step = c->carried->step < 0 ? -c->carried->step : c->carried->step;
        if (affine_is_constant(&c->carried->lowest, &low) &&
            affine_is_constant(&c->carried->end, &end))
            r.max = end - 1 - low >= step ? (end - 1 - low) / step : 1;
        return r;
    }
    struct affine_range r = affine_type_range(f.var);
    const struct side *side = side_at(c, f.moment);
    const struct affine_loop *l = loop_of(side, f.var);
    long long k;
    if (l && affine_is_constant(&l->lowest, &k) && k > r.min)
        r.min = k;
    if (l && affine_is_constant(&l->end, &k) && k - 1 < r.max)
        r.max = k - 1;
    if (!l) {
        r.min = least_by_loops(c, &c->earlier, f, r.min);
        r.min = least_by_loops(c, &c->later, f, r.min);
    }
    return r;
}

/* ---- can the difference be zero? ---- */

static long long divisor(long long a, long long b)
{
    while (b) {
        long long t = a % b;
        a = b;
        b = t;
    }
    return a < 0 ? -a : a;
}

static bool is_indivisible(const struct affine *d)
{
    long long g = 0;
    for (unsigned i = 0; i < d->n_terms; i++)
        g = divisor(g, d->terms[i].k);
    return g > 1 && d->constant % g != 0;
}

/* The variable whose limits lie innermost. */
static bool innermost(const struct comparison *c, const struct affine *a, struct affine_factor *out)
{
    size_t best = 0;
    bool is_found = false;
    for (unsigned i = 0; i < a->n_terms; i++)
        for (unsigned j = 0; j < a->terms[i].n_factors; j++) {
            struct affine_factor f = a->terms[i].factors[j];
            const struct side *side = side_at(c, f.moment);
            const struct affine_loop *l = loop_of(side, f.var);
            if (!l && f.moment != DISTANCE + 1)
                continue;
            size_t depth = l ? (size_t)(l - side->loops) + 2 : 1;
            if (f.moment == DISTANCE + 1)
                depth = 1;
            if (depth > best) {
                best = depth;
                *out = f;
                is_found = true;
            }
        }
    return is_found;
}

/* Puts the greatest (is_max) or least value of each loop's variable in, as far as they are known.
 */
static struct affine bounded(const struct comparison *c, struct affine a, bool is_max)
{
    struct affine_factor f;
    for (int n = 0; n < 16 && a.is_known && innermost(c, &a, &f); n++) {
        struct affine k, rest, limit = affine_constant(1);
        if (!affine_split(&a, f, &k, &rest))
            return affine_constant(0);
        struct affine_range sign = affine_range(&k, range_at, (void *)c);
        bool is_up = sign.min >= 0;
        if (!is_up && sign.max > 0)
            return affine_constant(0);
        if (f.moment == DISTANCE + 1 && is_up == is_max)
            return affine_constant(0);
        if (f.moment != DISTANCE + 1) {
            const struct side *side = side_at(c, f.moment);
            limit = limit_of(c, side, loop_of(side, f.var), is_up == is_max);
        }
        if (!limit.is_known)
            return affine_constant(0);
        a = affine_substitute(&a, f, &limit);
    }
    return a;
}

static bool is_positive(const struct comparison *c, const struct affine *d)
{
    struct affine low = bounded(c, *d, false);
    return affine_range(d, range_at, (void *)c).min > 0 ||
           (low.is_known && affine_range(&low, range_at, (void *)c).min > 0);
}

static bool is_never_zero(const struct comparison *c, const struct affine *d)
{
    struct affine none = affine_constant(0), negative = affine_sum(&none, d, -1);
    return is_indivisible(d) || is_positive(c, d) || is_positive(c, &negative);
}

/* Is it zero at a distance of `*distance` iterations (0: any), whatever the rest? */
static bool is_zero(const struct comparison *c, const struct affine *d, long long *distance)
{
    long long k;
    if (affine_is_constant(d, &k))
        return k == 0;
    bool is_line = d->n_terms == 1 && d->terms[0].n_factors == 1 &&
                   d->terms[0].factors[0].moment == DISTANCE + 1;
    if (!is_line || d->constant % d->terms[0].k)
        return false;
    k = -(d->constant / d->terms[0].k);
    struct affine_range r = range_at((void *)c, d->terms[0].factors[0]);
    if (k < r.min || k > r.max || (*distance && *distance != k))
        return false;
    *distance = k;
    return true;
}

/* ---- subscripts ---- */

/* A subscript that was computed may lead into the next row, unless it is seen not to. */
static bool stays_in_row(const struct comparison *c, const struct side *side,
                         const struct affine *a, const struct touch_index *row)
{
    const struct type *t = row ? row->element : NULL;
    if (!t || t->kind != TYPE_ARRAY || t->count < 0 || !a->is_known)
        return false;
    struct affine at = value_at(c, side, a), count = affine_constant(t->count);
    struct affine left = affine_sum(&count, &at, -1), one = affine_constant(1);
    at = affine_sum(&at, &one, 1);
    return is_positive(c, &left) && is_positive(c, &at);
}

struct verdict {
    bool differ, are_equal;
    long long distance;
};

static void compare_index(const struct comparison *c, const struct touch_index *i,
                          const struct touch_index *k, struct verdict *v)
{
    struct touch_scope *s = c->dc->scope;
    struct affine a = affine_of(s, i->expr), b = affine_of(s, k->expr);
    if (!a.is_known || !b.is_known) {
        v->are_equal = false;
        return;
    }
    struct affine x = value_at(c, &c->earlier, &a), y = value_at(c, &c->later, &b);
    struct affine d = affine_sum(&x, &y, -1);
    if (!d.is_known)
        v->are_equal = false;
    else if (is_never_zero(c, &d))
        v->differ = true;
    else
        v->are_equal &= is_zero(c, &d, &v->distance);
}

/* Do computed subscripts stay in the rows they began in? */
static bool are_in_rows(const struct comparison *c, const struct side *side)
{
    const struct touch *t = side->touch;
    size_t n = 0;
    for (const char *p = t->path; *p; p += 1 + strcspn(p + 1, ".[")) {
        if (*p != '[')
            continue;
        if (t->indices[n].is_derived && p != t->path) {
            struct affine a = affine_of(c->dc->scope, t->indices[n].expr);
            if (p[-1] != ']' || !stays_in_row(c, side, &a, &t->indices[n - 1]))
                return false;
        }
        n++;
    }
    return true;
}

static struct verdict compare_paths(const struct comparison *c)
{
    const struct touch *e = c->earlier.touch, *l = c->later.touch;
    const char *a = e->path, *b = l->path;
    struct verdict v = {.are_equal = e->is_exact && l->is_exact};
    for (size_t n = 0; *a && *b && *a == *b && !v.differ;) {
        size_t la = 1 + strcspn(a + 1, ".["), lb = 1 + strcspn(b + 1, ".[");
        if (*a == '.') {
            v.differ = la != lb || strncmp(a, b, la) != 0;
        } else if (!touch_same_layout(e->indices[n].element, l->indices[n].element)) {
            v.are_equal = false;
            return v;
        } else {
            compare_index(c, &e->indices[n], &l->indices[n], &v);
            n++;
        }
        a += la;
        b += lb;
    }
    v.are_equal &= !*a && !*b;
    return v;
}

enum depend_parts depend_parts(const struct depend_context *dc, const struct touch *earlier,
                               const struct touch *later)
{
    struct comparison c = {.dc = dc,
                           .earlier = {.touch = earlier, .moment = EARLIER},
                           .later = {.touch = later, .moment = LATER}};
    const struct node *body = dc->scope->fn->root;
    bool do_differ = true;
    if (!body || !earlier->where || !later->where)
        return PARTS_UNKNOWN;
    collect(dc->scope, &c.earlier, body, earlier->where);
    collect(dc->scope, &c.later, body, later->where);
    size_t end = dc->n_loops + (dc->same_iteration || dc->n_loops == 0);
    for (c.carrier = 0; c.carrier < end; c.carrier++) {
        /* By the limits of each, and by the distance. */
        c.carried = NULL;
        if (!are_in_rows(&c, &c.earlier) || !are_in_rows(&c, &c.later))
            return PARTS_UNKNOWN;
        struct verdict v = compare_paths(&c);
        if (!v.differ && c.carrier < dc->n_loops && loop_at(&c.later, dc->loops[c.carrier])) {
            c.carried = loop_at(&c.earlier, dc->loops[c.carrier]);
            v = compare_paths(&c);
        }
        if (v.are_equal && !v.differ)
            return PARTS_EQUAL;
        do_differ &= v.differ;
    }
    return do_differ ? PARTS_DIFFER : PARTS_UNKNOWN;
}

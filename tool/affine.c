/* affine.c - polynomials in variables: arithmetic. */
#include "affine.h"

#include <stdint.h>

struct affine affine_constant(long long k)
{
    return (struct affine){.is_known = true, .constant = k};
}

struct affine affine_variable(const struct variable *v, unsigned moment)
{
    return (struct affine){.is_known = true,
                           .n_terms = 1,
                           .terms = {{.factors = {{v, moment}}, .n_factors = 1, .k = 1}}};
}

static int compare_factors(struct affine_factor a, struct affine_factor b)
{
    if (a.var != b.var)
        return (uintptr_t)a.var < (uintptr_t)b.var ? -1 : 1;
    return a.moment < b.moment ? -1 : a.moment > b.moment;
}

static bool same_factors(const struct affine_term *a, const struct affine_term *b)
{
    if (a->n_factors != b->n_factors)
        return false;
    for (unsigned i = 0; i < a->n_factors; i++)
        if (compare_factors(a->factors[i], b->factors[i]))
            return false;
    return true;
}

static void add_term(struct affine *a, const struct affine_term *t)
{
    if (t->n_factors == 0) {
        a->is_known &= !__builtin_add_overflow(a->constant, t->k, &a->constant);
        return;
    }
    for (unsigned i = 0; i < a->n_terms; i++) {
        if (!same_factors(&a->terms[i], t))
            continue;
        a->is_known &= !__builtin_add_overflow(a->terms[i].k, t->k, &a->terms[i].k);
        if (a->terms[i].k == 0)
            a->terms[i] = a->terms[--a->n_terms];
        return;
    }
    if (a->n_terms == AFFINE_TERMS)
        a->is_known = false;
    else if (t->k)
        a->terms[a->n_terms++] = *t;
}

struct affine affine_sum(const struct affine *a, const struct affine *b, long long k)
{
    struct affine out = *a;
    out.is_known &= b->is_known;
    struct affine_term constant = {.k = b->constant};
    for (unsigned i = 0; i <= b->n_terms && out.is_known; i++) {
        struct affine_term t = i < b->n_terms ? b->terms[i] : constant;
        out.is_known &= !__builtin_mul_overflow(t.k, k, &t.k);
        add_term(&out, &t);
    }
    return out;
}

static bool multiply_terms(const struct affine_term *a, const struct affine_term *b,
                           struct affine_term *out)
{
    if (a->n_factors + b->n_factors > AFFINE_FACTORS || __builtin_mul_overflow(a->k, b->k, &out->k))
        return false;
    unsigned i = 0, j = 0;
    out->n_factors = 0;
    while (i < a->n_factors || j < b->n_factors) {
        bool is_left = j == b->n_factors ||
                       (i < a->n_factors && compare_factors(a->factors[i], b->factors[j]) <= 0);
        out->factors[out->n_factors++] = is_left ? a->factors[i++] : b->factors[j++];
    }
    return true;
}

struct affine affine_product(const struct affine *a, const struct affine *b)
{
    struct affine out = affine_constant(0);
    out.is_known = a->is_known && b->is_known;
    struct affine_term x = {.k = a->constant}, y = {.k = b->constant}, t;
    for (unsigned i = 0; i <= a->n_terms; i++)
        for (unsigned j = 0; j <= b->n_terms && out.is_known; j++) {
            const struct affine_term *l = i < a->n_terms ? &a->terms[i] : &x;
            const struct affine_term *r = j < b->n_terms ? &b->terms[j] : &y;
            if (l->k == 0 || r->k == 0)
                continue;
            if (multiply_terms(l, r, &t))
                add_term(&out, &t);
            else
                out.is_known = false;
        }
    return out;
}

/* The term without one factor f; false: it hasn't got it. */
static bool without(const struct affine_term *t, struct affine_factor f, struct affine_term *out)
{
    bool is_found = false;
    *out = (struct affine_term){.k = t->k};
    for (unsigned i = 0; i < t->n_factors && i < AFFINE_FACTORS; i++)
        if (!is_found && !compare_factors(t->factors[i], f))
            is_found = true;
        else
            out->factors[out->n_factors++] = t->factors[i];
    return is_found;
}

bool affine_split(const struct affine *a, struct affine_factor f, struct affine *c,
                  struct affine *r)
{
    *c = affine_constant(0);
    *r = affine_constant(a->constant);
    c->is_known = r->is_known = a->is_known;
    for (unsigned i = 0; i < a->n_terms; i++) {
        struct affine_term t = {0}, again;
        if (!without(&a->terms[i], f, &t))
            add_term(r, &a->terms[i]);
        else if (without(&t, f, &again))
            return false;
        else
            add_term(c, &t);
    }
    return true;
}

struct affine affine_substitute(const struct affine *a, struct affine_factor f,
                                const struct affine *p)
{
    struct affine out = affine_constant(a->constant);
    out.is_known = a->is_known;
    for (unsigned i = 0; i < a->n_terms && out.is_known; i++) {
        struct affine one = affine_constant(0), next;
        struct affine_term t = a->terms[i], rest = t;
        unsigned power = 0;
        while (without(&t, f, &rest)) {
            t = rest;
            power++;
        }
        add_term(&one, &t);
        for (; power; power--) {
            next = affine_product(&one, p);
            one = next;
        }
        out = affine_sum(&out, &one, 1);
    }
    return out;
}

bool affine_is_constant(const struct affine *a, long long *k)
{
    *k = a->constant;
    return a->is_known && a->n_terms == 0;
}

/* ---- ranges ---- */

static long long clamp(__int128 v)
{
    if (v >= AFFINE_INFINITY)
        return AFFINE_INFINITY;
    return v <= -AFFINE_INFINITY ? -AFFINE_INFINITY : (long long)v;
}

/* Nothing times no bound is nothing. */
static __int128 times(long long a, long long b)
{
    return (__int128)a * b;
}

static struct affine_range multiply(struct affine_range a, struct affine_range b)
{
    __int128 v[4] = {times(a.min, b.min), times(a.min, b.max), times(a.max, b.min),
                     times(a.max, b.max)};
    __int128 min = v[0], max = v[0];
    for (int i = 1; i < 4; i++) {
        min = v[i] < min ? v[i] : min;
        max = v[i] > max ? v[i] : max;
    }
    return (struct affine_range){clamp(min), clamp(max)};
}

static long long add(long long a, long long b, bool is_max)
{
    long long limit = is_max ? AFFINE_INFINITY : -AFFINE_INFINITY;
    if (a == limit || b == limit)
        return limit;
    return clamp((__int128)a + b);
}

struct affine_range affine_range(const struct affine *a, affine_range_of *of, void *arg)
{
    struct affine_range out = {a->constant, a->constant};
    if (!a->is_known || clamp(a->constant) != a->constant)
        return (struct affine_range){-AFFINE_INFINITY, AFFINE_INFINITY};
    for (unsigned i = 0; i < a->n_terms; i++) {
        const struct affine_term *t = &a->terms[i];
        struct affine_range r = {t->k, t->k};
        for (unsigned j = 0; j < t->n_factors; j++)
            r = multiply(r, of(arg, t->factors[j]));
        out.min = add(out.min, r.min, false);
        out.max = add(out.max, r.max, true);
    }
    return out;
}

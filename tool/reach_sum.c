/* reach_sum.c - see reach_sum.h. */
#include "reach_sum.h"

#include <string.h>

#include "base/strbuf.h"

/* ---- sums ---- */

static int compare(const struct product *a, const struct product *b)
{
    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    for (unsigned i = 0; i < a->n; i++)
        if (a->params[i] != b->params[i])
            return a->params[i] < b->params[i] ? -1 : 1;
    return 0;
}

static bool sum_add_product(struct sum *s, const struct product *p)
{
    unsigned i = 0;
    while (i < s->n && compare(&s->products[i], p) < 0)
        i++;
    if (i < s->n && compare(&s->products[i], p) == 0) {
        struct product *q = &s->products[i];
        if (__builtin_add_overflow(q->by, p->by, &q->by))
            return false;
        if (q->by == 0) {
            memmove(q, q + 1, (s->n - i - 1) * sizeof *q);
            s->n--;
        }
        return true;
    }
    if (p->by == 0)
        return true;
    if (s->n == SUM_PRODUCTS)
        return false;
    memmove(&s->products[i + 1], &s->products[i], (s->n - i) * sizeof *s->products);
    s->products[i] = *p;
    s->n++;
    return true;
}

static bool sum_add(struct sum *s, const struct sum *t)
{
    for (unsigned i = 0; i < t->n; i++)
        if (!sum_add_product(s, &t->products[i]))
            return false;
    return true;
}

static bool product_multiply(struct product *p, const struct product *q)
{
    struct product out = {.n = 0};
    if (p->n + q->n > SUM_FACTORS || __builtin_mul_overflow(p->by, q->by, &out.by))
        return false;
    for (unsigned i = 0, k = 0; i < p->n || k < q->n;)
        out.params[out.n++] = k == q->n || (i < p->n && p->params[i] <= q->params[k])
                                  ? p->params[i++]
                                  : q->params[k++];
    *p = out;
    return true;
}

static bool sum_multiply(const struct sum *a, const struct sum *b, struct sum *out)
{
    *out = (struct sum){.n = 0};
    for (unsigned i = 0; i < a->n; i++) {
        for (unsigned k = 0; k < b->n; k++) {
            struct product p = a->products[i];
            if (!product_multiply(&p, &b->products[k]) || !sum_add_product(out, &p))
                return false;
        }
    }
    return true;
}

static struct sum sum_number(long long value)
{
    struct sum s = {.n = value != 0};
    s.products[0] = (struct product){.by = value};
    return s;
}

bool sum_is_number(const struct sum *s, long long *value)
{
    *value = s->n ? s->products[0].by : 0;
    return s->n == 0 || (s->n == 1 && s->products[0].n == 0);
}

bool sum_equal(const struct sum *a, const struct sum *b)
{
    if (a->n != b->n)
        return false;
    for (unsigned i = 0; i < a->n; i++)
        if (a->products[i].by != b->products[i].by || compare(&a->products[i], &b->products[i]))
            return false;
    return true;
}

/* The difference a - b, if it is a number. */
static bool sum_distance(const struct sum *a, const struct sum *b, long long *value)
{
    struct sum minus = sum_number(-1), d;
    return sum_multiply(b, &minus, &d) && sum_add(&d, a) && sum_is_number(&d, value);
}

static bool is_sum_positive(const struct sum *s, const bool *is_positive)
{
    for (unsigned i = 0; i < s->n; i++) {
        if (s->products[i].by < 0)
            return false;
        for (unsigned k = 0; k < s->products[i].n; k++)
            if (!is_positive[s->products[i].params[k]])
                return false;
    }
    return true;
}

/* ---- ranges ---- */

struct range range_none(void)
{
    return (struct range){.is_ok = false};
}

static struct range range_of(const struct sum *s)
{
    struct range r = {.is_ok = true, .n_low = 1, .n_high = 1};
    r.low[0] = r.high[0] = *s;
    return r;
}

struct range range_number(long long value)
{
    struct sum s = sum_number(value);
    return range_of(&s);
}

struct range range_parameter(unsigned index)
{
    struct sum s = {.n = 1};
    s.products[0] = (struct product){.by = 1, .params = {index}, .n = 1};
    return range_of(&s);
}

bool range_is_point(const struct range *r)
{
    return r->is_ok && r->n_low == 1 && r->n_high == 1 && sum_equal(&r->low[0], &r->high[0]);
}

/* Add a sum to those of which the least (sign 1) or greatest (-1) counts. */
static bool add_bound(struct sum *sums, unsigned *n, const struct sum *s, int sign)
{
    for (unsigned i = 0; i < *n; i++) {
        long long d;
        if (!sum_distance(s, &sums[i], &d))
            continue;
        if ((sign > 0) == (d < 0))
            sums[i] = *s;
        return true;
    }
    if (*n == RANGE_SUMS)
        return false;
    sums[(*n)++] = *s;
    return true;
}

static bool add_bounds(struct sum *sums, unsigned *n, const struct sum *more, unsigned n_more,
                       int sign)
{
    for (unsigned i = 0; i < n_more; i++)
        if (!add_bound(sums, n, &more[i], sign))
            return false;
    return true;
}

struct range range_union(const struct range *a, const struct range *b)
{
    struct range r = *a;
    if (!a->is_ok || !b->is_ok)
        return range_none();
    r.is_ok = add_bounds(r.low, &r.n_low, b->low, b->n_low, 1) &&
              add_bounds(r.high, &r.n_high, b->high, b->n_high, -1);
    return r;
}

struct range range_between(const struct range *a, const struct range *b)
{
    struct range r = *a;
    r.is_ok = a->is_ok && b->is_ok;
    memcpy(r.high, b->high, sizeof r.high);
    r.n_high = b->n_high;
    return r;
}

bool range_equal(const struct range *a, const struct range *b)
{
    if (!a->is_ok || !b->is_ok || a->n_low != b->n_low || a->n_high != b->n_high)
        return false;
    for (unsigned i = 0; i < a->n_low; i++)
        if (!sum_equal(&a->low[i], &b->low[i]))
            return false;
    for (unsigned i = 0; i < a->n_high; i++)
        if (!sum_equal(&a->high[i], &b->high[i]))
            return false;
    return true;
}

/* All sums of one of a and one of b. */
static bool add_all(struct sum *out, unsigned *n, const struct sum *a, unsigned n_a,
                    const struct sum *b, unsigned n_b, int sign)
{
    *n = 0;
    for (unsigned i = 0; i < n_a; i++) {
        for (unsigned k = 0; k < n_b; k++) {
            struct sum s = a[i];
            if (!sum_add(&s, &b[k]) || !add_bound(out, n, &s, sign))
                return false;
        }
    }
    return true;
}

struct range range_add(const struct range *a, const struct range *b)
{
    struct range r = {.is_ok = a->is_ok && b->is_ok};
    r.is_ok = r.is_ok && add_all(r.low, &r.n_low, a->low, a->n_low, b->low, b->n_low, 1) &&
              add_all(r.high, &r.n_high, a->high, a->n_high, b->high, b->n_high, -1);
    return r;
}

struct range range_shift(const struct range *a, long long by)
{
    struct range b = range_number(by);
    return range_add(a, &b);
}

/* Each sum of `from` times s, added to the bounds. */
static bool scale(struct sum *out, unsigned *n, const struct sum *from, unsigned n_from,
                  const struct sum *s, int sign)
{
    for (unsigned i = 0; i < n_from; i++) {
        struct sum t;
        if (!sum_multiply(&from[i], s, &t) || !add_bound(out, n, &t, sign))
            return false;
    }
    return true;
}

/* a times one sum; of a sum of unknown sign both ends may be the least. */
static struct range range_scale(const struct range *a, const struct sum *s, const bool *is_positive)
{
    struct sum minus = sum_number(-1), negative;
    struct range r = {.is_ok = a->is_ok};
    if (!r.is_ok || !sum_multiply(s, &minus, &negative))
        return range_none();
    bool up = is_sum_positive(s, is_positive), down = is_sum_positive(&negative, is_positive);
    if (!down)
        r.is_ok = scale(r.low, &r.n_low, a->low, a->n_low, s, 1) &&
                  scale(r.high, &r.n_high, a->high, a->n_high, s, -1);
    if (!up && r.is_ok)
        r.is_ok = scale(r.low, &r.n_low, a->high, a->n_high, s, 1) &&
                  scale(r.high, &r.n_high, a->low, a->n_low, s, -1);
    return up && down ? range_number(0) : r;
}

struct range range_negate(const struct range *a)
{
    struct sum minus = sum_number(-1);
    return range_scale(a, &minus, NULL);
}

struct range range_multiply(const struct range *a, const struct range *b, const bool *is_positive)
{
    if (!a->is_ok || !b->is_ok)
        return range_none();
    if (range_is_point(b))
        return range_scale(a, &b->low[0], is_positive);
    if (range_is_point(a))
        return range_scale(b, &a->low[0], is_positive);
    long long low_a, low_b;
    if (a->n_low != 1 || b->n_low != 1 || !sum_is_number(&a->low[0], &low_a) ||
        !sum_is_number(&b->low[0], &low_b) || low_a < 0 || low_b < 0)
        return range_none();
    struct range r = {.is_ok = true};
    r.is_ok = scale(r.low, &r.n_low, a->low, 1, &b->low[0], 1);
    for (unsigned i = 0; i < b->n_high && r.is_ok; i++)
        r.is_ok = scale(r.high, &r.n_high, a->high, a->n_high, &b->high[i], -1);
    return r;
}

static struct range substitute_sum(const struct sum *s, const struct range *with, size_t n,
                                   const bool *is_positive)
{
    struct range r = range_number(0);
    for (unsigned i = 0; i < s->n && r.is_ok; i++) {
        struct range p = range_number(s->products[i].by);
        for (unsigned k = 0; k < s->products[i].n; k++) {
            unsigned at = s->products[i].params[k];
            p = at < n ? range_multiply(&p, &with[at], is_positive) : range_none();
        }
        r = range_add(&r, &p);
    }
    return r;
}

struct range range_substitute(const struct range *a, const struct range *with, size_t n,
                              const bool *is_positive)
{
    struct range r = {.is_ok = a->is_ok};
    for (unsigned i = 0; i < a->n_low && r.is_ok; i++) {
        struct range s = substitute_sum(&a->low[i], with, n, is_positive);
        r.is_ok = s.is_ok && add_bounds(r.low, &r.n_low, s.low, s.n_low, 1);
    }
    for (unsigned i = 0; i < a->n_high && r.is_ok; i++) {
        struct range s = substitute_sum(&a->high[i], with, n, is_positive);
        r.is_ok = s.is_ok && add_bounds(r.high, &r.n_high, s.high, s.n_high, -1);
    }
    return r;
}

/* ---- text ---- */

static void print_sum(struct strbuf *out, const struct sum *s, const struct function *fn)
{
    strbuf_addc(out, '(');
    for (unsigned i = 0; i < s->n; i++) {
        const struct product *p = &s->products[i];
        unsigned long long by =
            p->by < 0 ? 0 - (unsigned long long)p->by : (unsigned long long)p->by;
        strbuf_adds(out, p->by < 0 ? (i ? " - " : "-") : (i ? " + " : ""));
        if (by != 1 || p->n == 0)
            strbuf_addf(out, "%lluLL%s", by, p->n ? " * " : "");
        for (unsigned k = 0; k < p->n; k++)
            strbuf_addf(out, "%s(long long)%s", k ? " * " : "", fn->params[p->params[k]]->name);
    }
    strbuf_adds(out, s->n ? ")" : "0LL)");
}

static void print_extreme(struct strbuf *out, const struct sum *s, unsigned n, char less,
                          const struct function *fn)
{
    if (n == 1) {
        print_sum(out, s, fn);
        return;
    }
    struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
    print_extreme(&a, s, n / 2, less, fn);
    print_extreme(&b, s + n / 2, n - n / 2, less, fn);
    strbuf_addf(out, "(%s %c %s ? %s : %s)", a.buf, less, b.buf, a.buf, b.buf);
    strbuf_release(&a);
    strbuf_release(&b);
}

static const char *keep(struct arena *arena, struct strbuf *b)
{
    const char *s = arena_strndup(arena, b->buf, b->len);
    strbuf_release(b);
    return s;
}

const char *range_low_text(struct arena *arena, const struct range *r, const struct function *fn)
{
    struct strbuf out = STRBUF_INIT;
    print_extreme(&out, r->low, r->n_low, '<', fn);
    return keep(arena, &out);
}

const char *range_high_text(struct arena *arena, const struct range *r, const struct function *fn)
{
    struct strbuf out = STRBUF_INIT;
    print_extreme(&out, r->high, r->n_high, '>', fn);
    return keep(arena, &out);
}

const char *range_count_text(struct arena *arena, const struct range *r, const struct function *fn)
{
    struct sum minus = sum_number(-1), one = sum_number(1), n;
    long long value;
    if (r->n_low == 1 && r->n_high == 1 && sum_multiply(&r->low[0], &minus, &n) &&
        sum_add(&n, &r->high[0]) && sum_add(&n, &one)) {
        if (sum_is_number(&n, &value))
            return arena_printf(arena, "%lldLL", value > 0 ? value : 0);
        struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
        print_sum(&text, &n, fn);
        strbuf_addf(&out, "(%s > 0 ? %s : 0LL)", text.buf, text.buf);
        strbuf_release(&text);
        return keep(arena, &out);
    }
    const char *low = range_low_text(arena, r, fn), *high = range_high_text(arena, r, fn);
    return arena_printf(arena, "(%s >= %s ? %s - %s + 1 : 0LL)", high, low, high, low);
}

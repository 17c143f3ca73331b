/* difference.c - see difference.h. Elements are named as a C programmer would
 * write them, as far as the shape says how: "v[3]" of v[:n], "v[first + 3]" of
 * v[first:n], "q->d" of *q, "m[1][2]" of m[:n][:k]. */
#include "cache/difference.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cache/kind.h"

#define SHOWN 3 /* arguments in one line */
#define MOST_DIMS 8

static bool is_equal(const struct memo__arg *a, const struct memo__arg *b)
{
    return a->form == b->form && a->count == b->count && a->len == b->len && !a->data == !b->data &&
           (a->len == 0 || !a->data || memcmp(a->data, b->data, a->len) == 0);
}

static uint64_t bytes_apart(const struct memo__arg *a, const struct memo__arg *b)
{
    size_t len = a->len < b->len ? a->len : b->len, i;
    uint64_t n = a->len - len + b->len - len;

    if (!a->data || !b->data)
        return a->len + b->len;
    for (i = 0; i < len; i++)
        n += a->data[i] != b->data[i];
    return n;
}

/* Two keys, argument by argument. What the runtime adds at the end is in a key
 * only where it isn't as usual: one of the two is then NULL. */
struct pairs {
    struct memo__args old, now;
    struct memo__arg x, y;
    bool is_old_ahead, is_now_ahead; /* x, y are for the next pair */
};

static void pairs_begin(struct pairs *p, const struct memo_site *site, const struct memo__kept *old,
                        const struct memo__kept *now)
{
    memo__args_begin(&p->old, site, old->bytes, old->len, old->total);
    memo__args_begin(&p->now, site, now->bytes, now->len, now->total);
    p->is_old_ahead = p->is_now_ahead = false;
}

static bool pairs_next(struct pairs *p, const struct memo__arg **x, const struct memo__arg **y)
{
    bool has_old = p->is_old_ahead || memo__args_next(&p->old, &p->x);
    bool has_now = p->is_now_ahead || memo__args_next(&p->now, &p->y);

    p->is_old_ahead = p->is_now_ahead = false;
    if ((!has_old && p->old.is_cut) || (!has_now && p->now.is_cut))
        return false;
    if (has_old && has_now && !p->x.part && !p->y.part && p->x.name_len != p->y.name_len) {
        p->is_old_ahead = p->x.name_len < p->y.name_len; /* errno stands last */
        p->is_now_ahead = !p->is_old_ahead;
    }
    *x = has_old && !p->is_old_ahead ? &p->x : NULL;
    *y = has_now && !p->is_now_ahead ? &p->y : NULL;
    return *x || *y;
}

uint64_t memo__distance(const struct memo_site *site, const struct memo__kept *a,
                        const struct memo__kept *b)
{
    uint64_t n_args = 0, n_bytes = 0;
    const struct memo__arg *x, *y;
    struct pairs p;

    pairs_begin(&p, site, a, b);
    while (pairs_next(&p, &x, &y))
        if (!x || !y || !is_equal(x, y)) {
            n_args++;
            n_bytes += x && y ? bytes_apart(x, y) : 1;
        }
    return n_args << 20 | (n_bytes >> 20 ? (1u << 20) - 1 : n_bytes);
}

/* ---- names of elements ---- */

/* The subscripts of a shape: "v[2:n]" has one, whose first element is "2". */
struct subscript {
    const char *first;
    size_t len;
};

/* How many; the text before them has *base_len bytes. 0: it has none. */
static unsigned subscripts_of(const char *name, size_t len, size_t *base_len,
                              struct subscript out[MOST_DIMS])
{
    const char *p = memchr(name, '[', len), *end = name + len;
    unsigned n = 0;

    *base_len = p ? (size_t)(p - name) : len;
    while (p && p < end && *p == '[' && n < MOST_DIMS) {
        const char *start = ++p, *colon = NULL;
        int depth = 0;

        for (; p < end && (depth > 0 || *p != ']'); p++) {
            depth += (*p == '[' || *p == '(') - (*p == ']' || *p == ')');
            if (*p == ':' && depth == 0 && !colon)
                colon = p;
        }
        if (p == end || !colon)
            return 0;
        for (; start < colon && isspace((unsigned char)*start); start++)
            continue;
        for (; colon > start && isspace((unsigned char)colon[-1]); colon--)
            continue;
        out[n++] = (struct subscript){start, (size_t)(colon - start)};
        p++;
    }
    return p == end ? n : 0;
}

static void show_subscript(struct memo__line *l, const struct subscript *s, uint64_t i)
{
    char *end;
    unsigned long long first = strtoull(s->first, &end, 10);

    if (s->len == 0)
        memo__line_add(l, "[%llu]", (unsigned long long)i);
    else if (end == s->first + s->len)
        memo__line_add(l, "[%llu]", first + i);
    else
        memo__line_add(l, "[%.*s + %llu]", (int)s->len, s->first, (unsigned long long)i);
}

/* Element i of a section of n dimensions; the spans have the inner counts. */
static void show_index(struct memo__line *l, const struct memo__arg *arg,
                       const struct memo_span *spans, const struct subscript *s, unsigned n,
                       uint64_t i)
{
    uint64_t index[MOST_DIMS];
    unsigned k;

    for (k = n; k-- > 0;) {
        /* The innermost count is the part's own, those of rows follow it. */
        uint64_t count = spans[arg->index + (n - 1 - k)].m_count;

        index[k] = k > 0 && count > 0 ? i % count : i;
        i = count > 0 ? i / count : 0;
    }
    for (k = 0; k < n; k++)
        show_subscript(l, &s[k], index[k]);
}

/* "v[3].x" for the scalar at `path` in element i. */
static void show_place(struct memo__line *l, const struct memo__arg *arg,
                       const struct memo_span *spans, uint64_t i, const char *path)
{
    struct subscript s[MOST_DIMS];
    const char *name = arg->name;
    size_t len = arg->name_len, base_len;
    unsigned n = subscripts_of(name, len, &base_len, s), rows = 0;

    while (arg->part && (arg->part->m_role & MEMO_ROWS) &&
           (arg->part[rows + 1].m_role & MEMO_MORE) && rows + 1 < MOST_DIMS)
        rows++;
    if (n > 0 && n == rows + 1) {
        memo__line_add(l, "%.*s", (int)base_len, name);
        show_index(l, arg, spans, s, n, i);
        memo__line_add(l, "%s", path);
    } else if (len > 1 && name[0] == '*' && *path == '.') {
        memo__line_add(l, "%.*s->%s", (int)len - 1, name + 1, path + 1);
    } else if (len > 1 && name[0] == '*' && *path == '[') {
        memo__line_add(l, "(%.*s)%s", (int)len, name, path);
    } else if (arg->count > 1 && base_len == len) {
        memo__line_add(l, "%.*s[%llu]%s", (int)len, name, (unsigned long long)i, path);
    } else if (arg->count > 1) {
        memo__line_add(l, "%.*s, element %llu%s", (int)len, name, (unsigned long long)i, path);
    } else {
        memo__line_add(l, "%.*s%s", (int)len, name, path);
    }
}

/* ---- values ---- */

/* The first element that differs. false: none was kept, or it can't be told. */
static bool show_element(struct memo__line *l, const struct memo_span *spans,
                         const struct memo__arg *old, const struct memo__arg *now)
{
    unsigned char a[MEMO__ELEMENT], b[MEMO__ELEMENT];
    struct memo__leaf leaf;
    size_t size, n = memo__arg_elements(now, &size), i;

    if (memo__arg_elements(old, &size) < n)
        n = memo__arg_elements(old, &size);
    for (i = 0; i < n; i++) {
        if (!memo__arg_element(old, i, a) || !memo__arg_element(now, i, b))
            return false;
        if (!memo__kind_differs(now->kind, a, b, 1, size, &leaf))
            continue;
        show_place(l, now, spans, i, leaf.path);
        memo__line_add(l, ": ");
        memo__show_leaf(l, &leaf, a);
        memo__line_add(l, " -> ");
        memo__show_leaf(l, &leaf, b);
        return true;
    }
    return false;
}

static bool is_text(const struct memo__arg *arg)
{
    return arg->part && (arg->part->m_role & (MEMO_STRING | MEMO_ENV | MEMO_FILE | MEMO_CODE));
}

static void show_one(struct memo__line *l, const struct memo_span *spans,
                     const struct memo__arg *old, const struct memo__arg *now)
{
    bool is_section = now->part && (now->part->m_role & MEMO_SECTION);

    if (old->form == now->form && old->form == MEMO__ARG_VALUE && !is_text(now) &&
        (old->count == now->count || !is_section) && show_element(l, spans, old, now))
        return;
    memo__line_add(l, "%.*s: ", (int)now->name_len, now->name);
    if (old->form == MEMO__ARG_FILE) {
        memo__line_add(l, "%s",
                       !old->data   ? "the file was missing"
                       : !now->data ? "the file is missing"
                                    : "the file's content changed");
    } else if (old->form == MEMO__ARG_CODE && old->data && now->data) {
        memo__line_add(l, "another function, or its code changed");
    } else if (old->form == MEMO__ARG_THERE || now->form == MEMO__ARG_THERE) {
        memo__line_add(l, "%s",
                       old->form == MEMO__ARG_THERE ? "not NULL -> NULL" : "NULL -> not NULL");
    } else if (is_section && !is_text(now) && old->count != now->count &&
               old->form != MEMO__ARG_NULL && now->form != MEMO__ARG_NULL) {
        memo__line_add(l, "%llu -> %llu elements", (unsigned long long)old->count,
                       (unsigned long long)now->count);
    } else if (old->form == MEMO__ARG_HASH && now->form == MEMO__ARG_HASH) {
        memo__line_add(l, "some of its %llu %s", (unsigned long long)now->count,
                       is_text(now) ? "characters" : "elements");
    } else {
        memo__show_arg(l, old);
        memo__line_add(l, " -> ");
        memo__show_arg(l, now);
    }
}

/* State of the thread that only one of the keys has. */
static void show_state(struct memo__line *l, const struct memo__arg *old,
                       const struct memo__arg *now)
{
    const struct memo__arg *one = old ? old : now;

    memo__line_add(l, "%.*s: ", (int)one->name_len, one->name);
    if (old)
        memo__show_arg(l, old);
    memo__line_add(l, "%s", old ? " -> as usual" : "as usual -> ");
    if (now)
        memo__show_arg(l, now);
}

bool memo__show_difference(struct memo__line *l, const struct memo_site *site,
                           const struct memo_span *spans, const struct memo__kept *old,
                           const struct memo__kept *now)
{
    const struct memo__arg *x, *y;
    struct pairs p;
    unsigned n = 0;

    pairs_begin(&p, site, old, now);
    while (pairs_next(&p, &x, &y)) {
        if (x && y && is_equal(x, y))
            continue;
        if (n++ >= SHOWN)
            continue;
        memo__line_add(l, "%s", n > 1 ? ", " : "");
        if (x && y)
            show_one(l, spans, x, y);
        else
            show_state(l, x, y);
    }
    if (n > SHOWN)
        memo__line_add(l, ", and %u more", n - SHOWN);
    return n > 0;
}

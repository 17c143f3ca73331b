/* compare.c - find the first difference of two results; see compare.h. */
#include "cache/compare.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"

static bool is_null(const struct memo__part *p)
{
    return p->len == MEMO__PART_NULL;
}

static size_t first_byte(const struct memo__part *a, const struct memo__part *b, size_t from)
{
    const unsigned char *p = a->data, *q = b->data;
    uint64_t end = a->len < b->len ? a->len : b->len;

    while (from < end && p[from] == q[from])
        from++;
    return from;
}

static void show_offset(struct memo__line *l, const char *base, const struct memo__part *p)
{
    uint64_t offset;

    memcpy(&offset, p->data, sizeof offset);
    memo__line_add(l, "%s + %" PRIu64 " bytes", base, offset);
}

static void show_errno(struct memo__line *l, const struct memo__part *p)
{
    int value;

    if (p->len != sizeof value) {
        memo__line_add(l, "not set");
        return;
    }
    memcpy(&value, p->data, sizeof value);
    memo__line_add(l, "%d", value);
}

/* The whole of a part. */
static void show_part(struct memo__line *l, const struct memo__site *s,
                      const struct memo_part *part, const struct memo__part *p)
{
    size_t size = part->m_size > 0 && p->len % part->m_size == 0 ? part->m_size : 1;

    if (is_null(p)) {
        memo__line_add(l, "NULL");
    } else if (part->m_role & MEMO_OFFSET) {
        show_offset(l, s->abi->m_parts[part->m_ref].m_name, p);
    } else if (part->m_role & MEMO_STRING) {
        memo__show_text(l, p->data, p->len > 0 ? p->len - 1 : 0);
    } else {
        memo__line_add(l, "%" PRIu64 " element%s ", p->len / size, p->len == size ? "" : "s");
        memo__show_value(l, part->m_kind, p->data, p->len / size, size);
    }
}

static bool whole_differs(const struct memo__site *s, unsigned k, const struct memo__part *stored,
                          const struct memo__part *computed, struct memo__difference *d)
{
    const struct memo_part *part = &s->abi->m_parts[s->results[k]];

    memo__line_add(&d->place, "%s", part->m_name);
    if (!is_null(stored) && !is_null(computed) && !(part->m_role & MEMO_OFFSET))
        memo__line_add(&d->place, " (byte %zu)", first_byte(stored, computed, 0));
    show_part(&d->stored, s, part, stored);
    show_part(&d->computed, s, part, computed);
    return true;
}

/* Where two values look the same in decimal, as two NaNs do, their bytes tell. */
static void show_leaves(const struct memo__leaf *leaf, const struct memo__part *stored,
                        const struct memo__part *computed, struct memo__difference *d)
{
    struct memo__leaf bytes = *leaf;

    memo__show_leaf(&d->stored, leaf, stored->data);
    memo__show_leaf(&d->computed, leaf, computed->data);
    if (strcmp(d->stored.text, d->computed.text) != 0)
        return;
    bytes.kind.letter = 'b';
    bytes.bits = 0;
    memo__line_add(&d->stored, " ");
    memo__show_leaf(&d->stored, &bytes, stored->data);
    memo__line_add(&d->computed, " ");
    memo__show_leaf(&d->computed, &bytes, computed->data);
}

static bool part_differs(const struct memo__site *s, unsigned k, const struct memo__part *stored,
                         const struct memo__part *computed, struct memo__difference *d)
{
    const struct memo_part *part = &s->abi->m_parts[s->results[k]];
    size_t size = part->m_size;
    struct memo__leaf leaf;

    if (is_null(stored) && is_null(computed))
        return false;
    if (is_null(stored) || is_null(computed) || stored->len != computed->len)
        return whole_differs(s, k, stored, computed, d);
    if (stored->len == 0 || memcmp(stored->data, computed->data, stored->len) == 0)
        return false;
    if (part->m_role & (MEMO_OFFSET | MEMO_STRING))
        return whole_differs(s, k, stored, computed, d);
    if (size == 0 || stored->len % size != 0)
        size = 1;
    if (!memo__kind_differs(part->m_kind, stored->data, computed->data, stored->len / size, size,
                            &leaf))
        return false;
    memo__line_add(&d->place, "%s%s (byte %zu of %" PRIu64 ")", part->m_name, leaf.path,
                   first_byte(stored, computed, leaf.offset), stored->len);
    show_leaves(&leaf, stored, computed, d);
    return true;
}

static bool errno_differs(const struct memo__part *stored, const struct memo__part *computed,
                          struct memo__difference *d)
{
    if (stored->len == computed->len &&
        (stored->len == 0 || memcmp(stored->data, computed->data, stored->len) == 0))
        return false;
    memo__line_add(&d->place, "errno");
    show_errno(&d->stored, stored);
    show_errno(&d->computed, computed);
    return true;
}

/* The bytes of part k, from the object file if they aren't in the record. */
static int fetch(const struct memo__source *from, unsigned k, struct memo__part *part,
                 const void **view)
{
    int err;

    *part = from->parts[k];
    *view = NULL;
    if (!from->object || part->len == 0 || is_null(part))
        return 0;
    err = memo__object_view(from->object, k, view);
    part->data = *view;
    return err;
}

int memo__result_compare(const struct memo__site *s, const struct memo__source *from,
                         struct memo__comparison *c)
{
    unsigned k;
    int err = 0;

    memset(&c->what, 0, sizeof c->what);
    c->differs = false;
    if (from->n != s->n_results + 1)
        return MEMO_EMISS;
    for (k = 0; k < from->n && err == 0 && !c->differs; k++) {
        bool is_errno = k == s->n_results;
        struct memo__part stored;
        const void *view;

        if (!is_errno && !c->has_late && (s->abi->m_parts[s->results[k]].m_role & MEMO_LATE))
            continue;
        err = fetch(from, k, &stored, &view);
        if (err == 0)
            c->differs = is_errno ? errno_differs(&stored, &c->computed->parts[k], &c->what)
                                  : part_differs(s, k, &stored, &c->computed->parts[k], &c->what);
        if (view)
            memo__view_release(view);
    }
    return err;
}

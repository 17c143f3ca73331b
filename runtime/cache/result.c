/* result.c - capture and restore results; see result.h. */
#include "cache/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "cache/rows.h"
#include "cache/strings.h"
#include "key/key.h"

static void *pointer_at(const struct memo_span *span)
{
    void *p;

    memcpy(&p, span->m_data, sizeof p);
    return p;
}

/* Where pointers of results may not point: into memory of the caller's. A hit
 * would give it fresh memory, and the program would see the difference. */
static bool is_in_section(const struct memo__site *s, const struct memo_span *spans, const void *p)
{
    const struct memo_part *parts = s->abi->m_parts;
    unsigned i, n = s->abi->m_n_parts;
    const char *base;
    size_t extent;

    for (i = 0; i < n; i++) {
        if (!(parts[i].m_role & MEMO_SECTION) || (parts[i].m_role & (MEMO_MORE | MEMO_ALLOC)) ||
            !spans[i].m_data)
            continue;
        base = spans[i].m_data;
        if (!memo__part_extent(parts, spans, i, n, &extent))
            return true;
        if ((const char *)p == base || ((const char *)p > base && (const char *)p < base + extent))
            return true;
    }
    return false;
}

/* The same block twice would come back as two. */
static bool is_shared_block(const struct memo__site *s, const struct memo_span *spans, unsigned k)
{
    const void *p = pointer_at(&spans[s->results[k]]);
    unsigned j;

    for (j = 0; j < k; j++) {
        unsigned i = s->results[j];

        if ((s->abi->m_parts[i].m_role & MEMO_ALLOC) && spans[i].m_data &&
            pointer_at(&spans[i]) == p)
            return true;
    }
    return false;
}

static int capture_pointed(struct memo__site *s, const struct memo_span *spans, unsigned k,
                           struct memo__part *out)
{
    unsigned i = s->results[k];
    const struct memo_part *part = &s->abi->m_parts[i];
    void *p = spans[i].m_data ? pointer_at(&spans[i]) : NULL;
    size_t bytes;

    if (!p)
        return 0;
    if (is_in_section(s, spans, p) || is_shared_block(s, spans, k))
        return MEMO_EINVALID;
    if (part->m_role & MEMO_STRING)
        bytes = strlen(p) + 1;
    else if (spans[i].m_count == MEMO_BAD ||
             __builtin_mul_overflow(spans[i].m_count, part->m_size, &bytes))
        return MEMO_EINVALID;
    out->data = p;
    out->len = bytes;
    return 0;
}

static int capture_offset(struct memo__site *s, const struct memo_span *spans, unsigned k,
                          uint64_t *word, struct memo__part *out)
{
    unsigned i = s->results[k], ref = s->abi->m_parts[i].m_ref;
    const char *p = spans[i].m_data ? pointer_at(&spans[i]) : NULL;
    const char *base = spans[ref].m_data;
    size_t extent;

    if (!p)
        return 0;
    if (!base || !memo__part_extent(s->abi->m_parts, spans, ref, s->abi->m_n_parts, &extent) ||
        p < base || p > base + extent) {
        if (memo__first_time(&s->is_warned_offset))
            memo__log("'%s' returned a pointer that isn't in '%s'; such results aren't stored",
                      s->abi->m_name, s->abi->m_parts[ref].m_name);
        return MEMO_EINVALID;
    }
    *word = (uint64_t)(p - base);
    out->data = word;
    out->len = sizeof *word;
    return 0;
}

static int capture_rows(const struct memo__site *s, const struct memo_span *spans, unsigned i,
                        size_t bytes, struct memo__capture *c, struct memo__part *out)
{
    void *packed;

    if (c->n_rows == MEMO__FEW_PARTS)
        return MEMO_EINVALID;
    packed = memo__malloc_big(bytes);
    if (!packed)
        return MEMO_ENOMEM;
    c->rows[c->n_rows++] = packed;
    memo__rows_gather(s->abi->m_parts, spans, i, s->abi->m_n_parts, packed);
    out->data = packed;
    out->len = bytes;
    return 0;
}

static int capture_part(struct memo__site *s, const struct memo_span *spans, unsigned k,
                        struct memo__capture *c)
{
    unsigned i = s->results[k];
    unsigned role = s->abi->m_parts[i].m_role;
    struct memo__part *out = &c->parts[k];
    size_t bytes;

    out->data = NULL;
    out->len = MEMO__PART_NULL;
    if (role & MEMO_OFFSET)
        return capture_offset(s, spans, k, &c->words[k], out);
    if (role & MEMO_ALLOC)
        return capture_pointed(s, spans, k, out);
    if (!spans[i].m_data)
        return 0;
    if (!memo__part_bytes(s->abi->m_parts, spans, i, s->abi->m_n_parts, &bytes))
        return MEMO_EINVALID;
    if (role & MEMO_ROWS)
        return capture_rows(s, spans, i, bytes, c, out);
    out->data = spans[i].m_data;
    out->len = bytes;
    return 0;
}

int memo__result_capture(struct memo__site *s, struct memo_span *spans, struct memo__errno e,
                         struct memo__capture *c)
{
    unsigned k, n = s->n_results;
    int err;

    c->n_rows = 0;
    c->memory = NULL;
    c->total = 0;
    c->n = n + 1;
    c->parts = c->few;
    c->words = c->few_words;
    if (n + 1 > MEMO__FEW_PARTS) {
        c->memory = memo__malloc((n + 1) * (sizeof *c->parts + sizeof *c->words));
        if (!c->memory)
            return MEMO_ENOMEM;
        c->parts = c->memory;
        c->words = (uint64_t *)(void *)(c->parts + n + 1);
    }
    if (s->has_late && memo__key_check_late(s->abi, spans) != 0)
        return MEMO_EINVALID;
    for (k = 0; k < n; k++) {
        err = capture_part(s, spans, k, c);
        if (err != 0)
            return err;
        if (c->parts[k].len != MEMO__PART_NULL &&
            __builtin_add_overflow(c->total, c->parts[k].len, &c->total))
            return MEMO_EINVALID;
    }
    c->errno_value = e.value;
    c->parts[n].data = &c->errno_value;
    c->parts[n].len = e.is_set ? sizeof c->errno_value : 0;
    return 0;
}

void memo__capture_release(struct memo__capture *c)
{
    while (c->n_rows > 0)
        memo__free(c->rows[--c->n_rows]);
    memo__free(c->memory);
}

/* One part on its way back. */
struct piece {
    void *to;          /* where its bytes go: the user's memory, or `made` */
    void *made;        /* memory allocated for it */
    bool is_view;      /* `made` is a view */
    bool is_temporary; /* `made` doesn't go to the user */
    uint64_t word;
};

static void pieces_free(struct piece *pieces, unsigned n)
{
    unsigned k;

    for (k = 0; k < n; k++) {
        if (pieces[k].is_view)
            memo__view_release(pieces[k].made);
        else if (pieces[k].is_temporary)
            memo__free(pieces[k].made);
        else
            free(pieces[k].made);
        pieces[k].made = NULL;
    }
}

static bool is_whole_string(const struct memo__part *from, bool has_bytes)
{
    return from->len > 0 && (!has_bytes || ((const char *)from->data)[from->len - 1] == '\0');
}

/* Whether the stored part fits where it would go. Sets the counts that only the
 * result knows: memo__result_capture after a hit relies on them. */
static bool fits(const struct memo__site *s, struct memo_span *spans, unsigned i,
                 const struct memo__part *from, bool has_bytes)
{
    const struct memo_part *part = &s->abi->m_parts[i];
    bool is_null = from->len == MEMO__PART_NULL;
    size_t bytes;

    if (part->m_role & MEMO_OFFSET)
        return is_null || from->len == sizeof(uint64_t);
    if (part->m_role & MEMO_ALLOC) {
        if (is_null)
            return true;
        if (!spans[i].m_data)
            return false;
        if (part->m_role & MEMO_STRING)
            return is_whole_string(from, has_bytes);
        if (part->m_size == 0 || from->len % part->m_size != 0)
            return false;
        spans[i].m_count = from->len / part->m_size;
        return true;
    }
    if (is_null || !spans[i].m_data)
        return is_null && !spans[i].m_data;
    if (part->m_role & MEMO_STRING)
        return is_whole_string(from, has_bytes);
    if (part->m_role & MEMO_LATE) {
        if (part->m_role & MEMO_ROWS || part->m_size == 0 || from->len % part->m_size != 0)
            return false;
        if ((part->m_role & MEMO__CAPACITY) && from->len / part->m_size > spans[i].m_count)
            return false;
        spans[i].m_count = from->len / part->m_size;
        return true;
    }
    return memo__part_bytes(s->abi->m_parts, spans, i, s->abi->m_n_parts, &bytes) &&
           bytes == from->len;
}

static bool check(const struct memo__site *s, struct memo_span *spans,
                  const struct memo__source *from)
{
    uint64_t len;
    unsigned k;

    if (from->n != s->n_results + 1)
        return false;
    len = from->parts[s->n_results].len;
    if (len != 0 && len != sizeof(int))
        return false;
    for (k = 0; k < s->n_results; k++)
        if (!fits(s, spans, s->results[k], &from->parts[k], !from->object))
            return false;
    return !s->has_late || memo__key_check_late(s->abi, spans) == 0;
}

/* Memory for the parts; where their bytes are to go. */
static int prepare(const struct memo__site *s, const struct memo_span *spans,
                   const struct memo__source *from, struct piece *pieces)
{
    unsigned k;
    int err;

    for (k = 0; k < s->n_results; k++) {
        unsigned i = s->results[k];
        const struct memo_part *part = &s->abi->m_parts[i];
        uint64_t len = from->parts[k].len;
        struct piece *p = &pieces[k];

        if (len == MEMO__PART_NULL)
            continue;
        if (part->m_role & MEMO_OFFSET) {
            p->to = &p->word;
            continue;
        }
        if (!(part->m_role & (MEMO_ALLOC | MEMO_ROWS))) {
            p->to = spans[i].m_data;
            continue;
        }
        if ((part->m_role & MEMO_VIEW) && from->object) {
            const void *view;

            err = memo__object_view(from->object, k, &view);
            if (err != 0)
                return err;
            p->made = (void *)(uintptr_t)view;
            p->is_view = true;
            continue;
        }
        p->is_temporary = (part->m_role & (MEMO_ROWS | MEMO_STATIC)) != 0;
        p->made = p->is_temporary ? memo__malloc_big(len) : memo__alloc_result(len, part->m_align);
        if (!p->made)
            return MEMO_EMISS;
        p->to = p->made;
    }
    return 0;
}

static bool writes_to_user(const struct memo__site *s, const struct piece *pieces)
{
    unsigned k;

    for (k = 0; k < s->n_results; k++)
        if (pieces[k].to && pieces[k].to != pieces[k].made && pieces[k].to != &pieces[k].word)
            return true;
    return false;
}

static int fetch_object(const struct memo__site *s, const struct memo__source *from,
                        struct piece *pieces, int *errno_value)
{
    void *few[MEMO__FEW_PARTS];
    void **to = few;
    unsigned k;
    int err = 0;

    if (from->n > MEMO__FEW_PARTS && !(to = memo__malloc(from->n * sizeof *to)))
        return MEMO_EMISS;
    for (k = 0; k < s->n_results; k++)
        to[k] = pieces[k].to;
    to[k] = from->parts[k].len ? errno_value : NULL;
    if (writes_to_user(s, pieces))
        err = memo__object_check(from->object);
    if (err == 0)
        err = memo__object_copy(from->object, to);
    if (to != few)
        memo__free(to);
    return err;
}

static void fetch(const struct memo__site *s, const struct memo__source *from, struct piece *pieces,
                  int *errno_value)
{
    unsigned k;

    for (k = 0; k < s->n_results; k++)
        if (pieces[k].to && from->parts[k].len > 0)
            memcpy(pieces[k].to, from->parts[k].data, from->parts[k].len);
    if (from->parts[k].len)
        memcpy(errno_value, from->parts[k].data, sizeof *errno_value);
}

/* Pointers are checked and interned before anything is written... */
static bool settle(const struct memo__site *s, const struct memo_span *spans,
                   const struct memo__source *from, struct piece *pieces)
{
    unsigned k;

    for (k = 0; k < s->n_results; k++) {
        const struct memo_part *part = &s->abi->m_parts[s->results[k]];
        const struct memo__part *stored = &from->parts[k];
        size_t extent;

        if (stored->len == MEMO__PART_NULL)
            continue;
        if (part->m_role & MEMO_OFFSET) {
            if (!from->object)
                memcpy(&pieces[k].word, stored->data, sizeof pieces[k].word);
            if (!spans[part->m_ref].m_data ||
                !memo__part_extent(s->abi->m_parts, spans, part->m_ref, s->abi->m_n_parts,
                                   &extent) ||
                pieces[k].word > extent)
                return false;
        } else if ((part->m_role & MEMO_STATIC) && !from->object) {
            const char *text = memo__string_intern(stored->data, stored->len);

            if (!text)
                return false;
            memo__free(pieces[k].made);
            pieces[k].made = NULL;
            pieces[k].to = NULL;
            pieces[k].word = (uintptr_t)text;
        }
    }
    return true;
}

static void scatter_rows(const struct memo__site *s, const struct memo_span *spans,
                         struct piece *pieces)
{
    const struct memo_part *parts = s->abi->m_parts;
    unsigned k;

    for (k = 0; k < s->n_results; k++) {
        unsigned i = s->results[k];

        if (!(parts[i].m_role & MEMO_ROWS) || !pieces[k].made)
            continue;
        memo__rows_scatter(parts, spans, i, s->abi->m_n_parts, pieces[k].made);
        memo__free(pieces[k].made);
    }
}

/* ...and written when all other bytes are in place: a pointer may be a member of
 * an object that is itself restored. */
static void place_pointers(const struct memo__site *s, const struct memo_span *spans,
                           const struct memo__source *from, struct piece *pieces)
{
    unsigned k;

    for (k = 0; k < s->n_results; k++) {
        unsigned i = s->results[k];
        const struct memo_part *part = &s->abi->m_parts[i];
        void *p = NULL;

        if (!(part->m_role & (MEMO_ALLOC | MEMO_OFFSET)) || !spans[i].m_data)
            continue;
        if (from->parts[k].len != MEMO__PART_NULL) {
            if (part->m_role & MEMO_OFFSET)
                p = (char *)spans[part->m_ref].m_data + pieces[k].word;
            else if (part->m_role & MEMO_STATIC)
                p = (void *)(uintptr_t)pieces[k].word;
            else
                p = pieces[k].made;
        }
        memcpy(spans[i].m_data, &p, sizeof p);
    }
}

/* A string that was in an object file is interned from its copy. */
static bool intern_copies(const struct memo__site *s, const struct memo__source *from,
                          struct piece *pieces)
{
    unsigned k;

    for (k = 0; k < s->n_results; k++) {
        const char *text;

        if (!(s->abi->m_parts[s->results[k]].m_role & MEMO_STATIC) || !pieces[k].made)
            continue;
        text = memo__string_intern(pieces[k].made, from->parts[k].len);
        if (!text)
            return false;
        memo__free(pieces[k].made);
        pieces[k].made = NULL;
        pieces[k].word = (uintptr_t)text;
    }
    return true;
}

static bool has_plain_length(const struct memo__site *s, const struct memo_span *spans, unsigned k,
                             uint64_t len)
{
    const struct memo_span *span = &spans[s->results[k]];
    size_t bytes;

    if (len == MEMO__PART_NULL || !span->m_data)
        return len == MEMO__PART_NULL && !span->m_data;
    return span->m_count != MEMO_BAD &&
           !__builtin_mul_overflow(span->m_count, s->abi->m_parts[s->results[k]].m_size, &bytes) &&
           bytes == len;
}

/* Most results are bytes in memory whose lengths are known before the call. */
static int restore_plain(const struct memo__site *s, const struct memo_span *spans,
                         const struct memo__part *parts, struct memo__errno *e)
{
    unsigned k, n = s->n_results;

    if (parts[n].len != 0 && parts[n].len != sizeof e->value)
        return MEMO_EMISS;
    for (k = 0; k < n; k++)
        if (!has_plain_length(s, spans, k, parts[k].len))
            return MEMO_EMISS;
    for (k = 0; k < n; k++)
        if (parts[k].len != MEMO__PART_NULL && parts[k].len > 0)
            memcpy(spans[s->results[k]].m_data, parts[k].data, parts[k].len);
    e->is_set = parts[n].len != 0;
    e->value = 0;
    if (e->is_set)
        memcpy(&e->value, parts[n].data, sizeof e->value);
    return 0;
}

int memo__result_restore(const struct memo__site *s, struct memo_span *spans,
                         const struct memo__source *from, struct memo__errno *e)
{
    struct piece few[MEMO__FEW_PARTS];
    struct piece *pieces = few;
    int err = MEMO_EMISS, errno_value = 0;

    if (s->has_plain_results && !from->object && from->n == s->n_results + 1)
        return restore_plain(s, spans, from->parts, e);
    if (!check(s, spans, from))
        return MEMO_EMISS;
    if (s->n_results > MEMO__FEW_PARTS && !(pieces = memo__malloc(s->n_results * sizeof *pieces)))
        return MEMO_EMISS;
    memset(pieces, 0, s->n_results * sizeof *pieces);
    err = prepare(s, spans, from, pieces);
    if (err == 0 && !from->object)
        err = settle(s, spans, from, pieces) ? 0 : MEMO_EMISS;
    if (err == 0 && from->object) {
        err = fetch_object(s, from, pieces, &errno_value);
        if (err == 0 && (!settle(s, spans, from, pieces) || !intern_copies(s, from, pieces)))
            err = MEMO_EMISS;
    } else if (err == 0) {
        fetch(s, from, pieces, &errno_value);
    }
    if (err == 0) {
        scatter_rows(s, spans, pieces);
        place_pointers(s, spans, from, pieces);
        e->is_set = from->parts[s->n_results].len != 0;
        e->value = errno_value;
    } else {
        pieces_free(pieces, s->n_results);
    }
    if (pieces != few)
        memo__free(pieces);
    return err;
}

/* What the wrapper returns is an object of its own, and a pointer named "result";
 * the user's memory stays, the pointers that `alloc (*pp)` would fill too. */
void memo__result_zero(const struct memo__site *s, struct memo_span *spans)
{
    void *null = NULL;
    unsigned k;

    for (k = 0; k < s->n_results; k++) {
        unsigned i = s->results[k];
        const struct memo_part *part = &s->abi->m_parts[i];

        if ((part->m_role & MEMO_SECTION) || !spans[i].m_data)
            continue;
        if (part->m_role & (MEMO_ALLOC | MEMO_OFFSET)) {
            if (strcmp(part->m_name, "result") == 0)
                memcpy(spans[i].m_data, &null, sizeof null);
        } else if (!(part->m_role & MEMO_STRING) && spans[i].m_count != MEMO_BAD) {
            memset(spans[i].m_data, 0, spans[i].m_count * part->m_size);
        }
    }
}

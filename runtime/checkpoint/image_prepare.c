/* image_prepare.c - is what a file has the state of this loop? Files were checked against
 * damage, so here the question is whether they belong to the code at hand; but nothing that
 * they say is used as an index or a length unchecked. */
#include "checkpoint/image_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

void memo__ck_prepared_free(struct memo__ck_prepared *p)
{
    if (!p)
        return;
    for (unsigned i = 0; p->pieces && i < p->n; i++)
        free(p->pieces[i].block);
    memo__free(p->pieces);
    memo__free(p->levels);
    memo__free(p->element);
    memo__free(p->moved);
    memo__free(p->leftovers);
    memo__free(p->start);
    memo__free(p->overwritten);
    memo__free(p->kept);
    memo__free(p);
}

static int wrong(char why[MEMO__CK_WHY], const char *name)
{
    snprintf(why, MEMO__CK_WHY, "what was saved of '%s' can't be", name);
    return MEMO_ECORRUPT;
}

/* Pieces have other names: which was added or dropped? */
static int other_pieces(const struct memo__ck_image *image, const struct memo__ck_blob *blobs,
                        size_t n_blobs, char why[MEMO__CK_WHY])
{
    for (unsigned i = 0; i < image->n; i++) {
        const char *name = image->site->m_pieces[i].m_name;
        bool is_there = false;
        for (size_t k = 0; k < n_blobs && !is_there; k++)
            is_there = blobs[k].kind == MEMO__CK_PIECE && !strcmp(blobs[k].name, name);
        if (!is_there) {
            snprintf(why, MEMO__CK_WHY, "'%s' wasn't saved", name);
            return MEMO_EINVALID;
        }
    }
    for (size_t k = 0; k < n_blobs; k++) {
        bool is_there = false;
        for (unsigned i = 0; i < image->n && !is_there; i++)
            is_there = !strcmp(blobs[k].name, image->site->m_pieces[i].m_name);
        if (blobs[k].kind == MEMO__CK_PIECE && !is_there) {
            snprintf(why, MEMO__CK_WHY, "'%s' was saved and isn't any more", blobs[k].name);
            return MEMO_EINVALID;
        }
    }
    snprintf(why, MEMO__CK_WHY, "other variables and sections were saved");
    return MEMO_EINVALID;
}

#define KNOWN (MEMO_CK_RNG - 1) /* bits of roles that must be equal */

static int match_pieces(const struct memo__ck_image *image, struct memo__ck_prepared *p,
                        const struct memo__ck_blob *blobs, size_t n_blobs, char why[MEMO__CK_WHY])
{
    unsigned n = 0;
    for (size_t k = 0; k < n_blobs; k++) {
        const struct memo__ck_blob *b = &blobs[k];
        if (b->kind == MEMO__CK_POINTERS) {
            p->targets = b->data;
            p->n_targets = b->len / sizeof(uint64_t);
        }
        if (b->kind != MEMO__CK_PIECE)
            continue;
        if (n == image->n || b->meta[0] >> 32 != n ||
            strcmp(b->name, image->site->m_pieces[n].m_name) != 0 ||
            ((uint32_t)b->meta[0] & KNOWN) != (image->site->m_pieces[n].m_role & KNOWN))
            return other_pieces(image, blobs, n_blobs, why);
        const struct memo_ck_piece *q = &image->site->m_pieces[n];
        if (b->meta[1] != q->m_size || b->meta[3] != q->m_layout) {
            snprintf(why, MEMO__CK_WHY, "layout of '%s' differs", q->m_name);
            return MEMO_EINVALID;
        }
        p->pieces[n++].blob = b;
    }
    return n == image->n ? 0 : other_pieces(image, blobs, n_blobs, why);
}

/* Bytes, rows, and where targets may lead. */
static int measure_piece(const struct memo__ck_image *image, struct memo__ck_prepared *p,
                         unsigned i)
{
    const struct memo_ck_piece *q = &image->site->m_pieces[i];
    struct memo__ck_saved *s = &p->pieces[i];
    const struct memo__ck_blob *b = s->blob;
    size_t bytes, extent;

    s->count = b->meta[2];
    s->place = b->meta[4];
    s->levels = p->levels + i;
    if (q->m_role & MEMO_CK_MORE) {
        s->place = 0;
        return 0;
    }
    if (q->m_role & MEMO_CK_POINTER) {
        s->high = sizeof(void *);
        s->equal = b->meta[2];
        s->target = b->meta[5];
        return 0;
    }
    if (__builtin_mul_overflow(s->count, q->m_size, &s->run_len) || s->run_len > PTRDIFF_MAX)
        return -1;
    s->first = q->m_role & MEMO_CK_SECTION ? b->meta[5] : 0;
    if (!(q->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION))) {
        s->high = (int64_t)s->run_len;
        return b->len ? -1 : 0;
    }
    if (q->m_role & MEMO_CK_STRING)
        s->run_len = b->len;
    s->n_runs = 1;
    s->n_levels = memo__ck_levels(image->site, i);
    for (unsigned k = 1; k <= s->n_levels; k++) {
        const struct memo__ck_blob *more = p->pieces[i + k].blob;
        p->levels[i + k - 1] =
            (struct memo_ck_span){memo__ck_at((uintptr_t)more->meta[4]), 0, more->meta[2]};
        if (__builtin_mul_overflow(s->n_runs, more->meta[2], &s->n_runs))
            return -1;
    }
    if (q->m_role & MEMO_CK_SECTION && !s->place) /* NULL */
        s->n_runs = s->run_len = s->first = 0;
    if (__builtin_mul_overflow(s->run_len, s->n_runs, &bytes) || bytes > PTRDIFF_MAX)
        return -1;
    if (!bytes)
        s->n_runs = 0;
    extent = s->n_runs ? memo__ck_run(0, s->levels, s->n_levels, s->n_runs - 1) + s->run_len : 0;
    s->low = (int64_t)s->first < 0 ? (int64_t)s->first : 0;
    s->high = (int64_t)(s->first + extent);
    if (extent > PTRDIFF_MAX || s->high < s->low)
        return -1;
    if (b->meta[0] & GAPS)
        return b->len == extent && bytes <= extent ? 0 : -1;
    return b->len == bytes ? 0 : -1;
}

static bool is_target(const struct memo__ck_image *image, const struct memo__ck_prepared *p,
                      uint64_t target)
{
    if (!target)
        return true;
    unsigned i = target_piece(target);
    int64_t offset = target_offset(target);
    return target >> 48 && i < image->n && offset >= p->pieces[i].low &&
           offset <= p->pieces[i].high &&
           !(image->site->m_pieces[i].m_role & (MEMO_CK_COPY | MEMO_CK_MORE)) &&
           (!(image->site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC)) ||
            p->pieces[i].place);
}

/* A place needs no other place of its own kind to be told: no circles. */
static bool is_place(const struct memo__ck_image *image, const struct memo__ck_prepared *p,
                     unsigned i)
{
    unsigned role = image->site->m_pieces[i].m_role;
    uint64_t place = p->pieces[i].place;
    if (!place || (place == FRESH_BLOCK && role & MEMO_CK_ALLOC))
        return true;
    unsigned to = target_piece(place);
    if (!(place >> 48) || to >= image->n)
        return false;
    unsigned to_role = image->site->m_pieces[to].m_role;
    if (to_role & MEMO_CK_POINTER) /* its value, so that a copy will do */
        return target_offset(place) == 0;
    if (!is_target(image, p, place))
        return false;
    if (role & MEMO_CK_ALLOC && to_role & MEMO_CK_ALLOC)
        return to < i && target_offset(place) == 0;
    if (role & MEMO_CK_ALLOC)
        return to_role & (MEMO_CK_VARIABLE | MEMO_CK_OBJECT);
    if (to == i)
        return image->site->m_pieces[i].m_base == MEMO_CK_NONE;
    if (to_role & MEMO_CK_SECTION) {
        uint64_t next = p->pieces[to].place;
        if (!next || next == FRESH_BLOCK || target_piece(next) >= image->n)
            return false;
        if (image->site->m_pieces[target_piece(next)].m_role & MEMO_CK_POINTER)
            return target_offset(next) == 0;
        return is_target(image, p, next) &&
               (target_piece(next) == to ||
                !(image->site->m_pieces[target_piece(next)].m_role & MEMO_CK_SECTION));
    }
    return true;
}

static bool is_led(const struct memo__ck_image *image, const struct memo__ck_prepared *p,
                   const struct memo__ck_saved *s)
{
    if (s->equal > image->n ||
        (s->equal && !(image->site->m_pieces[s->equal - 1].m_role & MEMO_CK_POINTER)))
        return false;
    return s->target == LEADS_ELSEWHERE || is_target(image, p, s->target);
}

static int allocate_block(struct memo__ck_image *image, struct memo__ck_prepared *p, unsigned i,
                          char why[MEMO__CK_WHY])
{
    struct memo__ck_saved *s = &p->pieces[i];
    unsigned role = image->site->m_pieces[i].m_role;
    size_t align = s->blob->meta[5];
    if (!(role & MEMO_CK_ALLOC) || !s->place)
        return 0;
    if (s->place != FRESH_BLOCK &&
        !(image->site->m_pieces[target_piece(s->place)].m_role & MEMO_CK_POINTER))
        return 0; /* it is another one's */
    if (align & (align - 1) || align > 4096)
        return wrong(why, image->site->m_pieces[i].m_name);
    s->block = memo__alloc_result(s->run_len, align);
    if (s->block)
        return 0;
    snprintf(why, MEMO__CK_WHY, "no memory for the %zu bytes of '%s'", s->run_len,
             image->site->m_pieces[i].m_name);
    return MEMO_ENOMEM;
}

/* What restoring will need: scratch, and room for what undo puts back. */
static int allocate_rest(struct memo__ck_image *image, struct memo__ck_prepared *p)
{
    size_t element = 1, bytes = 0, n_overwritten = 0;
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        const struct memo__ck_saved *s = &p->pieces[i];
        for (unsigned k = 0; k < q->m_n_pointers; k++)
            p->keeps_bytes |= !(q->m_pointers[k].m_flags & MEMO_CK_CHANGED);
        if (q->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION)) {
            if (q->m_n_pointers && q->m_size > element)
                element = q->m_size;
            bytes += s->run_len * s->n_runs;
            n_overwritten += s->n_runs;
        } else if (q->m_role & MEMO_CK_POINTER) {
            bytes += sizeof(void *);
            n_overwritten++;
        }
    }
    p->element = memo__malloc(element);
    p->moved = memo__calloc(image->n + 1, sizeof *p->moved);
    p->leftovers = memo__calloc(image->n + 1, sizeof *p->leftovers);
    p->start = memo__calloc(image->n + 1, sizeof *p->start);
    if (p->can_undo) {
        p->overwritten = memo__calloc(n_overwritten + 1, sizeof *p->overwritten);
        p->kept = memo__malloc_big(bytes + 1);
        if (!p->overwritten || !p->kept)
            return MEMO_ENOMEM;
    }
    return p->element && p->moved && p->leftovers && p->start ? 0 : MEMO_ENOMEM;
}

static int check_targets(struct memo__ck_image *image, struct memo__ck_prepared *p,
                         char why[MEMO__CK_WHY])
{
    size_t n = 0;
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        const struct memo__ck_saved *s = &p->pieces[i];
        if ((q->m_role & (MEMO_CK_POINTER | MEMO_CK_CHANGED)) ==
            (MEMO_CK_POINTER | MEMO_CK_CHANGED))
            n += 2;
        else if (q->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION) && q->m_size)
            n += s->run_len / q->m_size * s->n_runs * memo__ck_pointers_in_element(q);
    }
    if (n != p->n_targets) {
        snprintf(why, MEMO__CK_WHY, "%zu pointers were saved, not %zu", p->n_targets, n);
        return MEMO_ECORRUPT;
    }
    for (size_t k = 0; k < n; k++) {
        uint64_t target;
        memcpy(&target, p->targets + k * sizeof target, sizeof target);
        if (!is_target(image, p, target)) {
            snprintf(why, MEMO__CK_WHY, "a saved pointer leads nowhere");
            return MEMO_ECORRUPT;
        }
    }
    return 0;
}

int memo__ck_image_prepare(struct memo__ck_image *image, const struct memo__ck_blob *blobs,
                           size_t n_blobs, bool can_undo, char why[MEMO__CK_WHY])
{
    struct memo__ck_prepared *p = memo__calloc(1, sizeof *p);
    int err = MEMO_ENOMEM;

    memo__ck_image_commit(image);
    memo__ck_prepared_free(image->prepared);
    image->prepared = NULL;
    snprintf(why, MEMO__CK_WHY, "not enough memory to restore the state");
    if (!p)
        return MEMO_ENOMEM;
    p->n = image->n;
    p->can_undo = can_undo;
    p->pieces = memo__calloc(image->n + 1, sizeof *p->pieces);
    p->levels = memo__calloc(image->n + 1, sizeof *p->levels);
    if (!p->pieces || !p->levels)
        goto out;
    err = match_pieces(image, p, blobs, n_blobs, why);
    for (unsigned i = 0; i < image->n && !err; i++)
        if (measure_piece(image, p, i))
            err = wrong(why, image->site->m_pieces[i].m_name);
    for (unsigned i = 0; i < image->n && !err; i++)
        if (image->site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC) &&
            !is_place(image, p, i))
            err = wrong(why, image->site->m_pieces[i].m_name);
        else if (!is_led(image, p, &p->pieces[i]))
            err = wrong(why, image->site->m_pieces[i].m_name);
    if (!err)
        err = check_targets(image, p, why);
    for (unsigned i = 0; i < image->n && !err; i++)
        err = allocate_block(image, p, i, why);
    if (!err) {
        snprintf(why, MEMO__CK_WHY, "not enough memory to restore the state");
        err = allocate_rest(image, p);
    }
out:
    if (err) {
        memo__ck_prepared_free(p);
        return err;
    }
    why[0] = 0;
    image->prepared = p;
    return 0;
}

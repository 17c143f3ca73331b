/* image.c - taking the state. See image.h; image_private.h has what blobs hold. */
#include "checkpoint/image_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static void *read_pointer(const void *at)
{
    void *p;
    memcpy(&p, at, sizeof p);
    return p;
}

struct memo__ck_image *memo__ck_image_new(const struct memo_ck_site *site)
{
    struct memo__ck_image *image = memo__calloc(1, sizeof *image);
    size_t n = site->m_n_pieces;
    if (!image)
        return NULL;
    image->site = site;
    image->n = (unsigned)n;
    image->start = memo__calloc(n + 1, sizeof *image->start);
    image->extents = memo__calloc(n + 1, sizeof *image->extents);
    image->places = memo__calloc(n + 1, sizeof *image->places);
    image->ranges = memo__calloc(n + 1, sizeof *image->ranges);
    image->blobs = memo__calloc(n + 1, sizeof *image->blobs);
    if (!image->start || !image->extents || !image->places || !image->ranges || !image->blobs) {
        memo__ck_image_free(image);
        return NULL;
    }
    return image;
}

void memo__ck_image_free(struct memo__ck_image *image)
{
    if (!image)
        return;
    memo__ck_image_commit(image);
    memo__ck_prepared_free(image->prepared);
    memo__free(image->start);
    memo__free(image->extents);
    memo__free(image->places);
    memo__free(image->ranges);
    memo__free(image->blobs);
    memo__free(image->copy);
    memo__free(image->targets);
    memo__free(image);
}

struct memo__ck_image *memo__ck_image_rest(struct memo__ck_image *image)
{
    if (image && !image->prepared && !image->copy && !image->targets)
        return image;
    memo__ck_image_free(image);
    return NULL;
}

struct memo__ck_image *memo__ck_image_again(struct memo__ck_image *rested,
                                            const struct memo_ck_site *site)
{
    if (rested && rested->site == site)
        return rested;
    memo__ck_image_free(rested);
    return memo__ck_image_new(site);
}

void memo__ck_image_start(struct memo__ck_image *image, const struct memo_ck_span *spans)
{
    for (unsigned i = 0; i < image->n; i++) {
        void *at = spans[i].m_data;
        if (image->site->m_pieces[i].m_role & MEMO_CK_POINTER && at)
            at = read_pointer(at);
        image->start[i] = (uintptr_t)at;
    }
}

/* Bytes that the system has for us; SIZE_MAX: not known. */
static size_t available(void)
{
    char line[128];
    unsigned long long kib;
    size_t bytes = SIZE_MAX;
    FILE *f = fopen("/proc/meminfo", "re");
    if (!f)
        return bytes;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1) {
            bytes = kib > SIZE_MAX / 1024 ? SIZE_MAX : (size_t)kib * 1024;
            break;
        }
    fclose(f);
    return bytes;
}

#define SMALL ((size_t)64 << 20) /* not worth asking how much memory there is */

/* The copy's memory is kept from save to save: fresh pages cost more than copying does. */
static bool has_copy(struct memo__ck_image *image, size_t bytes)
{
    if (bytes <= image->copy_cap)
        return true;
    memo__free(image->copy);
    image->copy = NULL;
    image->copy_cap = 0;
    size_t cap = bytes + bytes / 8;
    if (cap > SMALL && cap > available() / 4 * 3)
        cap = bytes;
    if (cap > SMALL && cap > available() / 4 * 3)
        return false;
    image->copy = memo__malloc_big(cap);
    if (image->copy)
        image->copy_cap = cap;
    return image->copy != NULL;
}

static int measure(struct memo__ck_image *image, const struct memo_ck_span *spans, size_t *bytes,
                   size_t *n_targets, char why[MEMO__CK_WHY])
{
    *bytes = *n_targets = 0;
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[i];
        struct memo__ck_extent *x = &image->extents[i];
        bool has_bytes = p->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION);
        if (memo__ck_measure(image, spans, i, x) ||
            (has_bytes && __builtin_add_overflow(*bytes, x->bytes, bytes))) {
            snprintf(why, MEMO__CK_WHY, "the length of '%s' is negative or too large", p->m_name);
            return MEMO_EINVALID;
        }
        if ((p->m_role & (MEMO_CK_POINTER | MEMO_CK_CHANGED)) ==
            (MEMO_CK_POINTER | MEMO_CK_CHANGED))
            *n_targets += 2;
        else if (has_bytes && p->m_size)
            *n_targets += x->bytes / p->m_size * memo__ck_pointers_in_element(p);
    }
    return 0;
}

static void copy_bytes(struct memo__ck_image *image, const struct memo_ck_span *spans, unsigned i,
                       char *to)
{
    const struct memo__ck_extent *x = &image->extents[i];
    for (size_t r = 0; r < x->n_runs; r++)
        memcpy(to + r * x->run_len,
               memo__ck_at(memo__ck_run(x->base + x->first, spans + i + 1, x->n_levels, r)),
               x->run_len);
}

static void fill_blob(struct memo__ck_image *image, const struct memo_ck_span *spans, unsigned i)
{
    const struct memo_ck_piece *p = &image->site->m_pieces[i];
    const struct memo__ck_extent *x = &image->extents[i];
    struct memo__ck_blob *b = &image->blobs[i];

    memset(b, 0, sizeof *b);
    b->kind = MEMO__CK_PIECE;
    b->name = p->m_name;
    b->meta[0] = (uint64_t)i << 32 | (p->m_role & ~MEMO_CK_RNG);
    b->meta[1] = p->m_size;
    b->meta[2] = x->count;
    b->meta[3] = p->m_layout;
    b->meta[4] = image->places[i];
    b->meta[5] = x->first;
    if (p->m_role & MEMO_CK_MORE) {
        b->meta[2] = spans[i].m_count;
        b->meta[4] = (uintptr_t)spans[i].m_data;
    } else if (p->m_role & MEMO_CK_ALLOC) {
        uintptr_t align = x->base & -x->base; /* as far as the address shows */
        b->meta[5] = align > 4096 ? 4096 : align;
    } else if (p->m_role & MEMO_CK_POINTER) {
        b->meta[4] = !x->base;
        memo__ck_leads_note(image, i, b);
    }
}

struct pointers {
    struct memo__ck_image *image;
    unsigned piece;
    size_t n; /* targets so far */
    struct memo__ck_range last;
};

/* Neighbours often lead to the same piece. */
static uint64_t lead(struct pointers *w, uintptr_t address)
{
    if (!address)
        return 0;
    if (address >= w->last.low && address < w->last.high)
        return target_of(w->last.piece, (int64_t)(address - w->image->extents[w->last.piece].base));
    uint64_t target = memo__ck_lookup(w->image, address, ~0u, MEMO_CK_NONE);
    if (target && !(w->image->site->m_pieces[target_piece(target)].m_role & MEMO_CK_POINTER)) {
        const struct memo__ck_extent *x = &w->image->extents[target_piece(target)];
        w->last = (struct memo__ck_range){x->low, x->high, 0, target_piece(target)};
    }
    return target;
}

static int add_target(struct pointers *w, uint64_t target)
{
    w->image->targets[w->n++] = target;
    return 0;
}

#define ELSEWHERE                                                                                  \
    "'%s%s' points to memory that no 'save' names: name that, or the pointer in 'skip' "           \
    "(skip(%s%s))"

/* Pointers in the elements of a run; `copy`: the same bytes as they will be written, or NULL. */
static int take_run(struct pointers *w, const char *run, size_t len, size_t element, char *copy,
                    char why[MEMO__CK_WHY])
{
    const struct memo_ck_piece *p = &w->image->site->m_pieces[w->piece];
    for (size_t at = 0; at + p->m_size <= len; at += p->m_size, element++)
        for (unsigned k = 0; k < p->m_n_pointers; k++) {
            const struct memo_ck_pointer *q = &p->m_pointers[k];
            for (size_t c = 0; q->m_flags & MEMO_CK_CHANGED && c < q->m_count; c++) {
                size_t offset = at + q->m_offset + c * q->m_stride;
                uintptr_t address = (uintptr_t)read_pointer(run + offset);
                uint64_t target = lead(w, address);
                if (address && !target) {
                    if (p->m_role & MEMO_CK_VARIABLE && len == p->m_size)
                        snprintf(why, MEMO__CK_WHY, ELSEWHERE, p->m_name, q->m_name, p->m_name,
                                 q->m_name);
                    else
                        snprintf(
                            why, MEMO__CK_WHY,
                            "'%s' in element %zu of '%s' points to memory that no 'save' names",
                            q->m_name[0] == '.' ? q->m_name + 1 : q->m_name, element, p->m_name);
                    return MEMO_EINVALID;
                }
                add_target(w, target);
                if (copy)
                    memset(copy + offset, 0, sizeof(void *));
            }
        }
    return 0;
}

/* A pointer that lies in saved memory belongs there, wherever the span of the rerun leads. */
static uint64_t place_of_pointer(struct pointers *w, uintptr_t own)
{
    if (w->image->site->m_pieces[w->piece].m_role & MEMO_CK_COPY)
        return 0;
    uint64_t target = memo__ck_lookup(w->image, own, MEMO_CK_SECTION | MEMO_CK_VARIABLE, w->piece);
    if (target && w->image->extents[target_piece(target)].high - own < sizeof(void *))
        return 0;
    return target;
}

static int take_pointer(struct pointers *w, const struct memo_ck_span *span, char why[MEMO__CK_WHY])
{
    const struct memo_ck_piece *p = &w->image->site->m_pieces[w->piece];
    uintptr_t own = (uintptr_t)span->m_data;
    uintptr_t address = own ? (uintptr_t)read_pointer(span->m_data) : 0;
    uint64_t target = lead(w, address);
    if (address && !target) {
        snprintf(why, MEMO__CK_WHY, ELSEWHERE, p->m_name, "", p->m_name, "");
        return MEMO_EINVALID;
    }
    add_target(w, place_of_pointer(w, own));
    return add_target(w, target);
}

static int take_pointers(struct memo__ck_image *image, const struct memo_ck_span *spans,
                         bool is_direct, char why[MEMO__CK_WHY])
{
    struct pointers w = {.image = image};
    for (w.piece = 0; w.piece < image->n; w.piece++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[w.piece];
        const struct memo__ck_extent *x = &image->extents[w.piece];
        char *copy = is_direct ? NULL : memo__ck_at((uintptr_t)image->blobs[w.piece].data);
        int err = 0;
        if ((p->m_role & (MEMO_CK_POINTER | MEMO_CK_CHANGED)) ==
            (MEMO_CK_POINTER | MEMO_CK_CHANGED))
            err = take_pointer(&w, &spans[w.piece], why);
        else if (p->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION) && p->m_size &&
                 memo__ck_pointers_in_element(p))
            for (size_t r = 0; r < x->n_runs && !err; r++)
                err = take_run(&w,
                               (const char *)memo__ck_run(x->base + x->first, spans + w.piece + 1,
                                                          x->n_levels, r),
                               x->run_len, r * (x->run_len / p->m_size),
                               copy ? copy + r * x->run_len : NULL, why);
        if (err)
            return err;
    }
    return 0;
}

static bool has_targets(struct memo__ck_image *image, size_t n)
{
    if (n <= image->targets_cap)
        return true;
    memo__free(image->targets);
    image->targets_cap = 0;
    image->targets = memo__malloc_big((n + n / 8) * sizeof *image->targets);
    if (image->targets)
        image->targets_cap = n + n / 8;
    return image->targets != NULL;
}

int memo__ck_image_take(struct memo__ck_image *image, const struct memo_ck_span *spans,
                        struct memo__ck_taken *out, char why[MEMO__CK_WHY])
{
    size_t bytes, n_targets, at = 0;
    int err = measure(image, spans, &bytes, &n_targets, why);
    if (err)
        return err;
    if (image->n > MAX_PIECES) {
        snprintf(why, MEMO__CK_WHY, "more than %u variables and sections", MAX_PIECES);
        return MEMO_EINVALID;
    }
    if (!has_targets(image, n_targets))
        goto no_memory;
    memo__ck_sort(image);
    err = memo__ck_place_sections(image, why);
    if (err)
        return err;

    bool is_direct = !has_copy(image, bytes);
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo__ck_extent *x = &image->extents[i];
        struct memo__ck_blob *b = &image->blobs[i];
        fill_blob(image, spans, i);
        if (!(image->site->m_pieces[i].m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION)) || !x->bytes)
            continue;
        b->len = x->bytes;
        if (!is_direct) {
            copy_bytes(image, spans, i, image->copy + at);
            b->data = image->copy + at;
            at += x->bytes;
            continue;
        }
        b->data = memo__ck_at(x->base + x->first);
        if (x->n_runs > 1) {
            b->meta[0] |= GAPS;
            b->len = x->high - (x->base + x->first);
        }
    }
    err = take_pointers(image, spans, is_direct, why);
    if (err)
        return err;

    struct memo__ck_blob *last = &image->blobs[image->n];
    *last = (struct memo__ck_blob){.kind = MEMO__CK_POINTERS,
                                   .name = "",
                                   .meta = {n_targets},
                                   .data = image->targets,
                                   .len = n_targets * sizeof *image->targets};
    *out = (struct memo__ck_taken){.blobs = image->blobs,
                                   .n_blobs = image->n + (n_targets > 0),
                                   .bytes = bytes + last->len,
                                   .is_direct = is_direct};
    return 0;

no_memory:
    snprintf(why, MEMO__CK_WHY, "not enough memory to save the state");
    return MEMO_ENOMEM;
}

/* image_digest.c - the state as a number, for telling entries apart by what they start from.
 *
 * Equal states have equal numbers in every process: of pointers that are saved it is what they lead
 * to that counts, and no other addresses count at all. Nothing here can fail: what can't be had
 * (NULL, no memory) isn't part of the number. */
#include "checkpoint/image_private.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"

struct digest {
    struct memo__ck_image *image;
    const struct memo_ck_span *spans;
    XXH3_state_t hash;
    char *element; /* scratch */
};

static void add(struct digest *d, uint64_t v)
{
    XXH3_128bits_update(&d->hash, &v, sizeof v);
}

static uint64_t pointer_target(const struct digest *d, const void *at)
{
    void *p;
    memcpy(&p, at, sizeof p);
    return p ? memo__ck_lookup(d->image, (uintptr_t)p, ~0u, MEMO_CK_NONE) : UINT64_MAX;
}

static void add_element(struct digest *d, const struct memo_ck_piece *p, const char *from)
{
    memcpy(d->element, from, p->m_size);
    for (unsigned k = 0; k < p->m_n_pointers; k++) {
        const struct memo_ck_pointer *q = &p->m_pointers[k];
        for (size_t c = 0; c < q->m_count; c++) {
            size_t offset = q->m_offset + c * q->m_stride;
            if (q->m_flags & MEMO_CK_CHANGED)
                add(d, pointer_target(d, from + offset));
            memset(d->element + offset, 0, q->m_size);
        }
    }
    XXH3_128bits_update(&d->hash, d->element, p->m_size);
}

static void add_run(struct digest *d, const struct memo_ck_piece *p, const char *run, size_t len)
{
    if (!p->m_n_pointers || !p->m_size) {
        XXH3_128bits_update(&d->hash, run, len);
        return;
    }
    for (size_t at = 0; d->element && at + p->m_size <= len; at += p->m_size)
        add_element(d, p, run + at);
}

/* Before the loop it has no value: only by chance would it be the same again. */
static bool is_unset(const struct memo__ck_image *image, unsigned i)
{
    const struct memo_ck_piece *p = &image->site->m_pieces[i];
    return p->m_role & MEMO_CK_UNSET ||
           (p->m_base < image->n && image->site->m_pieces[p->m_base].m_role & MEMO_CK_UNSET);
}

static void add_piece(struct digest *d, unsigned i)
{
    const struct memo_ck_piece *p = &d->image->site->m_pieces[i];
    const struct memo__ck_extent *x = &d->image->extents[i];
    add(d, i);
    if (p->m_role & MEMO_CK_MORE)
        add(d, d->spans[i].m_count);
    if (p->m_role & MEMO_CK_POINTER && p->m_role & MEMO_CK_CHANGED)
        add(d, x->base ? pointer_target(d, memo__ck_at(x->base)) : 0);
    if (!(p->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION)))
        return;
    add(d, x->first);
    add(d, x->bytes);
    for (size_t r = 0; r < x->n_runs; r++)
        add_run(d, p,
                memo__ck_at(memo__ck_run(x->base + x->first, d->spans + i + 1, x->n_levels, r)),
                x->run_len);
}

void memo__ck_image_digest(struct memo__ck_image *image, const struct memo_ck_span *spans,
                           uint64_t out[2])
{
    struct digest d = {.image = image, .spans = spans};
    size_t element = 0;
    XXH128_hash_t hash;

    XXH3_128bits_reset(&d.hash);
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[i];
        if (p->m_n_pointers && p->m_size > element)
            element = p->m_size;
        if (is_unset(image, i) || memo__ck_measure(image, spans, i, &image->extents[i]))
            memset(&image->extents[i], 0, sizeof image->extents[i]);
    }
    d.element = element ? memo__malloc(element) : NULL;
    memo__ck_sort(image);
    for (unsigned i = 0; i < image->n; i++)
        add_piece(&d, i);
    memo__free(d.element);
    hash = XXH3_128bits_digest(&d.hash);
    out[0] = hash.low64;
    out[1] = hash.high64;
}

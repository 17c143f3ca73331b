/* image_restore.c - giving the state back, and taking that back.
 *
 * First it is found where each piece goes (resolve), changing nothing. Blocks of ALLOC that
 * are too small move: a new block, the old one's bytes, and every pointer that led into the old
 * one (memo__ck_forward). Then bytes are written, then pointers. Old blocks are freed at commit. */
#include "checkpoint/image_private.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static uintptr_t read_address(const void *at)
{
    void *p;
    memcpy(&p, at, sizeof p);
    return (uintptr_t)p;
}

/* Blocks are moved once: new ones aren't old ones. */
uintptr_t memo__ck_forward(const struct memo__ck_prepared *p, uintptr_t address)
{
    for (unsigned k = 0; k < p->n_moved; k++)
        if (address - p->moved[k].old <= p->moved[k].len)
            return p->moved[k].now + (address - p->moved[k].old);
    return address;
}

/* Some pointer that stays leads here. */
static void keep_leftover(struct memo__ck_prepared *p, uintptr_t address)
{
    for (unsigned k = 0; k < p->n_leftovers; k++)
        if (address - p->leftovers[k].at <= p->leftovers[k].len)
            p->leftovers[k].is_used = true;
}

static bool is_old(const struct memo__ck_image *image, uintptr_t block)
{
    for (unsigned i = 0; i < image->n; i++)
        if (image->prepared->pieces[i].old == block)
            return true;
    return false;
}

/* ---- where pieces go */

/* false: free() must not be given what the rerun has in that place. */
static bool resolve_block(struct memo__ck_image *image, const struct memo_ck_span *spans,
                          unsigned i)
{
    struct memo__ck_prepared *p = image->prepared;
    struct memo__ck_saved *s = &p->pieces[i];
    if (!s->place || !s->block)
        return true; /* NULL; or it is another one's */
    uintptr_t old = 0;
    if (s->place != FRESH_BLOCK)
        old = image->start[target_piece(s->place)];
    if (old && !is_old(image, old) && !memo__ck_is_object(image, spans, old)) {
        if (!memo__ck_is_block(old, 0))
            return false;
        size_t len = malloc_usable_size(memo__ck_at(old));
        size_t align = s->blob->meta[5];
        s->old = old;
        if (len >= s->run_len && !(align && align <= 64 && old & (align - 1))) {
            s->base = old; /* large enough: it stays where others know it */
            return true;
        }
        p->moved[p->n_moved++] = (struct memo__ck_moved){old, (uintptr_t)s->block, len};
    }
    s->base = (uintptr_t)s->block;
    return true;
}

/* Blocks that pointers of ALLOC had, and that the loop gave up. */
static void find_leftovers(struct memo__ck_image *image, const struct memo_ck_span *spans)
{
    struct memo__ck_prepared *p = image->prepared;
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        bool has_pointer =
            q->m_role & MEMO_CK_ALLOC && q->m_base != MEMO_CK_NONE && !p->pieces[q->m_base].place;
        uintptr_t block = has_pointer ? image->start[q->m_base] : 0;
        bool is_known = !block || is_old(image, block) || memo__ck_is_object(image, spans, block) ||
                        !memo__ck_is_block(block, 0);
        for (unsigned k = 0; k < p->n_leftovers && !is_known; k++)
            is_known = p->leftovers[k].at == block;
        if (!is_known)
            p->leftovers[p->n_leftovers++] =
                (struct memo__ck_leftover){block, malloc_usable_size(memo__ck_at(block)), false};
    }
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        if (q->m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC) && p->pieces[i].place)
            keep_leftover(p, p->pieces[i].base);
        if (q->m_role & MEMO_CK_POINTER && !(q->m_role & MEMO_CK_CHANGED))
            keep_leftover(p, image->start[i]);
    }
}

/* What `place` stands for; 0: NULL. Blocks are known. */
static uintptr_t resolve_place(const struct memo__ck_image *image, uint64_t place)
{
    unsigned to = target_piece(place);
    unsigned role = image->site->m_pieces[to].m_role;
    const struct memo__ck_saved *s = &image->prepared->pieces[to];
    uintptr_t base = s->base;
    if (role & MEMO_CK_SECTION && target_piece(s->place) != to)
        base = resolve_place(image, s->place);
    else if (!(role & MEMO_CK_ALLOC))
        base = memo__ck_forward(image->prepared, image->start[to]);
    return base ? base + (uintptr_t)target_offset(place) : 0;
}

static int resolve(struct memo__ck_image *image, const struct memo_ck_span *spans,
                   char why[MEMO__CK_WHY])
{
    struct memo__ck_prepared *p = image->prepared;
    p->n_moved = p->n_leftovers = 0;
    for (unsigned i = 0; i < image->n; i++)
        p->pieces[i].old = p->pieces[i].base = 0;
    for (unsigned i = 0; i < image->n; i++)
        if (image->site->m_pieces[i].m_role & MEMO_CK_ALLOC && !resolve_block(image, spans, i)) {
            snprintf(why, MEMO__CK_WHY, "what '%s' has in this run isn't a block of malloc",
                     image->site->m_pieces[i].m_name);
            return MEMO_EINVALID;
        }
    for (unsigned pass = 0; pass < 2; pass++) /* ALLOC first: sections lie in them */
        for (unsigned i = 0; i < image->n; i++) {
            struct memo__ck_saved *s = &p->pieces[i];
            unsigned role = image->site->m_pieces[i].m_role;
            if (!(role & (pass ? MEMO_CK_SECTION : MEMO_CK_ALLOC)) || !s->place || s->base)
                continue;
            s->base = resolve_place(image, s->place);
            if (s->base)
                continue;
            snprintf(why, MEMO__CK_WHY, "'%s' is NULL in this run",
                     image->site->m_pieces[target_piece(s->place)].m_name);
            return MEMO_EINVALID;
        }
    find_leftovers(image, spans);
    return 0;
}

int memo__ck_image_fits(struct memo__ck_image *image, const struct memo_ck_span *spans,
                        char why[MEMO__CK_WHY])
{
    struct memo__ck_prepared *p = image->prepared;
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        if (!(q->m_role & MEMO_CK_VARIABLE) || spans[i].m_count == p->pieces[i].count)
            continue;
        snprintf(why, MEMO__CK_WHY, "'%s' had %zu elements and has %zu", q->m_name,
                 p->pieces[i].count, (size_t)spans[i].m_count);
        return MEMO_EINVALID;
    }
    memo__ck_image_start(image, spans);
    int err = resolve(image, spans, why);
    if (!err)
        err = memo__ck_leads_fit(image, spans, why);
    return err ? err : memo__ck_image_writable(image, spans, why);
}

uintptr_t memo__ck_goes_to(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                           unsigned i)
{
    const struct memo_ck_piece *q = &image->site->m_pieces[i];
    const struct memo__ck_saved *s = &image->prepared->pieces[i];
    if (!(q->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION)) || !s->n_runs)
        return 0;
    return (q->m_role & MEMO_CK_SECTION
                ? s->base
                : memo__ck_forward(image->prepared, (uintptr_t)spans[i].m_data)) +
           s->first;
}

/* ---- writing */

struct writing {
    struct memo__ck_image *image;
    struct memo__ck_prepared *p;
    const struct memo_ck_span *spans;
    size_t n; /* targets so far */
};

static bool is_new_block(const struct memo__ck_prepared *p, uintptr_t at)
{
    for (unsigned i = 0; i < p->n; i++)
        if (p->pieces[i].block && at - (uintptr_t)p->pieces[i].block < p->pieces[i].run_len)
            return true;
    return false;
}

static void keep_bytes(struct memo__ck_prepared *p, void *at, size_t len)
{
    if (!p->can_undo || !len || is_new_block(p, (uintptr_t)at))
        return;
    p->overwritten[p->n_overwritten++] =
        (struct memo__ck_overwritten){at, len, p->kept + p->n_kept};
    memcpy(p->kept + p->n_kept, at, len);
    p->n_kept += len;
}

static uint64_t next_target(struct writing *w)
{
    uint64_t target;
    memcpy(&target, w->p->targets + w->n++ * sizeof target, sizeof target);
    return target;
}

/* An address that a pointer is to have. */
static uintptr_t address_of(const struct writing *w, uint64_t target)
{
    if (!target)
        return 0;
    unsigned i = target_piece(target);
    uintptr_t base = w->image->site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC)
                         ? w->p->pieces[i].base
                         : memo__ck_forward(w->p, (uintptr_t)w->spans[i].m_data);
    return base + (uintptr_t)target_offset(target);
}

static void write_address(void *at, uintptr_t address)
{
    void *p = memo__ck_at(address);
    memcpy(at, &p, sizeof p);
}

/* The bytes of one element: those of the file, but pointers as they are to be, and what keeps its
 * value as it is at `to`. */
static void merge_element(struct writing *w, const struct memo_ck_piece *q, const char *to,
                          const char *from)
{
    char *e = w->p->element;
    memcpy(e, from, q->m_size);
    for (unsigned k = 0; k < q->m_n_pointers; k++)
        for (size_t c = 0; c < q->m_pointers[k].m_count; c++) {
            const struct memo_ck_pointer *r = &q->m_pointers[k];
            size_t offset = r->m_offset + c * r->m_stride;
            if (r->m_flags & MEMO_CK_CHANGED) {
                write_address(e + offset, address_of(w, next_target(w)));
            } else if (r->m_size == sizeof(void *)) {
                uintptr_t address = read_address(to + offset);
                keep_leftover(w->p, address);
                write_address(e + offset, memo__ck_forward(w->p, address));
            } else {
                memcpy(e + offset, to + offset, r->m_size);
            }
        }
}

/* What is there already isn't written: it may be constant. Fresh memory holds nothing. */
static void write_bytes(struct memo__ck_prepared *p, char *to, const char *bytes, size_t len)
{
    bool is_new = is_new_block(p, (uintptr_t)to);
    if (!is_new && memcmp(to, bytes, len) == 0)
        return;
    keep_bytes(p, to, len);
    memcpy(to, bytes, len);
}

/* Do any differ? */
static bool merge_elements(struct writing *w, const struct memo_ck_piece *q, char *to,
                           const char *from, size_t len, bool is_written)
{
    bool differ = false;
    for (size_t at = 0; at + q->m_size <= len; at += q->m_size) {
        merge_element(w, q, to + at, from + at);
        differ |= is_written || memcmp(to + at, w->p->element, q->m_size) != 0;
        if (is_written)
            memcpy(to + at, w->p->element, q->m_size);
    }
    return differ;
}

static void write_piece(struct writing *w, unsigned i)
{
    const struct memo_ck_piece *q = &w->image->site->m_pieces[i];
    const struct memo__ck_saved *s = &w->p->pieces[i];
    const char *from = s->blob->data;
    uintptr_t begin = memo__ck_goes_to(w->image, w->spans, i);
    for (size_t r = 0; r < s->n_runs; r++) {
        uintptr_t gap = memo__ck_run(0, s->levels, s->n_levels, r);
        char *to = memo__ck_at(begin + gap);
        const char *bytes = s->blob->meta[0] & GAPS ? from + gap : from + r * s->run_len;
        if (!q->m_n_pointers) {
            write_bytes(w->p, to, bytes, s->run_len);
            continue;
        }
        size_t first = w->n;
        if (merge_elements(w, q, to, bytes, s->run_len, false)) {
            keep_bytes(w->p, to, s->run_len);
            w->n = first;
            merge_elements(w, q, to, bytes, s->run_len, true);
        }
    }
}

static void write_pointer(struct writing *w, unsigned i)
{
    const struct memo_ck_piece *q = &w->image->site->m_pieces[i];
    uintptr_t at = memo__ck_forward(w->p, (uintptr_t)w->spans[i].m_data);
    uintptr_t address = memo__ck_forward(w->p, w->image->start[i]);
    if (q->m_role & MEMO_CK_CHANGED) {
        uint64_t own = next_target(w);
        uintptr_t saved = address_of(w, next_target(w));
        if (!w->p->pieces[i].place)
            address = saved;
        if (own)
            at = address_of(w, own);
    }
    if (!at || read_address(memo__ck_at(at)) == address)
        return; /* may be const */
    keep_bytes(w->p, memo__ck_at(at), sizeof(void *));
    write_address(memo__ck_at(at), address);
}

/* Bytes of moved blocks, and zeros behind them where elements keep bytes that aren't saved. */
static void move_blocks(struct memo__ck_prepared *p)
{
    for (unsigned i = 0; i < p->n; i++) {
        struct memo__ck_saved *s = &p->pieces[i];
        size_t len = 0;
        if (!s->block || s->base != (uintptr_t)s->block)
            continue;
        for (unsigned k = 0; k < p->n_moved; k++)
            if (p->moved[k].now == s->base)
                len = p->moved[k].len < s->run_len ? p->moved[k].len : s->run_len;
        if (len)
            memcpy(s->block, memo__ck_at(s->old), len);
        if (p->keeps_bytes)
            memset((char *)s->block + len, 0, s->run_len - len);
    }
}

void memo__ck_image_restore(struct memo__ck_image *image, const struct memo_ck_span *spans)
{
    struct memo__ck_prepared *p = image->prepared;
    struct writing w = {.image = image, .p = p, .spans = spans};

    memcpy(p->start, image->start, image->n * sizeof *p->start);
    move_blocks(p);
    for (unsigned i = 0; i < image->n; i++) {
        unsigned role = image->site->m_pieces[i].m_role;
        if (role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION))
            write_piece(&w, i);
        else if ((role & (MEMO_CK_POINTER | MEMO_CK_CHANGED)) ==
                 (MEMO_CK_POINTER | MEMO_CK_CHANGED))
            w.n += 2;
    }
    w.n = 0; /* pointers last: they may lie in sections */
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        const struct memo__ck_saved *s = &p->pieces[i];
        if (q->m_role & MEMO_CK_POINTER)
            write_pointer(&w, i);
        else if (q->m_role & (MEMO_CK_VARIABLE | MEMO_CK_SECTION) && q->m_size)
            w.n += s->run_len / q->m_size * s->n_runs * memo__ck_pointers_in_element(q);
    }
    for (unsigned i = 0; i < image->n; i++)
        image->start[i] = memo__ck_forward(p, image->start[i]);
    p->is_restored = true;
    if (!p->can_undo)
        memo__ck_image_commit(image);
}

/* ---- afterwards */

void memo__ck_image_undo(struct memo__ck_image *image)
{
    struct memo__ck_prepared *p = image->prepared;
    if (!p || !p->is_restored || !p->can_undo)
        return;
    while (p->n_overwritten > 0) {
        const struct memo__ck_overwritten *o = &p->overwritten[--p->n_overwritten];
        memcpy(o->at, o->bytes, o->len);
    }
    memcpy(image->start, p->start, image->n * sizeof *p->start);
    memo__ck_prepared_free(p); /* with the new blocks */
    image->prepared = NULL;
}

void memo__ck_image_commit(struct memo__ck_image *image)
{
    struct memo__ck_prepared *p = image->prepared;
    if (!p || !p->is_restored)
        return;
    for (unsigned k = 0; k < p->n_moved; k++)
        free(memo__ck_at(p->moved[k].old));
    for (unsigned k = 0; k < p->n_leftovers; k++) {
        uintptr_t block = p->leftovers[k].at;
        if (p->leftovers[k].is_used)
            continue;
        free(memo__ck_at(block));
        for (unsigned i = 0; i < image->n; i++) /* malloc may give it to anybody */
            if (image->site->m_pieces[i].m_role & MEMO_CK_POINTER && image->start[i] == block)
                image->start[i] = 0;
    }
    for (unsigned i = 0; i < p->n; i++)
        if ((uintptr_t)p->pieces[i].block == p->pieces[i].base)
            p->pieces[i].block = NULL; /* the program's */
    memo__ck_prepared_free(p);
    image->prepared = NULL;
}

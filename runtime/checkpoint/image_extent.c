/* image_extent.c - which bytes the pieces are now, and what an address leads to. */
#include "checkpoint/image_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

unsigned memo__ck_levels(const struct memo_ck_site *site, unsigned i)
{
    unsigned n = 0;
    if (site->m_pieces[i].m_role & MEMO_CK_ROWS)
        while (i + 1 + n < site->m_n_pieces && site->m_pieces[i + 1 + n].m_role & MEMO_CK_MORE)
            n++;
    return n;
}

size_t memo__ck_pointers_in_element(const struct memo_ck_piece *p)
{
    size_t n = 0;
    for (unsigned k = 0; k < p->m_n_pointers; k++)
        if (p->m_pointers[k].m_flags & MEMO_CK_CHANGED)
            n += p->m_pointers[k].m_count;
    return n;
}

uintptr_t memo__ck_run(uintptr_t begin, const struct memo_ck_span *levels, unsigned n_levels,
                       size_t r)
{
    for (unsigned k = 0; k < n_levels; k++) {
        begin += r % levels[k].m_count * (uintptr_t)levels[k].m_data;
        r /= levels[k].m_count;
    }
    return begin;
}

int memo__ck_measure(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                     unsigned i, struct memo__ck_extent *out)
{
    const struct memo_ck_piece *p = &image->site->m_pieces[i];
    const struct memo_ck_span *s = &spans[i];
    struct memo__ck_extent x = {.base = (uintptr_t)s->m_data};

    memset(out, 0, sizeof *out);
    if (!s->m_data || p->m_role & MEMO_CK_MORE)
        return 0;
    if (p->m_role & MEMO_CK_POINTER) {
        x.low = x.base;
        x.high = x.base + sizeof(void *);
        *out = x;
        return 0;
    }
    x.n_runs = 1;
    if (p->m_role & MEMO_CK_STRING) {
        x.first = s->m_first;
        x.run_len = strlen((const char *)s->m_data + x.first) + 1;
    } else {
        x.first = p->m_role & MEMO_CK_SECTION ? s->m_first : 0;
        x.count = s->m_count;
        if (s->m_count == MEMO_BAD || x.first == MEMO_BAD ||
            __builtin_mul_overflow(s->m_count, p->m_size, &x.run_len) || x.run_len > PTRDIFF_MAX)
            return MEMO_EINVALID;
    }
    x.n_levels = memo__ck_levels(image->site, i);
    for (unsigned k = 1; k <= x.n_levels; k++)
        if (spans[i + k].m_count == MEMO_BAD || (uintptr_t)spans[i + k].m_data == MEMO_BAD ||
            __builtin_mul_overflow(x.n_runs, spans[i + k].m_count, &x.n_runs))
            return MEMO_EINVALID;
    if (__builtin_mul_overflow(x.run_len, x.n_runs, &x.bytes) || x.bytes > PTRDIFF_MAX)
        return MEMO_EINVALID;
    if (!x.bytes)
        x.n_runs = 0;
    uintptr_t begin = x.base + x.first;
    x.low = (intptr_t)x.first < 0 ? begin : x.base;
    x.high = begin;
    if (x.n_runs)
        x.high = memo__ck_run(begin, spans + i + 1, x.n_levels, x.n_runs - 1) + x.run_len;
    if (x.high < x.low)
        return MEMO_EINVALID;
    *out = x;
    return 0;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct memo__ck_range *x = a, *y = b;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    return x->piece < y->piece ? -1 : 1;
}

void memo__ck_sort(struct memo__ck_image *image)
{
    unsigned n = 0;
    for (unsigned i = 0; i < image->n; i++) {
        unsigned role = image->site->m_pieces[i].m_role;
        const struct memo__ck_extent *x = &image->extents[i];
        if (x->base && !(role & (MEMO_CK_COPY | MEMO_CK_MORE)))
            image->ranges[n++] = (struct memo__ck_range){x->low, x->high, 0, i};
    }
    qsort(image->ranges, n, sizeof *image->ranges, compare_ranges);
    uintptr_t reach = 0;
    for (unsigned k = 0; k < n; k++) {
        if (image->ranges[k].high > reach)
            reach = image->ranges[k].high;
        image->ranges[k].reach = reach;
    }
    image->n_ranges = n;
}

/* The begin of one piece wins over the end of another: the address is inside (4), inside a
 * pointer (3), which may lie in another piece, and then is where that one is; that of something
 * empty (2), or an end (1). */
static int rank(const struct memo__ck_image *image, const struct memo__ck_range *r,
                uintptr_t address)
{
    if (address < r->low || address > r->high)
        return 0;
    if (address < r->high)
        return image->site->m_pieces[r->piece].m_role & MEMO_CK_POINTER ? 3 : 4;
    return r->low == r->high ? 2 : 1;
}

uint64_t memo__ck_lookup(const struct memo__ck_image *image, uintptr_t address, unsigned roles,
                         unsigned except)
{
    unsigned from = 0, to = image->n_ranges;
    while (from < to) { /* the first that begins behind it */
        unsigned mid = from + (to - from) / 2;
        if (image->ranges[mid].low <= address)
            from = mid + 1;
        else
            to = mid;
    }
    const struct memo__ck_range *best = NULL;
    int best_rank = 0;
    while (from-- > 0 && image->ranges[from].reach >= address && best_rank < 4) {
        const struct memo__ck_range *r = &image->ranges[from];
        int is = rank(image, r, address);
        if (is > best_rank && r->piece != except &&
            image->site->m_pieces[r->piece].m_role & roles) {
            best = r;
            best_rank = is;
        }
    }
    if (!best)
        return 0;
    return target_of(best->piece, (int64_t)(address - image->extents[best->piece].base));
}

/* An object of the program's, not memory behind a pointer. */
static bool is_named(const struct memo_ck_piece *p)
{
    return p->m_role & (MEMO_CK_VARIABLE | MEMO_CK_OBJECT) && !(p->m_role & MEMO_CK_COPY) &&
           p->m_base == MEMO_CK_NONE;
}

bool memo__ck_is_object(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                        uintptr_t address)
{
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[i];
        uintptr_t at = (uintptr_t)spans[i].m_data;
        if (is_named(p) && at && address >= at && address - at < p->m_size * spans[i].m_count)
            return true;
    }
    return false;
}

unsigned memo__ck_base_at(const struct memo__ck_image *image, uintptr_t address, unsigned except)
{
    for (unsigned i = 0; i < image->n; i++) {
        unsigned base = image->site->m_pieces[i].m_base;
        if (image->site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC) &&
            base != MEMO_CK_NONE && base != except && image->start[base] == address)
            return base;
    }
    return MEMO_CK_NONE;
}

/* The POINTER piece whose value at the start was `address`, `base` before others; 0: none. The
 * loop's INIT, which a restore leaves out, may set those that no section starts from: they are
 * last. */
static uint64_t started_at(const struct memo__ck_image *image, unsigned base, uintptr_t address)
{
    if (base != MEMO_CK_NONE && image->start[base] == address)
        return target_of(base, 0);
    base = memo__ck_base_at(image, address, MEMO_CK_NONE);
    for (unsigned i = 0; i < image->n && base == MEMO_CK_NONE; i++)
        if (image->site->m_pieces[i].m_role & MEMO_CK_POINTER && image->start[i] == address)
            base = i;
    return base == MEMO_CK_NONE ? 0 : target_of(base, 0);
}

/* Has a piece the block that POINTER piece `base` started with? */
static bool is_claimed(const struct memo__ck_image *image, unsigned base)
{
    for (unsigned i = 0; i < image->n; i++) {
        uint64_t place = image->places[i];
        if (place && place != FRESH_BLOCK &&
            image->site->m_pieces[target_piece(place)].m_role & MEMO_CK_POINTER &&
            image->start[target_piece(place)] == image->start[base])
            return true;
    }
    return false;
}

static void place_blocks(struct memo__ck_image *image)
{
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[i];
        uintptr_t at = image->extents[i].base;
        if (!(p->m_role & MEMO_CK_ALLOC) || !at)
            continue;
        for (unsigned k = 0; k < i && !image->places[i]; k++)
            if (image->site->m_pieces[k].m_role & MEMO_CK_ALLOC && image->extents[k].base == at)
                image->places[i] = target_of(k, 0);
        uint64_t object =
            memo__ck_lookup(image, at, MEMO_CK_VARIABLE | MEMO_CK_OBJECT, MEMO_CK_NONE);
        if (!image->places[i] && object && is_named(&image->site->m_pieces[target_piece(object)]))
            image->places[i] = object;
        if (!image->places[i])
            image->places[i] = started_at(image, p->m_base, at);
    }
}

/* 0: can't be told yet. */
static uint64_t place_of_section(const struct memo__ck_image *image, unsigned i)
{
    const struct memo_ck_piece *p = &image->site->m_pieces[i];
    uintptr_t at = image->extents[i].base;
    if (p->m_base == MEMO_CK_NONE)
        return at == image->start[i] ? target_of(i, 0) : 0;
    uint64_t place = memo__ck_lookup(image, at, MEMO_CK_ALLOC, i);
    if (!place)
        place = started_at(image, p->m_base, at);
    if (!place)
        place = memo__ck_lookup(image, at, MEMO_CK_VARIABLE | MEMO_CK_OBJECT, i);
    return place;
}

/* One that begins inside another that was told by itself; 0: none. */
static uint64_t place_inside(const struct memo__ck_image *image, unsigned i)
{
    uintptr_t at = image->extents[i].base;
    for (unsigned k = 0; k < image->n; k++) {
        const struct memo__ck_extent *x = &image->extents[k];
        uint64_t place = image->places[k];
        if (k != i && image->site->m_pieces[k].m_role & MEMO_CK_SECTION && place &&
            (target_piece(place) == k ||
             !(image->site->m_pieces[target_piece(place)].m_role & MEMO_CK_SECTION)) &&
            at >= x->low && at < x->high + !image->extents[i].bytes)
            return target_of(k, (int64_t)(at - x->base));
    }
    return 0;
}

/* Or somewhere in the block that it began with, or in other memory? Pointers may walk. */
static bool is_begin_of_block(const struct memo__ck_image *image, unsigned i)
{
    uintptr_t at = image->extents[i].base;
    size_t len = image->extents[i].run_len;

    return memo__ck_is_block(at, len) && !memo__ck_is_inside(image->start[i], at, len);
}

static int place_new_blocks(struct memo__ck_image *image, char why[MEMO__CK_WHY])
{
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[i];
        uint64_t place = image->places[i];
        if (!(p->m_role & MEMO_CK_ALLOC) || !image->extents[i].base)
            continue;
        if ((!place || image->site->m_pieces[target_piece(place)].m_role & MEMO_CK_POINTER) &&
            !is_begin_of_block(image, i)) {
            snprintf(why, MEMO__CK_WHY,
                     "'%s' in 'alloc' doesn't lead to where a block of malloc begins: save the "
                     "block by a pointer that stays there, e.g. 'save(base[:n])'",
                     p->m_base == MEMO_CK_NONE ? p->m_name
                                               : image->site->m_pieces[p->m_base].m_name);
            return MEMO_EINVALID;
        }
        if (place)
            continue;
        bool has_own =
            p->m_base != MEMO_CK_NONE && image->start[p->m_base] && !is_claimed(image, p->m_base);
        image->places[i] = has_own ? target_of(p->m_base, 0) : FRESH_BLOCK;
    }
    return 0;
}

int memo__ck_place_sections(struct memo__ck_image *image, char why[MEMO__CK_WHY])
{
    memset(image->places, 0, image->n * sizeof *image->places);
    place_blocks(image);
    for (unsigned i = 0; i < image->n; i++)
        if (image->site->m_pieces[i].m_role & MEMO_CK_SECTION && image->extents[i].base)
            image->places[i] = place_of_section(image, i);
    for (unsigned i = 0; i < image->n; i++) {
        const struct memo_ck_piece *p = &image->site->m_pieces[i];
        if (!(p->m_role & MEMO_CK_SECTION) || !image->extents[i].base || image->places[i])
            continue;
        image->places[i] = place_inside(image, i);
        if (image->places[i])
            continue;
        snprintf(
            why, MEMO__CK_WHY,
            "'%s' doesn't lead where it did when the loop began: if it walks, save the memory by a "
            "pointer that stays, e.g. 'save(base[:n])'; if the loop allocates it, name it in "
            "'alloc'",
            p->m_base == MEMO_CK_NONE ? p->m_name : image->site->m_pieces[p->m_base].m_name);
        return MEMO_EINVALID;
    }
    return place_new_blocks(image, why);
}

/* image_leads.c - do pointers that are inputs lead where they led?
 *
 * The loop doesn't change them, so where such a pointer leads at a save it led at the entry, too,
 * if the piece there hasn't moved since. What a save notes is thus true of the entry, and this
 * run's entry is asked for the same: no address is compared with one of another run, and how long
 * pieces have become doesn't matter. Nor does it matter if the loop did change the pointer: it is
 * the value of the entry that is looked at.
 *
 * A section that starts from the pointer itself says nothing: it is wherever the pointer leads. So
 * does one that is told by this pointer's value; then it counts that other pointers were equal. */
#include "checkpoint/image_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static bool is_variable(const char *name)
{
    while (isalnum((unsigned char)*name) || *name == '_' || *name == '.' || *name == '$')
        name++;
    return !*name;
}

/* An expression that a section starts from is read, too, and no input. */
static bool is_start_of_section(const struct memo_ck_site *site, unsigned i)
{
    for (unsigned k = 0; k < site->m_n_pieces; k++)
        if (site->m_pieces[k].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC) &&
            site->m_pieces[k].m_base == i)
            return !is_variable(site->m_pieces[i].m_name);
    return false;
}

/* What is matched of the value that POINTER piece i has in front of the loop; NULL: nothing. */
static const char *matched_as(const struct memo_ck_site *site, unsigned i)
{
    const struct memo_ck_piece *p = &site->m_pieces[i];
    if (!(p->m_role & MEMO_CK_POINTER))
        return NULL;
    for (unsigned k = 0; k < site->m_n_inputs; k++) {
        const struct memo_part *in = &site->m_inputs[k];
        if (in->m_role & MEMO_CK_NULLNESS && !(in->m_role & MEMO_CK_SKIPPED) &&
            strcmp(in->m_name, p->m_name) == 0)
            return in->m_role & MEMO_CK_ENTRY ? "start value" : "input";
    }
    return !(p->m_role & MEMO_CK_CHANGED) && is_start_of_section(site, i) ? "input" : NULL;
}

/* ---- at a save */

/* Where piece i was at the entry, as its place says; 0: nobody knows. *via is the POINTER piece
 * that told so, or MEMO_CK_NONE. */
static uintptr_t origin(const struct memo__ck_image *image, unsigned i, unsigned *via)
{
    uint64_t place = image->places[i];
    uintptr_t offset = 0;
    *via = MEMO_CK_NONE;
    while (image->site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC)) {
        if (!place || place == FRESH_BLOCK)
            return 0;
        offset += (uintptr_t)target_offset(place);
        if (target_piece(place) == i)
            break;
        i = target_piece(place);
        place = image->places[i];
        if (image->site->m_pieces[i].m_role & MEMO_CK_POINTER) {
            *via = i;
            return image->start[i] ? image->start[i] + offset : 0;
        }
    }
    return image->extents[i].base + offset;
}

/* How well does piece i tell where pointer p leads? The inside of an object (5), of a section that
 * is told by a pointer that stays (4), or by one that changes and so may be set by the loop's own
 * INIT (3), of a pointer (2), or an end (1); 0: it doesn't; -1: p tells where piece i is. */
static int telling(const struct memo__ck_image *image, unsigned i, unsigned p, uintptr_t address)
{
    const struct memo_ck_piece *q = &image->site->m_pieces[i];
    const struct memo__ck_extent *x = &image->extents[i];
    unsigned via;
    if (!x->base || address < x->low || address > x->high || i == p || q->m_base == p ||
        q->m_role & (MEMO_CK_COPY | MEMO_CK_MORE) || origin(image, i, &via) != x->base)
        return 0;
    if (via == p)
        return -1;
    if (address == x->high)
        return 1;
    if (q->m_role & MEMO_CK_POINTER)
        return 2;
    if (via == MEMO_CK_NONE)
        return 5;
    return image->site->m_pieces[via].m_role & MEMO_CK_CHANGED ? 3 : 4;
}

/* Does something of pointer p's own begin there? Then that isn't the end of something else. */
static bool has_own(const struct memo__ck_image *image, unsigned p, uintptr_t address)
{
    for (unsigned i = 0; i < image->n; i++)
        if (image->site->m_pieces[i].m_base == p && image->extents[i].base &&
            address >= image->extents[i].low && address < image->extents[i].high)
            return true;
    return false;
}

void memo__ck_leads_note(const struct memo__ck_image *image, unsigned i, struct memo__ck_blob *out)
{
    uintptr_t address = image->start[i];
    if (!address || !matched_as(image->site, i))
        return;
    uint64_t target = LEADS_ELSEWHERE;
    int best = has_own(image, i, address) ? 1 : 0;
    bool is_circular = false;
    for (unsigned k = 0; k < image->n; k++) {
        int is = telling(image, k, i, address);
        is_circular |= is < 0;
        if (is <= best)
            continue;
        best = is;
        target = target_of(k, (int64_t)(address - image->extents[k].base));
    }
    unsigned equal = is_circular ? memo__ck_base_at(image, address, i) : MEMO_CK_NONE;
    out->meta[2] = equal == MEMO_CK_NONE ? 0 : equal + 1;
    out->meta[5] = target;
}

/* ---- at a restore */

/* Where piece i is in this run, once blocks have moved; 0: nowhere. */
static uintptr_t base_now(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                          unsigned i)
{
    if (image->site->m_pieces[i].m_role & (MEMO_CK_SECTION | MEMO_CK_ALLOC))
        return image->prepared->pieces[i].base;
    return memo__ck_forward(image->prepared, (uintptr_t)spans[i].m_data);
}

/* The most that is known of where `address` leads: inside an object (2), which has the same bytes
 * in each run; into a section of the saved length, or an end (1); 0. */
static int known(const struct memo__ck_image *image, const struct memo_ck_span *spans, unsigned p,
                 uintptr_t address)
{
    int most = 0;
    for (unsigned i = 0; i < image->n && most < 2; i++) {
        const struct memo_ck_piece *q = &image->site->m_pieces[i];
        const struct memo__ck_saved *s = &image->prepared->pieces[i];
        uintptr_t base = base_now(image, spans, i);
        int64_t at = (int64_t)(address - base);
        if (!base || i == p || q->m_base == p || q->m_role & (MEMO_CK_COPY | MEMO_CK_MORE) ||
            at < s->low || at > s->high)
            continue;
        bool is_object = q->m_role & (MEMO_CK_VARIABLE | MEMO_CK_OBJECT) && at < s->high;
        most = is_object ? 2 : 1;
    }
    return most;
}

static bool leads_elsewhere(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                            unsigned i)
{
    const struct memo__ck_prepared *p = image->prepared;
    uint64_t saved = p->pieces[i].target;
    uintptr_t now = memo__ck_forward(p, image->start[i]);
    if (!saved || !now || !matched_as(image->site, i))
        return false;
    if (p->pieces[i].equal && image->start[p->pieces[i].equal - 1] != image->start[i])
        return true;
    if (saved == LEADS_ELSEWHERE)
        return known(image, spans, i, now) == 2;
    unsigned to = target_piece(saved);
    uintptr_t base = base_now(image, spans, to);
    if (!base || base + (uintptr_t)target_offset(saved) == now)
        return false;
    /* An end may have been the begin of something else. */
    return target_offset(saved) < p->pieces[to].high || known(image, spans, i, now);
}

int memo__ck_leads_fit(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                       char why[MEMO__CK_WHY])
{
    for (unsigned i = 0; i < image->n; i++) {
        const char *name = image->site->m_pieces[i].m_name;
        if (!leads_elsewhere(image, spans, i))
            continue;
        const char *as = matched_as(image->site, i);
        const char *hint = strcmp(as, "input") == 0 ? " (name it in 'skip' if it doesn't matter)"
                                                    : " (name it in 'save' if it doesn't matter)";
        snprintf(why, MEMO__CK_WHY, "%s '%s' leads elsewhere%s", as, name,
                 is_variable(name) ? hint : "");
        return MEMO_EINVALID;
    }
    return 0;
}

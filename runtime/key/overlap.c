/* overlap.c - see overlap.h. */
#include "key/overlap.h"

#include <stdint.h>
#include <string.h>

bool memo__section_extent(const struct memo_site *site, const struct memo_span *spans, unsigned i,
                          memo_abi_size *bytes)
{
    const struct memo_part *part = &site->m_parts[i];
    memo_abi_size n;

    *bytes = 0;
    if (!spans[i].m_data)
        return true;
    if (part->m_role & MEMO_STRING) {
        *bytes = strlen(spans[i].m_data) + 1;
        return true;
    }
    if (spans[i].m_count == MEMO_BAD || __builtin_mul_overflow(spans[i].m_count, part->m_size, &n))
        return false;
    for (unsigned k = i + 1;
         (part->m_role & MEMO_ROWS) && k < site->m_n_parts && (site->m_parts[k].m_role & MEMO_MORE);
         k++) {
        memo_abi_size rows = spans[k].m_count, gap;
        if (rows == MEMO_BAD)
            return false;
        if (rows == 0 || n == 0)
            n = 0;
        else if (__builtin_mul_overflow((memo_abi_size)spans[k].m_data, rows - 1, &gap) ||
                 __builtin_add_overflow(n, gap, &n))
            return false;
    }
    *bytes = n;
    return true;
}

bool memo__sections_overlap(const struct memo_site *site, const struct memo_span *spans,
                            bool late_known)
{
    for (unsigned i = 0; i < site->m_n_parts; i++) {
        unsigned role = site->m_parts[i].m_role;
        memo_abi_size n, m;
        if ((role & (MEMO_SECTION | MEMO_RESULT)) != (MEMO_SECTION | MEMO_RESULT) ||
            !spans[i].m_data)
            continue;
        if ((role & MEMO_LATE) && !late_known)
            n = 1;
        else if (!memo__section_extent(site, spans, i, &n))
            return true;
        uintptr_t a = (uintptr_t)spans[i].m_data;
        for (unsigned j = 0; n && j < site->m_n_parts; j++) {
            unsigned other = site->m_parts[j].m_role;
            if (j == i || !(other & MEMO_SECTION) || !spans[j].m_data)
                continue;
            if (j < i && (other & MEMO_RESULT))
                continue; /* compared already */
            if ((other & MEMO_LATE) && !late_known)
                m = 1;
            else if (!memo__section_extent(site, spans, j, &m))
                return true;
            uintptr_t b = (uintptr_t)spans[j].m_data;
            if (m && a < b + m && b < a + n)
                return true;
        }
    }
    return false;
}

/* ranges.c - hulls of noted addresses; see ranges.h. */
#include "task/ranges.h"

void memo__range_note(struct memo_ranges *r, const char *p, memo_abi_size size)
{
    if (size == 0)
        return;
    if (!r->m_low || p < r->m_low)
        r->m_low = p;
    if (p + size > r->m_high)
        r->m_high = p + size;
}

bool memo__range_hit(const struct memo_ranges *r, const char *p, memo_abi_size size)
{
    return r->m_low && size > 0 && p < r->m_high && p + size > r->m_low;
}

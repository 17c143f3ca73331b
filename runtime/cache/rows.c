/* rows.c - walk over strided sections; see rows.h. */
#include "cache/rows.h"

#include <string.h>

static unsigned n_levels(const struct memo_part *parts, unsigned i, unsigned n_parts)
{
    unsigned n = 0;

    if (parts[i].m_role & MEMO_ROWS)
        while (i + n + 1 < n_parts && (parts[i + n + 1].m_role & MEMO_MORE))
            n++;
    return n;
}

/* The bytes of one row; everything where there are no rows. */
static bool row_bytes(const struct memo_part *part, const struct memo_span *span, size_t *bytes)
{
    *bytes = 0;
    if (!span->m_data)
        return true;
    if (part->m_role & MEMO_STRING) {
        *bytes = strlen(span->m_data) + 1;
        return true;
    }
    return span->m_count != MEMO_BAD && !__builtin_mul_overflow(span->m_count, part->m_size, bytes);
}

bool memo__part_bytes(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                      unsigned n_parts, size_t *bytes)
{
    unsigned level, n = n_levels(parts, i, n_parts);

    if (!row_bytes(&parts[i], &spans[i], bytes))
        return false;
    for (level = 1; level <= n; level++)
        if (spans[i + level].m_count == MEMO_BAD ||
            __builtin_mul_overflow(*bytes, spans[i + level].m_count, bytes))
            return false;
    return true;
}

bool memo__part_extent(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                       unsigned n_parts, size_t *bytes)
{
    unsigned level, n = n_levels(parts, i, n_parts);
    size_t more;

    if (!memo__part_bytes(parts, spans, i, n_parts, &more))
        return false;
    if (more == 0) {
        *bytes = 0;
        return true;
    }
    if (!row_bytes(&parts[i], &spans[i], bytes))
        return false;
    for (level = 1; level <= n; level++)
        if (__builtin_mul_overflow((size_t)spans[i + level].m_data, spans[i + level].m_count - 1,
                                   &more) ||
            __builtin_add_overflow(*bytes, more, bytes))
            return false;
    return true;
}

/* Copies the block of the given level at `at`; returns the end of what it took
 * of `packed`. The rows of an array may be many, its levels are few. */
static char *walk(char *at, const struct memo_span *first, unsigned level, size_t row, char *packed,
                  bool is_gather)
{
    size_t k;

    if (level == 0) {
        memcpy(is_gather ? packed : at, is_gather ? at : packed, row);
        return packed + row;
    }
    for (k = 0; k < first[level].m_count; k++)
        packed =
            walk(at + k * (size_t)first[level].m_data, first, level - 1, row, packed, is_gather);
    return packed;
}

void memo__rows_gather(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                       unsigned n_parts, void *packed)
{
    size_t row;

    if (row_bytes(&parts[i], &spans[i], &row) && row > 0)
        walk(spans[i].m_data, &spans[i], n_levels(parts, i, n_parts), row, packed, true);
}

void memo__rows_scatter(const struct memo_part *parts, const struct memo_span *spans, unsigned i,
                        unsigned n_parts, const void *packed)
{
    size_t row;

    if (row_bytes(&parts[i], &spans[i], &row) && row > 0)
        walk(spans[i].m_data, &spans[i], n_levels(parts, i, n_parts), row, (char *)packed, false);
}

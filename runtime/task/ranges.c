/* ranges.c - rows of noted ranges; see ranges.h. Addresses are numbers here. */
#include "task/ranges.h"

#include <stdint.h>

#include "task/batch.h"

#define FEW 32u /* rows that are gone through one by one */

/* Ranges [base + k * stride, + size) for k < n; the stride is positive, or n is 1. */
struct row {
    uintptr_t base;
    size_t stride, size, n;
};

struct log {
    uint32_t n, max;
    bool is_full;               /* nothing more can be noted */
    bool is_rising, is_falling; /* each row above, below the one before */
    struct row rows[];
};

static uintptr_t end_of(const struct row *r)
{
    return r->base + (r->n - 1) * r->stride + r->size;
}

/* The first range of the row that ends behind p. */
static size_t first_behind(const struct row *r, uintptr_t p)
{
    return p < r->base + r->size ? 0 : (p - r->base - r->size) / r->stride + 1;
}

static bool row_hits(const struct row *r, uintptr_t p, uintptr_t end)
{
    size_t k;

    if (p >= end_of(r) || end <= r->base)
        return false;
    k = r->n > 1 ? first_behind(r, p) : 0;
    return k < r->n && r->base + k * r->stride < end;
}

static bool row_holds(const struct row *r, uintptr_t p, uintptr_t end)
{
    size_t k;

    if (p < r->base || end > end_of(r))
        return false;
    k = r->n > 1 ? first_behind(r, p) : 0;
    return k < r->n && r->base + k * r->stride <= p && end <= r->base + k * r->stride + r->size;
}

/* One more range for the row, at either end. */
static bool row_grows(struct row *r, uintptr_t p, size_t size)
{
    if (size != r->size || p == r->base)
        return false;
    if (r->n == 1) {
        r->stride = p > r->base ? p - r->base : r->base - p;
        r->base = p > r->base ? r->base : p;
    } else if (p + r->stride == r->base) {
        r->base = p;
    } else if (p != r->base + r->n * r->stride) {
        return false;
    }
    r->n++;
    return true;
}

/* ---- the log ---- */

static struct log *log_new(void)
{
    struct memo__block *k = memo__batch_log();
    struct log *l;

    if (!k)
        return NULL;
    l = (struct log *)(void *)k->data;
    l->n = 0;
    l->max = (uint32_t)((k->size - sizeof *l) / sizeof *l->rows);
    l->is_full = false;
    l->is_rising = l->is_falling = true;
    return l;
}

/* The order of rows, after the last one was added or has grown. */
static void look_at_order(struct log *l)
{
    const struct row *last = &l->rows[l->n - 1], *before = last - 1;

    if (l->n < 2)
        return;
    l->is_rising &= last->base >= end_of(before);
    l->is_falling &= end_of(last) <= before->base;
    if (l->n > FEW && !l->is_rising && !l->is_falling)
        l->is_full = true;
}

static void add(struct log *l, uintptr_t p, size_t size)
{
    uint32_t i;

    if (l->is_full)
        return;
    if (l->n > 0 && row_grows(&l->rows[l->n - 1], p, size)) {
        look_at_order(l);
        return;
    }
    for (i = l->n; i > 0 && i + 8 > l->n; i--)
        if (row_holds(&l->rows[i - 1], p, p + size))
            return;
    if (l->n == l->max) {
        l->is_full = true;
        return;
    }
    l->rows[l->n++] = (struct row){p, 0, size, 1};
    look_at_order(l);
}

void memo__range_note(struct memo_ranges *r, const char *p, memo_abi_size size)
{
    struct log *l = r->m_all;

    if (size == 0)
        return;
    if (!r->m_low || p < r->m_low)
        r->m_low = p;
    if (p + size > r->m_high)
        r->m_high = p + size;
    if (!r->m_first) {
        r->m_first = p;
        r->m_last = p + size;
    } else if (p + size == r->m_first) {
        r->m_first = p;
    } else if (p < r->m_first || p + size > r->m_last) {
        if (!l)
            l = r->m_all = log_new();
        if (l)
            add(l, (uintptr_t)r->m_first, (size_t)(r->m_last - r->m_first));
        else
            r->m_all = r; /* no room: the hull alone */
        r->m_first = p;
        r->m_last = p + size;
    }
}

/* The only row that can be hit where they are in order. */
static const struct row *find(const struct log *l, uintptr_t p)
{
    uint32_t low = 0, high = l->n;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        bool is_later = l->is_rising ? l->rows[middle].base <= p : end_of(&l->rows[middle]) > p;

        if (is_later)
            low = middle;
        else
            high = middle;
    }
    return &l->rows[low];
}

bool memo__range_hit(const struct memo_ranges *r, const char *address, memo_abi_size size)
{
    uintptr_t p = (uintptr_t)address, end = p + size;
    const struct log *l = r->m_all;
    const struct row *row;
    uint32_t i;

    if (!r->m_low || size == 0 || address >= r->m_high || address + size <= r->m_low)
        return false;
    if (address < r->m_last && address + size > r->m_first)
        return true;
    if (!l)
        return false;
    if (r->m_all == r || l->is_full)
        return true;
    if (l->n <= FEW) {
        for (i = 0; i < l->n; i++)
            if (row_hits(&l->rows[i], p, end))
                return true;
        return false;
    }
    row = find(l, p); /* it, or its neighbours towards larger addresses */
    i = (uint32_t)(row - l->rows);
    if (row_hits(row, p, end))
        return true;
    if (l->is_rising)
        while (++i < l->n && l->rows[i].base < end)
            if (row_hits(&l->rows[i], p, end))
                return true;
    if (l->is_falling)
        while (i > 0 && l->rows[i - 1].base < end)
            if (row_hits(&l->rows[--i], p, end))
                return true;
    return false;
}

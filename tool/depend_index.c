/* depend_index.c - parts of one object: members and subscripts. */
#include <string.h>

#include "depend_private.h"

enum depend_parts depend_parts(const struct depend_context *dc, const struct touch *earlier,
                               const struct touch *later)
{
    (void)dc;
    const char *a = earlier->path, *b = later->path;
    size_t n = 0;
    bool is_known = true;
    while (*a && *b) {
        size_t la = 1 + strcspn(a + 1, ".["), lb = 1 + strcspn(b + 1, ".[");
        if (*a != *b)
            return PARTS_UNKNOWN;
        if (*a == '.') {
            if (la != lb || strncmp(a, b, la) != 0)
                return PARTS_DIFFER;
        } else {
            const struct touch_index *i = &earlier->indices[n], *k = &later->indices[n];
            long long x, y;
            if (!touch_same_layout(i->element, k->element))
                return PARTS_UNKNOWN;
            bool is_plain = i->expr && k->expr && touch_constant(i->expr, &x) &&
                            touch_constant(k->expr, &y);
            bool is_row = (i->is_derived || k->is_derived) && n > 0;
            if (is_plain && !is_row && x != y && n + 1 == earlier->n_indices)
                return PARTS_DIFFER;
            is_known &= is_plain && x == y;
            n++;
        }
        a += la;
        b += lb;
    }
    return is_known && earlier->is_exact && later->is_exact && !*a && !*b ? PARTS_EQUAL
                                                                          : PARTS_UNKNOWN;
}

/* difference.h - how two calls of a function differ in their arguments. */
#ifndef MEMO_CACHE_DIFFERENCE_H
#define MEMO_CACHE_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/show.h"
#include "include/memo_abi.h"

/* A key that was kept, whole or its head. */
struct memo__kept {
    const unsigned char *bytes;
    size_t len;
    uint64_t total;
};

/* How far apart two calls are: by the number of arguments that differ, then by
 * that of bytes. 0: no difference in what was kept of them. */
uint64_t memo__distance(const struct memo_site *site, const struct memo__kept *a,
                        const struct memo__kept *b);

/* "n: 2 -> 3, v[3]: 2.5 -> 2.75": the first few arguments that differ, and the
 * first element of each. `spans` are the new call's. Adds nothing, and returns
 * false, if no difference was kept. */
bool memo__show_difference(struct memo__line *l, const struct memo_site *site,
                           const struct memo_span *spans, const struct memo__kept *old,
                           const struct memo__kept *now);

#endif

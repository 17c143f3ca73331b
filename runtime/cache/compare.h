/* compare.h - a stored result against one that was computed again.
 *
 * The counterpart of restoring in result.h: the stored parts are held against
 * the computed ones, and the first difference is put into words. Bits are
 * compared, except those of padding. Nothing of the user's is written. */
#ifndef MEMO_CACHE_COMPARE_H
#define MEMO_CACHE_COMPARE_H

#include <stdbool.h>

#include "cache/result.h"
#include "cache/show.h"

struct memo__difference {
    struct memo__line place; /* "result", "out[:n][17].y (byte 280 of 800)" */
    struct memo__line stored, computed;
};

/* What an entry is to be compared with; for memo__lookup. */
struct memo__comparison {
    const struct memo__capture *computed;
    bool has_late; /* false: lengths of MEMO_LATE parts aren't known, which are left out */
    bool differs;  /* set by memo__result_compare */
    struct memo__difference what;
};

/* 0: c->differs is set, and c->what if it is true. MEMO_EMISS, MEMO_ECORRUPT:
 * the stored result can't be read. */
int memo__result_compare(const struct memo__site *s, const struct memo__source *from,
                         struct memo__comparison *c);

#endif

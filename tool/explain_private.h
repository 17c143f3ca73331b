/* explain_private.h - lines of --memo-explain: shared by explain_sync.c and
 * explain_checkpoint.c.
 *
 *   a.c:12: a title
 *     a part
 *       label               what is said of it */
#ifndef MEMOCC_EXPLAIN_PRIVATE_H
#define MEMOCC_EXPLAIN_PRIVATE_H

#include "base/arena.h"
#include "explain.h"

struct report {
    struct strbuf *out;
    struct arena *arena;
    size_t n_rows; /* in the part at work */
};

void report_head(struct report *r, const char *text);
__attribute__((format(printf, 3, 4))) void report_row(struct report *r, const char *label,
                                                      const char *format, ...);

/* "a.c:12", or "" */
const char *report_place(const struct report *r, struct src_range at);
/* The text on one line, its end cut off if it is long. */
const char *report_quote(const struct report *r, struct src_range at);
/* "30 s" */
const char *report_duration(struct arena *a, long long ns);

#endif

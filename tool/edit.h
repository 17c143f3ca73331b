/* edit.h - changes to the user's text, applied once and in order.
 *
 * Edits are places in the user's own files and don't overlap. After each, the
 * text is put back in step: a #line directive and blanks up to the column at
 * which the user's text goes on, so that the compiler, the debugger and
 * coverage speak of the user's lines and columns. */
#ifndef MEMOCC_EDIT_H
#define MEMOCC_EDIT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "frontend.h"

struct edit {
    const struct unit_file *file;
    size_t begin, end; /* replaced; equal: an insertion */
    const char *text;
    bool is_directive;   /* [begin, end) is a whole directive, all its lines */
    bool needs_preamble; /* the runtime's declarations must stand before it */
    bool is_inline;      /* text without line ends that replaces text of its own
                            length, or that may shift the rest of the line: no resync */
    /* At one place, what ends something comes first: that which began last (`partner`: where)
     * before the others; then the rest. Of equal ones, the higher rank stands further inside.
     * Otherwise edits keep their order. */
    bool is_end;
    size_t partner;
    int rank;
    unsigned seq; /* edit_add's */
};

struct edit_list {
    struct edit *edits;
    size_t n, cap;
    struct arena *arena;
};

void edit_add(struct edit_list *list, struct edit e);

/* The rewritten main file. preamble: written before the first edit that needs it. */
void edit_apply(struct frontend *fe, struct edit_list *list, const char *preamble,
                struct strbuf *out);

/* The rewritten text of `cc -E -fdirectives-only` (or -frewrite-includes).
 * Returns false if a place wasn't found in it: then nothing may be compiled. */
bool edit_apply_directives(struct frontend *fe, struct edit_list *list, const char *preamble,
                           const char *text, size_t len, struct strbuf *out);

/* `#line N "file"` for an offset, with the user's own #line directives heeded. */
void edit_line_directive(struct frontend *fe, struct strbuf *out, const struct unit_file *file,
                         size_t offset);

#endif

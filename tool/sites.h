/* sites.h - where the pragmas of ours stand in a text.
 *
 * Purely lexical: text inside #if 0 is found too; whether a pragma is active
 * is for the preprocessor to say. For that, sites_mask() overwrites each with
 * the directive `#define MM__`, of the same length: active ones come back from
 * libclang as macro definitions at the same offset. */
#ifndef MEMOCC_SITES_H
#define MEMOCC_SITES_H

#include <stdbool.h>
#include <stddef.h>

#include "pragma.h"
#include "source.h"

struct arena;

struct pragma_site {
    enum pragma_kind kind;
    const struct source *src;
    size_t begin, end; /* of the directive (from its # to the end of its last line, without
                          CR LF), or of _Pragma(...), or of the macro invocation */
    bool is_operator;  /* _Pragma */
    bool is_macro;     /* comes from a macro: text has no offsets of its own */
    const char *text;  /* from behind the kind's name, unspliced, comments blanked */
    size_t text_len;
    const size_t *offsets; /* text[i] stands at src offset offsets[i] (the end too); NULL if
                              is_macro */
};

/* The site that a macro made: text is destringized, "memo in(p[:n])" (see
 * macro_pragmas), [begin, end) the invocation in src. Returns false if the text is
 * no pragma of ours. The text is copied. */
bool site_of_macro(struct pragma_site *out, struct arena *arena, const struct source *src,
                   size_t begin, size_t end, const char *text, size_t len);

/* Is a destringized text (or what stands behind #pragma) a pragma of ours? */
bool site_is_ours(const char *text, size_t len);

/* Another pragma that changes the code of what follows: "GCC optimize ..." */
struct other_pragma {
    size_t begin, end;
    const char *text; /* blanks made single, from behind "pragma"; _Pragma("...") too */
};

/* A directive of OpenMP, OpenACC or Cilk: "omp ...", "acc ...", "cilk ..." */
struct parallel_directive {
    size_t begin, end;
    bool is_inactive; /* the preprocessor leaves it out; for the frontend to say */
};

struct site_list {
    struct pragma_site *sites; /* by offset */
    size_t n_sites, cap_sites;
    struct other_pragma
        *others; /* GCC optimize/target/..., STDC, clang fp, float_control: by offset */
    size_t n_others, cap_others;
    struct parallel_directive *directives; /* by offset; _Pragma("omp ...") too */
    size_t n_directives, cap_directives;
    bool has_define_pragma; /* some #define contains _Pragma: see macro.h */
};

void sites_find(struct site_list *out, struct arena *arena, const struct source *src);

/* Does what stands behind #pragma begin with one of those words? */
bool sites_is_directive(const char *text);

/* Where the next token at or behind `at` begins that isn't part of a directive or a
 * _Pragma; src->len if there is none. */
size_t sites_next_token(const struct source *src, size_t at);

/* A copy of the text, of the same length and with the same lines, with every #pragma
 * of ours replaced by `#define MM__` (MM__ stands where the kind's name stood) and
 * every _Pragma of ours blanked. */
char *sites_mask(struct arena *arena, const struct source *src, const struct site_list *sites);
#define SITES_MARKER "MM__"

#endif

/* macro.h - a small macro expander over definitions that somebody else (the
 * frontend) collected: object- and function-like macros, #, ##, __VA_ARGS__. It
 * serves the expressions in clauses, which no compiler has seen yet, and
 * macros that produce _Pragma("memo ..."). No directives, no #include. */
#ifndef MEMOCC_MACRO_H
#define MEMOCC_MACRO_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

/* A definition as written, e.g. "MAX(a, b) ((a) > (b) ? (a) : (b))". */
struct macro_table;
struct macro_table *macro_table_new(struct arena *arena);
/* A later definition of the same name replaces the earlier one. */
void macro_define(struct macro_table *t, const char *text, size_t len);
bool macro_is_defined(const struct macro_table *t, const char *name, size_t len);

/* Does the replacement of that macro, or of one it mentions, contain _Pragma? */
bool macro_may_make_pragma(const struct macro_table *t, const char *name, size_t len);

/* Expand text fully; tokens are separated by single blanks where needed.
 * Returns false if it can't be done (unbalanced, too deep, too long). */
bool macro_expand(const struct macro_table *t, const char *text, size_t len, struct strbuf *out);

/* The strings of the _Pragma operators of ours in an expanded text, destringized
 * ("memo in(p[:n])"); *rest says whether other tokens remain. */
size_t macro_pragmas(struct arena *arena, const char *expanded, size_t len, char ***out, bool *rest);

#endif

/* macro.h - a small macro expander over definitions that somebody else (the
 * frontend) collected: object- and function-like macros, #, ##, __VA_ARGS__,
 * __VA_OPT__ and GNU's `, ## args`. It serves the expressions in clauses, which
 * no compiler has seen yet, and macros that produce _Pragma("memo ..."). No
 * directives, no #include; __LINE__ and its kin stay as they are. */
#ifndef MEMOCC_MACRO_H
#define MEMOCC_MACRO_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct ctoken; /* clex.h */
struct ctokens;
struct strbuf;

/* What names mean before anybody parses: macros, and names of types. */
struct macro_table;
struct macro_table *macro_table_new(struct arena *arena);

/* A definition as written behind #define, e.g. "MAX(a, b) ((a) > (b) ? (a) : (b))";
 * copied. A later definition of the same name replaces the earlier one; one that
 * can't be parsed is left out. */
void macro_define(struct macro_table *t, const char *text, size_t len);
bool macro_is_defined(const struct macro_table *t, const char *name, size_t len);

/* Names of typedefs, so that `(real)(x)` and `(real)-x` in a clause are casts. Without
 * any, only names that end in _t, and what can be nothing else, are types. */
void macro_add_type(struct macro_table *t, const char *name, size_t len);
bool macro_is_type(const struct macro_table *t, const char *name, size_t len);
bool macro_has_types(const struct macro_table *t); /* was any added? Then they are all */

/* Would that name, written into a source again after expansion, stay what it is? Not
 * the n of `#define n (n + 1)`. */
bool macro_is_stable(const struct macro_table *t, const char *name, size_t len);

/* Does the replacement of that macro, or of one it mentions, contain _Pragma? */
bool macro_may_make_pragma(const struct macro_table *t, const char *name, size_t len);

/* Expand text fully; tokens are separated by single blanks where needed.
 * Returns false if it can't be done (unbalanced, too deep, too long). */
bool macro_expand(const struct macro_table *t, const char *text, size_t len, struct strbuf *out);

/* The same for tokens: appends to *out, in its arena. Those that a macro made have
 * the range of the outermost invocation. On failure *bad is the token of `in` whose
 * expansion failed, and *why says what is wrong with it, e.g. "too few arguments". */
bool macro_expand_tokens(const struct macro_table *t, struct arena *arena, const struct ctoken *in,
                         size_t n, struct ctokens *out, const struct ctoken **bad,
                         const char **why);

/* The strings of the _Pragma operators of ours in an expanded text, destringized
 * ("memo in(p[:n])"); *rest says whether other tokens remain (pragmas of others
 * are such tokens). The array and the strings lie in the arena. */
size_t macro_pragmas(struct arena *arena, const char *expanded, size_t len, char ***out,
                     bool *rest);

#endif

/* cexpr.h - the C expressions inside clauses, as trees.
 *
 * Parsed by ourselves, since libclang sees no clause: names are resolved later
 * (by the checks, against the parameters of the function and the globals in
 * sight). Macros are expanded first; a node that comes from one has the range
 * of the invocation. Trees live in the arena they were parsed into. */
#ifndef MEMOCC_CEXPR_H
#define MEMOCC_CEXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "source.h"

enum cexpr_kind {
    CEXPR_NAME,    /* text */
    CEXPR_LITERAL, /* text: number, character or string(s) */
    CEXPR_MEMBER,  /* kids[0] . text */
    CEXPR_ARROW,   /* kids[0] -> text */
    CEXPR_INDEX,   /* kids[0] [ kids[1] ] */
    CEXPR_SECTION, /* kids[0] [ kids[1] : kids[2] ]; either may be NULL where left out */
    CEXPR_DEREF,   /* * kids[0] */
    CEXPR_ADDRESS, /* & kids[0] */
    CEXPR_UNARY,   /* text kids[0]: + - ~ ! */
    CEXPR_INCDEC,  /* text ++ or --; kids[0]; is_postfix */
    CEXPR_BINARY,  /* kids[0] text kids[1], also && || and comma */
    CEXPR_ASSIGN,  /* kids[0] text kids[1]: = += ... */
    CEXPR_COND,    /* kids[0] ? kids[1] : kids[2]; kids[1] NULL for GNU ?: */
    CEXPR_CALL,    /* kids[0] ( kids[1..n) ); where kids[0] turns out to name a type: a cast */
    CEXPR_CAST,    /* ( text ) kids[0]: text is the type as written */
    CEXPR_SIZEOF,  /* text: the whole of sizeof/_Alignof/offsetof and its operand, unevaluated */
};

struct cexpr {
    enum cexpr_kind kind;
    const char *text;       /* NUL-terminated; meaning by kind; "" where none */
    struct src_range range; /* for carets */
    struct cexpr **kids;
    size_t n_kids;
    bool is_postfix;
    unsigned height; /* 1 for a leaf; at most CEXPR_MAX_HEIGHT, so recursion is safe */
};
#define CEXPR_MAX_HEIGHT 200u

struct arena;
struct diag_engine;
struct macro_table;
struct ctoken; /* clex.h */
struct strbuf;

/* Where the tokens of a parser stand: token byte i is at src offset offsets[i];
 * offsets NULL: all of them stand for [begin, end). */
struct cexpr_place {
    const struct source *src;
    const size_t *offsets;
    size_t begin, end;
};
struct src_range cexpr_range(const struct cexpr_place *place, size_t begin, size_t end);

/* Set the members, then call cexpr_parse as often as there are expressions. */
struct cexpr_parser {
    struct arena *arena;
    struct diag_engine *diag;
    const struct macro_table *names; /* types in sight; may be NULL */
    struct cexpr_place place;
    const struct ctoken *tokens; /* macro-expanded; not owned */
    size_t n, at;
    size_t end;          /* where the text goes on behind the tokens: for "expected ..." */
    bool takes_sections; /* p[a:n] is allowed */
    unsigned depth;      /* 0; the parser's own */
};

/* Parse one assignment-expression (C11 6.5.16) from tokens[at]; stands behind it
 * then. On an error it is reported, once, and NULL returned. */
struct cexpr *cexpr_parse(struct cexpr_parser *p);

/* Parse `[first : count]` with nothing before it, as in returns([:n]). */
struct cexpr *cexpr_parse_section(struct cexpr_parser *p);

/* Append the expression as C, fully parenthesized: its meaning doesn't depend
 * on what is written around it. Sections print as OpenMP writes them. */
void cexpr_print(struct strbuf *out, const struct cexpr *e);

/* Are two trees the same text? (Ranges don't matter.) Either may be NULL. */
bool cexpr_equal(const struct cexpr *a, const struct cexpr *b);

/* The same with the names of a translated first: parameters of a prototype into those
 * of the definition. `rename` may be NULL, and returns its argument for other names. */
typedef const char *cexpr_rename(void *arg, const char *name);
bool cexpr_equal_as(const struct cexpr *a, const struct cexpr *b, cexpr_rename *rename, void *arg);

/* Call visit for e and everything below, parents first; a false return skips
 * the kids. */
void cexpr_walk(const struct cexpr *e, bool (*visit)(const struct cexpr *e, void *arg), void *arg);

/* The first assignment, ++ or --, or call for which is_pure says no (NULL: all calls
 * pass); NULL if there is none. Operands of sizeof don't count. */
const struct cexpr *cexpr_side_effect(const struct cexpr *e,
                                      bool (*is_pure)(const struct cexpr *call, void *arg),
                                      void *arg);

/* The name at the bottom of an lvalue chain: p of p->a[3].b; NULL if none. */
const struct cexpr *cexpr_root(const struct cexpr *e);

#endif

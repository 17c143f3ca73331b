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
    CEXPR_NAME,     /* text */
    CEXPR_LITERAL,  /* text: number, character or string(s) */
    CEXPR_MEMBER,   /* kids[0] . text */
    CEXPR_ARROW,    /* kids[0] -> text */
    CEXPR_INDEX,    /* kids[0] [ kids[1] ] */
    CEXPR_SECTION,  /* kids[0] [ kids[1] : kids[2] ]; either may be NULL where left out */
    CEXPR_DEREF,    /* * kids[0] */
    CEXPR_ADDRESS,  /* & kids[0] */
    CEXPR_UNARY,    /* text kids[0]: + - ~ ! */
    CEXPR_INCDEC,   /* text ++ or --; kids[0]; is_postfix */
    CEXPR_BINARY,   /* kids[0] text kids[1], also && || and comma */
    CEXPR_ASSIGN,   /* kids[0] text kids[1]: = += ... */
    CEXPR_COND,     /* kids[0] ? kids[1] : kids[2]; kids[1] NULL for GNU ?: */
    CEXPR_CALL,     /* kids[0] ( kids[1..n) ) */
    CEXPR_CAST,     /* ( text ) kids[0]: text is the type as written */
    CEXPR_SIZEOF,   /* text: the whole of sizeof/_Alignof and its operand, unevaluated */
};

struct cexpr {
    enum cexpr_kind kind;
    const char *text;       /* NUL-terminated; meaning by kind; "" where none */
    struct src_range range; /* for carets */
    struct cexpr **kids;
    size_t n_kids;
    bool is_postfix;
};

struct strbuf;

/* Append the expression as C, fully parenthesized: its meaning doesn't depend
 * on what is written around it. Sections print as OpenMP writes them. */
void cexpr_print(struct strbuf *out, const struct cexpr *e);

/* Are two trees the same text? (Ranges don't matter.) */
bool cexpr_equal(const struct cexpr *a, const struct cexpr *b);

/* Call visit for e and everything below, parents first; a false return skips
 * the kids. */
void cexpr_walk(const struct cexpr *e, bool (*visit)(const struct cexpr *e, void *arg), void *arg);

/* The name at the bottom of an lvalue chain: p of p->a[3].b; NULL if none. */
const struct cexpr *cexpr_root(const struct cexpr *e);

#endif

/* clex.h - C preprocessing tokens (C11 6.4) from the text of a file as it is.
 *
 * The text is never copied or cleaned: a token is a range of its bytes.
 * Backslash-newlines may stand anywhere and belong to the token they are in;
 * clex_spell() gives a token's text without them. Nothing is interpreted: no
 * directives, no #if, no trigraphs. Any bytes at all are lexed into something. */
#ifndef MEMOCC_CLEX_H
#define MEMOCC_CLEX_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

enum clex_kind {
    CLEX_END,
    CLEX_NEWLINE, /* the end of a line that no splice and no comment continues */
    CLEX_COMMENT, /* only with keeps_comments */
    CLEX_NAME,
    CLEX_NUMBER, /* a pp-number: 1e5, 30s, 0x1fu */
    CLEX_CHAR,
    CLEX_STRING, /* with its prefix; raw strings, too */
    CLEX_HEADER, /* <...>, only with expects_header */
    CLEX_PUNCT,
    CLEX_STRAY, /* a byte that begins no token */
};

struct clex_token {
    enum clex_kind kind;
    size_t begin, end;  /* bytes [begin, end) of the text, splices included */
    bool has_blank;     /* blanks or comments stand right before it */
    bool at_line_start; /* the first of its line (a '#' is a directive then) */
    bool is_spliced;    /* has splices inside */
    bool is_open;       /* a literal or comment whose end is missing */
};

/* Copy it to come back to a place later. */
struct clex {
    const char *text; /* need not end with a NUL; NULs inside are blanks */
    size_t len, pos;
    bool at_line_start;
    bool keeps_comments; /* may be set at any time */
    bool expects_header; /* set it behind #include; cleared by the next token */
};

/* Begins behind a byte order mark. */
void clex_init(struct clex *lx, const char *text, size_t len);
enum clex_kind clex_next(struct clex *lx, struct clex_token *t);

/* Is the token spelled like this? (Digraphs count as what they stand for.) */
bool clex_is(const struct clex *lx, const struct clex_token *t, const char *spelling);

/* Append the token without splices, digraphs as what they stand for. */
void clex_spell(const struct clex *lx, const struct clex_token *t, struct strbuf *out);

/* Length of the backslash-newline at text[pos], or 0. Blanks may stand between
 * the two, as in gcc and clang. */
size_t clex_splice(const char *text, size_t len, size_t pos);

/* A spelled token, for those who look at tokens without their text. */
struct ctoken {
    enum clex_kind kind;
    const char *text; /* NUL-terminated, in the arena */
    size_t len;
    size_t begin, end; /* in the text; of the invocation where a macro made it */
    bool has_blank;
    bool is_open; /* also with a NUL inside, which text can't hold */
    bool is_from_macro;
    bool no_expand; /* a macro's name that is no invocation */
};

struct ctokens {
    struct ctoken *items;
    size_t n, cap;
};

/* All tokens of a text but newlines and comments. */
void ctokens_lex(struct ctokens *out, struct arena *arena, const char *text, size_t len);
bool ctoken_is(const struct ctoken *t, const char *spelling);

/* Append the text of a string literal ("..." as spelled, no prefix) with its
 * escapes resolved (C11 6.4.4.4). Returns false for what isn't such a literal
 * or has an invalid escape. */
bool clex_string_value(const char *spelling, size_t len, struct strbuf *out);

/* What a string literal is to _Pragma (C11 6.10.9): without its prefix and quotes, and
 * with \" and \\ as one character. out has room for len bytes; returns how many were
 * written. map, if not NULL, has room for len + 1: out[i] comes from spelling[map[i]]. */
size_t clex_destringize(const char *spelling, size_t len, char *out, size_t *map);

#endif

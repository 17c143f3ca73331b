/* frontend_hash.h - fingerprints, between frontend_hash.c (the parsed code) and
 * frontend_lexical.c (what only the text shows).
 *
 * libclang drops what clang doesn't know: gcc's attributes, pragmas, asm labels, the
 * branches of #if that another compiler takes, and where __LINE__ was expanded. These
 * are read in the text of each declaration. What is found is appended to a digest's
 * input as text; names in it that may be functions or variables are collected, since
 * alias("g") and cleanup(g) are uses of g. */
#ifndef MEMOCC_FRONTEND_HASH_H
#define MEMOCC_FRONTEND_HASH_H

#include "frontend_private.h"

struct strbuf;

struct name_list {
    const char **items; /* in the unit's arena; may hold one twice */
    size_t n, cap;
};

/* Macros, inclusions and errors of a unit, for looking up. Made once for each. */
struct lexical;
struct lexical *lexical_new(struct frontend *fe);

/* Append what the text in `range` says beyond the parsed code, and collect names.
 * Nothing is appended for ordinary code. Without a function's body at its end, what
 * stands between the declaration and its ; belongs to it, too. */
void lexical_declaration(struct lexical *lx, struct src_range range, bool has_body,
                         struct strbuf *out, struct name_list *names);

/* Append the pragmas in force at a place that change how code is compiled: all of the
 * unit that come before it. */
void lexical_pragmas(struct lexical *lx, struct src_range range, struct strbuf *out);

/* Append the code that depends on which compiler compiles it, active or not. */
void lexical_foreign(struct lexical *lx, struct strbuf *out, struct name_list *names);

/* Append what clang prints for a declaration (NULL: nothing), but for the messages of
 * asserts: in those each blank between two tokens would count. */
void lexical_printed(const char *p, struct strbuf *out);

/* ---- nodes ---- */

#define HASH_DIGEST 16

struct hash_node {
    CXCursor cursor; /* the definition if it is in sight */
    struct hash_node **uses;
    size_t n_uses, cap_uses;
    unsigned char digest[HASH_DIGEST];
    struct function *fn;   /* of a function */
    struct variable *var;  /* of a variable */
    unsigned long visited; /* number of the last traversal that came by */
};

/* Everything that a function reaches; nodes[0] is itself. */
struct closure {
    struct frontend *fe;
    struct arena *arena;
    const unsigned char *foreign; /* digest of what depends on the compiler */
    unsigned long traversal;
    struct hash_node **nodes;
    size_t n, cap;
};

bool hash_is_system(CXCursor c);
/* The name to the linker. */
const char *hash_symbol(struct frontend *fe, CXCursor c);
/* Does n count by its `version` here? And that as a digest. */
bool hash_has_version(const struct closure *r, const struct hash_node *n);
void hash_digest_version(const struct function *fn, unsigned char out[HASH_DIGEST]);

/* frontend_components.c: see struct fingerprint. */
const char *hash_components(const struct closure *r);
void hash_find_uses(const struct closure *r, struct fingerprint *out);

/* ---- loops (frontend_hash_loop.c) ---- */

/* A loop of a function. */
struct hash_loop {
    CXCursor function, cursor;
    const char *keywords; /* of all loops of the function, in the order in which clang prints
                             them: 'f' for, 'w' while, 'd' do */
    size_t index;         /* of this loop's keyword */
};

/* Find the cursor of a statement; false if there isn't exactly one that it can be. */
bool hash_find_loop(struct frontend *fe, CXCursor function, const struct node *loop,
                    struct hash_loop *out);
/* Append the loop's part of the function as clang prints it, blanks made single. False if it
 * can't be told where it begins and ends. */
bool hash_loop_text(const struct hash_loop *loop, const char *printed, struct strbuf *out);

/* ---- bytes ---- */

/* Length-prefixed, so that two texts in a row can't be taken for two others. */
void hash_add_text(struct strbuf *out, const char *text, size_t len);
void hash_add_number(struct strbuf *out, long long n);
/* const, or an array of what is. */
bool hash_is_constant(const struct variable *v);
void hash_digest(const struct strbuf *in, unsigned char out[16]);

#endif

/* frontend_lexical.h - the parts of frontend_lexical*.c among themselves: the macros
 * and files of a unit (frontend_lexical_unit.c), what words mean
 * (frontend_lexical_words.c), and the reading of declarations (frontend_lexical.c).
 * Others use frontend_hash.h. */
#ifndef MEMOCC_FRONTEND_LEXICAL_H
#define MEMOCC_FRONTEND_LEXICAL_H

#include "frontend_hash.h"

enum { DIGEST = 16, MAX_NESTED = 64 };

enum word_meaning {
    IS_TEXT = 1,      /* begins what clang may drop */
    IS_LINE = 2,      /* its value depends on: the line and column, */
    IS_FILE = 4,      /* the file's name, */
    IS_UNIT = 8,      /* all that stands before, */
    IS_TIME = 16,     /* the time of compilation, */
    IS_STAMP = 32,    /* the time of the file's last change, */
    IS_COMPILER = 64, /* or the compiler */
};

struct definition {
    const char *text; /* from its name on */
    size_t len;
    bool is_system;
};
struct macro {
    const char *name;
    size_t name_len;
    struct definition *defs;
    size_t n_defs, cap_defs;
    unsigned long visited; /* number of the last traversal that came by */
    /* Of it and all macros that it mentions: */
    bool is_known;
    unsigned meaning; /* enum word_meaning */
    bool makes_file_pragma;
    unsigned char digest[DIGEST];
    struct name_list names; /* all words and strings in them */
};

struct use {
    struct macro *macro;
    CXCursor cursor;
};

/* A place in a file where a pragma is switched, or a file with such places comes in. */
struct event {
    size_t offset;
    const char *text; /* NULL: */
    struct unit_text *inclusion;
};
struct unit_text { /* a file that is no system header */
    const struct source *src;
    CXFile file;
    const struct source *includer; /* NULL: the main file */
    size_t include_offset;         /* in the includer, of the first inclusion */
    struct event *events;          /* by offset */
    size_t n_events, cap_events;
    bool is_open; /* being traversed */
};

struct inclusion {
    const struct source *includer;
    size_t offset;
    struct unit_text *included;
};

struct error_place {
    const struct source *src;
    size_t offset;
};

struct lexical {
    struct frontend *fe;
    struct macro **macros; /* open addressing */
    size_t n_macros, cap_macros;
    struct use *uses; /* of macros that make a pragma */
    size_t n_uses, cap_uses;
    unsigned long traversal;
    struct unit_text **texts; /* in order of first inclusion; the main file first */
    size_t n_texts, cap_texts;
    struct inclusion *inclusions;
    size_t n_inclusions, cap_inclusions;
    struct error_place *errors;
    size_t n_errors, cap_errors;
    bool has_pragma_macros, has_events;
    bool has_digest;
    unsigned char digest[DIGEST]; /* of all texts */
};

/* ---- words and macros (frontend_lexical_words.c) ---- */

/* Of a word by itself: enum word_meaning. */
unsigned word_meaning(const char *text, size_t len);
/* Those that change what is computed; the rest says where to look. */
#define PLACES(meaning) ((meaning) & ~(unsigned)(IS_TEXT | IS_COMPILER))

/* Does a pragma of this text change the functions behind it; or no code at all? */
bool is_file_pragma(const char *text);
bool is_silent_pragma(const char *text);

/* "NAME(args) value"; kept, not copied. */
void macro_add(struct lexical *lx, const char *text, size_t len, bool is_system);
/* The macro of that name with all members known, or NULL. */
struct macro *macro_named(struct lexical *lx, const char *name, size_t len);

void name_list_add(struct lexical *lx, struct name_list *names, const char *text, size_t len);
/* The text of a string literal; others are left out. */
void name_list_add_string(struct lexical *lx, struct name_list *names, const char *spelling,
                          size_t len);

/* ---- the unit (frontend_lexical_unit.c) ---- */

struct unit_text *unit_text_of(struct lexical *lx, const struct source *src);
/* Append a digest of the whole unit's text. */
void unit_add_all(struct lexical *lx, struct strbuf *out);
/* Append what words of that meaning give where [begin, end) of src is expanded. */
void unit_add_place(struct lexical *lx, unsigned meaning, const struct source *src, size_t begin,
                    size_t end, struct strbuf *out);
bool unit_has_error(const struct lexical *lx, struct src_range range);

#endif

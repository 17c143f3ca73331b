/* frontend_private.h - shared by frontend.c (files, declarations), frontend_parse.c (the parse),
 * frontend_place.c (files and locations), frontend_header.c (headers of functions as text),
 * frontend_type.c (types and records), frontend_body.c (bodies to nodes) and
 * frontend_hash.c (fingerprints). Nobody else sees libclang. */
#ifndef MEMOCC_FRONTEND_PRIVATE_H
#define MEMOCC_FRONTEND_PRIVATE_H

#include "frontend.h"
#include "libclang.h"

/* Text of any file libclang has opened, by its handle. */
struct opened_file {
    CXFile file;
    struct source src;
    struct unit_file *unit_file; /* NULL: no annotations in it */
};

/* Open-addressing map from a hash and an equality of its user's to a pointer. */
struct cursor_map {
    struct cursor_entry {
        CXCursor cursor;
        void *value;
    } * entries;
    size_t n, cap; /* cap: a power of two */
};
void **cursor_map_at(struct arena *a, struct cursor_map *m, CXCursor c); /* *: NULL when new */

struct type_map {
    struct type_entry {
        CXType key;
        struct type *value;
    } * entries;
    size_t n, cap;
};

struct frontend_private {
    CXIndex index;
    CXTranslationUnit tu;
    const struct unit_request *request;
    struct cursor_map functions, variables, records;
    struct type_map types;
    struct opened_file **opened;
    size_t n_opened, cap_opened;
    CXFile last_file; /* cache of frontend_file() */
    struct opened_file *last_opened;
    struct cursor_map hashes; /* frontend_hash.c */
};

/* A string of libclang's, copied into the arena. */
const char *frontend_string(struct frontend *fe, CXString s);

/* Parses fe->files with the options of the request (frontend_parse.c). */
bool frontend_parse(struct frontend *fe);
/* Defines what its -D define, for macros in clauses. */
void frontend_define_options(struct frontend *fe);

/* Types (frontend_type.c). */
const struct type *frontend_type(struct frontend *fe, CXType t);
/* " at file:line:col" of anonymous types is taken out. */
const char *frontend_type_spelling(struct frontend *fe, CXType t);
char *frontend_without_places(struct arena *a, const char *spelling);
const struct record *frontend_record(struct frontend *fe, CXType t);

/* Declarations (frontend.c). The struct for a cursor; made when new. */
struct function *frontend_function_of(struct frontend *fe, CXCursor c);
struct variable *frontend_variable_of(struct frontend *fe, CXCursor c);
/* The text of an attribute, macros expanded; "" if it isn't in one file. */
const char *frontend_attribute_text(struct frontend *fe, CXCursor c);

/* Places (frontend_place.c). */
struct opened_file *frontend_file(struct frontend *fe, CXFile f); /* NULL for built-in text */
/* File positions of an extent; begin/end of macro-made text are those of the
 * invocation. src NULL if it isn't in one file. */
struct src_range frontend_range(struct frontend *fe, CXSourceRange r);
struct src_range frontend_cursor_range(struct frontend *fe, CXCursor c);
/* Does the cursor's beginning or end come out of a macro? */
bool frontend_is_macro(CXCursor c);
bool frontend_location_is_macro(CXSourceLocation l);

/* Once, when all of file scope has been seen (frontend_header.c): sorts fe->tops
 * and completes the headers of the functions in them. */
void frontend_finish_headers(struct frontend *fe);

#endif

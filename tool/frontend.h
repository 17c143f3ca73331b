/* frontend.h - libclang to facts: one parse of the user's own text.
 *
 * The text is given to libclang with our pragmas masked (sites.h), so that
 * every offset is that of the user's file and active pragmas come back as
 * definitions of the macro MM__. Errors that libclang sees never fail a build;
 * frontend_error_in() says whether one lies inside code that we have to
 * understand. */
#ifndef MEMOCC_FRONTEND_H
#define MEMOCC_FRONTEND_H

#include <stdbool.h>

#include "facts.h"
#include "macro.h"
#include "sites.h"
#include "unit.h"

/* A file of the unit that annotations may stand in: the main file, and every
 * header that isn't a system header and contains a pragma of ours. */
struct unit_file {
    struct source src;
    struct site_list sites;
    bool *is_active; /* of sites.sites[i]; operators count as active */
    bool is_main;
    bool is_included_again; /* a header that comes in more than once */
    const char *path;       /* as libclang opened it */
    void *handle;           /* the frontend's */
};

/* What stands at file scope, in order of the text: for finding what a pragma
 * annotates. */
struct top_level {
    enum { TOP_FUNCTION, TOP_VARIABLE, TOP_OTHER } kind;
    const struct unit_file *file;
    size_t begin, end;
    struct function *fn;
    bool is_definition;
    struct variable **params; /* of this very declaration; NULL names for unnamed */
    size_t n_params;
    struct src_range name_range;
};

/* An expansion of a macro at file level or anywhere in an annotated file. */
struct expansion {
    const struct unit_file *file;
    const char *name;
    size_t begin, end; /* the invocation with its arguments */
};

struct frontend {
    struct facts facts;
    struct unit_file *files; /* files[0] is the main file */
    size_t n_files, cap_files;
    struct top_level *tops; /* by file, then offset */
    size_t n_tops, cap_tops;
    struct expansion *expansions; /* by file, then begin, longer ones first */
    size_t n_expansions, cap_expansions;
    struct macro_table *macros;
    void *touched; /* touch_global.c's */
    bool has_openmp;      /* -fopenmp: parsed without, so that what stands under directives has nodes
                             as in the serial program */
    bool names_may_alias; /* an attribute may_alias, or its name, stands somewhere in the user's
                             text: types don't tell objects apart then */
    struct frontend_private *p;
};

/* Parse. Returns NULL after reporting if libclang gave no unit at all. */
struct frontend *frontend_new(struct arena *arena, const struct unit_request *request);

/* The longest invocation of a macro that begins at `at`, or NULL. */
const struct expansion *frontend_expansion(struct frontend *fe, const struct source *src,
                                           size_t at);

/* The text of the first error of libclang's inside range, or NULL. */
const char *frontend_error_in(struct frontend *fe, struct src_range range, struct src_range *where);

/* A function known by name at file scope, or NULL. */
struct function *frontend_function(struct frontend *fe, const char *name);
/* A file scope variable of that name, or NULL. */
struct variable *frontend_global(struct frontend *fe, const char *name);

/* Is that the name of an enumerator at file scope? */
bool frontend_enumerator(struct frontend *fe, const char *name);

/* All direct calls of fn by its bare name that are spelled in an annotated
 * file: offsets of the name. For `external`. */
struct call_site {
    const struct unit_file *file;
    size_t begin, end;
};
size_t frontend_calls_of(struct frontend *fe, struct function *fn, struct call_site **out);

/* What a function's code depends on, callees included; independent of names of
 * files, places, comments and blanks. Functions with `version` (function.version)
 * count by that in their callers. */
struct fingerprint {
    unsigned char code[16]; /* digest of everything in sight */
    const char *components; /* what that is, a line for each: "f NAME DIGEST" as in memo_abi.h */
    const char **uses;      /* symbols of functions and constants out of sight, sorted, each once */
    size_t n_uses, cap_uses;
    const char **inlines; /* the same of inline functions in sight, of external linkage */
    size_t n_inlines, cap_inlines;
    const char **globals; /* the same of objects that aren't constant */
    size_t n_globals, cap_globals;
    bool uses_program; /* some of uses aren't declared in system headers */
};
void frontend_fingerprint(struct frontend *fe, struct function *fn, struct fingerprint *out);
/* The same of a loop in fn: of its text alone, and of all that it uses. Where its text can't
 * be told from fn's (it comes out of a macro), that of fn. */
void frontend_fingerprint_loop(struct frontend *fe, struct function *fn, const struct node *loop,
                               struct fingerprint *out);
/* The same of an object, and its name to the linker; components is empty. NULL: it isn't
 * one that other units see and that is constant with all it leads to, or it leads to
 * functions. */
const char *frontend_fingerprint_constant(struct frontend *fe, const struct variable *v,
                                          struct fingerprint *out);
/* The function's name to the linker. */
const char *frontend_symbol(struct frontend *fe, struct function *fn);
/* Of a type alone: for the layout of results. */
void frontend_type_digest(const struct type *t, unsigned char out[16]);

/* Line and file as the user's #line directives have it. */
size_t frontend_presumed(struct frontend *fe, const struct unit_file *file, size_t offset,
                         const char **name);

#endif

/* unit.h - one translation unit from its text to the text that is compiled.
 *
 * unit_rewrite() is the list of passes: sites, frontend, facts, annotations,
 * checks, plan, emission, edits. It starts no process but through the hook. */
#ifndef MEMOCC_UNIT_H
#define MEMOCC_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct diag_engine;

struct unit_request {
    const char *path; /* as given on the command line; "-" for stdin */
    const char *text; /* of path: len bytes and a NUL */
    size_t len;
    const char *const *args; /* options for libclang (ccargs.h), without the source */
    size_t n_args;
    const char *codegen;  /* canonical text of the options that take part in code generation */
    bool is_native;       /* one of them means "this machine" (-march=native) */
    const char *libclang; /* version number or path to load; NULL: the newest */
    bool has_strict_aliasing; /* types tell objects apart: no -fno-strict-aliasing */
    bool is_gcc;          /* the real compiler is gcc: clang otherwise */
    struct diag_engine *diag;
    bool explain;   /* --memo-explain: the report goes to stderr */
    bool no_openmp; /* --memo-no-openmp: synchronized code stays serial */

    /* Text of the unit with #includes resolved and directives kept:
     * gcc -E -fdirectives-only, clang -E -frewrite-includes. Returns false, its
     * errors printed, if the compiler failed. */
    bool (*directives_only)(void *arg, struct strbuf *out);
    void *arg;
};

enum unit_form {
    UNIT_FAILED,     /* errors were reported; nothing to compile */
    UNIT_UNTOUCHED,  /* compile the original */
    UNIT_REWRITTEN,  /* text replaces the main file */
    UNIT_DIRECTIVES, /* text replaces what directives_only gave */
};

struct unit_result {
    enum unit_form form;
    struct strbuf text;
};

void unit_rewrite(const struct unit_request *request, struct unit_result *out);

/* --memo-verify: as unit_rewrite without output, and compare the diagnostics
 * with the expected-* comments of the main file. Returns true if all match. */
bool unit_verify(const struct unit_request *request);

#endif

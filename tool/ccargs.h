/* ccargs.h - the command line of the real compiler, understood as far as needed.
 *
 * ccargs_parse() turns argv, with @files expanded, into items: an option with
 * its value, or an input file with its language. The items can be written out
 * again, in order and without loss, with some of them replaced. Two views are
 * made of them: the options that libclang may see, and the canonical text of
 * those that take part in code generation. */
#ifndef MEMOCC_CCARGS_H
#define MEMOCC_CCARGS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

enum cc_role {
    CC_NONE,
    CC_COMPILE,
    CC_ASSEMBLE,
    CC_PREPROCESS,
    CC_CHECK,
    CC_OUTPUT,
    CC_LANGUAGE,
    CC_END,
    CC_INFO,
    CC_DEPS,
    CC_DEPS_FILE,
    CC_DEPS_TARGET,
    CC_DEPS_MORE,
    CC_DIR,
    CC_DIR_QUOTE,
    CC_DIR_SYSTEM,
    CC_DIR_AFTER,
    CC_DIR_PREFIX,
    CC_DIR_WITH_PREFIX,
    CC_DIR_COMPILER,
    CC_DIR_LIBRARY,
    CC_SYSROOT,
    CC_INCLUDE,
    CC_INCLUDE_PCH,
    CC_DEFINE,
    CC_WP,
    CC_XPREPROCESSOR,
    CC_MARCH,
    CC_FAST_MATH,
    CC_PREPROCESSED,
    CC_AUX,
    CC_DUMP_NAME,
    CC_LIBRARY,
    CC_WL,
    CC_SHARED,
    CC_STATIC,
    CC_NO_LIBRARIES,
    CC_INPUT, /* no option: a file, or "-" */
};

enum cc_language {
    CC_LANG_C,
    CC_LANG_C_PREPROCESSED, /* .i */
    CC_LANG_HEADER,         /* made into a precompiled header */
    CC_LANG_OTHER,          /* compiled or assembled, but not C */
    CC_LANG_NONE,           /* object, archive, linker script */
};

struct cc_item {
    enum cc_role role;
    unsigned traits;       /* CCARG_... */
    const char *words[2];  /* as given; words[1] NULL: one word */
    const char *value;     /* of an option that has one, or NULL; of an input: its path */
    enum cc_language lang; /* CC_INPUT */
    const char *x;         /* CC_INPUT: the language given with -x, or NULL */
    bool is_inner;         /* from -Wp, or -Xpreprocessor: not written out by itself */
};

#define CCARG_P 1u /* libclang may see it */
#define CCARG_G 2u /* takes part in code generation */

enum cc_mode { CC_MODE_LINK, CC_MODE_COMPILE, CC_MODE_ASSEMBLE, CC_MODE_CHECK, CC_MODE_PREPROCESS };

struct ccargs {
    struct cc_item *items;
    size_t n, cap;
    enum cc_mode mode;
    const char *output;     /* of -o, or NULL */
    const char *x;          /* language in force at the end, or NULL */
    const char *sysroot;    /* "" if none */
    size_t n_inputs;        /* files and "-" */
    size_t n_compiled;      /* those of them that aren't CC_LANG_NONE */
    bool is_info;           /* --version and the like, or nothing to do: pass it through */
    bool has_header;        /* an input is a header: nothing is linked */
    bool is_incomplete;     /* the last option lacks its value: the compiler will say so */
    bool has_end;           /* has "--" */
    bool has_deps, has_aux; /* -MD, -MMD; options with outputs of their own */
    bool is_shared, is_static, no_libraries;
};

/* argv[0..n) without the compiler itself. Strings of argv are kept. */
void ccargs_parse(struct ccargs *c, struct arena *a, const char *const *argv, size_t n);

/* Split text as gcc and clang read a response file. */
size_t ccargs_split_response(struct arena *a, const char *text, size_t len, const char ***words);

/* A growing, NULL-terminated list of words for exec. */
struct word_list {
    const char **words;
    size_t n, cap;
};
void word_list_add(struct word_list *w, struct arena *a, const char *word);
void ccargs_add_item(struct word_list *w, struct arena *a, const struct cc_item *item);

/* What libclang is to be given; gcc_include_dir (may be NULL) comes last, for
 * headers that only gcc has. */
void ccargs_for_libclang(const struct ccargs *c, struct arena *a, const char *memo_include_dir,
                         const char *gcc_include_dir, struct word_list *out);

/* The options that take part in code generation, in order, separated by blanks;
 * equal for two checkouts in different folders. */
const char *ccargs_codegen(const struct ccargs *c, struct arena *a);

/* Types tell objects apart: no -fno-strict-aliasing. */
bool ccargs_has_strict_aliasing(const struct ccargs *c);
bool ccargs_is_native(const struct ccargs *c);    /* -march=native and the like */

#endif

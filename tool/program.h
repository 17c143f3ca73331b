/* program.h - the program that a link makes, as its objects tell it: which
 * function may reach which, what code they consist of, and what they refer to.
 *
 * The inputs are relocatable objects, archives and shared libraries. Functions
 * are told apart by their symbols; an edge leads from a function to each symbol
 * that a relocation inside it names, through constant data too (tables of
 * functions), and, where the assembler has resolved a reference inside one
 * section, to the symbol found there by its displacement. Where functions can't
 * be told apart (an architecture that isn't known here, code without symbols)
 * all code of the object counts as one function: never fewer edges than there are.
 *
 * At functions with `#pragma memo` a walk ends: they were judged when they were
 * compiled, and memocc's own data and calls in their wrappers mean nothing.
 *
 * Objects of LTO and LLVM bitcode hold no code to look at: they count by their
 * content, and calls into them can't be judged. Files that can't be read are left
 * out; the linker will speak of them. */
#ifndef MEMOCC_PROGRAM_H
#define MEMOCC_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "checkpoint_calls.h"
#include "effects.h"
#include "section.h"

struct program_input {
    const char *path;
    bool is_toolchain; /* the C library, libm, libgcc, crt files...: judged by libcalls.def, by
                          their functions' names; archives among them still count by their code */
    bool is_whole;     /* an archive all of whose members are linked */
    bool is_as_needed;
};

struct program;

/* Reads the inputs in the order of the link; of archives, the members that the
 * linker would take. Everything lives in the arena, but for the files, which stay
 * mapped, since names and contents are pointed into. Not for threads. */
struct program *program_load(struct arena *a, const struct program_input *inputs, size_t n);

/* What a reference to a name that isn't defined where it stands means: --wrap and
 * --defsym of linkers. Ends with from == NULL. */
struct program_rename {
    const char *from, *to;
};
struct program *program_load_renamed(struct arena *a, const struct program_input *inputs, size_t n,
                                     const struct program_rename *renames);

/* Let go of the files: nothing that was told of the program may be looked at
 * afterwards. Before the arena is released; the end of the process does as well. */
/* Its symbols can be seen by libraries that it opens (-rdynamic): they may change them. */
void program_export(struct program *p);

void program_release(struct program *p);

/* A relocatable object of the program. */
struct program_object {
    const char *path, *name;          /* name: "util.o", "libx.a(util.o)", free of folders */
    const struct section_unit *units; /* NULL: without annotations */
    bool is_toolchain;
    bool is_opaque;        /* LTO or bitcode */
    bool has_hidden_calls; /* is_opaque: and mentions the runtime */
};
size_t program_n_objects(const struct program *p);
const struct program_object *program_object_at(const struct program *p, size_t i);

/* Digest of the object's code and data and of how they are joined: sections that
 * are loaded, relocations by the names of their symbols, symbols defined. Debug
 * information, notes, .comment, frames and paths don't take part. */
void program_object_digest(struct program *p, const struct program_object *o,
                           unsigned char out[16]);

/* Where a symbol that an object leaves undefined leads to. */
enum program_home {
    PROGRAM_NOWHERE,
    PROGRAM_OBJECT,  /* an object of the program */
    PROGRAM_LIBRARY, /* a shared library */
};
struct program_symbol {
    enum program_home home;
    const struct program_object *object;     /* PROGRAM_OBJECT */
    const struct section_function *function; /* if it is listed in the object's or the library's
                                                section, or NULL */
    const char *library;                     /* PROGRAM_LIBRARY: its soname */
    bool is_toolchain;
    bool uses_locale; /* depends on the locale, or isn't known not to */
};
struct program_symbol program_find(struct program *p, const char *symbol);

/* The names that a shared library defines or uses: where the program, or a library
 * before it, defines one of them, its calls lead there. None for the toolchain's. */
size_t program_library_names(const struct program *p, const char *soname, const char ***names);

/* Everything that a symbol (a function or constant data) leads to, transitively.
 * The walk ends at functions that some section lists (memo and plain): they
 * count by their own fingerprint. Each list holds a thing once, sorted by name,
 * so that it doesn't depend on the order of the link. */
struct program_reach {
    const struct program_object **objects; /* whose code is reached */
    size_t n_objects, cap_objects;
    const struct section_function **functions; /* at which the walk ended */
    size_t n_functions, cap_functions;
    const char **libraries; /* sonames */
    size_t n_libraries, cap_libraries;
    bool has_errno;  /* code outside the toolchain asks for errno's address */
    bool has_locale; /* or calls what depends on the locale */
    bool is_open;    /* something couldn't be resolved: anything may be reached */
};
void program_reach(struct program *p, const char *symbol, struct program_reach *out);

/* What is found wrong with calling a function, from the worst on. */
enum finding_kind {
    FINDING_NONE,
    FINDING_UNSEEN, /* a function of a library that no table knows, or code that can't be looked
                       at: a warning */
    FINDING_STATE,  /* writes or reads an object that changes at run time */
    FINDING_EFFECT, /* an effect of a listed function */
};
struct finding {
    enum finding_kind kind;
    bool is_write;  /* FINDING_STATE: known to be written by the last function of the path */
    bool is_static; /* FINDING_STATE: other units have no name for it */
    enum effect_kind effect;     /* FINDING_EFFECT */
    struct checkpoint_call call; /* FINDING_EFFECT of a loop */
    const char *what;  /* the object of FINDING_STATE ("" if it has no symbol), or the callee */
    const char *where; /* program_object.name, or soname, that `what` is used in; of
                          FINDING_UNSEEN, that it stands in, "" if nothing defines it */
    const char *writer, *writer_object; /* FINDING_STATE: a function that writes it, if another
                                           one is known to; or NULL */
    const char **more; /* FINDING_STATE of a loop: other objects that are written, too */
    size_t n_more, cap_more;
    const char **path; /* functions from the symbol asked for to the one that uses `what` */
    const char **path_objects;
    size_t n_path;
};

/* Judge a call of `symbol` out of an annotated function or loop f (NULL: a memoized function
 * that says nothing). The walk is the
 * shortest way to the worst finding; it ends at memoized functions, and at
 * functions that f trusts. Reading a global in f->keyed is no finding: its value is in
 * the key. Kinds of effect that only matter when they happen (exit, abort, longjmp,
 * assert) are no finding.
 *
 * Of a loop that is checkpointed the worst is what writes, or may write, an object that
 * isn't in f->kept, and that f->state don't use; what only reads comes behind, together with effects
 * of which checkpoint_calls.h knows. */
struct finding program_judge(struct program *p, const char *symbol,
                             const struct section_function *f);

/* The same of every function whose address is taken anywhere in the program's own
 * objects (outside the toolchain): what a call through a pointer may reach. The
 * worst finding. */
struct finding program_judge_pointers(struct program *p, const struct section_function *f);

#endif

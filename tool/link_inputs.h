/* link_inputs.h - the files that a link reads, in its order: asked of the compiler
 * (-###), which knows its own libraries and folders, and found as the linker
 * finds them. */
#ifndef MEMOCC_LINK_INPUTS_H
#define MEMOCC_LINK_INPUTS_H

#include "ccargs.h"
#include "compiler.h"
#include "program.h"

struct arena;

struct link_inputs {
    struct program_input *items;
    size_t n, cap;
    bool are_exported; /* -rdynamic and the like */
    struct program_rename *renames; /* ends with NULL; or NULL */
    size_t n_renames, cap_renames;
};

/* `words`: arguments of a link whose inputs are objects and libraries only.
 * Returns false if the compiler doesn't say what it would do. */
bool link_inputs_find(struct link_inputs *out, struct arena *a, const struct compiler *compiler,
                      const struct word_list *words);

/* The same from the linker's own arguments; for tests too. */
void link_inputs_of_linker(struct link_inputs *out, struct arena *a, const char *const *words,
                           size_t n);

#endif

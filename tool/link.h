/* link.h - the runtime, and what the link step needs of it.
 *
 * The runtime is found beside memocc, in a build tree or an install. Every
 * executable is linked with libmemocc.a at the very end: as an archive it stays
 * out where nothing refers to it, and the executable is then what it would be
 * without memocc. A shared library gets libmemocc.so, and only if it needs it. */
#ifndef MEMOCC_LINK_H
#define MEMOCC_LINK_H

#include <stdbool.h>

struct arena;
struct ccargs;
struct word_list;

struct runtime {
    const char *include_dir; /* has memo.h; NULL: not found */
    const char *lib_dir;     /* has libmemocc.a, libmemocc.so, memocc/link.flags; NULL: not found */
};

void runtime_find(struct runtime *r, struct arena *a);

/* Would this command link, if its inputs are what they seem? */
bool link_happens(const struct ccargs *cmd);

/* Does an object or archive of the command refer to the runtime? */
bool link_needs_runtime(const struct ccargs *cmd, struct arena *a);

/* Add the words that go to the end of a link. needs: some object is known to
 * refer to the runtime; ends the tool if there is none then. openmp: a library that the
 * runtime then needs (link_openmp.h), or NULL. */
void link_add(const struct ccargs *cmd, const struct runtime *r, bool needs, const char *openmp,
              struct arena *a, struct word_list *out);

/* --memo-libs */
void link_print(const struct runtime *r, const char *openmp, struct arena *a);

#endif

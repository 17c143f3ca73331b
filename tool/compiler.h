/* compiler.h - which real compiler memocc stands in for.
 *
 * In place of cc it is $MEMOCC_CC, else cc; as a launcher it is what the first
 * argument names. Other launchers (ccache, distcc) may stand before it. */
#ifndef MEMOCC_COMPILER_H
#define MEMOCC_COMPILER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct word_list;

struct compiler {
    const char *path;         /* program to run: the launcher where there is one */
    const char *const *words; /* argv[0] and what follows it: "ccache", "gcc" */
    size_t n_words;
    size_t n_taken;   /* words that came from memocc's own arguments */
    const char *name; /* the word that names the compiler: "gcc" */
};

/* argv[0..n) are memocc's arguments without its own options. Ends the tool if
 * there is no such compiler, or if it is memocc itself. */
void compiler_find(struct compiler *c, struct arena *a, const char *const *argv, size_t n);

enum compiler_flavor { COMPILER_GCC, COMPILER_CLANG };

/* By the name of the program that links lead to; asked only if that says
 * nothing. */
enum compiler_flavor compiler_flavor(const struct compiler *c, struct arena *a);

/* The folder of gcc's own headers, or NULL if it isn't found without asking. */
const char *compiler_gcc_headers(const struct compiler *c, struct arena *a);

#endif

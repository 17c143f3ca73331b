/* link_openmp.h - the OpenMP runtime of programs with synchronized code.
 *
 * It is the one that the command links anyhow (-fopenmp, -lomp, -lgomp), or that one
 * of its shared libraries brings, or that the compiler takes for -fopenmp, or that of gcc: never
 * a second one in a program. */
#ifndef MEMOCC_LINK_OPENMP_H
#define MEMOCC_LINK_OPENMP_H

#include <stdbool.h>

#include "compiler.h"
#include "link_inputs.h"

struct arena;
struct word_list;

/* Does an input of this link, other than the compiler's own libraries, have synchronized
 * code? */
bool link_has_sync(const struct link_inputs *inputs);

/* The file to link. words: the link's arguments, inputs: what they come to. NULL: there is
 * none. */
const char *link_find_openmp(struct arena *a, const struct compiler *compiler,
                             const struct word_list *words, const struct link_inputs *inputs);

/* The words for a link by hand, for example "-lgomp"; NULL: the compiler has none. */
const char *link_openmp_by_hand(struct arena *a, const struct compiler *compiler);

#endif

/* nearest.h - which known word did the user mean? */
#ifndef MEMOCC_NEAREST_H
#define MEMOCC_NEAREST_H

#include <stddef.h>

/* Words farther apart than this aren't offered. */
#define NEAREST_MAX 4u

/* Edits (insert, delete, replace, swap neighbours) that lead from a to b; at
 * most NEAREST_MAX, and NEAREST_MAX also where they'd replace most of it. */
unsigned nearest_distance(const char *a, const char *b);

/* The word of words[0..n) nearest to `word`, or NULL. */
const char *nearest_of(const char *word, const char *const *words, size_t n);

#endif

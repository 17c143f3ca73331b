/* alloc.h - all memory of the runtime comes from here.
 *
 * Each function passes through one hook, so that tests can make the n-th
 * allocation fail. Threads: all may be called at once. errno may change. */
#ifndef MEMO_BASE_ALLOC_H
#define MEMO_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* As in libc. NULL when there is no memory; free with memo__free. */
void *memo__malloc(size_t size);
void *memo__calloc(size_t n, size_t size);
void *memo__realloc(void *p, size_t size); /* p stays valid on failure */
char *memo__strdup(const char *s);
void memo__free(void *p); /* NULL is allowed */

/* Memory for the user, who calls free(): `size` bytes (0: a unique pointer) at
 * a multiple of `align` (a power of two; 0: malloc's). Blocks of some megabytes
 * are given huge pages, which cost a third of the page faults. */
void *memo__alloc_result(size_t size, size_t align);

/* The same as memo__malloc, with huge pages for large blocks; memo__free. */
void *memo__malloc_big(size_t size);

/* Asks for huge pages within [p, p + size), of which only whole ones count. */
void memo__advise_huge(void *p, size_t size);

/* Whether a test wants this allocation to fail; for allocators beside these. */
bool memo__alloc_fails(void);

/* Tests only: the n-th allocation from now fails (1: the next), and all after
 * it when `stay` isn't 0. n = 0: none. Returns the number of allocations
 * since the last call. */
long memo__alloc_fail_at(long n, int stay);

#endif

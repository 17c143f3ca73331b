/* arena.h - memory that is given back all at once.
 *
 * Everything a translation unit needs lives in one arena and dies with it. No
 * allocation fails: out of memory ends the tool with a message. Not for
 * threads. */
#ifndef MEMOCC_ARENA_H
#define MEMOCC_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks; /* newest first */
    size_t left;                /* bytes free in the newest */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
char *arena_strndup(struct arena *a, const char *s, size_t n); /* NUL-terminated */
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A copy of the n bytes at old in a block of `size` bytes; old may be NULL. */
void *arena_grow(struct arena *a, const void *old, size_t n, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Append to an array of the arena: struct { T *items; size_t n, cap; }-like
 * members given by name, e.g. ARENA_PUSH(a, f->calls, f->n_calls, f->cap_calls) = c; */
#define ARENA_PUSH(a, items, n, cap)                                                               \
    (*((n) == (cap) ? ((items) = arena_grow((a), (items), (n) * sizeof *(items),                   \
                                            ((cap) ? (cap)*2 : 8) * sizeof *(items)),              \
                       (cap) = (cap) ? (cap)*2 : 8, &(items)[(n)++])                               \
                    : &(items)[(n)++]))

#endif

/* arena.c - see arena.h. Blocks double up to a megabyte; large requests get a
 * block of their own behind the newest, so that its rest isn't lost. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/panic.h"

struct arena_block {
    struct arena_block *next;
    size_t size;
    max_align_t data[];
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

void arena_release(struct arena *a)
{
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    arena_init(a);
}

static struct arena_block *new_block(size_t size)
{
    struct arena_block *b = calloc(1, sizeof *b + size);
    if (!b)
        fatal("out of memory");
    b->size = size;
    return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t align = _Alignof(max_align_t);
    if (n > SIZE_MAX / 2)
        BUG("allocation of %zu bytes", n);
    n = (n + align - 1) / align * align;
    if (n > a->left) {
        size_t size = a->blocks ? a->blocks->size * 2 : 16384;
        size = size > 1 << 20 ? 1 << 20 : size;
        if (n > size / 4 && a->blocks) {
            struct arena_block *own = new_block(n);
            own->next = a->blocks->next;
            a->blocks->next = own;
            return own->data;
        }
        struct arena_block *b = new_block(n > size ? n : size);
        b->next = a->blocks;
        a->blocks = b;
        a->left = b->size;
    }
    void *p = (char *)a->blocks->data + (a->blocks->size - a->left);
    a->left -= n;
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    if (n)
        memcpy(p, s, n);
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}

void *arena_grow(struct arena *a, const void *old, size_t n, size_t size)
{
    void *p = arena_alloc(a, size);
    if (n)
        memcpy(p, old, n);
    return p;
}

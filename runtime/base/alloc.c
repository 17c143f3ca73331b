/* alloc.c - allocation through one hook.
 *
 * The hook is a pair of counters; while no test has armed it, it costs one
 * relaxed load. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/quiet.h"

/* Blocks from here on are worth an madvise; libc maps them one by one. */
#define BIG (4u << 20)
#define HUGE_PAGE (2u << 20)

static bool armed;
static long calls, fail_at;
static int fail_stay;

bool memo__alloc_fails(void)
{
    if (!__atomic_load_n(&armed, __ATOMIC_RELAXED))
        return false;
    long n = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    long at = __atomic_load_n(&fail_at, __ATOMIC_RELAXED);
    return at > 0 && (n == at || (n > at && __atomic_load_n(&fail_stay, __ATOMIC_RELAXED)));
}

long memo__alloc_fail_at(long n, int stay)
{
    long before = __atomic_exchange_n(&calls, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&fail_at, n, __ATOMIC_RELAXED);
    __atomic_store_n(&fail_stay, stay, __ATOMIC_RELAXED);
    __atomic_store_n(&armed, true, __ATOMIC_RELAXED);
    return before;
}

enum request { MALLOC, CALLOC, REALLOC, FREE };

/* The C library's allocator with signals held: quiet.h. */
static void *call_libc(enum request what, void *p, size_t n, size_t size)
{
    sigset_t before;
    void *result = NULL;
    memo__hold_begin(&before);
    switch (what) {
    case MALLOC:
        result = malloc(size ? size : 1);
        break;
    case CALLOC:
        result = calloc(n ? n : 1, size ? size : 1);
        break;
    case REALLOC:
        result = realloc(p, size ? size : 1);
        break;
    case FREE:
        free(p);
    }
    memo__hold_end(&before);
    return result;
}

void *memo__malloc(size_t size)
{
    return memo__alloc_fails() ? NULL : call_libc(MALLOC, NULL, 0, size);
}

void *memo__calloc(size_t n, size_t size)
{
    return memo__alloc_fails() ? NULL : call_libc(CALLOC, NULL, n, size);
}

void *memo__realloc(void *p, size_t size)
{
    return memo__alloc_fails() ? NULL : call_libc(REALLOC, p, 0, size);
}

char *memo__strdup(const char *s)
{
    size_t len = strlen(s) + 1;
    char *copy = memo__malloc(len);
    if (copy)
        memcpy(copy, s, len);
    return copy;
}

void memo__free(void *p)
{
    if (p)
        (void)call_libc(FREE, p, 0, 0);
}

/* Only whole huge pages inside the block are advised: its neighbours in the
 * heap aren't ours to change. */
void memo__advise_huge(void *p, size_t size)
{
    uintptr_t from = ((uintptr_t)p + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
    uintptr_t to = ((uintptr_t)p + size) & ~(uintptr_t)(HUGE_PAGE - 1);
    if (to > from)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
}

void *memo__alloc_result(size_t size, size_t align)
{
    void *p = NULL;
    if (memo__alloc_fails())
        return NULL;
    if (align > _Alignof(max_align_t)) {
        if (posix_memalign(&p, align, size ? size : 1))
            return NULL;
    } else if (!(p = malloc(size ? size : 1))) {
        return NULL;
    }
    if (size >= BIG)
        memo__advise_huge(p, size);
    return p;
}

void *memo__malloc_big(size_t size)
{
    void *p = memo__malloc(size);
    if (p && size >= BIG)
        memo__advise_huge(p, size);
    return p;
}

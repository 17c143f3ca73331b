/* pool.c - memory that doesn't come from malloc.
 *
 * Classes of 2^k and 1.5 * 2^k bytes, each with a list of free blocks, cut from
 * chunks; a block's class or the size of its mapping stands before it. All
 * state is guarded by `lock`. */
#include "base/pool.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/alloc.h"

#define HEAD 16u
#define SMALLEST 8u /* 2^8 */
#define LARGEST 16u /* 2^16; larger blocks are mapped one by one */
#define CLASSES (2 * (LARGEST - SMALLEST) + 1)
#define CHUNK ((size_t)1 << 20)
#define KEEP 8u /* chunks that aren't worth giving back and faulting in again */

struct block {
    uint64_t size; /* of the mapping, or 0 */
    uint64_t class;
    struct block *next; /* free blocks; the user's memory begins here */
};

struct chunk {
    struct chunk *next;
    uint64_t spare;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *unused[CLASSES];
static struct chunk *chunks;
static char *rest; /* of the newest chunk */
static size_t rest_len, live, n_chunks;

static size_t class_size(unsigned c)
{
    size_t size = (size_t)1 << (SMALLEST + c / 2);
    return c % 2 ? size + size / 2 : size;
}

static unsigned class_of(size_t total)
{
    unsigned c = 0;
    while (class_size(c) < total)
        c++;
    return c;
}

static void *map(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void *map_large(size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + HEAD + 4095) & ~(size_t)4095;
    struct block *b = map(size);
    if (!b)
        return NULL;
    memo__advise_huge(b, size);
    b->size = size;
    return &b->next;
}

/* The end of a chunk that is too short for this class is left. */
static struct block *cut(unsigned c)
{
    size_t size = class_size(c);
    if (rest_len < size) {
        struct chunk *fresh = map(CHUNK);
        if (!fresh)
            return NULL;
        fresh->next = chunks;
        chunks = fresh;
        n_chunks++;
        rest = (char *)fresh + sizeof *fresh;
        rest_len = CHUNK - sizeof *fresh;
    }
    struct block *b = (void *)rest;
    rest += size;
    rest_len -= size;
    b->size = 0;
    b->class = c;
    return b;
}

void *memo__pool_alloc(size_t size)
{
    if (memo__alloc_fails())
        return NULL;
    if (size > ((size_t)1 << LARGEST) - HEAD)
        return map_large(size);
    unsigned c = class_of(size + HEAD);
    pthread_mutex_lock(&lock);
    struct block *b = unused[c];
    if (b)
        unused[c] = b->next;
    else
        b = cut(c);
    live += b != NULL;
    pthread_mutex_unlock(&lock);
    return b ? &b->next : NULL;
}

void memo__pool_free(void *p)
{
    if (!p)
        return;
    struct block *b = (void *)((char *)p - HEAD);
    if (b->size) {
        munmap(b, b->size);
        return;
    }
    pthread_mutex_lock(&lock);
    b->next = unused[b->class];
    unused[b->class] = b;
    live--;
    pthread_mutex_unlock(&lock);
}

static void forget(void)
{
    for (unsigned c = 0; c < CLASSES; c++)
        unused[c] = NULL;
    chunks = NULL;
    rest = NULL;
    rest_len = live = n_chunks = 0;
}

void memo__pool_trim(void)
{
    struct chunk *next, *all = NULL;
    pthread_mutex_lock(&lock);
    if (!live && n_chunks > KEEP) {
        all = chunks;
        forget();
    }
    pthread_mutex_unlock(&lock);
    for (; all; all = next) {
        next = all->next;
        munmap(all, CHUNK);
    }
}

void memo__pool_atfork_child(void)
{
    pthread_mutex_init(&lock, NULL);
    forget();
}

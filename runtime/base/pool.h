/* pool.h - memory that doesn't come from malloc.
 *
 * A memoized call may be made in a signal handler that interrupted the user's
 * malloc; ours would then wait for itself. Blocks of the pool come from mmap,
 * in size classes, under a lock of the pool's own. The caller sees to it that a
 * handler doesn't interrupt the pool itself and call it again.
 *
 * Threads: all but atfork_child. A block may be freed by another thread. */
#ifndef MEMO_BASE_POOL_H
#define MEMO_BASE_POOL_H

#include <stddef.h>

/* 16-aligned, or NULL; large blocks have mappings of their own, with huge
 * pages. Tests make it fail as memo__malloc. */
void *memo__pool_alloc(size_t size);
void memo__pool_free(void *p); /* NULL is allowed */

/* Gives the memory back to the system if no block is in use and it is more than
 * some megabytes. */
void memo__pool_trim(void);

/* In a child after fork: blocks of the parent's time stay readable, but must
 * not be freed. */
void memo__pool_atfork_child(void);

#endif

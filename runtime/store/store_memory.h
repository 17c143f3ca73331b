/* store_memory.h - the memory tier: results of this process, bounded.
 *
 * Readers take no lock, make no system call and allocate nothing (entries of
 * more than 32 parts excepted). Small entries are copied out and checked before
 * they are passed on; large ones are pinned while they are read. So what `use`
 * gets is never half of something. When the bound is reached, what was stored
 * long ago and not read since goes first.
 *
 * Writers take one lock. Threads: all may be called at once, but not from a
 * signal handler that interrupted one of them on the same thread. */
#ifndef MEMO_STORE_STORE_MEMORY_H
#define MEMO_STORE_STORE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/call_key.h"
#include "store/record.h"

struct memo__memory;

/* An entry, valid in the callback of get; or what is to be stored. Each part's
 * data is at a multiple of 8 and belongs to the entry. */
struct memo__memory_entry {
    const unsigned char *layout; /* MEMO__DIGEST bytes */
    uint64_t created_ns, cost_ns;
    const struct memo__part *parts;
    unsigned n_parts;
};

/* A tier of at most `bytes` (all of it: entries, index, gaps; address space is
 * reserved, memory is touched as it fills). 0, MEMO_ENOMEM, MEMO_EINVALID: less
 * than MEMO__MEMORY_LEAST. Lives as long as the process. */
#define MEMO__MEMORY_LEAST ((uint64_t)64 << 10)
int memo__memory_new(uint64_t bytes, struct memo__memory **out);

/* Frees it; no other thread may be inside. Tests only. */
void memo__memory_free(struct memo__memory *m);

/* Passes the entry to `use` and returns what that returned; MEMO_EMISS if there
 * is none. Keys of up to MEMO__KEY_SMALL bytes are compared whole. `use` must
 * not call the tier again. */
typedef int memo__memory_use(void *arg, const struct memo__memory_entry *e);
int memo__memory_get(struct memo__memory *m, const struct memo__key *key, memo__memory_use *use,
                     void *arg);

/* Copies the entry in, replacing an older one; evicts others for it. `name` is
 * the hash of the function's name. MEMO_EDROPPED: larger than half the bound, or
 * all that could go is being read; an older entry is then gone. MEMO_EINVALID:
 * more than MEMO__MAX_PARTS. */
int memo__memory_put(struct memo__memory *m, uint64_t name, const struct memo__key *key,
                     const struct memo__memory_entry *e);

/* MEMO_EMISS if it wasn't there. */
int memo__memory_del(struct memo__memory *m, const struct memo__key *key);

/* Removes the entries of a name (NULL: all). *hashes: a new array (memo__free)
 * of their args_hash, sorted, each once (mixed with the name if all are
 * removed, as memo__disk_del_all does); NULL, and *n = 0, if there were none.
 * MEMO_ENOMEM: no memory for the array; all are removed all the same. */
int memo__memory_del_name(struct memo__memory *m, const uint64_t *name, uint64_t **hashes,
                          size_t *n);

/* Bytes in use, at most those given to new; entries that can be found. */
struct memo__memory_stats {
    uint64_t bytes, entries, evicted;
};
void memo__memory_stats(struct memo__memory *m, struct memo__memory_stats *out);

/* For pthread_atfork; m may be NULL. A child has all entries, in its own copy. */
void memo__memory_atfork_prepare(struct memo__memory *m);
void memo__memory_atfork_parent(struct memo__memory *m);
void memo__memory_atfork_child(struct memo__memory *m);

#endif

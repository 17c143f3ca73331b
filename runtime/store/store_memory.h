/* store_memory.h - the memory tier: results of this process, bounded.
 *
 * Readers take no lock and make no system call. A slot of the index holds where
 * an entry is and a sequence number that is odd while the slot changes; small
 * entries are copied out under it, large ones are pinned by a count in the slot,
 * so that nothing half-changed is ever passed on. Entries up to MEMO__LOG_MAX
 * lie in a log of segments that is filled round and round: what is overtaken is
 * evicted. Larger ones have mappings of their own, the oldest going first.
 *
 * Writers take one lock. Threads: all may be called at once, but not from a
 * signal handler that interrupted one of them on the same thread. */
#ifndef MEMO_STORE_STORE_MEMORY_H
#define MEMO_STORE_STORE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "key/key.h"
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

/* Reserves address space for `bytes`; memory is touched as it fills. 0,
 * MEMO_ENOMEM, MEMO_EINVALID (too little to be of use). */
int memo__memory_new(uint64_t bytes, struct memo__memory **out);

/* Passes the entry to `use` and returns what that returned; MEMO_EMISS if there
 * is none. Keys of up to 64 bytes are compared whole. */
typedef int memo__memory_use(void *arg, const struct memo__memory_entry *e);
int memo__memory_get(struct memo__memory *m, const struct memo__key *key, memo__memory_use *use,
                     void *arg);

/* Copies the entry in, replacing an older one; evicts others for it. `name` is
 * the hash of the function's name. MEMO_EDROPPED: larger than its share. */
int memo__memory_put(struct memo__memory *m, uint64_t name, const struct memo__key *key,
                     const struct memo__memory_entry *e);

/* MEMO_EMISS if it wasn't there. */
int memo__memory_del(struct memo__memory *m, const struct memo__key *key);

/* Removes the entries of a name (NULL: all). *hashes: a new array (memo__free)
 * of their args_hash, sorted, each once (mixed with the name if all are
 * removed, as memo__disk_del_all does); NULL, and *n = 0, if there were none. */
int memo__memory_del_name(struct memo__memory *m, const uint64_t *name, uint64_t **hashes,
                          size_t *n);

/* For pthread_atfork; m may be NULL. A child has all entries, in its own copy. */
void memo__memory_atfork_prepare(struct memo__memory *m);
void memo__memory_atfork_parent(struct memo__memory *m);
void memo__memory_atfork_child(struct memo__memory *m);

#endif

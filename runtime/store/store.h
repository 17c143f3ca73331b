/* store.h - the disk tier, seen from above.
 *
 * Results live in an LMDB database in one directory, large ones in files beside
 * it. Reading happens on the caller's thread, in its own read transaction, and
 * takes no lock; everything that writes is queued and done by one thread per
 * process, in the order in which it was queued. What was queued can't be read
 * before it is committed (milliseconds later): the memory tier bridges that.
 *
 * Faults: 0 or a negative MEMO_E code. Whatever goes wrong below (disk full,
 * damage, permissions) is a code, a counter and one line on standard error;
 * callers treat every code of memo__disk_get as a miss.
 *
 * Threads: all functions may be called from any thread at once, except open,
 * close and the three for fork. They must not be called again from a signal
 * handler that interrupted one of them on the same thread. */
#ifndef MEMO_STORE_STORE_H
#define MEMO_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/record.h"

struct memo__disk;
struct memo__object; /* store_files.h */

/* All entries of one function name stand together: `name` is XXH3_64 of the
 * name, `hash` XXH3-128 of function identity and canonical key. */
struct memo__disk_key {
    uint64_t name, hash[2];
};

struct memo__disk_options {
    const char *dir;   /* MEMOCC_DIR; NULL: the default (dir.h) */
    uint64_t max_size; /* bytes of database and files; 0: 5 GiB */
    bool readonly;     /* never write, never create; MEMOCC=readonly */
};

/* MEMO_EREADONLY if asked to be read-only and nothing is there; REFUSED,
 * VERSION, CORRUPT, IO, FULL, NOMEM: the tier is off, one line was printed. A
 * directory that exists but can't be written gives a store that only reads.
 * A directory may be open once in a process. About 0.1 ms; starts no thread. */
int memo__disk_open(const struct memo__disk_options *options, struct memo__disk **out);

/* Commits what is queued (waits at most 10 s), ends the thread, closes. No
 * other thread may be inside. NULL is allowed. Views stay valid. */
void memo__disk_close(struct memo__disk *d);

/* For pthread_atfork, also when d is NULL. After `child` the store is reopened
 * by the next call in the child; what the parent had queued is the parent's. */
void memo__disk_atfork_prepare(struct memo__disk *d);
void memo__disk_atfork_parent(struct memo__disk *d);
void memo__disk_atfork_child(struct memo__disk *d);

const char *memo__disk_dir(const struct memo__disk *d);
bool memo__disk_writable(const struct memo__disk *d);

/* Says to the other processes of this host that this one computes the key's
 * result. 0: nobody else does so now; put with MEMO__PUT_CLAIMED or unclaim ends
 * it, and the end of the process. MEMO_ETIMEOUT: another process computes it, and
 * hasn't ended within wait_ns (MEMO_EBUSY if that is 0). MEMO_EMISS: it has,
 * without a result that is stored, or this process was forked from it meanwhile.
 * Other codes: there are no claims here. After a wait (*waited_ns isn't 0) the key
 * is to be looked up again. A process may claim a key twice; the first end
 * counts. A child of fork has no claims. */
int memo__disk_claim(struct memo__disk *d, const struct memo__disk_key *key, uint64_t wait_ns,
                     uint64_t *waited_ns);

/* gave_up: there will be no result, and whoever waits for one computes. */
void memo__disk_unclaim(struct memo__disk *d, const struct memo__disk_key *key, bool gave_up);

/* Alone, in a child of fork for which the three above weren't called. */
void memo__disk_drop_claims(struct memo__disk *d);

/* Called by memo__disk_get with the record, which is valid until it returns.
 * `object` isn't NULL if the parts are in a file: memo__object_copy and _view.
 * Returns 0: a hit; MEMO_EMISS: not this one (another key under the same hash,
 * expired, layout differs); MEMO_ECORRUPT: can't be right, remove it. Other
 * codes are passed through. It must not call the disk tier but memo__object_*. */
typedef int memo__disk_use(void *arg, const struct memo__record *r,
                           const struct memo__object *object);

/* Finds the record, checks it and passes it on. MEMO_EMISS if there is none,
 * else what `use` returned. A hit renews the date of last use if that is more
 * than an hour old. */
int memo__disk_get(struct memo__disk *d, const struct memo__disk_key *key, memo__disk_use *use,
                   void *arg);

#define MEMO__PUT_VIEW 0x1u /* will be asked for as a view: a file if it is larger than a page */
#define MEMO__PUT_CLAIMED                                                                          \
    0x2u /* on success the claim of the key is the store's: until the commit */

/* Queues the result under the key, replacing an older one. Copies everything
 * once and returns; `r` needs layout, identity, created_ns, cost_ns, args_hash,
 * key, key_len, key_total, n_parts (flags 0). MEMO_EDROPPED if the queue is
 * full, MEMO_ENOMEM, MEMO_EREADONLY: not stored, nothing else happened. */
int memo__disk_put(struct memo__disk *d, const struct memo__disk_key *key,
                   const struct memo__record *r, const struct memo__part *parts, unsigned flags);

/* Removes the entry, after everything queued before, and waits for the commit.
 * MEMO_EMISS if it wasn't there. */
int memo__disk_del(struct memo__disk *d, const struct memo__disk_key *key);

/* Removes all entries of a function name, of all versions of its code, and
 * waits. *hashes, unless NULL: a new array (memo__free) of the args_hash of
 * each, sorted, each once; *n: how many. */
int memo__disk_del_name(struct memo__disk *d, uint64_t name, uint64_t **hashes, size_t *n);

/* The same of all entries; *hashes then holds memo__args_hash_of each. */
int memo__disk_del_all(struct memo__disk *d, uint64_t **hashes, size_t *n);

/* What is known of a function, for listings: any bytes (up to 64 KB) under its
 * name's hash and identity. Queued; does nothing if they are already there. */
int memo__disk_describe(struct memo__disk *d, uint64_t name,
                        const unsigned char identity[MEMO__DIGEST], const void *data, size_t len);

/* Whether the store has a committed description of that identity. */
bool memo__disk_is_described(struct memo__disk *d, uint64_t name,
                             const unsigned char identity[MEMO__DIGEST]);

/* Calls `entry` for each entry in order of keys (len: bytes the result takes on
 * disk), and `function` for each description; either may be NULL; a callback
 * ends it by returning other than 0, which is passed on. Damaged records are
 * passed with r = NULL. */
struct memo__disk_visitor {
    int (*entry)(void *arg, const struct memo__disk_key *key, const struct memo__record *r,
                 uint64_t len);
    int (*function)(void *arg, uint64_t name, const unsigned char *identity, const void *data,
                    size_t len);
    void *arg;
};
int memo__disk_iterate(struct memo__disk *d, const struct memo__disk_visitor *v);

/* The same for the entries and descriptions under one name's hash. */
int memo__disk_iterate_name(struct memo__disk *d, uint64_t name,
                            const struct memo__disk_visitor *v);

/* Whether an entry of this key was evicted, and when; the store remembers some
 * thousands of them. `when_ns` 0: not that it knew; `is_all`: it would. */
struct memo__disk_evicted {
    uint64_t when_ns;
    uint64_t total, last_ns; /* evicted ever, and when the last one was */
    bool is_all;
};
void memo__disk_evicted(struct memo__disk *d, const struct memo__disk_key *key,
                        struct memo__disk_evicted *out);

/* Waits until everything queued before is committed. 0, or the last code with
 * which anything failed to be stored since the previous flush; MEMO_ETIMEOUT
 * after timeout_ns (0: no limit). */
int memo__disk_flush(struct memo__disk *d, uint64_t timeout_ns);

/* Brings database and files down to max_size (0: the bound of this store) now,
 * and removes files that no record refers to and that are a day old. */
int memo__disk_gc(struct memo__disk *d, uint64_t max_size);

/* Unmaps a view of memo__object_view. false: it isn't one. */
bool memo__view_release(const void *view);

/* Counters since the process started, as in counters.def. Exact once the
 * threads that change them are done. NULL: of the opening that failed, if any. */
struct memo__disk_stats {
#define DISK_COUNTER(name, is_fault, text) uint64_t name;
#include "store/counters.def"
#undef DISK_COUNTER
    uint64_t used_bytes; /* database pages in use and object files */
    uint64_t entries;    /* records, descriptions and bookkeeping */
};
void memo__disk_stats(struct memo__disk *d, struct memo__disk_stats *out);

#endif

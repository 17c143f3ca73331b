/* disk.h - what the files of the disk tier share. Not for others. */
#ifndef MEMO_STORE_DISK_H
#define MEMO_STORE_DISK_H

#include <endian.h>

#include "store/dir.h"
#include "store/host_lock.h"
#include "store/store.h"
#include "store/store_files.h"
#include "store/store_lmdb.h"
#include "store/writer.h"

#define MEMO__RECENT 256u

struct memo__disk {
    struct memo__dir dir;
    struct memo__lmdb *db;
    struct memo__writer writer;
    struct memo__host_lock claims;
    uint64_t max_size;
    bool writable;
    int off;                       /* atomic: MEMO_E code once the store can't be used any more */
    int has_format;                /* atomic: the database says which format it has */
    uint64_t recent[MEMO__RECENT]; /* atomic: entries touched by this process */
    /* The writer thread's alone: */
    bool looked_for_orphans;
    uint64_t next_gc_bytes; /* used bytes from which the next pass is worth it */
    /* atomic */
#define DISK_COUNTER(name, is_fault, text) uint64_t n_##name;
#include "store/counters.def"
#undef DISK_COUNTER
};

#define MEMO__COUNT(d, name, n) __atomic_add_fetch(&(d)->n_##name, (n), __ATOMIC_RELAXED)

/* Keys in the database: entries have 24 bytes, descriptions 25, ours fewer. */
#define MEMO__ENTRY_KEY 24u
#define MEMO__FUNCTION_KEY 25u
#define MEMO__FORMAT_KEY "memocc"
#define MEMO__OBJECTS_KEY "objects" /* bytes of all object files, 8 bytes */
#define MEMO__EVICTED_KEY "evicted" /* evicted.c */
#define MEMO__STORE_FORMAT 1u

static inline void memo__entry_key(const struct memo__disk_key *key, unsigned char *out)
{
    uint64_t words[3] = {htole64(key->name), htole64(key->hash[0]), htole64(key->hash[1])};
    __builtin_memcpy(out, words, sizeof words);
}

static inline void memo__function_key(uint64_t name, const unsigned char *identity,
                                      unsigned char *out)
{
    uint64_t n = htole64(name);
    __builtin_memcpy(out, &n, sizeof n);
    out[8] = 'f';
    __builtin_memcpy(out + 9, identity, MEMO__DIGEST);
}

static inline struct memo__disk_key memo__entry_key_get(const void *bytes)
{
    uint64_t words[3];
    __builtin_memcpy(words, bytes, sizeof words);
    return (struct memo__disk_key){le64toh(words[0]), {le64toh(words[1]), le64toh(words[2])}};
}

/* store_apply.c: what the writer thread does with a list. */
int memo__disk_apply(void *disk, struct memo__op **list);

/* An entry that leaves the database: its file goes after the commit. */
struct memo__removed {
    struct memo__disk_key key;
    uint64_t random;
};
struct memo__removals {
    struct memo__buf list; /* of struct memo__removed */
    int64_t bytes;         /* of object files, removed - added */
};
void memo__removals_note(struct memo__removals *r, const struct memo__disk_key *key,
                         struct memo__bytes record);
int memo__removals_commit(struct memo__removals *r, struct memo__disk *d, struct memo__txn *t);
uint64_t memo__objects_bytes(struct memo__bytes value);

/* evict.c: both on the writer thread. */
void memo__evict(struct memo__disk *d, uint64_t max_size);
void memo__remove_orphans(struct memo__disk *d, bool now);

/* evicted.c, on the writer thread: entries that an eviction took, of which the
 * last ones are remembered. note never fails; write does so in a transaction of
 * its own, where a fault costs nothing but the memory of them. */
struct memo__evicted {
    uint64_t *hashes; /* a ring of `room`, NULL: none is remembered */
    uint64_t n;       /* noted so far */
    unsigned room;
};
void memo__evicted_begin(struct memo__evicted *e, uint64_t max_size);
void memo__evicted_note(struct memo__evicted *e, const struct memo__disk_key *key);
void memo__evicted_write(struct memo__evicted *e, struct memo__disk *d, uint64_t now_ns);

/* store_disk.c: one line and a counter for an error of the store. A damaged
 * database is put aside and a new one begun; where that can't be, the store is
 * off. */
void memo__disk_fault(struct memo__disk *d, int err);

/* store_files.c */
#define MEMO__PATH 4096u
int memo__object_path(char *out, const char *dir, const struct memo__disk_key *key,
                      uint64_t random);
void memo__object_unlink(const char *dir, const struct memo__disk_key *key, uint64_t random);
/* Writes the file from its image; fills *ref. The header's place is overwritten. */
int memo__object_write(const char *dir, const struct memo__disk_key *key, unsigned char *image,
                       uint64_t size, struct memo__object_ref *ref);
/* Whether path's last part is an object's name: its key and random. */
bool memo__object_parse(const char *name, struct memo__disk_key *key, uint64_t *random);
void memo__views_atfork_prepare(void);
void memo__views_atfork_parent(void);
void memo__views_atfork_child(void);

#endif

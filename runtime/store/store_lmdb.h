/* store_lmdb.h - the database, in words of the store: bytes under bytes.
 *
 * A thin layer over LMDB, whose header only store_lmdb.c includes. All entries
 * stand in LMDB's main tree: a named one would cost a second descent at each
 * read. Kinds of keys differ in length.
 *
 * Reading: each thread has one read transaction, reset between reads. Writing:
 * one transaction at a time, by the writer thread. After a fork, or when
 * another process has made the database larger than our map, the environment is
 * opened anew and the old one left alone: other threads may be inside it. */
#ifndef MEMO_STORE_LMDB_H
#define MEMO_STORE_LMDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memo__lmdb;
struct memo__txn; /* a write transaction */

struct memo__bytes {
    const void *data;
    size_t len;
};

/* `path`: the directory, copied. map_size: what to reserve; less if the system
 * doesn't grant it. MEMO_ECORRUPT: the file is damaged; MEMO_EVERSION: of
 * another LMDB; IO, READONLY, FULL, NOMEM. */
int memo__lmdb_open(const char *path, uint64_t map_size, bool writable, struct memo__lmdb **out);
void memo__lmdb_close(struct memo__lmdb *db);

void memo__lmdb_atfork_prepare(void);
void memo__lmdb_atfork_parent(void);
void memo__lmdb_atfork_child(struct memo__lmdb *db); /* NULL is allowed */

/* Calls use(arg, value) while the bytes are pinned, or returns MEMO_EMISS.
 * MEMO_EBUSY: no reader slot; else what `use` returned. use must not call
 * memo__lmdb functions. */
int memo__lmdb_get(struct memo__lmdb *db, const void *key, size_t key_len,
                   int (*use)(void *arg, struct memo__bytes value), void *arg);

enum memo__scan {
    MEMO__SCAN_ON,
    MEMO__SCAN_DELETE, /* this one, and go on; write transactions only */
    MEMO__SCAN_STOP
};
typedef enum memo__scan memo__scan_fn(void *arg, struct memo__bytes key, struct memo__bytes value);

/* Calls fn for each pair from the first key not below `from` (len 0: from the
 * start) on, in a read transaction of its own. */
int memo__lmdb_scan(struct memo__lmdb *db, struct memo__bytes from, memo__scan_fn *fn, void *arg);

/* Write transactions wait for other processes. Values that get and put_new hand
 * out are valid until the next write. put_new: MEMO_EBUSY if the key is there,
 * with its value in *old. MEMO_EFULL: map or disk is full; after any code but
 * MISS and BUSY the transaction must be aborted. commit frees it in any case.
 * begin returns MEMO_EDAMAGED if the file was changed by others and isn't sound
 * (mdb_check.h). */
int memo__txn_begin(struct memo__lmdb *db, struct memo__txn **out);
int memo__txn_commit(struct memo__txn *t);
void memo__txn_abort(struct memo__txn *t);
int memo__txn_get(struct memo__txn *t, struct memo__bytes key, struct memo__bytes *value);
int memo__txn_put(struct memo__txn *t, struct memo__bytes key, struct memo__bytes value);
int memo__txn_put_new(struct memo__txn *t, struct memo__bytes key, struct memo__bytes value,
                      struct memo__bytes *old);
int memo__txn_del(struct memo__txn *t, struct memo__bytes key);
int memo__txn_scan(struct memo__txn *t, struct memo__bytes from, memo__scan_fn *fn, void *arg);

/* Bytes of the pages in use, and the number of keys. */
struct memo__lmdb_size {
    uint64_t used_bytes, keys;
};
int memo__txn_size(struct memo__txn *t, struct memo__lmdb_size *out);
int memo__lmdb_size(struct memo__lmdb *db, struct memo__lmdb_size *out);

/* After MEMO_EDAMAGED or MEMO_ECORRUPT: puts the database aside, unless another
 * process did, and lets the next call open a new one. 0; MEMO_EBUSY: another
 * thread did it before; MEMO_EIO: it can't be, or was done too often. */
int memo__lmdb_begin_anew(struct memo__lmdb *db);

/* How long the writer has been waiting for another process to finish its
 * transaction; 0: it isn't. From any thread. */
uint64_t memo__lmdb_waits_ns(const struct memo__lmdb *db);

uint64_t memo__lmdb_reopened(const struct memo__lmdb *db); /* how often the map was too small */

#endif

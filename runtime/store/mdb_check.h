/* mdb_check.h - looks at every page of a database before LMDB writes to it.
 *
 * LMDB's writer trusts its pages: one flipped bit in a page's table of offsets
 * makes it copy bytes across the heap. What this finds sound, LMDB can change
 * without leaving its pages. It doesn't look at what records say: they have
 * checksums of their own.
 *
 * It takes time in proportion to the database: mdb_stamp.h says when it is due. */
#ifndef MEMO_STORE_MDB_CHECK_H
#define MEMO_STORE_MDB_CHECK_H

#include <stdint.h>

/* Walks both trees of the state that transaction `txnid` left (0: the newest).
 * `fd` is of data.mdb; no other process may be writing. 0; MEMO_EDAMAGED;
 * MEMO_ENOMEM, MEMO_EIO: can't be found out. Not inside memo__trap. */
int memo__mdb_check(int fd, uint64_t txnid);

#endif

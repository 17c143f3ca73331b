/* mdb_guard.h - looks at a database file before LMDB maps it.
 *
 * LMDB trusts its file: a truncated one ends the program with SIGBUS. This
 * reads the two meta pages with pread(2) and compares what they say with the
 * size of the file. Damage inside pages is not found
 * here but by mdb_check.h. */
#ifndef MEMO_STORE_MDB_GUARD_H
#define MEMO_STORE_MDB_GUARD_H

#include <stdbool.h>
#include <stdint.h>

/* `path` is the directory. 0: sound, or not there, or empty. MEMO_ECORRUPT: not
 * to be opened. MEMO_EVERSION: of an LMDB with another format. MEMO_EIO: can't
 * be read. *was_short: the file ended before the last page that its meta page
 * counts. LMDB may leave it so, if these pages are unused; it was made longer
 * (with `writable`; MEMO_ECORRUPT without) and the caller must walk the tree,
 * which can then fail but not crash. */
int memo__mdb_guard(const char *path, bool writable, bool *was_short);

/* Renames data.mdb and lock.mdb of a damaged store to *.damaged, unless the
 * guard finds nothing wrong by now and `force` isn't set, or data.mdb isn't the
 * file with this inode (0: whichever it is): another process was faster.
 * Processes that have them open go on with the renamed files. 0 or MEMO_EIO. */
int memo__mdb_set_aside(const char *path, bool force, uint64_t inode);

#endif

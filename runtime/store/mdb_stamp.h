/* mdb_stamp.h - whether somebody else changed the database since our last commit.
 *
 * A file `stamp` beside the database holds what fstat(2) said of it then. Only a
 * database that looks otherwise is checked, and only by who is about to write. */
#ifndef MEMO_STORE_MDB_STAMP_H
#define MEMO_STORE_MDB_STAMP_H

#include <stdbool.h>
#include <stdint.h>

/* What a process remembers of the database; zeros at the start. */
struct memo__mdb_trust {
    uint64_t next_check_ns; /* monotonic; not again before... */
    uint64_t inode;         /* ...if it is this file */
    bool in_doubt;          /* changed by somebody else, and not looked at */
};

/* Inside a write transaction on top of `txnid`, before the first change: 0 if
 * the file is as a process of ours left it, or is sound. Then, and after each
 * commit, it is stamped. `path`: the directory. As memo__mdb_check. */
int memo__mdb_trust(struct memo__mdb_trust *t, const char *path, int fd, uint64_t txnid);

/* After a commit. Killed before it, the next one to write takes a look. */
void memo__mdb_stamp(const struct memo__mdb_trust *t, const char *path, int fd);

#endif

/* mdb_door.h - what has to hold while LMDB opens its files.
 *
 * One process at a time, with a bounded wait: whoever is stopped in the middle of
 * it holds locks of LMDB's that others would wait for without bound. Nothing gets
 * the numbers of standard streams that the program was started without. The lock
 * file has its blocks: LMDB writes to it through a map, which on a full disk would
 * raise SIGBUS. And no signal comes of a limit on the size of files. */
#ifndef MEMO_STORE_MDB_DOOR_H
#define MEMO_STORE_MDB_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/quiet.h"

struct memo__door {
    int dir; /* locked; -1: can't be opened, and is not locked */
    int held[3], n_held;
    struct memo__quiet quiet;
};

/* `path` is the store's directory. 0, or MEMO_ETIMEOUT: another process has held
 * the lock for 5 s. Then, as after memo__door_leave, nothing is held. */
int memo__door_enter(struct memo__door *door, const char *path);
void memo__door_leave(struct memo__door *door);

/* Reserves space for lock.mdb, which LMDB will make `size` bytes long; makes it if
 * it isn't there. Not while this process has the file open: closing a file gives
 * up all of a process's locks on it. 0 or MEMO_EFULL; a file system that can't
 * reserve counts as one with space. */
int memo__door_reserve(const char *path, size_t size);

/* Gives up this process's locks on lock.mdb, after a fault in LMDB's opening. */
void memo__door_unlock(const char *path);

/* The lock on the directory alone, for whoever renames what is in it. A
 * descriptor, or a MEMO_E code: IO, TIMEOUT. */
int memo__door_lock(const char *path);
void memo__door_unlock_dir(int dir);

#endif

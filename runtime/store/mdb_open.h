/* mdb_open.h - LMDB's files, opened so that nothing of it shows in the program.
 *
 * For store_lmdb.c: the only other file that knows LMDB. What is looked after
 * while it opens is in mdb_door.h. */
#ifndef MEMO_STORE_MDB_OPEN_H
#define MEMO_STORE_MDB_OPEN_H

#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

/* `path` is the directory; map_size is what to reserve, less if the system
 * doesn't grant it. Waits for other processes, so no lock may be held: 5 s at
 * most. MEMO_ETIMEOUT, CORRUPT, VERSION, FULL, IO, READONLY, NOMEM. */
int memo__mdb_open(const char *path, uint64_t map_size, bool writable, MDB_env **out);

/* Keeps an environment or a transaction that nobody may close in sight of leak
 * checkers. */
void memo__mdb_leave(void *what);

/* The MEMO_E code for what a function of LMDB returned. */
int memo__mdb_code(int rc);

#endif

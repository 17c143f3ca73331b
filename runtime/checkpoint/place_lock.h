/* place_lock.h - one process owns the states of a loop. For place.c.
 *
 * The file <loop>.lock is locked with F_SETLK: the lock is this process's, the kernel frees it when
 * the process ends, and who has it can be asked. It would also be freed by closing any
 * descriptor of the file: there is one for each, in a list, shared by all entries into the
 * loop. A file that isn't needed is removed while it is locked; who opened it before looks, after
 * locking, whether the name still leads to it. */
#ifndef MEMO_CHECKPOINT_PLACE_LOCK_H
#define MEMO_CHECKPOINT_PLACE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct memo__ck_lock;

/* 0: it is ours. If it wasn't before, `first_look` is called (NULL: nothing) before any other
 * thread gets it; `arg` is its. MEMO_EBUSY (*owner: whose, or 0), MEMO_EREADONLY, MEMO_EFULL,
 * MEMO_EIO, MEMO_ENOMEM. Where files can't be locked: 0, after one line per process. `dir` is made
 * again if it isn't there. */
int memo__ck_lock_take(const char *dir, const char *loop, struct memo__ck_lock **out, pid_t *owner,
                       void (*first_look)(void *arg, struct memo__ck_lock *), void *arg);

/* The process that locks are taken for: getpid(), asked once; a forked child's own. One that was
 * made without fork() is told apart by getpid() before files are touched. */
pid_t memo__ck_lock_process(void);

/* One more of a loop whose lock is ours, or NULL. */
struct memo__ck_lock *memo__ck_lock_share(const char *dir, const char *loop);

/* Is it still ours? Somebody may have removed the file, or closed our descriptor: then it is
 * taken again, if it can be. */
int memo__ck_lock_check(struct memo__ck_lock *l);

/* Whether others do the same at the same time, because nothing can be locked. */
bool memo__ck_lock_is_void(const struct memo__ck_lock *l);

/* `is_brief`: there may be another entry soon. */
void memo__ck_lock_give(struct memo__ck_lock *l, bool is_brief);

/* Files below the lock: `touched` after one was made or seen; `are_none` says that a look for
 * them, begun after `mark` was taken, found none. So that loops that never save never look. */
void memo__ck_lock_touched(struct memo__ck_lock *l);
bool memo__ck_lock_has_files(struct memo__ck_lock *l, uint64_t *mark);
void memo__ck_lock_are_none(struct memo__ck_lock *l, uint64_t mark);

#endif

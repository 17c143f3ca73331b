/* owner.h - is the process that holds a lock about to end? */
#ifndef MEMO_CHECKPOINT_OWNER_H
#define MEMO_CHECKPOINT_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

/* Killed, but not gone: the kernel lets a thread finish what it waits for on the disk, and the lock
 * stays until then. false, too, if it can't be told. */
bool memo__ck_owner_is_dying(pid_t pid);

#endif

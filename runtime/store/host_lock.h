/* host_lock.h - which results the processes of this host are computing.
 *
 * A process claims a key by locking one byte of the file flight.lock in the
 * store's directory, the byte whose number are 62 bits of the key's hash. The
 * lock (F_OFD_SETLK) belongs to the process's own description of that file:
 * the kernel frees it when the process ends in whatever way, or calls exec. Two
 * keys on one byte only wait for each other needlessly.
 *
 * An owner that has no result to show says so before it frees the byte: it
 * changes a number in the file. Those who wait then compute all at once, not one
 * after the other. An owner that was killed says nothing, and the next one that
 * gets the byte computes for all.
 *
 * Where the file can't be made or locked, nothing is claimed and nobody waits.
 *
 * Threads: all functions from any thread; atfork_child alone. Claims are the
 * process's: claiming a byte twice succeeds, and freeing it once frees it. */
#ifndef MEMO_STORE_HOST_LOCK_H
#define MEMO_STORE_HOST_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define MEMO__MAX_CLAIMS 256u /* the kernel keeps the locks of a file in a list */

struct memo__host_lock {
    bool is_off;           /* atomic: this file system has no such locks */
    pthread_mutex_t mutex; /* what follows */
    int fd;                /* -1: not open */
    uint64_t dev, ino;     /* of the file behind fd: a program may close what isn't its own */
    unsigned n_held, n_inherited;
    uint64_t held[MEMO__MAX_CLAIMS];      /* bytes that are ours, or that we wait for */
    uint64_t inherited[MEMO__MAX_CLAIMS]; /* those of the processes we were forked from */
};

void memo__host_lock_init(struct memo__host_lock *h);
void memo__host_lock_release(struct memo__host_lock *h);

/* 0: the byte of `hash` is ours. MEMO_EBUSY: another process's, with wait_ns 0.
 * MEMO_ETIMEOUT: still another's after wait_ns. MEMO_EMISS: its owner had no
 * result, or we were forked from it since it took the byte: it may be waiting for
 * us. MEMO_EOFF, MEMO_EFULL (we hold enough), MEMO_EIO: without claims. In all cases *waited_ns is
 * how long this took, 0 if there was no waiting. Waits by looking every 0.2 to 5 ms; signals don't
 * end it. */
int memo__host_lock_claim(struct memo__host_lock *h, const char *dir, const uint64_t hash[2],
                          uint64_t wait_ns, uint64_t *waited_ns);

/* Frees the byte; gave_up: there is no result, and whoever waits shall compute. */
void memo__host_lock_free(struct memo__host_lock *h, const uint64_t hash[2], bool gave_up);

void memo__host_lock_atfork_prepare(struct memo__host_lock *h);
void memo__host_lock_atfork_parent(struct memo__host_lock *h);

/* In the child nothing is claimed; the parent's claims stay the parent's and end
 * with it. Also without prepare, in a signal handler: only the descriptor is
 * closed. */
void memo__host_lock_atfork_child(struct memo__host_lock *h);

#endif

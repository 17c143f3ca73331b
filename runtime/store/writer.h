/* writer.h - the queue of things to write, and the thread that writes them.
 *
 * Pushing is two atomic operations and no system call: the writer looks for
 * work every POLL_NS while there is some, and sleeps, to be woken by the next
 * push, only after it was idle for a while. The thread starts at the first
 * push, with all signals blocked. Operations are applied in the order in which
 * they were pushed.
 *
 * Threads: push, wait and flush from any thread; init, stop and atfork_child
 * alone. */
#ifndef MEMO_STORE_WRITER_H
#define MEMO_STORE_WRITER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/store.h"

enum memo__op_kind {
    MEMO__OP_PUT,      /* record under key, with the image of an object file or NULL */
    MEMO__OP_DESCRIBE, /* record (plain bytes) under key and identity, unless there */
    MEMO__OP_TOUCH,    /* date: the last use of key */
    MEMO__OP_RETRUST,  /* ref: the object of key, checked again */
    MEMO__OP_DEL,      /* key */
    MEMO__OP_DAMAGED,  /* key, because it can't be read */
    MEMO__OP_DEL_NAME, /* all of key.name */
    MEMO__OP_DEL_ALL,
    MEMO__OP_GC /* down to `date` bytes */
};

/* One thing to do; made by memo__op_new from the pool, as the image is; freed by
 * the writer. */
struct memo__op {
    struct memo__op *next;
    enum memo__op_kind kind;
    int refs; /* writer's mutex if `waited`: the writer's and the waiter's */
    bool waited, done;
    bool claimed; /* PUT: the claim of the key ends with it */
    int err;      /* written by the writer before `done` */
    size_t bytes;
    struct memo__disk_key key;
    unsigned char identity[MEMO__DIGEST];
    uint64_t date;
    struct memo__object_ref ref;
    struct memo__buf hashes; /* DEL_NAME, DEL_ALL: args_hash of each, not sorted */
    unsigned char *image;    /* own allocation */
    uint64_t image_size;
    size_t record_len;
    unsigned char record[] __attribute__((aligned(8)));
};

struct memo__op *memo__op_new(enum memo__op_kind kind, const struct memo__disk_key *key,
                              size_t record_len);
void memo__op_free(struct memo__op *op);

struct memo__writer {
    /* Carries out a list, sets err of each; may reorder what doesn't depend on
     * the order; returns the last error or 0. */
    int (*apply)(void *arg, struct memo__op **list);
    /* Whether the writer waits for somebody who may never go on: no use to wait
     * for the writer then. From any thread. */
    bool (*is_stuck)(void *arg);
    void *arg;
    struct memo__op *head;      /* atomic: newest first */
    uint64_t pushed;            /* atomic: raised before an operation is in the list */
    uint64_t bytes, count;      /* atomic: in the queue and being applied */
    int asleep;                 /* atomic: the writer must be woken */
    int state;                  /* atomic: see writer.c */
    pthread_mutex_t mutex;      /* all below, and refs, done of operations */
    pthread_cond_t work, ready; /* to the writer; from it */
    uint64_t completed;
    int last_error; /* since the last flush */
    bool hurry, stop;
    pthread_t thread;
};

void memo__writer_init(struct memo__writer *w, int (*apply)(void *, struct memo__op **),
                       bool (*is_stuck)(void *), void *arg);

/* The writer owns op afterwards; unless the result isn't 0: MEMO_EDROPPED (full)
 * or MEMO_ENOMEM (no thread), and op is the caller's. */
int memo__writer_push(struct memo__writer *w, struct memo__op *op);

/* For an op with `waited` set before the push: waits until it is done. Then the
 * caller owns op again and frees it. MEMO_ETIMEOUT: it doesn't. */
int memo__writer_wait(struct memo__writer *w, struct memo__op *op, uint64_t timeout_ns);

int memo__writer_flush(struct memo__writer *w, uint64_t timeout_ns); /* as memo__disk_flush */

/* Ends the thread after what is queued. false: it hung; the writer must then
 * stay in memory for ever. */
bool memo__writer_stop(struct memo__writer *w, uint64_t timeout_ns);

void memo__writer_atfork_child(struct memo__writer *w);

#endif

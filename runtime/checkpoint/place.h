/* place.h - the files of one entry into a loop: names, lock, two generations, durable writing.
 *
 *     <loop>.lock                 locked by the process that has entered the loop; <loop> is the
 *                                 part of identities that all entries have in common
 *     <id>.a.ckpt  <id>.b.ckpt    two generations; the one with the higher sequence number is newer
 *     <id>.tmp-...                a save under way
 *     <id>.stream-<n>-<k>         side copy k of stream n
 *     <id>-<iteration>.<hex>...   the same of loops inside
 *
 * A save is written under the temporary name, synced, renamed over the older generation, and
 * the directory synced: whenever the process is killed, the newest whole generation stays.
 *
 * The lock is the process's (F_SETLK): free at once when it ends in whatever way, and a forked
 * child has it not. Entries on several threads share it. A loop inside another one has
 * no lock of its own; the outer one's covers it. So that short loops entered often don't make
 * and remove a file each time, the lock of one that was left within 0.1 s is kept for
 * the next entry, or until memo__ck_places_exit.
 *
 * Threads: a place is used by one thread at a time, but for the side copies, which one thread may
 * make and open while another writes a generation; different places by any. Nothing is printed
 * here but one line if the file system can't lock. errno holds the reason after
 * a failure. */
#ifndef MEMO_CHECKPOINT_PLACE_H
#define MEMO_CHECKPOINT_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "checkpoint/format.h"
#include "checkpoint/identity.h"

/* The directory: `configured` ($MEMOCC_CHECKPOINT_DIR, absolute, or NULL), else `checkpoints`
 * in the store's, of which `store` is $MEMOCC_DIR, absolute, or NULL (store/dir.h has the
 * default). Made 0700 when needed. 0 and *out (memo__free); or with a reason in `why`
 * ("'/x' can be written by other users") MEMO_EREFUSED, MEMO_EREADONLY, MEMO_EFULL, MEMO_EIO,
 * MEMO_ENOMEM. */
int memo__ck_dir(const char *configured, const char *store, char **out, char why[MEMO__CK_WHY]);

struct memo__ck_copy {
    uint64_t n, k;
};

struct memo__ck_place {
    const char *dir; /* the caller's */
    char id[MEMO__CK_ID];
    unsigned char identity[MEMO__CK_DIGEST];
    struct memo__ck_lock *lock; /* shared by all places of the loop */
    pid_t process;              /* whose place this is: not a forked child's */
    uint64_t opened_ns;
    uint64_t sequence; /* the highest seen or written */
    struct memo__ck_generation {
        uint64_t sequence; /* 0: not there, or damaged */
        bool is_there;
        struct memo__ck_copy *copies; /* what it refers to */
        size_t n_copies;
    } generations[2];
};

/* Takes the lock and looks what is there; temporary files of writers that were killed go.
 * `is_inner`: the caller holds the place of the loop around it. 0: the place is to be closed or
 * removed. MEMO_EBUSY: *owner is the process that has it, 0 if not known. MEMO_EREADONLY,
 * MEMO_EFULL, MEMO_EIO, MEMO_ENOMEM. After a failure there is nothing to close. */
int memo__ck_place_open(struct memo__ck_place *p, const char *dir,
                        const struct memo__ck_identity *identity, bool is_inner, pid_t *owner);

/* The newest generation that is whole. What was damaged or of another identity stands in
 * `damage`, one text for each that was passed over: "'<path>': checksum of 'g' is
 * wrong"; n_damaged is set in any case. `skip` generations that are whole are passed over
 * in silence: 1 for the one before the newest. 0: memo__ck_file_release. MEMO_EMISS: none
 * was whole, or none there (n_damaged 0). MEMO_ENOMEM. */
struct memo__ck_damage {
    unsigned n_damaged;
    char text[2][1024];
};
int memo__ck_place_read(struct memo__ck_place *p, unsigned skip, struct memo__ck_file *out,
                        struct memo__ck_damage *damage);

/* Writes f over the older generation, or a damaged one; when it returns 0 it is on the disk.
 * Sets f's sequence, identity and size. Side copies that no generation refers to any more
 * are removed. After a failure what was there is still there: MEMO_EFULL, MEMO_EREADONLY,
 * MEMO_EIO, MEMO_ENOMEM, MEMO_EINVALID. Sleeps on the disk: a cancellation of the thread in it
 * would leave a temporary file behind; the caller sees to that. */
int memo__ck_place_write(struct memo__ck_place *p, struct memo__ck_file *f);

/* Gives the lock back; files stay. The struct holds nothing any more. */
void memo__ck_place_close(struct memo__ck_place *p);

/* The loop is finished: all files of this place and of loops inside it go, then
 * memo__ck_place_close. Killed in between, a run goes on from what is still there. */
void memo__ck_place_remove(struct memo__ck_place *p);

/* Files of loops inside that were entered in an iteration before `iteration` go. */
void memo__ck_place_remove_inner(struct memo__ck_place *p, uint64_t iteration);

/* ---- side copies of streams
 *
 * A generation refers to copies by its blobs of kind MEMO__CK_STREAM. A copy that was
 * made and never referred to goes when the place is opened by another run, or removed. */

/* A new empty copy of stream n: its number and a descriptor, close-on-exec, above 2, for reading
 * and writing. Its name is on the disk. 0 or a code. */
int memo__ck_copy_new(struct memo__ck_place *p, uint64_t n, uint64_t *k, int *fd);

/* One that is there, to be read; with `is_writable` to be written, too. 0, MEMO_EMISS, MEMO_EIO. */
int memo__ck_copy_open(struct memo__ck_place *p, uint64_t n, uint64_t k, bool is_writable, int *fd);

/* Writes at `offset`, without touching what is before it, whatever is there at and behind it. On
 * the disk only after memo__ck_copy_sync: one for many. */
int memo__ck_copy_write(int fd, uint64_t offset, const void *data, size_t len);
int memo__ck_copy_sync(int fd);

/* ---- the process */

/* At exit: locks that no place has any more are given back, with their files. */
void memo__ck_places_exit(void);

/* For pthread_atfork. In the child, the parent's places do nothing any more: their functions
 * return MEMO_EBUSY, and close and remove leave all files alone. */
void memo__ck_places_fork_prepare(void);
void memo__ck_places_fork_done(bool is_child);

#endif

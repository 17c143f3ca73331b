/* place_files.h - names in the directory of checkpoints, and files by their names. For place*.c. */
#ifndef MEMO_CHECKPOINT_PLACE_FILES_H
#define MEMO_CHECKPOINT_PLACE_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "checkpoint/place.h"

/* <dir>/<id><suffix>. 0 or MEMO_EIO (too long). */
int memo__ck_path(char out[PATH_MAX], const struct memo__ck_place *p, const char *suffix);

/* The part of an id that all entries into the loop have in common, and loops inside them. */
void memo__ck_loop_of(char loop[MEMO__CK_ID], const char *id);

/* open(2) with O_NOFOLLOW, close-on-exec, mode 0600. Never one of the standard streams' numbers,
 * and if possible a high one: where a program closes what isn't its own, its next files have low
 * ones. */
int memo__ck_open_high(const char *path, int flags);

/* Makes names durable. */
int memo__ck_sync_dir(const char *path);

/* What a process that was killed left behind of this loop, all entries: temporary files,
 * copies of streams without a generation. Returns whether other files of the loop are there. */
bool memo__ck_sweep(const struct memo__ck_place *p);

/* Files of loops inside, entered in iterations before this one. */
void memo__ck_remove_inner(const struct memo__ck_place *p, uint64_t iteration);

/* All files of p but those of loops inside. Returns whether then there is none of any entry into
 * this loop but the lock. */
bool memo__ck_remove_own(const struct memo__ck_place *p);

void memo__ck_remove_copy(const struct memo__ck_place *p, uint64_t n, uint64_t k);

/* All copies of p's streams but those for which is_used says true. */
void memo__ck_remove_copies(const struct memo__ck_place *p,
                            bool (*is_used)(void *arg, uint64_t n, uint64_t k), void *arg);

#endif

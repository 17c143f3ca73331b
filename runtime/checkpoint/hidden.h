/* hidden.h - state that no variable holds: the C library's random numbers, and what `state` takes
 * and gives.
 *
 * Threads: a struct belongs to one at a time. The user's functions are called on the caller's. */
#ifndef MEMO_CHECKPOINT_HIDDEN_H
#define MEMO_CHECKPOINT_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>

#include "checkpoint/format.h"
#include "checkpoint/generator.h"
#include "include/memo_abi.h"
#include "include/memo_checkpoint_abi.h"

/* Zeros: nothing. Memory is kept for the next time. */
struct memo__ck_hidden {
    struct memo__ck_random random;
    struct memo__ck_rand48 rand48;
    void *state;
    size_t state_len, state_cap;
};
void memo__ck_hidden_release(struct memo__ck_hidden *h);

/* As far as the site names it. 0, or with a reason MEMO_ENOMEM, MEMO_EINVALID. */
int memo__ck_hidden_take(struct memo__ck_hidden *h, const struct memo_ck_site *site,
                         char why[MEMO__CK_WHY]);

/* Gives it back, what was taken. */
void memo__ck_hidden_give(const struct memo__ck_hidden *h, const struct memo_ck_site *site);

/* As blobs, which refer to h; returns how many, at most MEMO__CK_HIDDEN_BLOBS. */
#define MEMO__CK_HIDDEN_BLOBS 3
size_t memo__ck_hidden_blobs(const struct memo__ck_hidden *h, const struct memo_ck_site *site,
                             struct memo__ck_blob *out);

/* Has the file what the site names? Then memo__ck_hidden_give_file can't fail, but for memory that
 * the C library's generator needs. 0, or with a reason MEMO_ECORRUPT, MEMO_EINVALID. */
int memo__ck_hidden_check(const struct memo__ck_file *file, const struct memo_ck_site *site,
                          char why[MEMO__CK_WHY]);
void memo__ck_hidden_give_file(const struct memo__ck_file *file, const struct memo_ck_site *site);

#endif

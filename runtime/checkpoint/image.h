/* image.h - the state of a loop as blobs, and back.
 *
 * memo_checkpoint_abi.h says what pieces and spans are. Each piece of the site becomes one blob
 * MEMO__CK_PIECE, in the site's order, also those without bytes (pointers, objects, ALLOC); then
 * comes one MEMO__CK_POINTERS, if pointers are saved: each is a piece and an offset from
 * that piece's m_data, or NULL.
 *
 * Addresses differ from run to run, so memory behind pointers is told by where the loop found
 * it: at the entry the value of each POINTER piece is noted (its *start*), and a section at
 * address X belongs to the pointer whose start was X, whichever pointer leads there now. After
 * an odd number of swaps of two pointers each block thus gets its own content back, and
 * pointers elsewhere in the program lead where they would without the kill. Blocks of ALLOC may be
 * anywhere: that of the rerun is replaced by one of the saved size, and pointers move along.
 *
 * One entry into the loop, in this order:
 *
 *     memo__ck_image_new
 *     memo_ck_enter     prepare     a file that is to be restored; again, for an older one
 *     memo_ck_begin     start       nothing is to be restored, or
 *                       fits        may still refuse: VLAs, NULL, which only spans tell; then
 *                       restore
 *                       undo or commit, if prepared with can_undo
 *     memo_ck_save      take        any number of times
 *     memo__ck_image_free
 *
 * Random numbers and streams are given back after restore: their memory may be a piece.
 *
 * Threads: an image belongs to one at a time. Spans and blobs stay the caller's. */
#ifndef MEMO_CHECKPOINT_IMAGE_H
#define MEMO_CHECKPOINT_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/format.h"
#include "memo_abi.h"
#include "memo_checkpoint_abi.h"

struct memo__ck_image;

/* `site` isn't copied. NULL: no memory. */
struct memo__ck_image *memo__ck_image_new(const struct memo_ck_site *site);
/* Also after prepare without restore: what was allocated is freed; user memory stays. */
void memo__ck_image_free(struct memo__ck_image *image);
/* The same, but one that neither took nor prepared anything is given back, as new, for the next
 * entry: memo__ck_image_again. NULL: freed. */
struct memo__ck_image *memo__ck_image_rest(struct memo__ck_image *image);
/* `rested` (NULL: none) if it is one of this site, else it is freed and a new one made. */
struct memo__ck_image *memo__ck_image_again(struct memo__ck_image *rested,
                                            const struct memo_ck_site *site);

/* Are these blobs (of a file; other kinds are passed over) of the pieces of this site? Names,
 * roles, sizes, layouts, lengths and pointers are checked, and all memory that restoring
 * takes is allocated. The blobs must live until restore. What was prepared before is dropped.
 * 0, or with a reason in `why` ("layout of 'g' differs"): MEMO_EINVALID, what differs from the
 * site; MEMO_ECORRUPT, what can't be; MEMO_ENOMEM. */
int memo__ck_image_prepare(struct memo__ck_image *image, const struct memo__ck_blob *blobs,
                           size_t n_blobs, bool can_undo, char why[MEMO__CK_WHY]);

/* A number of what the spans hold: equal for equal states, in every process. */
void memo__ck_image_digest(struct memo__ck_image *image, const struct memo_ck_span *spans,
                           uint64_t out[2]);

/* Notes where the loop starts. Once for each memo_ck_begin that restores nothing. */
void memo__ck_image_start(struct memo__ck_image *image, const struct memo_ck_span *spans);

/* Can what was prepared be restored to these spans? Nothing is changed. 0, or MEMO_EINVALID with a
 * reason ("'p' is NULL in this run"): start is called then. */
int memo__ck_image_fits(struct memo__ck_image *image, const struct memo_ck_span *spans,
                        char why[MEMO__CK_WHY]);

/* After fits, with the same spans. Can't fail. */
void memo__ck_image_restore(struct memo__ck_image *image, const struct memo_ck_span *spans);

/* All bytes and pointers become what they were before restore, and ALLOC'ed blocks with
 * them. start comes next. Only if prepared with can_undo, and before commit. */
void memo__ck_image_undo(struct memo__ck_image *image);
/* From here on there is no undo: what was kept for it is freed. Twice does no harm. */
void memo__ck_image_commit(struct memo__ck_image *image);

struct memo__ck_taken {
    const struct memo__ck_blob *blobs;
    size_t n_blobs;
    uint64_t bytes; /* of data, all blobs together */
    bool is_direct; /* blobs lead into the user's own memory, since a copy wouldn't fit: to be
                       written before the loop goes on */
};

/* Copies the state. *out is the image's, valid until the next take or free. 0, or with a
 * reason in `why` ("'p' points to memory that no 'save' names"): MEMO_EINVALID; MEMO_ENOMEM. */
int memo__ck_image_take(struct memo__ck_image *image, const struct memo_ck_span *spans,
                        struct memo__ck_taken *out, char why[MEMO__CK_WHY]);

#endif

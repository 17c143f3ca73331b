/* save.h - take the state, and write it.
 *
 * The state is copied on the loop's thread; the background thread writes the copy while the loop
 * goes on. A save that comes due by the clock while the last one is being written is left
 * out; one that was asked for (iterations, `now`, a signal) waits. Where there is no
 * memory for a copy, or no thread, the loop's thread writes. A save that fails is a warning,
 * and the generations before it stay. */
#ifndef MEMO_CHECKPOINT_SAVE_H
#define MEMO_CHECKPOINT_SAVE_H

#include "checkpoint/loop.h"

/* memo_ck_save. May not return. */
void memo__ck_save(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files);

/* memo_ck_final. */
void memo__ck_final(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files);

/* The background thread's: what memo__ck_save left in l->file. Not under the lock. */
void memo__ck_write_now(struct memo__ck_loop *l);

/* Sets `next` for iterations from `at` on; behind memo_ck_begin. */
void memo__ck_save_begin(struct memo__ck_loop *l, uint64_t at);

/* What the entry holds for saving is given back. */
void memo__ck_save_release(struct memo__ck_loop *l);

#endif

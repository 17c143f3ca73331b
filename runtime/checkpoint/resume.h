/* resume.h - is there a state to go on from, and is it this loop's?
 *
 * Compared, in this order: date, code, the loops around it, inputs, layout. What differs
 * is said in a line. A state that is refused stays until a save of this run replaces it. */
#ifndef MEMO_CHECKPOINT_RESUME_H
#define MEMO_CHECKPOINT_RESUME_H

#include "checkpoint/loop.h"

/* memo_ck_enter: the newest state that is whole, compared, in l->found; and memory for it. */
bool memo__ck_resume_find(struct memo__ck_loop *l);

/* memo_ck_begin, memo_ck_ended, memo_ck_undo. */
void memo__ck_begin(struct memo_ck *ck, struct memo_ck_span *spans, void *const *files);
int memo__ck_ended(struct memo_ck *ck);
void memo__ck_undo(struct memo_ck *ck);

/* From here on what was restored can't be undone: memory that was kept for it goes. */
void memo__ck_resume_commit(struct memo__ck_loop *l);

/* l->found goes. */
void memo__ck_resume_release(struct memo__ck_loop *l);

/* Notes in a file: of which loops' code and inputs it is (outer_lineage in loop.h), and */
#define MEMO__CK_LINEAGE "loops around it"
#define MEMO__CK_TOOLCHAIN "compiler and options" /* for messages */
#define MEMO__CK_ERRNO "errno"                    /* in meta[0] */

#endif

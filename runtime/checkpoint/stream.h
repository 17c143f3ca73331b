/* stream.h - the streams of `file`: position, and what was written.
 *
 * A stream that reads has a position, and what was read must still be there: up to where the loop
 * is, or all of it if it doesn't read from begin to end. Of one that writes to a regular file the
 * whole content is kept, because the rerun may truncate the file ("w") or append to it ("a", `>>`)
 * before it comes to the loop: in a side copy beside the checkpoint (place.h), to which each save
 * appends what is new. A generation refers to a copy by number, length and checksum of its first
 * `length` bytes. If bytes that were copied before have changed ("r+", rewind), a new copy is
 * begun. A terminal that is written to is left alone, and a pipe that is stdout or stderr; other pipes,
 * and what is read, can't be saved.
 *
 * Two streams on one file share a copy. Where stderr is the same file as a named stream
 * (`>log 2>&1`), lines printed between the kill and the restore are truncated away with
 * everything else that the file got meanwhile; so memocc prints its own line after give.
 *
 * One entry into the loop:
 *
 *     memo__ck_streams_new
 *     memo_ck_enter     prepare, with the blobs of a file that is to be restored
 *     memo_ck_begin     fits: may still refuse; then give; begin
 *     memo_ck_save      take, on the loop's thread; sync, on any, before the file is written
 *     memo__ck_streams_free
 *
 * Threads: one at a time. */
#ifndef MEMO_CHECKPOINT_STREAM_H
#define MEMO_CHECKPOINT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/format.h"
#include "checkpoint/place.h"

struct memo__ck_streams;

/* `names` and `flags` (n of them, as m_files and m_file_flags) and `place` must live as long as the
 * result; the place is used by prepare and take. NULL: no memory. */
struct memo__ck_streams *memo__ck_streams_new(const char *const *names, const unsigned char *flags,
                                              unsigned n, struct memo__ck_place *place);
void memo__ck_streams_free(struct memo__ck_streams *s);

/* Are the side copies that these blobs refer to there, and whole? 0, or with a reason:
 * MEMO_EINVALID, other streams than these; MEMO_ECORRUPT, a copy is damaged or missing, so that
 * an older generation may serve; MEMO_EIO; MEMO_ENOMEM. The blobs aren't needed afterwards. */
int memo__ck_streams_prepare(struct memo__ck_streams *s, const struct memo__ck_blob *blobs,
                             size_t n_blobs, char why[MEMO__CK_WHY]);

/* Can what was prepared be given to these streams (FILE *, NULL allowed)? Nothing that the
 * program sees is changed. 0, or MEMO_EINVALID, MEMO_EIO, MEMO_EFULL with a reason ("'out' is
 * no regular file in this run"). */
int memo__ck_streams_fits(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY]);

/* Between fits and give: what the streams have now is held, for undo. 0, or as fits. Then either
 * undo, after give, 0 or MEMO_EIO as give; or commit. */
int memo__ck_streams_hold(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY]);
int memo__ck_streams_undo(struct memo__ck_streams *s, char why[MEMO__CK_WHY]);
void memo__ck_streams_commit(struct memo__ck_streams *s);

/* After fits. 0; or MEMO_EIO with a reason: the files may then be anything, and
 * the program can't go on as if nothing had happened. errno may change. */
int memo__ck_streams_give(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY]);

/* The loop begins, afresh or not. `outer`: those of the nearest loop around it that has any, or
 * NULL; they live longer. true: what the loop does to a file depends on what is there now ("r+",
 * "a", `>>`), and no loop around it looks after that file. A loop that starts afresh then has to be
 * saved at once: killed before its first save it would find a file that it has changed. */
bool memo__ck_streams_begin(struct memo__ck_streams *s, void *const *files,
                            const struct memo__ck_streams *outer);

/* Flushes and copies. *blobs (n_blobs of them: one for each name) are the streams' own,
 * valid until the next take; their data too. *bytes is what was copied. 0, or with a reason,
 * MEMO_EINVALID ("'in' is a pipe or terminal, which can't be read again"), MEMO_EFULL, MEMO_EIO:
 * what earlier takes referred to is still whole. */
int memo__ck_streams_take(struct memo__ck_streams *s, void *const *files,
                          const struct memo__ck_blob **blobs, size_t *n_blobs, uint64_t *bytes,
                          char why[MEMO__CK_WHY]);

/* What the last take copied is on the disk. 0, MEMO_EFULL, MEMO_EIO; MEMO_EOFF: the program has
 * closed our descriptor, and the next take begins anew. */
int memo__ck_streams_sync(struct memo__ck_streams *s);

#endif

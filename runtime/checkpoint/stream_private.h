/* stream_private.h - what stream.c, which takes, and stream_give.c share.
 *
 * The blob of a stream: meta[0] its number, meta[1] its copy, or MEMO__CK_NO_COPY; meta[2] the
 * position; meta[3] length and meta[4] checksum (store/checksum.h, block by block) of the content,
 * or, of a stream that is read, of what the loop may have read; meta[5] kind, IS_AT_END, and in
 * the upper half the number of the stream with the copy. */
#ifndef MEMO_CHECKPOINT_STREAM_PRIVATE_H
#define MEMO_CHECKPOINT_STREAM_PRIVATE_H

#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "checkpoint/stream.h"
#include "include/memo_abi.h"
#include "include/memo_checkpoint_abi.h"
#include "store/checksum.h"

#define BLOCK MEMO__CHECKSUM_BLOCK

enum memo__ck_stream_use {
    NONE,   /* NULL */
    READS,  /* has a position */
    WRITES, /* to a regular file: has a position and content */
    OTHER   /* left alone */
};
#define IS_AT_END 0x100u

/* What of a file counts: of a side copy, or of a file that is only read. */
struct memo__ck_content {
    int fd; /* the side copy; -1: none */
    uint64_t k, len;
    uint64_t sum, sum_full; /* of `len` bytes; of the whole blocks among them */
    dev_t dev;              /* of the file; 0: not known in this run */
    ino_t ino;
    dev_t own_dev; /* of what fd is: a program may close what isn't its own */
    ino_t own_ino;
    bool is_dirty; /* not synced */
};

struct memo__ck_stream {
    struct memo__ck_content copy;
    struct memo__ck_blob saved; /* what is to be given; NONE: nothing */
    struct memo__ck_content saved_copy;
    struct memo__ck_content input; /* READS: what was read so far */
    bool is_random;                /* not from its begin to its end: all of it counts */
    bool is_at_end;                /* the last take was: what it copied stays, if it only goes on */
    struct memo__ck_content before; /* what undo gives back, and */
    off_t before_at;
    void *file; /* to whom; NULL: nothing is held */
    dev_t dev;  /* of the file that it wrote to when the loop began; 0: none */
    ino_t ino;
};

struct memo__ck_streams {
    const char *const *names;
    const unsigned char *flags; /* or NULL */
    unsigned n;
    struct memo__ck_place *place;
    const struct memo__ck_streams *outer;
    struct memo__ck_stream *streams;
    struct memo__ck_blob *blobs;
    char *block;
};

extern const struct memo__ck_content memo__ck_no_content;

static inline bool memo__ck_stream_is(const struct memo__ck_streams *s, unsigned i, unsigned flag)
{
    return s->flags && s->flags[i] & flag;
}

/* Of stream i, which is `f` now. */
enum memo__ck_stream_use memo__ck_stream_kind(const struct memo__ck_streams *s, unsigned i, FILE *f,
                                              struct stat *st);

/* The same file, in another way: a stream that only writes can't be read, and one that
 * appends can't be overwritten. -1: not allowed. */
int memo__ck_stream_reopen(int fd, int flags);

/* How many bytes there are, up to len; -1. */
ssize_t memo__ck_stream_read(int fd, char *to, size_t len, uint64_t offset);

/* Goes on to sum what counts of a file, up to `len`. 0, or MEMO_EIO: it has less. */
int memo__ck_stream_sum(struct memo__ck_streams *s, struct memo__ck_content *c, int fd,
                        uint64_t len);
/* fd is new; is it still what it was then? */
void memo__ck_stream_opened(struct memo__ck_content *c);
bool memo__ck_stream_is_open(const struct memo__ck_content *c);
void memo__ck_stream_close(struct memo__ck_content *c);
void memo__ck_stream_drop_saved(struct memo__ck_streams *s);

/* err, with a reason; one of errno. */
int memo__ck_stream_refuse(char why[MEMO__CK_WHY], int err, const char *name, const char *what);
int memo__ck_stream_refuse_errno(char why[MEMO__CK_WHY], const char *name, const char *what);

#endif

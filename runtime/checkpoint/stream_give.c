/* stream_give.c - the streams of `file`: what was saved is looked at, and given back. See stream.h.
 *
 * What may have to be undone is held in unnamed files: a kill leaves nothing of them. */
#include "checkpoint/stream_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "checkpoint/place_files.h"

static int write_at(int fd, const char *from, size_t len, uint64_t offset)
{
    while (len > 0) {
        ssize_t n = pwrite(fd, from, len, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return memo__error_of_errno(n < 0 ? errno : EIO);
        from += n;
        len -= (size_t)n;
        offset += (uint64_t)n;
    }
    return 0;
}

void memo__ck_stream_drop_saved(struct memo__ck_streams *s)
{
    for (unsigned i = 0; i < s->n; i++) {
        memo__ck_stream_close(&s->streams[i].saved_copy);
        memset(&s->streams[i].saved, 0, sizeof s->streams[i].saved);
    }
}

static int prepare_stream(struct memo__ck_streams *s, const struct memo__ck_blob *b,
                          char why[MEMO__CK_WHY])
{
    unsigned i = (unsigned)b->meta[0];
    struct memo__ck_stream *t = &s->streams[i];
    unsigned kind = b->meta[5] & 0xff;
    uint64_t owner = b->meta[5] >> 32;
    if (kind > OTHER || owner > i || b->meta[2] > INT64_MAX || b->meta[3] > INT64_MAX)
        return memo__ck_stream_refuse(why, MEMO_ECORRUPT, b->name, "has a state that can't be");
    t->saved = *b;
    t->saved.name = s->names[i];
    t->saved.data = NULL;
    t->saved.len = 0;
    if (kind != WRITES || owner != i)
        return 0;
    int err = memo__ck_copy_open(s->place, i, b->meta[1], true, &t->saved_copy.fd);
    if (err) {
        t->saved_copy.fd = -1;
        return memo__ck_stream_refuse(why, err == MEMO_EMISS ? MEMO_ECORRUPT : err, b->name,
                                      err == MEMO_EMISS ? "has lost its copy"
                                                        : "has a copy that can't be opened");
    }
    memo__ck_stream_opened(&t->saved_copy);
    t->saved_copy.k = b->meta[1];
    err = memo__ck_stream_sum(s, &t->saved_copy, t->saved_copy.fd, b->meta[3]);
    if (err || t->saved_copy.sum != b->meta[4])
        return memo__ck_stream_refuse(why, MEMO_ECORRUPT, b->name, "has a damaged copy");
    return 0;
}

int memo__ck_streams_prepare(struct memo__ck_streams *s, const struct memo__ck_blob *blobs,
                             size_t n_blobs, char why[MEMO__CK_WHY])
{
    unsigned n = 0;
    int err = 0;
    memo__ck_stream_drop_saved(s);
    for (size_t k = 0; k < n_blobs && !err; k++) {
        const struct memo__ck_blob *b = &blobs[k];
        if (b->kind != MEMO__CK_STREAM)
            continue;
        if (n == s->n || b->meta[0] != n || strcmp(b->name, s->names[n]) != 0)
            err = memo__ck_stream_refuse(why, MEMO_EINVALID, b->name,
                                         "isn't the stream that is named now");
        else
            err = prepare_stream(s, b, why);
        n++;
    }
    if (!err && n < s->n)
        err = memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[n], "wasn't saved");
    if (err)
        memo__ck_stream_drop_saved(s);
    return err;
}

/* Room for the content now, so that writing it can't fail for want of it later. */
static int reserve(int fd, uint64_t len)
{
    while (len && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)len)) {
        if (errno == EINTR)
            continue;
        return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? MEMO_EFULL : 0;
    }
    return 0;
}

/* Streams that wrote to one file still do, and no others. */
static bool has_same_files(struct memo__ck_streams *s, void *const *files, unsigned i,
                           const struct stat *st)
{
    uint64_t owner = s->streams[i].saved.meta[5] >> 32;
    for (unsigned k = 0; k < i; k++) {
        const struct memo__ck_blob *b = &s->streams[k].saved;
        struct stat other;
        if ((b->meta[5] & 0xff) != WRITES || memo__ck_stream_kind(s, k, files[k], &other) != WRITES)
            continue;
        bool is_same = other.st_dev == st->st_dev && other.st_ino == st->st_ino;
        if (is_same != (b->meta[5] >> 32 == owner))
            return false;
    }
    return true;
}

/* Is it the file of another stream, which will get its content back? */
static bool is_given(struct memo__ck_streams *s, void *const *files, const struct stat *st)
{
    for (unsigned k = 0; k < s->n; k++) {
        struct stat other;
        if (s->streams[k].saved_copy.fd >= 0 &&
            memo__ck_stream_kind(s, k, files[k], &other) == WRITES && other.st_dev == st->st_dev &&
            other.st_ino == st->st_ino)
            return true;
    }
    return false;
}

/* Is what was read still there? */
static int fits_input(struct memo__ck_streams *s, unsigned i, FILE *f, struct stat *st,
                      char why[MEMO__CK_WHY])
{
    const struct memo__ck_blob *b = &s->streams[i].saved;
    struct memo__ck_content *input = &s->streams[i].input;
    if (!S_ISREG(st->st_mode))
        return 0;
    if (__fwriting(f) && (fflush(f) || fstat(fileno(f), st)))
        return memo__ck_stream_refuse_errno(why, s->names[i], "can't be written");
    uint64_t size = (uint64_t)st->st_size;
    if (size < b->meta[2] || size < b->meta[3])
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      "is shorter than what was read of it");
    memset(input, 0, sizeof *input);
    if (memo__ck_stream_sum(s, input, fileno(f), b->meta[3]))
        return memo__ck_stream_refuse_errno(why, s->names[i], "can't be read");
    if (input->sum != b->meta[4])
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      "isn't the file that was read: its content differs");
    bool is_random = s->flags && !memo__ck_stream_is(s, i, MEMO_CK_FORWARD);
    if ((b->meta[5] & IS_AT_END && size > b->meta[2]) || (is_random && size > b->meta[3]))
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      is_random ? "has got longer"
                                                : "has got longer since its end was read");
    s->streams[i].is_random = is_random || b->meta[3] > b->meta[2];
    return 0;
}

/* ---- for undo */

static int unnamed_file(const struct memo__ck_streams *s)
{
    int fd = memo__ck_open_high(s->place->dir, O_TMPFILE | O_RDWR);
    return fd >= 0 ? fd : memfd_create("memocc", MFD_CLOEXEC);
}

static int hold_content(struct memo__ck_streams *s, struct memo__ck_content *to, int file)
{
    struct stat st;
    int err = 0, from = memo__ck_stream_reopen(file, O_RDONLY);
    to->fd = unnamed_file(s);
    if (from < 0 || to->fd < 0 || fstat(from, &st))
        err = MEMO_EIO;
    for (to->len = 0; !err && to->len < (uint64_t)st.st_size;) {
        uint64_t left = (uint64_t)st.st_size - to->len;
        ssize_t n = memo__ck_stream_read(from, s->block, left < BLOCK ? left : BLOCK, to->len);
        err = n <= 0 ? MEMO_EIO : memo__ck_copy_write(to->fd, to->len, s->block, (size_t)n);
        to->len += err ? 0 : (uint64_t)n;
    }
    memo__ck_stream_opened(to);
    if (from >= 0)
        close(from);
    return err;
}

int memo__ck_streams_hold(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY])
{
    int errno_before = errno;
    for (unsigned i = 0; i < s->n; i++) {
        struct memo__ck_stream *t = &s->streams[i];
        unsigned kind = t->saved.meta[5] & 0xff;
        if (kind != READS && kind != WRITES)
            continue;
        if (kind == WRITES && fflush(files[i]))
            return memo__ck_stream_refuse_errno(why, s->names[i], "can't be written");
        t->before_at = ftello(files[i]);
        if (t->saved_copy.fd >= 0 && hold_content(s, &t->before, fileno(files[i])))
            return memo__ck_stream_refuse_errno(why, s->names[i], "can't be copied");
        t->file = files[i];
    }
    errno = errno_before;
    return 0;
}

void memo__ck_streams_commit(struct memo__ck_streams *s)
{
    for (unsigned i = 0; i < s->n; i++) {
        memo__ck_stream_close(&s->streams[i].before);
        s->streams[i].file = NULL;
    }
}

int memo__ck_streams_fits(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY])
{
    int errno_before = errno;
    for (unsigned i = 0; i < s->n; i++) {
        const struct memo__ck_blob *b = &s->streams[i].saved;
        unsigned was = b->meta[5] & 0xff;
        struct stat st;
        enum memo__ck_stream_use is = memo__ck_stream_kind(s, i, files[i], &st);
        if (was == READS && is != READS && is != WRITES)
            return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                          "is no file in this run");
        int err =
            was == READS && !is_given(s, files, &st) ? fits_input(s, i, files[i], &st, why) : 0;
        if (err)
            return err;
        if (was == OTHER && is != OTHER)
            return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                          "was no regular file at the save");
        if (was == WRITES && is != WRITES)
            return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                          "is no regular file in this run");
        if (was == WRITES && !has_same_files(s, files, i, &st))
            return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                          "shares its file with other streams now");
        if (was == WRITES && s->streams[i].saved_copy.fd >= 0 &&
            reserve(fileno(files[i]), b->meta[3]))
            return memo__ck_stream_refuse(why, MEMO_EFULL, s->names[i],
                                          "has no space for its content");
    }
    errno = errno_before;
    return 0;
}

/* The file gets the content of the copy; blocks that it has aren't written. */
static int give_content(struct memo__ck_streams *s, const struct memo__ck_content *c, int file)
{
    char *there = memo__malloc(BLOCK);
    bool is_readable = there != NULL;
    int err = 0, to = memo__ck_stream_reopen(file, O_RDWR);
    if (to < 0) {
        is_readable = false;
        to = memo__ck_stream_reopen(file, O_WRONLY);
    }
    if (to < 0)
        err = MEMO_EIO;
    for (uint64_t at = 0; at < c->len && !err; at += BLOCK) {
        size_t n = c->len - at < BLOCK ? (size_t)(c->len - at) : BLOCK;
        if (memo__ck_stream_read(c->fd, s->block, n, at) != (ssize_t)n)
            err = MEMO_EIO;
        else if (!is_readable || memo__ck_stream_read(to, there, n, at) != (ssize_t)n ||
                 memcmp(there, s->block, n) != 0)
            err = write_at(to, s->block, n, at);
    }
    if (!err && ftruncate(to, (off_t)c->len))
        err = memo__error_of_errno(errno);
    if (to >= 0)
        close(to);
    memo__free(there);
    return err;
}

static int give_position(FILE *f, const struct memo__ck_blob *b)
{
    if (fseeko(f, (off_t)b->meta[2], SEEK_SET))
        return MEMO_EIO;
    if (b->meta[5] & IS_AT_END && __freadable(f)) {
        int c = getc(f); /* sets what feof asks for */
        if (c != EOF)
            ungetc(c, f);
    }
    return 0;
}

int memo__ck_streams_give(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY])
{
    int errno_before = errno;
    for (unsigned i = 0; i < s->n; i++) /* what the rerun wrote goes first, to be overwritten */
        if ((s->streams[i].saved.meta[5] & 0xff) == WRITES)
            fflush(files[i]);
    for (unsigned i = 0; i < s->n; i++) {
        struct memo__ck_stream *t = &s->streams[i];
        if (t->saved_copy.fd < 0)
            continue;
        errno = EIO;
        if (give_content(s, &t->saved_copy, fileno(files[i])))
            return memo__ck_stream_refuse_errno(why, s->names[i], "can't be restored");
        memo__ck_stream_close(&t->copy); /* saves go on with the copy that is there */
        t->copy = t->saved_copy;
        t->is_at_end = t->saved.meta[2] == t->copy.len;
        t->saved_copy = memo__ck_no_content;
    }
    for (unsigned i = 0; i < s->n; i++) {
        unsigned was = s->streams[i].saved.meta[5] & 0xff;
        if ((was == READS || was == WRITES) && give_position(files[i], &s->streams[i].saved))
            return memo__ck_stream_refuse_errno(why, s->names[i], "can't be positioned");
    }
    memo__ck_stream_drop_saved(s);
    errno = errno_before;
    return 0;
}

int memo__ck_streams_undo(struct memo__ck_streams *s, char why[MEMO__CK_WHY])
{
    int errno_before = errno, err = 0;
    for (unsigned i = 0; i < s->n && !err; i++) {
        struct memo__ck_stream *t = &s->streams[i];
        if (t->before.fd >= 0 && give_content(s, &t->before, fileno(t->file)))
            err = memo__ck_stream_refuse_errno(why, s->names[i], "can't be put back");
        memset(&t->input, 0, sizeof t->input);
        t->is_random = t->is_at_end = false;
    }
    for (unsigned i = 0; i < s->n && !err; i++) {
        struct memo__ck_stream *t = &s->streams[i];
        if (t->file && t->before_at >= 0 && fseeko(t->file, t->before_at, SEEK_SET))
            err = memo__ck_stream_refuse_errno(why, s->names[i], "can't be positioned");
    }
    memo__ck_streams_commit(s);
    errno = errno_before;
    return err;
}

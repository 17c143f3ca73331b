/* stream.c - the streams of `file`: what is taken at a save. See stream.h. */
#include "checkpoint/stream_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

const struct memo__ck_content memo__ck_no_content = {.fd = -1};

struct memo__ck_streams *memo__ck_streams_new(const char *const *names, const unsigned char *flags,
                                              unsigned n, struct memo__ck_place *place)
{
    struct memo__ck_streams *s = memo__calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->names = names;
    s->flags = flags;
    s->place = place;
    s->streams = memo__calloc(n + 1, sizeof *s->streams);
    s->blobs = memo__calloc(n + 1, sizeof *s->blobs);
    s->block = n ? memo__malloc(BLOCK) : NULL;
    s->n = s->streams ? n : 0;
    for (unsigned i = 0; i < s->n; i++)
        s->streams[i].copy = s->streams[i].saved_copy = s->streams[i].before = memo__ck_no_content;
    if (!s->streams || !s->blobs || (n && !s->block)) {
        memo__ck_streams_free(s);
        return NULL;
    }
    return s;
}

void memo__ck_stream_opened(struct memo__ck_content *c)
{
    struct stat st;
    if (fstat(c->fd, &st))
        return;
    c->own_dev = st.st_dev;
    c->own_ino = st.st_ino;
}

bool memo__ck_stream_is_open(const struct memo__ck_content *c)
{
    struct stat st;
    return c->fd >= 0 && !fstat(c->fd, &st) && st.st_dev == c->own_dev && st.st_ino == c->own_ino;
}

void memo__ck_stream_close(struct memo__ck_content *c)
{
    if (memo__ck_stream_is_open(c))
        close(c->fd);
    *c = memo__ck_no_content;
}

void memo__ck_streams_free(struct memo__ck_streams *s)
{
    if (!s)
        return;
    memo__ck_stream_drop_saved(s);
    memo__ck_streams_commit(s);
    for (unsigned i = 0; i < s->n; i++)
        memo__ck_stream_close(&s->streams[i].copy);
    memo__free(s->streams);
    memo__free(s->blobs);
    memo__free(s->block);
    memo__free(s);
}

/* ---- files */

ssize_t memo__ck_stream_read(int fd, char *to, size_t len, uint64_t offset)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = pread(fd, to + done, len - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

int memo__ck_stream_sum(struct memo__ck_streams *s, struct memo__ck_content *c, int fd,
                        uint64_t len)
{
    c->len = c->len / BLOCK * BLOCK;
    c->sum = c->sum_full;
    while (c->len < len) {
        size_t n = len - c->len < BLOCK ? (size_t)(len - c->len) : BLOCK;
        if (memo__ck_stream_read(fd, s->block, n, c->len) != (ssize_t)n)
            return MEMO_EIO;
        c->sum = memo__checksum_block(c->sum_full, s->block, n);
        c->sum_full = n == BLOCK ? c->sum : c->sum_full;
        c->len += n;
    }
    return 0;
}

int memo__ck_stream_reopen(int fd, int flags)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, flags | O_CLOEXEC | O_NOCTTY);
}

/* A file that the loop only reads, but that could be written ("r+"), is one that is read. */
enum memo__ck_stream_use memo__ck_stream_kind(const struct memo__ck_streams *s, unsigned i, FILE *f,
                                              struct stat *st)
{
    memset(st, 0, sizeof *st);
    if (!f)
        return NONE;
    int fd = fileno(f);
    if (fd < 0 || fstat(fd, st))
        return OTHER;
    if (S_ISREG(st->st_mode))
        return !__fwritable(f) || (memo__ck_stream_is(s, i, MEMO_CK_INPUT) && __freadable(f))
                   ? READS
                   : WRITES;
    if (S_ISBLK(st->st_mode) && !__fwritable(f))
        return READS;
    return OTHER;
}

/* What is there before the program's next read isn't the file's. */
static bool has_pushed_back(FILE *f)
{
#if defined __GLIBC__
    /* _IO_IN_BACKUP: ungetc of another character than was read, and not all read again */
    return f->_flags & 0x100 && f->_IO_read_ptr < f->_IO_read_end;
#else
    (void)f;
    return false;
#endif
}

/* ---- the start of the loop */

static bool has_file(const struct memo__ck_streams *s, const struct stat *st)
{
    for (; s; s = s->outer)
        for (unsigned i = 0; i < s->n; i++)
            if (s->streams[i].dev == st->st_dev && s->streams[i].ino == st->st_ino)
                return true;
    return false;
}

bool memo__ck_streams_begin(struct memo__ck_streams *s, void *const *files,
                            const struct memo__ck_streams *outer)
{
    bool depends = false;
    int errno_before = errno;
    s->outer = outer;
    for (unsigned i = 0; i < s->n; i++) {
        struct stat st;
        if (memo__ck_stream_kind(s, i, files[i], &st) != WRITES)
            continue;
        int flags = fcntl(fileno(files[i]), F_GETFL);
        bool may_read = flags >= 0 && (flags & O_ACCMODE) == O_RDWR && st.st_size > 0;
        if ((may_read || (flags >= 0 && flags & O_APPEND)) && !has_file(outer, &st))
            depends = true;
        s->streams[i].dev = st.st_dev;
        s->streams[i].ino = st.st_ino;
    }
    errno = errno_before;
    return depends;
}

/* ---- taking */

int memo__ck_stream_refuse(char why[MEMO__CK_WHY], int err, const char *name, const char *what)
{
    snprintf(why, MEMO__CK_WHY, "'%s' %s", name, what);
    return err;
}

int memo__ck_stream_refuse_errno(char why[MEMO__CK_WHY], const char *name, const char *what)
{
    int err = memo__error_of_errno(errno);
    snprintf(why, MEMO__CK_WHY, "'%s' %s: %s", name, what, strerror(errno));
    return err == MEMO_EFULL ? err : MEMO_EIO;
}

/* Flushes, and says where the stream is. Reading ones aren't flushed: that would drop what
 * ungetc pushed back. */
static int take_position(struct memo__ck_streams *s, unsigned i, FILE *f, struct stat *st,
                         char why[MEMO__CK_WHY])
{
    struct memo__ck_blob *b = &s->blobs[i];
    bool is_writing = f && __fwritable(f) && __fwriting(f);
    int errno_before = errno;
    off_t at = 0;

    if (is_writing && fflush(f))
        return memo__ck_stream_refuse_errno(why, s->names[i], "can't be written");
    enum memo__ck_stream_use kind = memo__ck_stream_kind(s, i, f, st);
    errno = errno_before;
    *b = (struct memo__ck_blob){.kind = MEMO__CK_STREAM,
                                .name = s->names[i],
                                .meta = {i, MEMO__CK_NO_COPY, 0, 0, 0, kind | (uint64_t)i << 32}};
    if (kind == OTHER && !__fwritable(f) &&
        (fileno(f) < 0 || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || isatty(fileno(f))))
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      fileno(f) < 0
                                          ? "isn't a file that can be read again"
                                          : "is a pipe or terminal, which can't be read again");
    if (kind == OTHER && __fwritable(f) && fileno(f) < 0)
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      "is written, and isn't a file");
    if (kind == OTHER && __fwritable(f) && f != stdout && f != stderr &&
        (S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode)))
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      "is a pipe, and what was written to it can't be taken back");
    if (!f || (kind != READS && kind != WRITES))
        return 0;
    if (has_pushed_back(f))
        return memo__ck_stream_refuse(why, MEMO_EINVALID, s->names[i],
                                      "has characters that ungetc pushed back");
    /* Others may have moved the descriptor (`2>&1`): it knows better than the stream. */
    at = is_writing ? lseek(fileno(f), 0, SEEK_CUR) : ftello(f);
    if (at < 0)
        return memo__ck_stream_refuse_errno(why, s->names[i], "has no position");
    b->meta[2] = (uint64_t)at;
    if (feof(f))
        b->meta[5] |= IS_AT_END;
    errno = errno_before;
    return 0;
}

#define CHANGED 1 /* what was copied before isn't the file's any more */

/* Appends to the copy what the file has behind c->len, and counts it in *c. A trusted file has what
 * it had: only the last block is summed again. CHANGED: the copy is of something else. */
static int extend(struct memo__ck_streams *s, struct memo__ck_content *c, int from, uint64_t size,
                  bool is_trusted, uint64_t *copied)
{
    struct memo__ck_content to = *c;
    if (size < c->len)
        return CHANGED;
    to.len = is_trusted ? c->len / BLOCK * BLOCK : 0;
    to.sum = to.sum_full = is_trusted ? c->sum_full : 0;
    while (to.len < size) {
        uint64_t at = to.len;
        size_t n = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
        if (memo__ck_stream_read(from, s->block, n, at) != (ssize_t)n)
            return MEMO_EIO;
        uint64_t end = at + n;
        if (at < c->len && c->len <= end &&
            memo__checksum_block(to.sum, s->block, (size_t)(c->len - at)) != c->sum)
            return CHANGED;
        if (end > c->len) {
            size_t known = at < c->len ? (size_t)(c->len - at) : 0;
            int err = memo__ck_copy_write(c->fd, at + known, s->block + known, n - known);
            if (err)
                return err;
            *copied += n - known;
            c->is_dirty = to.is_dirty = true;
        }
        uint64_t sum = memo__checksum_block(to.sum, s->block, n);
        to.sum_full = n == BLOCK ? sum : to.sum;
        to.sum = sum;
        to.len = end;
    }
    *c = to;
    return 0;
}

/* What the loop may have read of a file that it doesn't change has to be there when it goes on: up
 * to the position, if that only grows. */
static int take_input(struct memo__ck_streams *s, unsigned i, FILE *f, uint64_t size,
                      char why[MEMO__CK_WHY])
{
    struct memo__ck_stream *t = &s->streams[i];
    struct memo__ck_blob *b = &s->blobs[i];
    uint64_t len = b->meta[2] < size ? b->meta[2] : size;
    if (len < t->input.len || (s->flags && !memo__ck_stream_is(s, i, MEMO_CK_FORWARD)))
        t->is_random = true;
    if (t->is_random)
        len = size;
    if (memo__ck_stream_sum(s, &t->input, fileno(f), len)) {
        memset(&t->input, 0, sizeof t->input);
        return memo__ck_stream_refuse_errno(why, s->names[i], "can't be read");
    }
    b->meta[3] = t->input.len;
    b->meta[4] = t->input.sum;
    return 0;
}

/* Another stream before this one that writes to the same file; i: none. */
static unsigned sharer(struct memo__ck_streams *s, const struct stat *stats, unsigned i)
{
    for (unsigned k = 0; k < i; k++)
        if ((s->blobs[k].meta[5] & 0xff) == WRITES && stats[k].st_dev == stats[i].st_dev &&
            stats[k].st_ino == stats[i].st_ino)
            return k;
    return i;
}

static int take_content(struct memo__ck_streams *s, unsigned i, FILE *f, const struct stat *st,
                        bool is_alone, uint64_t *copied, char why[MEMO__CK_WHY])
{
    struct memo__ck_content *c = &s->streams[i].copy, next = memo__ck_no_content;
    bool is_same = c->fd >= 0 && c->dev == st->st_dev && c->ino == st->st_ino;
    uint64_t size = (uint64_t)st->st_size;
    bool only_grows = fcntl(fileno(f), F_GETFL) & O_APPEND ||
                      (s->streams[i].is_at_end && memo__ck_stream_is(s, i, MEMO_CK_FORWARD));
    bool is_trusted = is_same && is_alone && only_grows;
    int err = CHANGED;
    int from = memo__ck_stream_reopen(fileno(f), O_RDONLY);
    if (from < 0)
        return memo__ck_stream_refuse_errno(why, s->names[i], "can't be read");
    if (memo__ck_stream_is_open(c))
        err = extend(s, c, from, size, is_trusted, copied);
    if (err == CHANGED) {
        err = memo__ck_copy_new(s->place, i, &next.k, &next.fd);
        if (!err)
            memo__ck_stream_opened(&next);
        if (!err)
            err = extend(s, &next, from, size, false, copied);
        if (!err) {
            memo__ck_stream_close(c);
            *c = next;
            next = memo__ck_no_content;
        }
    }
    if (err)
        snprintf(why, MEMO__CK_WHY, "'%s' can't be copied: %s", s->names[i], memo__strerror(err));
    memo__ck_stream_close(&next);
    close(from);
    if (err)
        return err;
    c->dev = st->st_dev;
    c->ino = st->st_ino;
    s->streams[i].is_at_end = s->blobs[i].meta[2] == c->len;
    s->blobs[i].meta[1] = c->k;
    s->blobs[i].meta[3] = c->len;
    s->blobs[i].meta[4] = c->sum;
    return 0;
}

int memo__ck_streams_take(struct memo__ck_streams *s, void *const *files,
                          const struct memo__ck_blob **blobs, size_t *n_blobs, uint64_t *bytes,
                          char why[MEMO__CK_WHY])
{
    int err = 0, errno_before = errno;
    struct stat *stats = memo__calloc(s->n + 1, sizeof *stats);
    *bytes = 0;
    if (!stats)
        return memo__ck_stream_refuse(why, MEMO_ENOMEM, "file", "needs memory that isn't there");
    for (unsigned i = 0; i < s->n && !err; i++)
        err = take_position(s, i, files[i], &stats[i], why);
    for (unsigned i = 0; i < s->n && !err; i++) /* what others flushed is in it */
        if ((s->blobs[i].meta[5] & 0xff) == WRITES && fstat(fileno(files[i]), &stats[i]))
            err = memo__ck_stream_refuse_errno(why, s->names[i], "can't be looked at");
    for (unsigned i = 0; i < s->n && !err; i++)
        if ((s->blobs[i].meta[5] & 0xff) == READS && S_ISREG(stats[i].st_mode))
            err = take_input(s, i, files[i], (uint64_t)stats[i].st_size, why);
    for (unsigned i = 0; i < s->n && !err; i++) {
        if ((s->blobs[i].meta[5] & 0xff) != WRITES) {
            memo__ck_stream_close(
                &s->streams[i].copy); /* it goes when no generation refers to it */
            continue;
        }
        unsigned first = sharer(s, stats, i);
        bool is_alone = true;
        for (unsigned k = i + 1; k < s->n && is_alone; k++)
            is_alone = sharer(s, stats, k) != i;
        if (first == i) {
            err = take_content(s, i, files[i], &stats[i], is_alone, bytes, why);
            continue;
        }
        memo__ck_stream_close(&s->streams[i].copy);
        s->blobs[i].meta[3] = s->blobs[first].meta[3];
        s->blobs[i].meta[4] = s->blobs[first].meta[4];
        s->blobs[i].meta[5] = (s->blobs[i].meta[5] & 0xffffffff) | (uint64_t)first << 32;
    }
    memo__free(stats);
    errno = errno_before;
    *blobs = s->blobs;
    *n_blobs = s->n;
    return err;
}

int memo__ck_streams_sync(struct memo__ck_streams *s)
{
    int err = 0;
    for (unsigned i = 0; i < s->n; i++) {
        struct memo__ck_content *c = &s->streams[i].copy;
        if (c->fd < 0 || !c->is_dirty)
            continue;
        int failed = memo__ck_stream_is_open(c) ? memo__ck_copy_sync(c->fd) : MEMO_EOFF;
        c->is_dirty = false;
        if (failed) { /* nobody knows which bytes are on the disk: the next take begins anew */
            memo__ck_stream_close(c);
            err = failed;
        }
    }
    return err;
}

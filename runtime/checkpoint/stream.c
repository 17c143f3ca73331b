/* stream.c - the streams of `file`. See stream.h.
 *
 * The blob of a stream: meta[0] its number, meta[1] its copy, or MEMO__CK_NO_COPY; meta[2] the
 * position; meta[3] length and meta[4] checksum (store/checksum.h, block by block) of the content;
 * meta[5] kind, IS_AT_END, and in the upper half the number of the stream with the copy. */
#include "checkpoint/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/checksum.h"

#define BLOCK MEMO__CHECKSUM_BLOCK

enum kind {
    NONE,   /* NULL */
    READS,  /* has a position */
    WRITES, /* to a regular file: has a position and content */
    OTHER   /* left alone */
};
#define IS_AT_END 0x100u

/* A side copy, and how much of it counts. */
struct copy {
    int fd; /* -1: none */
    uint64_t k, len;
    uint64_t sum, sum_full; /* of `len` bytes; of the whole blocks among them */
    dev_t dev;              /* of the file; 0: not known in this run */
    ino_t ino;
    bool is_dirty; /* not synced */
};

struct stream {
    struct copy copy;
    struct memo__ck_blob saved; /* what is to be given; NONE: nothing */
    struct copy saved_copy;
    dev_t dev; /* of the file that it wrote to when the loop began; 0: none */
    ino_t ino;
};

struct memo__ck_streams {
    const char *const *names;
    unsigned n;
    struct memo__ck_place *place;
    const struct memo__ck_streams *outer;
    struct stream *streams;
    struct memo__ck_blob *blobs;
    char *block;
};

static const struct copy no_copy = {.fd = -1};

struct memo__ck_streams *memo__ck_streams_new(const char *const *names, unsigned n,
                                              struct memo__ck_place *place)
{
    struct memo__ck_streams *s = memo__calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->names = names;
    s->place = place;
    s->streams = memo__calloc(n + 1, sizeof *s->streams);
    s->blobs = memo__calloc(n + 1, sizeof *s->blobs);
    s->block = n ? memo__malloc(BLOCK) : NULL;
    s->n = s->streams ? n : 0;
    for (unsigned i = 0; i < s->n; i++)
        s->streams[i].copy = s->streams[i].saved_copy = no_copy;
    if (!s->streams || !s->blobs || (n && !s->block)) {
        memo__ck_streams_free(s);
        return NULL;
    }
    return s;
}

static void copy_close(struct copy *c)
{
    if (c->fd >= 0)
        close(c->fd);
    *c = no_copy;
}

static void drop_saved(struct memo__ck_streams *s)
{
    for (unsigned i = 0; i < s->n; i++) {
        copy_close(&s->streams[i].saved_copy);
        memset(&s->streams[i].saved, 0, sizeof s->streams[i].saved);
    }
}

void memo__ck_streams_free(struct memo__ck_streams *s)
{
    if (!s)
        return;
    drop_saved(s);
    for (unsigned i = 0; i < s->n; i++)
        copy_close(&s->streams[i].copy);
    memo__free(s->streams);
    memo__free(s->blobs);
    memo__free(s->block);
    memo__free(s);
}

/* ---- files */

/* How many bytes there are, up to len; -1. */
static ssize_t read_at(int fd, char *to, size_t len, uint64_t offset)
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

/* The same file, in another way: a stream that only writes can't be read, and one that
 * appends can't be overwritten. -1: not allowed. */
static int reopen(int fd, int flags)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, flags | O_CLOEXEC | O_NOCTTY);
}

static enum kind kind_of(FILE *f, struct stat *st)
{
    memset(st, 0, sizeof *st);
    if (!f)
        return NONE;
    int fd = fileno(f);
    if (fd < 0 || fstat(fd, st))
        return OTHER;
    if (S_ISREG(st->st_mode))
        return __fwritable(f) ? WRITES : READS;
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
        if (kind_of(files[i], &st) != WRITES)
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

static int refuse(char why[MEMO__CK_WHY], int err, const char *name, const char *what)
{
    snprintf(why, MEMO__CK_WHY, "'%s' %s", name, what);
    return err;
}

static int refuse_errno(char why[MEMO__CK_WHY], const char *name, const char *what)
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
        return refuse_errno(why, s->names[i], "can't be written");
    enum kind kind = kind_of(f, st);
    errno = errno_before;
    *b = (struct memo__ck_blob){.kind = MEMO__CK_STREAM,
                                .name = s->names[i],
                                .meta = {i, MEMO__CK_NO_COPY, 0, 0, 0, kind | (uint64_t)i << 32}};
    if (kind == OTHER && !__fwritable(f) &&
        (fileno(f) < 0 || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || isatty(fileno(f))))
        return refuse(why, MEMO_EINVALID, s->names[i],
                      fileno(f) < 0 ? "isn't a file that can be read again"
                                    : "is a pipe or terminal, which can't be read again");
    if (!f || (kind != READS && kind != WRITES))
        return 0;
    if (has_pushed_back(f))
        return refuse(why, MEMO_EINVALID, s->names[i], "has characters that ungetc pushed back");
    /* Others may have moved the descriptor (`2>&1`): it knows better than the stream. */
    at = is_writing ? lseek(fileno(f), 0, SEEK_CUR) : ftello(f);
    if (at < 0)
        return refuse_errno(why, s->names[i], "has no position");
    b->meta[2] = (uint64_t)at;
    if (feof(f))
        b->meta[5] |= IS_AT_END;
    errno = errno_before;
    return 0;
}

#define CHANGED 1 /* what was copied before isn't the file's any more */

/* Appends to the copy what the file has behind c->len, and counts it in *c. A trusted file has what
 * it had: only the last block is summed again. CHANGED: the copy is of something else. */
static int extend(struct memo__ck_streams *s, struct copy *c, int from, uint64_t size,
                  bool is_trusted, uint64_t *copied)
{
    struct copy to = *c;
    if (size < c->len)
        return CHANGED;
    to.len = is_trusted ? c->len / BLOCK * BLOCK : 0;
    to.sum = to.sum_full = is_trusted ? c->sum_full : 0;
    while (to.len < size) {
        uint64_t at = to.len;
        size_t n = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
        if (read_at(from, s->block, n, at) != (ssize_t)n)
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
    struct copy *c = &s->streams[i].copy, next = no_copy;
    bool is_same = c->fd >= 0 && c->dev == st->st_dev && c->ino == st->st_ino;
    bool is_trusted = is_same && is_alone && fcntl(fileno(f), F_GETFL) & O_APPEND;
    uint64_t size = (uint64_t)st->st_size;
    int err = CHANGED;
    int from = reopen(fileno(f), O_RDONLY);
    if (from < 0)
        return refuse_errno(why, s->names[i], "can't be read");
    if (c->fd >= 0)
        err = extend(s, c, from, size, is_trusted, copied);
    if (err == CHANGED) {
        err = memo__ck_copy_new(s->place, i, &next.k, &next.fd);
        if (!err)
            err = extend(s, &next, from, size, false, copied);
        if (!err) {
            copy_close(c);
            *c = next;
            next = no_copy;
        }
    }
    if (err)
        snprintf(why, MEMO__CK_WHY, "'%s' can't be copied: %s", s->names[i], memo__strerror(err));
    copy_close(&next);
    close(from);
    if (err)
        return err;
    c->dev = st->st_dev;
    c->ino = st->st_ino;
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
        return refuse(why, MEMO_ENOMEM, "file", "needs memory that isn't there");
    for (unsigned i = 0; i < s->n && !err; i++)
        err = take_position(s, i, files[i], &stats[i], why);
    for (unsigned i = 0; i < s->n && !err; i++) /* what others flushed is in it */
        if ((s->blobs[i].meta[5] & 0xff) == WRITES && fstat(fileno(files[i]), &stats[i]))
            err = refuse_errno(why, s->names[i], "can't be looked at");
    for (unsigned i = 0; i < s->n && !err; i++) {
        if ((s->blobs[i].meta[5] & 0xff) != WRITES) {
            copy_close(&s->streams[i].copy); /* it goes when no generation refers to it */
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
        copy_close(&s->streams[i].copy);
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
        struct copy *c = &s->streams[i].copy;
        if (c->fd < 0 || !c->is_dirty)
            continue;
        int failed = memo__ck_copy_sync(c->fd);
        c->is_dirty = false;
        if (failed) { /* nobody knows which bytes are on the disk: the next take begins anew */
            copy_close(c);
            err = failed;
        }
    }
    return err;
}

/* ---- giving */

/* Sums what counts of a copy. */
static int sum_copy(struct memo__ck_streams *s, struct copy *c, uint64_t len)
{
    for (c->len = c->sum = c->sum_full = 0; c->len < len;) {
        size_t n = len - c->len < BLOCK ? (size_t)(len - c->len) : BLOCK;
        if (read_at(c->fd, s->block, n, c->len) != (ssize_t)n)
            return MEMO_ECORRUPT;
        uint64_t sum = memo__checksum_block(c->sum, s->block, n);
        c->sum_full = n == BLOCK ? sum : c->sum;
        c->sum = sum;
        c->len += n;
    }
    return 0;
}

static int prepare_stream(struct memo__ck_streams *s, const struct memo__ck_blob *b,
                          char why[MEMO__CK_WHY])
{
    unsigned i = (unsigned)b->meta[0];
    struct stream *t = &s->streams[i];
    unsigned kind = b->meta[5] & 0xff;
    uint64_t owner = b->meta[5] >> 32;
    if (kind > OTHER || owner > i || b->meta[2] > INT64_MAX || b->meta[3] > INT64_MAX)
        return refuse(why, MEMO_ECORRUPT, b->name, "has a state that can't be");
    t->saved = *b;
    t->saved.name = s->names[i];
    t->saved.data = NULL;
    t->saved.len = 0;
    if (kind != WRITES || owner != i)
        return 0;
    int err = memo__ck_copy_open(s->place, i, b->meta[1], true, &t->saved_copy.fd);
    if (err) {
        t->saved_copy.fd = -1;
        return refuse(why, err == MEMO_EMISS ? MEMO_ECORRUPT : err, b->name,
                      err == MEMO_EMISS ? "has lost its copy" : "has a copy that can't be opened");
    }
    t->saved_copy.k = b->meta[1];
    err = sum_copy(s, &t->saved_copy, b->meta[3]);
    if (err || t->saved_copy.sum != b->meta[4])
        return refuse(why, MEMO_ECORRUPT, b->name, "has a damaged copy");
    return 0;
}

int memo__ck_streams_prepare(struct memo__ck_streams *s, const struct memo__ck_blob *blobs,
                             size_t n_blobs, char why[MEMO__CK_WHY])
{
    unsigned n = 0;
    int err = 0;
    drop_saved(s);
    for (size_t k = 0; k < n_blobs && !err; k++) {
        const struct memo__ck_blob *b = &blobs[k];
        if (b->kind != MEMO__CK_STREAM)
            continue;
        if (n == s->n || b->meta[0] != n || strcmp(b->name, s->names[n]) != 0)
            err = refuse(why, MEMO_EINVALID, b->name, "isn't the stream that is named now");
        else
            err = prepare_stream(s, b, why);
        n++;
    }
    if (!err && n < s->n)
        err = refuse(why, MEMO_EINVALID, s->names[n], "wasn't saved");
    if (err)
        drop_saved(s);
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
        if ((b->meta[5] & 0xff) != WRITES || kind_of(files[k], &other) != WRITES)
            continue;
        bool is_same = other.st_dev == st->st_dev && other.st_ino == st->st_ino;
        if (is_same != (b->meta[5] >> 32 == owner))
            return false;
    }
    return true;
}

int memo__ck_streams_fits(struct memo__ck_streams *s, void *const *files, char why[MEMO__CK_WHY])
{
    int errno_before = errno;
    for (unsigned i = 0; i < s->n; i++) {
        const struct memo__ck_blob *b = &s->streams[i].saved;
        unsigned was = b->meta[5] & 0xff;
        struct stat st;
        enum kind is = kind_of(files[i], &st);
        if (was == READS && is != READS && is != WRITES)
            return refuse(why, MEMO_EINVALID, s->names[i], "is no file in this run");
        if (was == READS && S_ISREG(st.st_mode) && (uint64_t)st.st_size < b->meta[2])
            return refuse(why, MEMO_EINVALID, s->names[i], "is shorter than what was read of it");
        if (was == WRITES && is != WRITES)
            return refuse(why, MEMO_EINVALID, s->names[i], "is no regular file in this run");
        if (was == WRITES && !has_same_files(s, files, i, &st))
            return refuse(why, MEMO_EINVALID, s->names[i],
                          "shares its file with other streams now");
        if (was == WRITES && s->streams[i].saved_copy.fd >= 0 &&
            reserve(fileno(files[i]), b->meta[3]))
            return refuse(why, MEMO_EFULL, s->names[i], "has no space for its content");
    }
    errno = errno_before;
    return 0;
}

/* The file gets the content of the copy; blocks that it has aren't written. */
static int give_content(struct memo__ck_streams *s, const struct copy *c, int file)
{
    char *there = memo__malloc(BLOCK);
    bool is_readable = there != NULL;
    int err = 0, to = reopen(file, O_RDWR);
    if (to < 0) {
        is_readable = false;
        to = reopen(file, O_WRONLY);
    }
    if (to < 0)
        err = MEMO_EIO;
    for (uint64_t at = 0; at < c->len && !err; at += BLOCK) {
        size_t n = c->len - at < BLOCK ? (size_t)(c->len - at) : BLOCK;
        if (read_at(c->fd, s->block, n, at) != (ssize_t)n)
            err = MEMO_EIO;
        else if (!is_readable || read_at(to, there, n, at) != (ssize_t)n ||
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
        struct stream *t = &s->streams[i];
        if (t->saved_copy.fd < 0)
            continue;
        errno = EIO;
        if (give_content(s, &t->saved_copy, fileno(files[i])))
            return refuse_errno(why, s->names[i], "can't be restored");
        copy_close(&t->copy); /* saves go on with the copy that is there */
        t->copy = t->saved_copy;
        t->saved_copy = no_copy;
    }
    for (unsigned i = 0; i < s->n; i++) {
        unsigned was = s->streams[i].saved.meta[5] & 0xff;
        if ((was == READS || was == WRITES) && give_position(files[i], &s->streams[i].saved))
            return refuse_errno(why, s->names[i], "can't be positioned");
    }
    drop_saved(s);
    errno = errno_before;
    return 0;
}

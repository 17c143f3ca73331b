/* place.c - the files of one entry into a loop: generations, and writing them durably. */
#include "checkpoint/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "checkpoint/place_files.h"
#include "checkpoint/place_lock.h"

#define BRIEF_NS ((uint64_t)100 * 1000000)

static const char *const suffixes[2] = {".a.ckpt", ".b.ckpt"};

/* The places of the process that we were forked from aren't ours. */
static bool is_ours(const struct memo__ck_place *p)
{
    return p->process == getpid();
}

/* ---- what the generations refer to */

static void forget_copies(struct memo__ck_generation *g)
{
    memo__free(g->copies);
    g->copies = NULL;
    g->n_copies = 0;
}

static bool is_copy(const struct memo__ck_blob *b)
{
    return b->kind == MEMO__CK_STREAM && b->meta[1] != MEMO__CK_NO_COPY;
}

static int list_copies(const struct memo__ck_file *f, struct memo__ck_copy **out, size_t *n_out)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_blobs; i++)
        n += is_copy(&f->blobs[i]);
    *out = NULL;
    *n_out = 0;
    if (n && !(*out = memo__calloc(n, sizeof **out))) {
        errno = ENOMEM;
        return MEMO_ENOMEM;
    }
    for (size_t i = 0; i < f->n_blobs; i++)
        if (is_copy(&f->blobs[i]))
            (*out)[(*n_out)++] = (struct memo__ck_copy){f->blobs[i].meta[0], f->blobs[i].meta[1]};
    return 0;
}

static bool refers(const struct memo__ck_generation *g, uint64_t n, uint64_t k)
{
    for (size_t i = 0; i < g->n_copies; i++)
        if (g->copies[i].n == n && g->copies[i].k == k)
            return true;
    return false;
}

/* ---- opening */

static int open_generation(const struct memo__ck_place *p, int i)
{
    char path[PATH_MAX];
    int err = memo__ck_path(path, p, suffixes[i]);
    return err ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
}

/* Whether a file belongs here: its name has only a part of the identity. */
static bool is_of(const struct memo__ck_place *p, const struct memo__ck_file *f)
{
    return !memcmp(p->identity, f->identity, MEMO__CK_DIGEST);
}

static int look_at(struct memo__ck_place *p, int i)
{
    struct memo__ck_generation *g = &p->generations[i];
    struct memo__ck_file file;
    char why[MEMO__CK_WHY];
    int err = 0, fd = open_generation(p, i);
    if (fd < 0) {
        g->is_there = errno != ENOENT;
        return 0;
    }
    g->is_there = true;
    int read_err = memo__ck_read_header(fd, &file, why);
    if (read_err == MEMO_ENOMEM)
        err = read_err; /* it may be whole */
    if (!read_err) {
        if (is_of(p, &file)) {
            g->sequence = file.sequence;
            err = list_copies(&file, &g->copies, &g->n_copies);
        }
        if (file.sequence > p->sequence)
            p->sequence = file.sequence;
        memo__ck_file_release(&file);
    }
    close(fd);
    return err;
}

static bool is_used(void *arg, uint64_t n, uint64_t k)
{
    const struct memo__ck_place *p = arg;
    return refers(&p->generations[0], n, k) || refers(&p->generations[1], n, k);
}

static int look(struct memo__ck_place *p)
{
    uint64_t mark;
    if (!memo__ck_lock_is_void(p->lock) && !memo__ck_lock_has_files(p->lock, &mark))
        return 0;
    int err = look_at(p, 0);
    if (!err)
        err = look_at(p, 1);
    if (!err && (p->generations[0].is_there || p->generations[1].is_there)) {
        memo__ck_lock_touched(p->lock);
        if (!memo__ck_lock_is_void(p->lock))
            memo__ck_remove_copies(p, is_used, p);
    }
    return err;
}

static void first_look(void *arg, struct memo__ck_lock *lock)
{
    if (memo__ck_sweep(arg))
        memo__ck_lock_touched(lock);
}

static void release(struct memo__ck_place *p)
{
    int saved = errno;
    forget_copies(&p->generations[0]);
    forget_copies(&p->generations[1]);
    memset(p, 0, sizeof *p);
    errno = saved;
}

static int take_lock(struct memo__ck_place *p, bool is_inner, pid_t *owner)
{
    char loop[MEMO__CK_ID];
    memo__ck_loop_of(loop, p->id);
    if (!is_inner)
        return memo__ck_lock_take(p->dir, loop, &p->lock, owner, first_look, p);
    p->lock = memo__ck_lock_share(p->dir, loop);
    return p->lock ? 0 : MEMO_EBUSY;
}

int memo__ck_place_open(struct memo__ck_place *p, const char *dir,
                        const struct memo__ck_identity *identity, bool is_inner, pid_t *owner)
{
    memset(p, 0, sizeof *p);
    *owner = 0;
    p->dir = dir;
    memcpy(p->id, identity->id, sizeof p->id);
    memcpy(p->identity, identity->digest, sizeof p->identity);
    p->process = memo__ck_lock_process();
    p->opened_ns = memo__monotonic_ns();
    int err = take_lock(p, is_inner, owner);
    if (!err && (err = look(p)))
        memo__ck_lock_give(p->lock, true);
    if (err)
        release(p);
    return err;
}

void memo__ck_place_close(struct memo__ck_place *p)
{
    int saved = errno;
    if (p->dir && p->process == memo__ck_lock_process())
        memo__ck_lock_give(p->lock, memo__monotonic_ns() - p->opened_ns < BRIEF_NS);
    release(p);
    errno = saved;
}

/* ---- reading */

static void damaged(struct memo__ck_place *p, int i, const char *why, struct memo__ck_damage *out)
{
    char path[PATH_MAX];
    struct memo__ck_generation *g = &p->generations[i];
    if (memo__ck_path(path, p, suffixes[i]))
        path[0] = '\0';
    snprintf(out->text[out->n_damaged], sizeof out->text[0], "'%.700s': %s", path, why);
    out->n_damaged++;
    g->sequence = 0; /* the next one is written over it */
}

/* 0, or MEMO_EMISS: not whole. */
static int read_generation(struct memo__ck_place *p, int i, struct memo__ck_file *out,
                           struct memo__ck_damage *damage)
{
    char why[MEMO__CK_WHY];
    int fd = open_generation(p, i);
    if (fd < 0) {
        snprintf(why, sizeof why, "cannot be read: %s", strerror(errno));
        damaged(p, i, why, damage);
        return MEMO_EMISS;
    }
    int err = memo__ck_read(fd, out, why);
    close(fd);
    if (!err && !is_of(p, out)) {
        memo__ck_file_release(out);
        snprintf(why, sizeof why, "belongs to another loop");
        err = MEMO_ECORRUPT;
    }
    if (err && err != MEMO_ENOMEM) {
        damaged(p, i, why, damage);
        err = MEMO_EMISS;
    }
    return err;
}

/* The newer one; if neither has a number b, so that a is the first to be written. */
static int newest(const struct memo__ck_place *p)
{
    return p->generations[1].sequence >= p->generations[0].sequence;
}

int memo__ck_place_read(struct memo__ck_place *p, unsigned skip, struct memo__ck_file *out,
                        struct memo__ck_damage *damage)
{
    int first = newest(p);
    memset(damage, 0, sizeof *damage);
    for (int n = 0; n < 2; n++) {
        int i = n ? !first : first;
        if (!p->generations[i].is_there)
            continue;
        int err = read_generation(p, i, out, damage);
        if (!err && !skip)
            return 0;
        if (!err) {
            memo__ck_file_release(out);
            skip--;
        } else if (err != MEMO_EMISS) {
            return err;
        }
    }
    return MEMO_EMISS;
}

/* ---- writing */

static int create_temp(const struct memo__ck_place *p, char path[PATH_MAX], int *fd)
{
    char suffix[64];
    snprintf(suffix, sizeof suffix, ".tmp-%lx-%llx", (unsigned long)p->process,
             (unsigned long long)memo__monotonic_ns());
    int err = memo__ck_path(path, p, suffix);
    if (err)
        return err;
    *fd = memo__ck_open_high(path, O_WRONLY | O_CREAT | O_EXCL);
    return *fd < 0 ? memo__error_of_errno(errno) : 0;
}

/* Everything up to the rename, so that a name never leads to half a file. */
static int write_temp(int fd, struct memo__ck_file *f)
{
    int err = memo__ck_write(fd, f);
    if (!err && memo__ck_is_dropped(f))
        err = MEMO_EOFF;
    if (!err)
        err = memo__ck_copy_sync(fd);
    int saved = errno;
    if (close(fd) && !err) {
        saved = errno;
        err = memo__error_of_errno(saved);
    }
    errno = saved;
    return err;
}

static int replace(struct memo__ck_place *p, int i, struct memo__ck_file *f)
{
    char temp[PATH_MAX], path[PATH_MAX];
    int fd = -1, err = memo__ck_path(path, p, suffixes[i]);
    if (!err)
        err = create_temp(p, temp, &fd);
    if (err)
        return err;
    err = write_temp(fd, f);
    if (!err && rename(temp, path))
        err = memo__error_of_errno(errno);
    if (err) {
        int saved = errno;
        unlink(temp);
        errno = saved;
    }
    return err;
}

/* Copies that only the generation before referred to. */
static void remove_unused(struct memo__ck_place *p, const struct memo__ck_generation *old)
{
    for (size_t k = 0; k < old->n_copies; k++)
        if (!is_used(p, old->copies[k].n, old->copies[k].k))
            memo__ck_remove_copy(p, old->copies[k].n, old->copies[k].k);
}

int memo__ck_place_write(struct memo__ck_place *p, struct memo__ck_file *f)
{
    struct memo__ck_generation made = {.is_there = true};
    if (!is_ours(p))
        return MEMO_EBUSY;
    int err = memo__ck_lock_check(p->lock);
    if (!err)
        err = list_copies(f, &made.copies, &made.n_copies);
    if (err)
        return err;
    int i = !newest(p);
    f->sequence = made.sequence = p->sequence + 1;
    memcpy(f->identity, p->identity, MEMO__CK_DIGEST);
    if ((err = replace(p, i, f))) {
        forget_copies(&made);
        return err;
    }
    memo__ck_lock_touched(p->lock);
    struct memo__ck_generation old = p->generations[i];
    p->generations[i] = made;
    p->sequence = made.sequence;
    err = memo__ck_sync_dir(p->dir);
    if (!err)
        remove_unused(p, &old);
    forget_copies(&old);
    return err;
}

/* ---- removal */

void memo__ck_place_remove(struct memo__ck_place *p)
{
    char path[PATH_MAX];
    uint64_t mark;
    int saved = errno, last = newest(p);
    if (p->dir && memo__ck_lock_has_files(p->lock, &mark) && is_ours(p) &&
        !memo__ck_lock_check(p->lock)) {
        memo__ck_remove_inner(p, UINT64_MAX);
        if (!memo__ck_path(path, p, suffixes[!last]))
            unlink(path);
        if (!memo__ck_path(path, p, suffixes[last]))
            unlink(path);
        if (memo__ck_remove_own(p))
            memo__ck_lock_are_none(p->lock, mark);
    }
    memo__ck_place_close(p);
    errno = saved;
}

void memo__ck_place_remove_inner(struct memo__ck_place *p, uint64_t iteration)
{
    uint64_t mark;
    int saved = errno;
    if (memo__ck_lock_has_files(p->lock, &mark) && is_ours(p))
        memo__ck_remove_inner(p, iteration);
    errno = saved;
}

/* ---- side copies */

static void copy_suffix(char out[64], uint64_t n, uint64_t k)
{
    snprintf(out, 64, ".stream-%llu-%llu", (unsigned long long)n, (unsigned long long)k);
}

int memo__ck_copy_new(struct memo__ck_place *p, uint64_t n, uint64_t *k, int *fd)
{
    char path[PATH_MAX], suffix[64];
    uint64_t number = 0;
    if (!is_ours(p))
        return MEMO_EBUSY;
    do {
        copy_suffix(suffix, n, number++);
        int err = memo__ck_path(path, p, suffix);
        if (err)
            return err;
        *fd = memo__ck_open_high(path, O_RDWR | O_CREAT | O_EXCL);
    } while (*fd < 0 && errno == EEXIST);
    if (*fd < 0)
        return memo__error_of_errno(errno);
    memo__ck_lock_touched(p->lock);
    int err = memo__ck_sync_dir(p->dir);
    if (err) {
        close(*fd);
        unlink(path);
        return err;
    }
    *k = number - 1;
    return 0;
}

int memo__ck_copy_open(struct memo__ck_place *p, uint64_t n, uint64_t k, bool is_writable, int *fd)
{
    char path[PATH_MAX], suffix[64];
    struct stat st;
    copy_suffix(suffix, n, k);
    int err = memo__ck_path(path, p, suffix);
    if (err)
        return err;
    int opened = memo__ck_open_high(path, is_writable ? O_RDWR : O_RDONLY);
    if (opened < 0)
        return errno == ENOENT ? MEMO_EMISS : MEMO_EIO;
    if (fstat(opened, &st) || !S_ISREG(st.st_mode)) {
        close(opened);
        return MEMO_EIO;
    }
    *fd = opened;
    return 0;
}

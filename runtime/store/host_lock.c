/* host_lock.c - which results the processes of this host are computing. */
#include "store/host_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/quiet.h"

#define MAX_PATH 4096u
#define N_MARKS 512u /* numbers of 8 bytes at the beginning of the file */
#define PAUSE_MIN_NS ((uint64_t)200 * 1000)
#define PAUSE_MAX_NS ((uint64_t)5 * 1000000)

void memo__host_lock_init(struct memo__host_lock *h)
{
    memset(h, 0, sizeof *h);
    pthread_mutex_init(&h->mutex, NULL);
    h->fd = -1;
}

void memo__host_lock_release(struct memo__host_lock *h)
{
    if (h->fd >= 0)
        close(h->fd);
    pthread_mutex_destroy(&h->mutex);
}

/* Whether fd still is what we opened. */
static bool is_ours(const struct memo__host_lock *h)
{
    struct stat st;
    return h->fd >= 0 && !fstat(h->fd, &st) && st.st_dev == h->dev && st.st_ino == h->ino;
}

/* Room for the marks, so that they can be written when the disk is full. */
static void make_room(int fd, const struct stat *st)
{
    struct memo__quiet quiet;
    if (st->st_size >= (off_t)(N_MARKS * sizeof(uint64_t)))
        return;
    memo__quiet_begin(&quiet, SIGXFSZ);
    (void)posix_fallocate(fd, 0, N_MARKS * sizeof(uint64_t));
    memo__quiet_end(&quiet);
}

/* Never one of the standard streams' numbers. */
static int open_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || fd > 2)
        return fd;
    int other = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return other;
}

/* The file, opened unless it is; -1 if that can't be. The mutex is held. */
static int get_fd(struct memo__host_lock *h, const char *dir)
{
    char path[MAX_PATH];
    struct stat st;
    if (!is_ours(h)) {
        int n = snprintf(path, sizeof path, "%s/flight.lock", dir);
        h->fd = n > 0 && (size_t)n < sizeof path ? open_file(path) : -1;
        if (h->fd >= 0 && (fstat(h->fd, &st) || !S_ISREG(st.st_mode))) {
            close(h->fd);
            h->fd = -1;
        } else if (h->fd >= 0) {
            make_room(h->fd, &st);
            h->dev = st.st_dev;
            h->ino = st.st_ino;
        }
    }
    return h->fd;
}

static uint64_t byte_of(const uint64_t hash[2])
{
    return hash[1] >> 2;
}

/* Before the byte is locked, so that a child that is forked meanwhile knows of it.
 * MEMO_EMISS: an ancestor of ours has it, which may be waiting for us. */
static int note(struct memo__host_lock *h, const char *dir, uint64_t byte, int *fd)
{
    int err = 0;
    pthread_mutex_lock(&h->mutex);
    for (unsigned i = 0; i < h->n_inherited && !err; i++)
        if (h->inherited[i] == byte)
            err = MEMO_EMISS;
    if (!err && h->n_held == MEMO__MAX_CLAIMS)
        err = MEMO_EFULL;
    if (!err && (*fd = get_fd(h, dir)) < 0)
        err = MEMO_EIO;
    if (!err)
        h->held[h->n_held++] = byte;
    pthread_mutex_unlock(&h->mutex);
    return err;
}

/* The descriptor, if it is still ours, else -1. */
static int forget(struct memo__host_lock *h, uint64_t byte)
{
    unsigned i = 0;
    pthread_mutex_lock(&h->mutex);
    while (i < h->n_held && h->held[i] != byte)
        i++;
    if (i < h->n_held)
        h->held[i] = h->held[--h->n_held];
    int fd = is_ours(h) ? h->fd : -1;
    pthread_mutex_unlock(&h->mutex);
    return fd;
}

static int set_lock(int fd, const uint64_t hash[2], short type)
{
    struct flock lock = {.l_type = type, /* l_pid must be 0 */
                         .l_whence = SEEK_SET,
                         .l_start = (off_t)byte_of(hash),
                         .l_len = 1};
    if (!fcntl(fd, F_OFD_SETLK, &lock))
        return 0;
    return errno == EAGAIN || errno == EACCES ? MEMO_EBUSY : MEMO_EIO;
}

static off_t mark_place(const uint64_t hash[2])
{
    return (off_t)(hash[0] % N_MARKS * sizeof(uint64_t));
}

static uint64_t read_mark(int fd, const uint64_t hash[2])
{
    uint64_t mark = 0;
    return pread(fd, &mark, sizeof mark, mark_place(hash)) == sizeof mark ? mark : 0;
}

/* Any number that wasn't there before. */
static void write_mark(int fd, const uint64_t hash[2])
{
    struct memo__quiet quiet;
    uint64_t mark = memo__monotonic_ns();
    memo__quiet_begin(&quiet, SIGXFSZ);
    ssize_t n = pwrite(fd, &mark, sizeof mark, mark_place(hash));
    (void)n; /* without it those who wait compute one after the other */
    memo__quiet_end(&quiet);
}

static void pause_until(uint64_t at)
{
    struct timespec t = {(time_t)(at / 1000000000u), (long)(at % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

/* The pauses grow with the time that was waited already. */
static int wait_for(int fd, const uint64_t hash[2], uint64_t wait_ns, uint64_t *waited_ns)
{
    uint64_t start = memo__monotonic_ns(), end = start + wait_ns, now = start;
    uint64_t mark = read_mark(fd, hash);
    int err = MEMO_EBUSY;
    while (err == MEMO_EBUSY && now < end) {
        uint64_t pause = (now - start) / 8;
        if (pause < PAUSE_MIN_NS)
            pause = PAUSE_MIN_NS;
        if (pause > PAUSE_MAX_NS)
            pause = PAUSE_MAX_NS;
        pause_until(pause < end - now ? now + pause : end);
        err = set_lock(fd, hash, F_WRLCK);
        if (read_mark(fd, hash) != mark) {
            if (!err)
                (void)set_lock(fd, hash, F_UNLCK);
            err = MEMO_EMISS;
        }
        now = memo__monotonic_ns();
    }
    *waited_ns = now - start;
    return err == MEMO_EBUSY ? MEMO_ETIMEOUT : err;
}

static int claim(struct memo__host_lock *h, const char *dir, const uint64_t hash[2],
                 uint64_t wait_ns, uint64_t *waited_ns)
{
    int fd, err = note(h, dir, byte_of(hash), &fd);
    if (err)
        return err;
    err = set_lock(fd, hash, F_WRLCK);
    if (err == MEMO_EBUSY && wait_ns)
        err = wait_for(fd, hash, wait_ns, waited_ns);
    if (err)
        (void)forget(h, byte_of(hash));
    return err;
}

int memo__host_lock_claim(struct memo__host_lock *h, const char *dir, const uint64_t hash[2],
                          uint64_t wait_ns, uint64_t *waited_ns)
{
    int saved = errno;
    *waited_ns = 0;
    if (__atomic_load_n(&h->is_off, __ATOMIC_RELAXED))
        return MEMO_EOFF;
    int err = claim(h, dir, hash, wait_ns, waited_ns);
    if (err == MEMO_EIO)
        __atomic_store_n(&h->is_off, true, __ATOMIC_RELAXED);
    errno = saved;
    return err;
}

void memo__host_lock_free(struct memo__host_lock *h, const uint64_t hash[2], bool gave_up)
{
    int saved = errno;
    int fd = forget(h, byte_of(hash));
    if (fd >= 0) {
        if (gave_up)
            write_mark(fd, hash);
        (void)set_lock(fd, hash, F_UNLCK);
    }
    errno = saved;
}

void memo__host_lock_atfork_prepare(struct memo__host_lock *h)
{
    pthread_mutex_lock(&h->mutex);
}

void memo__host_lock_atfork_parent(struct memo__host_lock *h)
{
    pthread_mutex_unlock(&h->mutex);
}

void memo__host_lock_atfork_child(struct memo__host_lock *h)
{
    int saved = errno;
    if (is_ours(h))
        close(h->fd);
    h->fd = -1;
    while (h->n_held > 0 && h->n_inherited < MEMO__MAX_CLAIMS)
        h->inherited[h->n_inherited++] = h->held[--h->n_held];
    h->n_held = 0;
    pthread_mutex_init(&h->mutex, NULL);
    errno = saved;
}

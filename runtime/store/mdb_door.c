/* mdb_door.c - see mdb_door.h. */
#include "store/mdb_door.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define WAIT_NS ((uint64_t)5 * 1000000000u)
#define FIRST_POLL_NS 50000
#define LAST_POLL_NS 5000000

static int lock_file(char *out, size_t cap, const char *dir)
{
    int n = snprintf(out, cap, "%s/lock.mdb", dir);
    return n < 0 || (size_t)n >= cap ? MEMO_EIO : 0;
}

/* flock(2) has no bound, and an alarm would be the program's. */
static int lock_dir(int dir)
{
    struct timespec poll = {0, FIRST_POLL_NS};
    const uint64_t until = memo__monotonic_ns() + WAIT_NS;
    while (flock(dir, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return 0; /* a file system without locks of directories */
        if (memo__monotonic_ns() >= until)
            return MEMO_ETIMEOUT;
        (void)nanosleep(&poll, NULL);
        if (poll.tv_nsec < LAST_POLL_NS)
            poll.tv_nsec *= 2;
    }
    return 0;
}

int memo__door_lock(const char *path)
{
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return MEMO_EIO;
    int err = lock_dir(dir);
    if (!err)
        return dir;
    close(dir);
    return err;
}

/* A child that was forked meanwhile has the descriptor too. */
void memo__door_unlock_dir(int dir)
{
    (void)flock(dir, LOCK_UN);
    close(dir);
}

static int occupy_standard_streams(int held[3])
{
    int fd, n = 0;
    while ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0) {
        if (fd > 2) {
            close(fd);
            break;
        }
        held[n++] = fd;
    }
    return n;
}

static void give_back_streams(struct memo__door *door)
{
    while (door->n_held > 0)
        close(door->held[--door->n_held]);
}

int memo__door_enter(struct memo__door *door, const char *path)
{
    door->n_held = occupy_standard_streams(door->held);
    door->dir = memo__door_lock(path);
    if (door->dir == MEMO_ETIMEOUT) {
        give_back_streams(door);
        return MEMO_ETIMEOUT;
    }
    memo__quiet_begin(&door->quiet, SIGXFSZ);
    return 0;
}

void memo__door_leave(struct memo__door *door)
{
    memo__quiet_end(&door->quiet);
    if (door->dir >= 0)
        memo__door_unlock_dir(door->dir);
    give_back_streams(door);
}

int memo__door_reserve(const char *path, size_t size)
{
    char file[4096];
    struct stat st;
    int err = lock_file(file, sizeof file, path);
    if (err || (!stat(file, &st) && (uint64_t)st.st_blocks * 512 >= size))
        return err;
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) /* LMDB will say why */
        return errno == ENOSPC || errno == EDQUOT ? MEMO_EFULL : 0;
    if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
        fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size) &&
        memo__error_of_errno(errno) == MEMO_EFULL)
        err = MEMO_EFULL;
    close(fd);
    return err;
}

void memo__door_unlock(const char *path)
{
    char file[4096];
    int fd = lock_file(file, sizeof file, path) ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
}

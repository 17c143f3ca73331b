/* mdb_stamp.c - whether somebody else changed the database since our last commit.
 *
 * The stamp is written after the commit, when another process may already be at
 * the next one; so the file is looked at again until it didn't change meanwhile.
 * A stamp that was overtaken, or half written, costs a check. */
#include "store/mdb_stamp.h"

#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "store/mdb_check.h"

#define WAIT_NS ((uint64_t)50 * 1000000u)
#define POLL_NS 1000000u
#define WORTH_WAITING ((uint64_t)4 << 20) /* bytes that take longer to check than to wait for */
#define REST 20u                          /* a check that took 1 ms isn't repeated for so many */

struct stamp {
    unsigned char magic[8];
    uint64_t size, mtime_ns, inode, ctime_ns; /* little-endian */
};
#define MAGIC "memostm1"

static uint64_t ns(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec;
}

static int look(int fd, struct stamp *s)
{
    struct stat st;
    if (fstat(fd, &st))
        return MEMO_EIO;
    memcpy(s->magic, MAGIC, sizeof s->magic);
    s->size = htole64((uint64_t)st.st_size);
    s->mtime_ns = htole64(ns(&st.st_mtim));
    s->inode = htole64((uint64_t)st.st_ino);
    s->ctime_ns = htole64(ns(&st.st_ctim));
    return 0;
}

static int open_stamp(const char *path, int flags)
{
    char file[4096];
    int n = snprintf(file, sizeof file, "%s/stamp", path);
    if (n < 0 || (size_t)n >= sizeof file)
        return -1;
    return open(file, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
}

/* MEMO_EMISS: there is none. */
static int read_stamp(const char *path, struct stamp *s)
{
    int fd = open_stamp(path, O_RDONLY);
    if (fd < 0)
        return MEMO_EMISS;
    int err = pread(fd, s, sizeof *s, 0) == (ssize_t)sizeof *s ? 0 : MEMO_EMISS;
    close(fd);
    return err;
}

static bool is_stamped(const char *path, const struct stamp *now)
{
    struct stamp s;
    return !read_stamp(path, &s) && !memcmp(&s, now, sizeof s);
}

/* Another process may be between its commit and its stamp. */
static bool will_be_stamped(const char *path, const struct stamp *now)
{
    const struct timespec poll = {0, POLL_NS};
    const uint64_t until = memo__monotonic_ns() + WAIT_NS;
    do {
        if (is_stamped(path, now))
            return true;
        (void)nanosleep(&poll, NULL);
    } while (memo__monotonic_ns() < until);
    return false;
}

int memo__mdb_trust(struct memo__mdb_trust *t, const char *path, int fd, uint64_t txnid)
{
    struct stamp now, old;
    int err = look(fd, &now);
    if (err)
        return err;
    bool is_there = !read_stamp(path, &old);
    if (is_there && !memcmp(&old, &now, sizeof now)) {
        t->in_doubt = false;
        return 0;
    }
    uint64_t start = memo__monotonic_ns();
    if (start < t->next_check_ns && now.inode == t->inode) {
        t->in_doubt = true;
        return 0;
    }
    if (!(is_there && le64toh(now.size) > WORTH_WAITING && will_be_stamped(path, &now))) {
        if ((err = memo__mdb_check(fd, txnid)))
            return err;
        uint64_t end = memo__monotonic_ns();
        t->next_check_ns = end + (end - start) * REST;
        t->inode = now.inode;
    }
    t->in_doubt = false;
    memo__mdb_stamp(t, path, fd);
    return 0;
}

void memo__mdb_stamp(const struct memo__mdb_trust *t, const char *path, int fd)
{
    struct stamp now, after;
    if (t->in_doubt || look(fd, &now))
        return;
    int stamp = open_stamp(path, O_WRONLY | O_CREAT);
    if (stamp < 0)
        return;
    for (int attempt = 0; attempt < 4; attempt++) {
        if (pwrite(stamp, &now, sizeof now, 0) != (ssize_t)sizeof now || look(fd, &after) ||
            !memcmp(&now, &after, sizeof now))
            break;
        now = after;
    }
    close(stamp);
}

/* mdb_guard.c - looks at a database file before LMDB maps it.
 *
 * What is inside the pages is mdb_check.c's. */
#include "store/mdb_guard.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "store/mdb_door.h"
#include "store/mdb_format.h"

/* Pages at the end that were taken and given back by one transaction, so never
 * written: no more than it writes at most. A last page beyond it is damage, and
 * would fill the disk. */
#define MOST_MISSING ((off_t)64 << 20)

static int file_path(char *out, size_t cap, const char *dir, const char *name)
{
    int n = snprintf(out, cap, "%s/%s", dir, name);
    return n < 0 || (size_t)n >= cap ? MEMO_EIO : 0;
}

static int read_meta(int fd, off_t at, struct memo__mdb_meta *m)
{
    if (pread(fd, m, sizeof *m, at) != (ssize_t)sizeof *m)
        return MEMO_ECORRUPT;
    if (!(m->head.flags & MEMO__MDB_META) || m->magic != MEMO__MDB_MAGIC)
        return MEMO_ECORRUPT;
    return m->version == MEMO__MDB_VERSION ? 0 : MEMO_EVERSION;
}

static bool root_is_sound(int fd, const struct memo__mdb_meta *m, const struct memo__mdb_tree *t,
                          size_t page_size)
{
    struct memo__mdb_page head;
    if (t->root == MEMO__MDB_NO_PAGE)
        return t->depth == 0;
    if (t->root < 2 || t->root > m->last_page || t->depth == 0)
        return false;
    off_t at = (off_t)(t->root * page_size);
    return pread(fd, &head, sizeof head, at) == (ssize_t)sizeof head && head.number == t->root &&
           head.flags & (MEMO__MDB_BRANCH | MEMO__MDB_LEAF);
}

static int check(int fd, bool writable, bool *was_short)
{
    struct memo__mdb_meta metas[2];
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return MEMO_EIO;
    if (!st.st_size)
        return 0;
    int err = read_meta(fd, 0, &metas[0]);
    if (err)
        return err;
    size_t page_size = metas[0].trees[0].pad;
    if (page_size < 512 || page_size > 65536 || page_size & (page_size - 1) ||
        (uint64_t)st.st_size < 2 * (uint64_t)page_size)
        return MEMO_ECORRUPT;
    if ((err = read_meta(fd, (off_t)page_size, &metas[1])))
        return err;
    const struct memo__mdb_meta *m = &metas[metas[1].txnid > metas[0].txnid];
    uint64_t size;
    if (m->trees[0].pad != page_size || m->last_page < 1 ||
        __builtin_mul_overflow((uint64_t)m->last_page + 1, page_size, &size) || size > INT64_MAX)
        return MEMO_ECORRUPT;
    if (!root_is_sound(fd, m, &m->trees[0], page_size) ||
        !root_is_sound(fd, m, &m->trees[1], page_size))
        return MEMO_ECORRUPT;
    if ((uint64_t)st.st_size >= size)
        return 0;
    /* Only fallocate makes a file longer without ever making it shorter when
     * another process writes at the same time. */
    off_t missing = (off_t)size - st.st_size;
    if (!writable || missing > MOST_MISSING || fallocate(fd, 0, st.st_size, missing))
        return MEMO_ECORRUPT;
    *was_short = true;
    return 0;
}

int memo__mdb_guard(const char *path, bool writable, bool *was_short)
{
    char file[4096];
    *was_short = false;
    int err = file_path(file, sizeof file, path, "data.mdb");
    if (err)
        return err;
    int fd = open(file, (writable ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return access(file, F_OK) ? 0 : MEMO_EIO;
    err = check(fd, writable, was_short);
    close(fd);
    return err;
}

static int rename_one(const char *path, const char *name)
{
    char from[4096], to[4096 + 16];
    int err = file_path(from, sizeof from, path, name);
    if (err)
        return err;
    snprintf(to, sizeof to, "%s.damaged", from);
    return rename(from, to) ? MEMO_EIO : 0;
}

/* Whether data.mdb is this file; 0: whichever it is. */
static bool is_file(const char *path, uint64_t inode)
{
    char file[4096];
    struct stat st;
    return !inode || (!file_path(file, sizeof file, path, "data.mdb") && !stat(file, &st) &&
                      (uint64_t)st.st_ino == inode);
}

int memo__mdb_set_aside(const char *path, bool force, uint64_t inode)
{
    bool was_short;
    int err = 0, dir = memo__door_lock(path);
    if (dir < 0)
        return MEMO_EIO;
    if (is_file(path, inode) &&
        (force || memo__mdb_guard(path, false, &was_short) == MEMO_ECORRUPT)) {
        err = rename_one(path, "data.mdb");
        (void)rename_one(path, "lock.mdb"); /* may not be there */
    }
    memo__door_unlock_dir(dir);
    return err;
}

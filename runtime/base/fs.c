/* fs.c - files and directories. */
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"

/* f_type of statfs(2); not all are in linux/magic.h. */
static const unsigned long network[] = {
    0x6969,     /* NFS */
    0x517b,     /* SMB */
    0xff534d42, /* CIFS */
    0xfe534d42, /* SMB2 */
    0x01021997, /* 9p */
    0x5346414f, /* AFS */
    0x6b414653, /* kAFS */
    0x73757245, /* Coda */
    0x65735546, /* FUSE: sshfs and others; a local one can't be told apart */
    0x0bd00bd0, /* Lustre */
    0x47504653, /* GPFS */
    0x00c36400, /* Ceph */
    0x7461636f, /* OCFS2 */
    0x01161970, /* GFS2 */
    0x19830326, /* BeeGFS */
    0xaad7aaea, /* PanFS */
    0x013661b6, /* WekaFS */
    0x564c,     /* NCP */
    0x20030528, /* OrangeFS */
};

static const char *pretended_start = "";
static unsigned long pretended;

void memo__fs_pretend(const char *start, unsigned long magic)
{
    pretended_start = start;
    pretended = magic;
}

bool memo__is_network_fs(const char *path)
{
    struct statfs s;
    unsigned long type = pretended;
    if (!type || strncmp(path, pretended_start, strlen(pretended_start)) != 0) {
        if (statfs(path, &s))
            return false;
        type = (unsigned long)s.f_type & 0xffffffffu;
    }
    for (size_t i = 0; i < sizeof network / sizeof *network; i++)
        if (type == network[i])
            return true;
    return false;
}

static int make_one(const char *path)
{
    struct stat st;
    if (!mkdir(path, 0700))
        return 0;
    int e = errno;
    if (!stat(path, &st)) {
        if (S_ISDIR(st.st_mode))
            return 0;
        e = ENOTDIR;
    }
    errno = e;
    return memo__error_of_errno(e);
}

int memo__mkdirs(const char *path)
{
    char *copy = memo__strdup(path);
    int err = 0;
    if (!copy) {
        errno = ENOMEM;
        return MEMO_ENOMEM;
    }
    for (char *p = copy + 1; *copy && *p && !err; p++) {
        if (*p != '/' || p[-1] == '/')
            continue;
        *p = '\0';
        err = make_one(copy);
        *p = '/';
    }
    if (!err)
        err = make_one(copy);
    int e = errno;
    memo__free(copy);
    errno = e;
    return err;
}

int memo__write_all(int fd, const void *data, size_t len)
{
    const char *p = data;
    while (len) {
        ssize_t n = write(fd, p, len < (1u << 30) ? len : 1u << 30);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return memo__error_of_errno(errno);
        }
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int memo__write_file(const char *path, const void *data, size_t len)
{
    char temp[4096];
    int n = snprintf(temp, sizeof temp, "%s.%lx-%llx.tmp", path, (unsigned long)getpid(),
                     (unsigned long long)memo__monotonic_ns());
    if (n < 0 || (size_t)n >= sizeof temp) {
        errno = ENAMETOOLONG;
        return MEMO_EIO;
    }
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return memo__error_of_errno(errno);
    int err = memo__write_all(fd, data, len);
    int e = errno;
    if (close(fd) && !err) {
        e = errno;
        err = memo__error_of_errno(e);
    }
    if (!err && rename(temp, path)) {
        e = errno;
        err = memo__error_of_errno(e);
    }
    if (err)
        unlink(temp);
    errno = e;
    return err;
}

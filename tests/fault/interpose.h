/* interpose.h - functions of the C library in front of its own, for one test
 * program: faults on command, and a clock that can be set.
 *
 * What a program defines comes before what the C library defines, for LMDB and for
 * the runtime as well. Settings are read from the environment at the first call:
 *
 *   FAULT=pwrite:5:3      the third pwrite and all after it fail with errno 5
 *   FAULT=open:5:1        of files below MEMOCC_DIR only
 *   CLOCK_OFFSET=-3600    CLOCK_REALTIME is an hour behind
 *   FILE_SYSTEM=6969      statfs says this type, in hex
 *   FILE_SYSTEM_OF=/x     only of paths that begin so
 */
#ifndef TESTS_FAULT_INTERPOSE_H
#define TESTS_FAULT_INTERPOSE_H

#include <dlfcn.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/vfs.h>

#include "fault/program.h"

static struct {
    bool is_read;
    char name[32];
    int error;
    long from, n; /* n: __atomic */
    long long clock_offset;
    const char *dir;
} fault;

static void read_settings(void)
{
    const char *what = getenv("FAULT"), *offset = getenv("CLOCK_OFFSET"), *colon;

    fault.is_read = true;
    fault.dir = getenv("MEMOCC_DIR");
    if (offset)
        fault.clock_offset = strtoll(offset, NULL, 10);
    if (!what || !(colon = strchr(what, ':')))
        return;
    snprintf(fault.name, sizeof fault.name, "%.*s", (int)(colon - what), what);
    fault.error = (int)strtol(colon + 1, NULL, 10);
    colon = strchr(colon + 1, ':');
    fault.from = colon ? strtol(colon + 1, NULL, 10) : 1;
}

static bool fails(const char *name)
{
    if (!fault.is_read)
        read_settings();
    if (strcmp(fault.name, name) != 0 ||
        __atomic_add_fetch(&fault.n, 1, __ATOMIC_RELAXED) < fault.from)
        return false;
    errno = fault.error;
    return true;
}

/* A path that is the store's business. */
static bool is_ours(const char *path)
{
    if (!fault.is_read)
        read_settings();
    return fault.dir && strncmp(path, fault.dir, strlen(fault.dir)) == 0;
}

#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

#define FORWARD(type, name, parameters, arguments)                                                 \
    type name parameters                                                                           \
    {                                                                                              \
        static __typeof__(&name) real;                                                             \
        if (fails(#name))                                                                          \
            return -1;                                                                             \
        if (!real)                                                                                 \
            real = REAL(name);                                                                     \
        return real arguments;                                                                     \
    }

FORWARD(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
FORWARD(ssize_t, pwritev, (int fd, const struct iovec *v, int n, off_t at), (fd, v, n, at))
FORWARD(ssize_t, pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
FORWARD(int, fdatasync, (int fd), (fd))
FORWARD(int, fsync, (int fd), (fd))
FORWARD(int, ftruncate, (int fd, off_t n), (fd, n))
FORWARD(int, fallocate, (int fd, int mode, off_t at, off_t n), (fd, mode, at, n))
FORWARD(int, rename, (const char *from, const char *to), (from, to))
FORWARD(int, flock, (int fd, int what), (fd, what))

/* Standard streams are the program's. */
ssize_t write(int fd, const void *p, size_t n)
{
    static __typeof__(&write) real;

    if (fd > 2 && fails("write"))
        return -1;
    if (!real)
        real = REAL(write);
    return real(fd, p, n);
}

int open(const char *path, int flags, ...)
{
    static __typeof__(&open) real;
    va_list args;
    unsigned mode;

    va_start(args, flags);
    mode = va_arg(args, unsigned);
    va_end(args);
    if (is_ours(path) && fails("open"))
        return -1;
    if (!real)
        real = REAL(open);
    return real(path, flags, mode);
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t from)
{
    static __typeof__(&mmap) real;

    if (fd > 2 && fails("mmap"))
        return MAP_FAILED;
    if (!real)
        real = REAL(mmap);
    return real(at, len, protection, flags, fd, from);
}

int statfs(const char *path, struct statfs *out)
{
    static __typeof__(&statfs) real;
    const char *type = getenv("FILE_SYSTEM"), *of = getenv("FILE_SYSTEM_OF");
    int rc;

    if (!real)
        real = REAL(statfs);
    rc = real(path, out);
    if (rc == 0 && type && (!of || strncmp(path, of, strlen(of)) == 0))
        out->f_type = (__typeof__(out->f_type))strtoul(type, NULL, 16);
    return rc;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    static __typeof__(&clock_gettime) real;
    int rc;

    if (!fault.is_read)
        read_settings();
    if (!real)
        real = REAL(clock_gettime);
    rc = real(id, t);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
        t->tv_sec += (time_t)fault.clock_offset;
    return rc;
}

#endif

/* fs.c - see fs.h. */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/panic.h"

bool fs_read_fd(int fd, struct strbuf *out)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        strbuf_reserve(out, (size_t)st.st_size + 1);
    for (;;) {
        strbuf_reserve(out, 16384);
        ssize_t n = read(fd, out->buf + out->len, out->cap - out->len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break;
        out->len += (size_t)n;
    }
    out->buf[out->len] = '\0';
    return true;
}

bool fs_read(const char *path, struct strbuf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fs_read_fd(fd, out);
    int error = errno;
    close(fd);
    errno = error;
    return ok;
}

bool fs_write(const char *path, const void *data, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    const char *p = data;
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            int error = errno;
            close(fd);
            errno = error;
            return false;
        }
        p += done;
        n -= (size_t)done;
    }
    return close(fd) == 0;
}

size_t fs_dir_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash + 1 - path) : 0;
}

const char *fs_base(const char *path)
{
    return path + fs_dir_len(path);
}

const char *fs_suffix(const char *path)
{
    const char *dot = strrchr(fs_base(path), '.');
    return dot ? dot : "";
}

bool fs_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool fs_same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

const char *fs_real_path(struct arena *a, const char *path)
{
    char buf[PATH_MAX];
    return realpath(path, buf) ? arena_strdup(a, buf) : NULL;
}

const char *fs_self(struct arena *a)
{
    const char *path = fs_real_path(a, "/proc/self/exe");
    if (!path)
        fatal("cannot read '/proc/self/exe': %s", strerror(errno));
    return path;
}

static bool is_program(const char *path)
{
    return fs_is_file(path) && access(path, X_OK) == 0;
}

const char *fs_find_program(struct arena *a, const char *name,
                            bool (*accept)(const char *path, void *arg), void *arg)
{
    if (strchr(name, '/'))
        return is_program(name) ? name : NULL;
    const char *dirs = getenv("PATH");
    if (!dirs)
        dirs = "/usr/local/bin:/usr/bin:/bin";
    for (;;) {
        size_t n = strcspn(dirs, ":");
        const char *path = n ? arena_printf(a, "%.*s/%s", (int)n, dirs, name) : name;
        if (is_program(path) && (!accept || accept(path, arg)))
            return n ? path : arena_printf(a, "./%s", name);
        if (!dirs[n])
            return NULL;
        dirs += n + 1;
    }
}

/* The directories still to be removed; kept outside any arena, because a panic
 * may come at any time. */
static char **temps;
static size_t n_temps;

const char *fs_temp_dir(struct arena *a)
{
    const char *where = getenv("TMPDIR");
    if (!where || !*where)
        where = "/tmp";
    char *path = arena_printf(a, "%s/memocc-XXXXXX", where);
    if (!mkdtemp(path))
        fatal("cannot create a directory in '%s': %s", where, strerror(errno));
    char **more = realloc(temps, (n_temps + 1) * sizeof *temps);
    char *copy = strdup(path);
    if (!more || !copy) {
        rmdir(path);
        fatal("out of memory");
    }
    temps = more;
    temps[n_temps++] = copy;
    return path;
}

static void remove_flat(const char *path)
{
    DIR *d = opendir(path);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    rmdir(path);
}

void fs_remove_temps(void)
{
    while (n_temps > 0) {
        n_temps--;
        remove_flat(temps[n_temps]);
        free(temps[n_temps]);
    }
    free(temps);
    temps = NULL;
}

bool fs_has_temps(void)
{
    return n_temps > 0;
}

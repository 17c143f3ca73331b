/* dir.c - which directory holds the store, and whether it may be used. */
#include "store/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/log.h"

static const char tag[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
                          "# This directory was created by memocc; its contents can be deleted.\n";
static const char ignore_all[] = "*\n";

static const char *env(const char *name)
{
    const char *value = secure_getenv(name);
    return value && *value ? value : NULL;
}

static int local_path(struct memo__buf *path)
{
    const char *tmp = env("TMPDIR");
    if (!tmp || *tmp != '/')
        tmp = "/var/tmp";
    path->len = 0;
    return memo__buf_addf(path, "%s/memocc-%lu", tmp, (unsigned long)geteuid());
}

int memo__dir_wanted(const char *configured, struct memo__buf *path)
{
    const char *base;
    if (configured && *configured)
        return memo__buf_addf(path, "%s", configured);
    if ((base = env("XDG_CACHE_HOME")) && *base == '/')
        return memo__buf_addf(path, "%s/memocc", base);
    if ((base = env("HOME")) && *base == '/')
        return memo__buf_addf(path, "%s/.cache/memocc", base);
    return local_path(path);
}

/* Asks for the nearest ancestor that exists. */
static bool is_network(const char *path)
{
    char at[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof at)
        return false;
    memcpy(at, path, len + 1);
    while (access(at, F_OK)) {
        char *slash = strrchr(at, '/');
        if (!slash)
            return memo__is_network_fs(".");
        if (slash == at)
            return memo__is_network_fs("/");
        *slash = '\0';
    }
    return memo__is_network_fs(at);
}

static int failed(const char *path, int err)
{
    memo__warn_once(MEMO__ONCE_DIR, "cannot use '%s': %s; results are not kept on disk", path,
                    strerror(errno));
    return err;
}

/* Only the user may write there: whoever can, can change what programs print. */
static int check_owner(const char *path, bool own_link)
{
    struct stat st;
    if (own_link && !lstat(path, &st) && S_ISLNK(st.st_mode)) {
        memo__warn_once(MEMO__ONCE_DIR, "'%s' is a symbolic link; results are not kept on disk",
                        path);
        return MEMO_EREFUSED;
    }
    if (stat(path, &st))
        return failed(path, memo__error_of_errno(errno));
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return failed(path, MEMO_EIO);
    }
    if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH)) {
        memo__warn_once(MEMO__ONCE_DIR, "'%s' %s; results are not kept on disk", path,
                        st.st_uid != geteuid() ? "belongs to another user"
                                               : "can be written by other users");
        return MEMO_EREFUSED;
    }
    return 0;
}

static void mark(int dir, const char *path, const char *name, const char *text, size_t len)
{
    struct memo__buf full = MEMO__BUF_INIT;
    if (faccessat(dir, name, F_OK, 0) && !memo__buf_addf(&full, "%s/%s", path, name))
        (void)memo__write_file(full.data, text, len); /* a help for other tools; not needed */
    memo__buf_release(&full);
}

static void mark_all(const char *path)
{
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return;
    mark(dir, path, "CACHEDIR.TAG", tag, sizeof tag - 1);
    mark(dir, path, ".gitignore", ignore_all, sizeof ignore_all - 1);
    close(dir);
}

static int open_at(const char *path, bool local, bool create, struct memo__dir *out)
{
    struct stat st;
    int err;
    if (stat(path, &st)) {
        if (errno != ENOENT)
            return failed(path, memo__error_of_errno(errno));
        if (!create)
            return MEMO_EREADONLY;
        if ((err = memo__mkdirs(path)))
            return failed(path, err);
    }
    if ((err = check_owner(path, local)))
        return err;
    char *real = realpath(path, NULL); /* the program may change its directory */
    if (!real)
        return failed(path, memo__error_of_errno(errno));
    out->path = memo__strdup(real);
    free(real);
    if (!out->path)
        return MEMO_ENOMEM;
    out->writable = !faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS);
    if (out->writable && create)
        mark_all(out->path);
    return 0;
}

int memo__dir_open(const char *configured, bool create, struct memo__dir *out)
{
    struct memo__buf path = MEMO__BUF_INIT;
    bool local = false;
    int err = memo__dir_wanted(configured, &path);
    if (!err && is_network(path.data)) {
        struct memo__buf instead = MEMO__BUF_INIT;
        err = local_path(&instead);
        if (!err && is_network(instead.data)) {
            memo__warn_once(MEMO__ONCE_NETWORK,
                            "'%s' and '%s' are on network file systems, which the store can't use; "
                            "results are not kept on disk",
                            path.data, instead.data);
            err = MEMO_EREFUSED;
        }
        if (!err)
            memo__warn_once(MEMO__ONCE_NETWORK,
                            "'%s' is on a network file system, which the store can't use; "
                            "using '%s'",
                            path.data, instead.data);
        memo__buf_release(&path);
        path = instead;
        local = true;
    }
    if (!err)
        err = open_at(path.data, local, create, out);
    memo__buf_release(&path);
    return err;
}

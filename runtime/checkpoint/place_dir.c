/* place_dir.c - which directory holds checkpoints, and whether it may be used. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/fs.h"
#include "checkpoint/place.h"
#include "checkpoint/place_files.h"
#include "store/dir.h"

static int failed(const char *path, char *why)
{
    int saved = errno;
    snprintf(why, MEMO__CK_WHY, "'%s': %s", path, strerror(saved));
    errno = saved;
    return memo__error_of_errno(saved);
}

/* Only the user may write there: whoever can, can change what programs do. */
static int check(const char *path, char *why)
{
    struct stat st;
    if (stat(path, &st))
        return failed(path, why);
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return failed(path, why);
    }
    if (st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH)))
        return 0;
    snprintf(why, MEMO__CK_WHY, "'%s' %s", path,
             st.st_uid == geteuid() ? "can be written by other users" : "belongs to another user");
    errno = EPERM;
    return MEMO_EREFUSED;
}

static int make(const char *path, char *why)
{
    if (!access(path, F_OK))
        return check(path, why);
    if (errno != ENOENT || memo__mkdirs(path))
        return failed(path, why);
    char *copy = memo__strdup(path);
    if (copy)
        (void)memo__ck_sync_dir(dirname(copy)); /* its own name; saves sync theirs */
    memo__free(copy);
    return check(path, why);
}

static int make_default(const char *store, struct memo__buf *path, char *why)
{
    int err = memo__dir_wanted(store, path);
    if (!err)
        err = make(path->data, why);
    if (!err && (err = memo__buf_addf(path, "/checkpoints")))
        errno = ENOMEM;
    return err;
}

int memo__ck_dir(const char *configured, const char *store, char **out, char why[MEMO__CK_WHY])
{
    struct memo__buf path = MEMO__BUF_INIT;
    char *real = NULL;
    snprintf(why, MEMO__CK_WHY, "%s", memo__strerror(MEMO_ENOMEM));
    int err = configured && *configured ? memo__buf_addf(&path, "%s", configured)
                                        : make_default(store, &path, why);
    if (!err)
        err = make(path.data, why);
    if (!err && !(real = realpath(path.data, NULL)))
        err = failed(path.data, why);
    if (!err && !(*out = memo__strdup(real)))
        err = MEMO_ENOMEM;
    int saved = errno;
    free(real);
    memo__buf_release(&path);
    errno = saved;
    return err;
}

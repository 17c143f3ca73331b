/* place_files.c - names in the directory of checkpoints.
 *
 * Numbers in names are read back strictly; what isn't one of ours is left alone. */
#include "checkpoint/place_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/quiet.h"

static const char *const states[] = {".a.ckpt", ".b.ckpt"};
static const char copy_mark[] = ".stream-", temp_mark[] = ".tmp-", lock_mark[] = ".lock";

static int full_path(char out[PATH_MAX], const char *dir, const char *start, const char *end)
{
    int n = snprintf(out, PATH_MAX, "%s/%s%s", dir, start, end);
    if (n > 0 && n < PATH_MAX)
        return 0;
    errno = ENAMETOOLONG;
    return MEMO_EIO;
}

int memo__ck_path(char out[PATH_MAX], const struct memo__ck_place *p, const char *suffix)
{
    return full_path(out, p->dir, p->id, suffix);
}

void memo__ck_loop_of(char loop[MEMO__CK_ID], const char *id)
{
    size_t len = strcspn(id, ".");
    memcpy(loop, id, len);
    loop[len] = '\0';
}

#define HIGH 100

int memo__ck_open_high(const char *path, int flags)
{
    int fd = open(path, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || fd >= HIGH)
        return fd;
    int other = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
    if (other < 0 && fd > 2)
        return fd;
    if (other < 0)
        other = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int saved = errno;
    close(fd);
    errno = saved;
    return other;
}

int memo__ck_sync_dir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
    if (fd < 0)
        return memo__error_of_errno(errno);
    while (fsync(fd))
        if (errno == EINVAL || errno == ENOTSUP) { /* this file system has no need of it */
            break;
        } else if (errno != EINTR) {
            err = memo__error_of_errno(errno);
            break;
        }
    int saved = errno;
    close(fd);
    errno = saved;
    return err;
}

static void remove_file(const char *dir, const char *name)
{
    char path[PATH_MAX];
    if (!full_path(path, dir, name, ""))
        unlink(path);
}

/* Calls `visit` for each name that begins with `start`. */
typedef void visit_name(void *arg, const char *dir, const char *name);
static void visit(const char *dir, const char *start, visit_name *fn, void *arg)
{
    size_t len = strlen(start);
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *entry; (entry = readdir(d));)
        if (!strncmp(entry->d_name, start, len))
            fn(arg, dir, entry->d_name);
    closedir(d);
}

static bool has_state(const char *dir, const char *name, size_t id_len)
{
    char path[PATH_MAX], id[NAME_MAX + 1];
    snprintf(id, sizeof id, "%.*s", (int)id_len, name);
    for (int i = 0; i < 2; i++)
        if (!full_path(path, dir, id, states[i]) && !access(path, F_OK))
            return true;
    return false;
}

static void sweep_one(void *arg, const char *dir, const char *name)
{
    bool *has_others = arg;
    const char *copy = strstr(name, copy_mark);
    if (strstr(name, temp_mark))
        remove_file(dir, name);
    else if (copy && !has_state(dir, name, (size_t)(copy - name)))
        remove_file(dir, name);
    else if (!strstr(name, lock_mark))
        *has_others = true;
}

bool memo__ck_sweep(const struct memo__ck_place *p)
{
    char loop[MEMO__CK_ID];
    bool has_others = false;
    memo__ck_loop_of(loop, p->id);
    visit(p->dir, loop, sweep_one, &has_others);
    return has_others;
}

struct inner {
    size_t start_len;
    uint64_t before;
};

static void remove_inner_one(void *arg, const char *dir, const char *name)
{
    const struct inner *inner = arg;
    const char *number = name + inner->start_len;
    char *end;
    errno = 0;
    uint64_t iteration = strtoull(number, &end, 16);
    if (end != number && *end == '.' && !errno && iteration < inner->before)
        remove_file(dir, name);
}

/* In any order: a state whose copies of streams are gone is found out, and not used. */
void memo__ck_remove_inner(const struct memo__ck_place *p, uint64_t iteration)
{
    char start[MEMO__CK_ID + 1];
    snprintf(start, sizeof start, "%s-", p->id);
    struct inner inner = {strlen(start), iteration};
    visit(p->dir, start, remove_inner_one, &inner);
}

struct own {
    const char *start;
    size_t start_len;
    bool has_others;
};

static void remove_own_one(void *arg, const char *dir, const char *name)
{
    struct own *own = arg;
    if (!strncmp(name, own->start, own->start_len))
        remove_file(dir, name);
    else if (!strstr(name, lock_mark))
        own->has_others = true;
}

bool memo__ck_remove_own(const struct memo__ck_place *p)
{
    char start[MEMO__CK_ID + 1], loop[MEMO__CK_ID];
    snprintf(start, sizeof start, "%s.", p->id);
    memo__ck_loop_of(loop, p->id);
    struct own own = {start, strlen(start), false};
    visit(p->dir, loop, remove_own_one, &own);
    return !own.has_others;
}

static void copy_suffix(char out[64], uint64_t n, uint64_t k)
{
    snprintf(out, 64, "%s%llu-%llu", copy_mark, (unsigned long long)n, (unsigned long long)k);
}

void memo__ck_remove_copy(const struct memo__ck_place *p, uint64_t n, uint64_t k)
{
    char path[PATH_MAX], suffix[64];
    copy_suffix(suffix, n, k);
    if (!memo__ck_path(path, p, suffix))
        unlink(path);
}

struct copies {
    size_t start_len;
    bool (*is_used)(void *arg, uint64_t n, uint64_t k);
    void *arg;
};

static void remove_copies_one(void *arg, const char *dir, const char *name)
{
    const struct copies *c = arg;
    unsigned long long n, k;
    char rest;
    if (sscanf(name + c->start_len, "%llu-%llu%c", &n, &k, &rest) == 2 && !c->is_used(c->arg, n, k))
        remove_file(dir, name);
}

void memo__ck_remove_copies(const struct memo__ck_place *p,
                            bool (*is_used)(void *arg, uint64_t n, uint64_t k), void *arg)
{
    char start[MEMO__CK_ID + sizeof copy_mark];
    snprintf(start, sizeof start, "%s%s", p->id, copy_mark);
    struct copies c = {strlen(start), is_used, arg};
    visit(p->dir, start, remove_copies_one, &c);
}

int memo__ck_copy_write(int fd, uint64_t offset, const void *data, size_t len)
{
    struct memo__quiet quiet;
    memo__quiet_begin(&quiet, SIGXFSZ);
    int err = memo__ck_write_at(fd, offset, data, len);
    memo__quiet_end(&quiet);
    return err;
}

int memo__ck_copy_sync(int fd)
{
    while (fsync(fd))
        if (errno == EINVAL) /* this file system has no need of it */
            return 0;
        else if (errno != EINTR)
            return memo__error_of_errno(errno);
    return 0;
}

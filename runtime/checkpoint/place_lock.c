/* place_lock.c - one process owns the states of a loop. */
#include "checkpoint/place_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/log.h"
#include "checkpoint/owner.h"
#include "checkpoint/place.h"
#include "checkpoint/place_files.h"

#define MAX_IDLE 16u                       /* descriptors that nobody uses now */
#define MAX_TRIES 1000                     /* others may come and go */
#define TRUST_NS ((uint64_t)100 * 1000000) /* it is held as long, once it was seen to be */
#define MAX_WAIT_NS (60 * 1000000000ull)   /* for an owner that is about to end */

struct memo__ck_lock {
    struct memo__ck_lock *next;
    char *path;
    int fd;            /* -1: nothing is locked: lost, or */
    bool is_void;      /* nothing can be locked */
    uint64_t dev, ino; /* of the file behind fd: a program may close what isn't its own */
    unsigned n_users;
    uint64_t checked_ns;              /* when it was last seen to be held */
    uint64_t n_touched, n_known_gone; /* atomic; equal: there are no files */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* the list and what is in it */
static struct memo__ck_lock *locks;
static unsigned n_idle;
static pid_t process; /* __atomic; 0: not known */

static bool is_same(const struct stat *st, const struct memo__ck_lock *l)
{
    return st->st_dev == l->dev && st->st_ino == l->ino;
}

/* Whether the descriptor and the name still are those of the file that was locked. */
static bool is_held(const struct memo__ck_lock *l)
{
    struct stat open_file, named;
    return l->is_void || (l->fd >= 0 && !fstat(l->fd, &open_file) && is_same(&open_file, l) &&
                          !stat(l->path, &named) && is_same(&named, l));
}

static void close_ours(struct memo__ck_lock *l)
{
    struct stat st;
    if (l->fd >= 0 && !fstat(l->fd, &st) && is_same(&st, l))
        close(l->fd);
    l->fd = -1;
}

static int open_below(const char *path)
{
    char dir[PATH_MAX];
    int fd = memo__ck_open_high(path, O_RDWR | O_CREAT);
    const char *slash = strrchr(path, '/');
    if (fd >= 0 || errno != ENOENT || !slash || slash == path ||
        (size_t)(slash - path) >= sizeof dir)
        return fd;
    memcpy(dir, path, (size_t)(slash - path));
    dir[slash - path] = '\0';
    return memo__mkdirs(dir) ? -1 : memo__ck_open_high(path, O_RDWR | O_CREAT);
}

static int set_lock(int fd, pid_t *owner)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int tries = 0;
    while (fcntl(fd, F_SETLK, &lock))
        if (errno == EAGAIN || errno == EACCES) {
            if (!fcntl(fd, F_GETLK, &lock) && lock.l_type == F_UNLCK && tries++ < MAX_TRIES) {
                lock.l_type = F_WRLCK; /* just given back */
                continue;
            }
            *owner = lock.l_type != F_UNLCK && lock.l_pid > 0 ? lock.l_pid : 0;
            return MEMO_EBUSY;
        } else if (errno != EINTR) {
            return MEMO_EOFF;
        }
    return 0;
}

/* MEMO_EMISS: the file was removed by the one that had it; once more. */
static int lock_once(struct memo__ck_lock *l, pid_t *owner)
{
    struct stat st, named;
    l->fd = open_below(l->path);
    if (l->fd < 0)
        return memo__error_of_errno(errno);
    if (fstat(l->fd, &st) || !S_ISREG(st.st_mode)) {
        close(l->fd);
        l->fd = -1;
        errno = EINVAL;
        return MEMO_EIO;
    }
    l->dev = st.st_dev;
    l->ino = st.st_ino;
    int err = set_lock(l->fd, owner);
    if (!err && (stat(l->path, &named) || !is_same(&named, l)))
        err = MEMO_EMISS;
    if (err) {
        close(l->fd);
        l->fd = -1;
    }
    return err;
}

static int lock_it(struct memo__ck_lock *l, pid_t *owner)
{
    int err = MEMO_EMISS;
    uint64_t begin = memo__monotonic_ns();
    for (int i = 0; i < MAX_TRIES && err == MEMO_EMISS; i++) {
        err = lock_once(l, owner);
        /* A run that was killed while it wrote ends when the disk has answered. */
        while (err == MEMO_EBUSY && memo__ck_owner_is_dying(*owner) &&
               memo__monotonic_ns() - begin < MAX_WAIT_NS) {
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
            err = lock_once(l, owner);
        }
    }
    if (err == MEMO_EMISS)
        return MEMO_EIO;
    if (err == MEMO_EOFF) {
        l->is_void = true;
        memo__warn_once(MEMO__ONCE_CHECKPOINT_LOCK,
                        "files in '%.*s' can't be locked: nothing keeps two instances of a "
                        "program apart there",
                        (int)(strrchr(l->path, '/') - l->path), l->path);
        err = 0;
    }
    return err;
}

pid_t memo__ck_lock_process(void)
{
    pid_t known = __atomic_load_n(&process, __ATOMIC_RELAXED);
    if (!known) {
        known = getpid();
        __atomic_store_n(&process, known, __ATOMIC_RELAXED);
    }
    return known;
}

static void unlink_from_list(struct memo__ck_lock *l)
{
    struct memo__ck_lock **at = &locks;
    while (*at && *at != l)
        at = &(*at)->next;
    if (*at)
        *at = l->next;
}

static void free_lock(struct memo__ck_lock *l)
{
    memo__free(l->path);
    memo__free(l);
}

/* Removed while it is locked: who opened it meanwhile sees that. */
static void drop(struct memo__ck_lock *l)
{
    if (!l->is_void && getpid() == memo__ck_lock_process() && is_held(l))
        unlink(l->path);
    close_ours(l);
    unlink_from_list(l);
    free_lock(l);
}

static bool is_of(const struct memo__ck_lock *l, const char *dir, const char *loop)
{
    size_t dir_len = strlen(dir), loop_len = strlen(loop);
    return !strncmp(l->path, dir, dir_len) && l->path[dir_len] == '/' &&
           !strncmp(l->path + dir_len + 1, loop, loop_len) &&
           !strcmp(l->path + dir_len + 1 + loop_len, ".lock");
}

static struct memo__ck_lock *find(const char *dir, const char *loop)
{
    struct memo__ck_lock *l = locks;
    while (l && !is_of(l, dir, loop))
        l = l->next;
    return l;
}

static int path_of(char out[PATH_MAX], const char *dir, const char *loop)
{
    int n = snprintf(out, PATH_MAX, "%s/%s.lock", dir, loop);
    if (n > 0 && n < PATH_MAX)
        return 0;
    errno = ENAMETOOLONG;
    return MEMO_EIO;
}

static struct memo__ck_lock *new_lock(const char *path)
{
    struct memo__ck_lock *l = memo__calloc(1, sizeof *l);
    if (l && !(l->path = memo__strdup(path))) {
        memo__free(l);
        l = NULL;
    }
    if (!l)
        errno = ENOMEM;
    return l;
}

static int take_known(struct memo__ck_lock *l, bool *is_new, pid_t *owner)
{
    uint64_t now = memo__monotonic_ns();
    int err = 0;
    if (now - l->checked_ns >= TRUST_NS && !is_held(l)) {
        close_ours(l);
        if ((err = lock_it(l, owner)))
            return err;
        *is_new = true;
    }
    if (now - l->checked_ns >= TRUST_NS)
        l->checked_ns = now;
    n_idle -= l->n_users == 0;
    l->n_users++;
    return 0;
}

static int take_unknown(const char *dir, const char *loop, struct memo__ck_lock **out, pid_t *owner)
{
    char path[PATH_MAX];
    int err = path_of(path, dir, loop);
    if (err)
        return err;
    struct memo__ck_lock *l = new_lock(path);
    if (!l)
        return MEMO_ENOMEM;
    err = lock_it(l, owner);
    if (err) {
        int saved = errno;
        free_lock(l);
        errno = saved;
        return err;
    }
    l->n_users = 1;
    l->checked_ns = memo__monotonic_ns();
    l->next = locks;
    locks = l;
    *out = l;
    return 0;
}

int memo__ck_lock_take(const char *dir, const char *loop, struct memo__ck_lock **out, pid_t *owner,
                       void (*first_look)(void *arg, struct memo__ck_lock *), void *arg)
{
    bool is_new = false;
    int err;
    *owner = 0;
    pthread_mutex_lock(&mutex);
    struct memo__ck_lock *l = find(dir, loop);
    if (l) {
        err = take_known(l, &is_new, owner);
    } else {
        err = take_unknown(dir, loop, &l, owner);
        is_new = true;
    }
    if (!err && is_new && !l->is_void && first_look)
        first_look(arg, l);
    int saved = errno;
    pthread_mutex_unlock(&mutex);
    errno = saved;
    if (!err)
        *out = l;
    return err;
}

struct memo__ck_lock *memo__ck_lock_share(const char *dir, const char *loop)
{
    pthread_mutex_lock(&mutex);
    struct memo__ck_lock *l = find(dir, loop);
    if (l && !l->n_users)
        l = NULL;
    if (l)
        l->n_users++;
    pthread_mutex_unlock(&mutex);
    return l;
}

int memo__ck_lock_check(struct memo__ck_lock *l)
{
    pid_t owner;
    int err = 0;
    pthread_mutex_lock(&mutex);
    if (!is_held(l)) {
        close_ours(l);
        err = lock_it(l, &owner);
    }
    pthread_mutex_unlock(&mutex);
    return err;
}

bool memo__ck_lock_is_void(const struct memo__ck_lock *l)
{
    pthread_mutex_lock(&mutex);
    bool is_void = l->is_void;
    pthread_mutex_unlock(&mutex);
    return is_void;
}

void memo__ck_lock_give(struct memo__ck_lock *l, bool is_brief)
{
    pthread_mutex_lock(&mutex);
    if (!--l->n_users) {
        if (is_brief && n_idle < MAX_IDLE)
            n_idle++;
        else
            drop(l);
    }
    pthread_mutex_unlock(&mutex);
}

void memo__ck_lock_touched(struct memo__ck_lock *l)
{
    __atomic_fetch_add(&l->n_touched, 1, __ATOMIC_RELEASE);
}

bool memo__ck_lock_has_files(struct memo__ck_lock *l, uint64_t *mark)
{
    *mark = __atomic_load_n(&l->n_touched, __ATOMIC_ACQUIRE);
    return *mark != __atomic_load_n(&l->n_known_gone, __ATOMIC_ACQUIRE);
}

void memo__ck_lock_are_none(struct memo__ck_lock *l, uint64_t mark)
{
    __atomic_store_n(&l->n_known_gone, mark, __ATOMIC_RELEASE);
}

static void drop_idle(void)
{
    struct memo__ck_lock *next;
    for (struct memo__ck_lock *l = locks; l; l = next) {
        next = l->next;
        if (!l->n_users)
            drop(l);
    }
    n_idle = 0;
}

void memo__ck_places_exit(void)
{
    pthread_mutex_lock(&mutex);
    drop_idle();
    pthread_mutex_unlock(&mutex);
}

/* The child may enter loops that the parent has left. */
void memo__ck_places_fork_prepare(void)
{
    pthread_mutex_lock(&mutex);
    drop_idle();
}

/* The locks are the parent's, and closing a descriptor here doesn't free them. Locks that
 * the parent's places refer to stay in memory. */
void memo__ck_places_fork_done(bool is_child)
{
    struct memo__ck_lock *next;
    if (!is_child) {
        pthread_mutex_unlock(&mutex);
        return;
    }
    __atomic_store_n(&process, getpid(), __ATOMIC_RELAXED);
    for (struct memo__ck_lock *l = locks; l; l = next) {
        next = l->next;
        close_ours(l);
        if (!l->n_users)
            free_lock(l);
    }
    locks = NULL;
    n_idle = 0;
    pthread_mutex_init(&mutex, NULL);
}

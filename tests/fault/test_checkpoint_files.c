/* test_checkpoint_files.c - saves that fail at each call, on a full disk, and those of a
 * process that is killed: what was saved before stays, and nothing else is left. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/log.h"
#include "unit/checkpoint_help.h"

/* ---- the n-th call of one function of the C library fails, or writes less */

static struct {
    const char *name;
    int error; /* 0: a short write */
    long n;
} fault;

static bool fails(const char *name)
{
    if (!fault.name || strcmp(fault.name, name) != 0 || --fault.n)
        return false;
    errno = fault.error;
    return true;
}

#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))
#define FORWARD(name, parameters, arguments)                                                       \
    int name parameters                                                                            \
    {                                                                                              \
        return fails(#name) ? -1 : REAL(name) arguments;                                           \
    }

FORWARD(fsync, (int fd), (fd))
FORWARD(rename, (const char *from, const char *to), (from, to))

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    if (!fails("pwrite"))
        return REAL(pwrite)(fd, p, n, at);
    return fault.error ? -1 : REAL(pwrite)(fd, p, n / 2, at);
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    unsigned mode = va_arg(args, unsigned);
    va_end(args);
    return fails("open") ? -1 : REAL(open)(path, flags, mode);
}

static void (*before_lock)(void);

/* Of locks only. */
int fcntl(int fd, int command, ...)
{
    va_list args;
    va_start(args, command);
    void *argument = va_arg(args, void *);
    va_end(args);
    if (command == F_SETLK && before_lock) {
        void (*hook)(void) = before_lock;
        before_lock = NULL;
        hook();
    }
    return command == F_SETLK && fails("fcntl") ? -1 : REAL(fcntl)(fd, command, argument);
}

/* ---- a place with a state or two */

static struct memo__ck_identity identity;
static struct memo__ck_file state;
static struct memo__ck_blob blobs[4];
static unsigned char *data;
enum { LEN = 3 << 20 };

static int save(struct memo__ck_place *p, uint64_t iteration, size_t len)
{
    help_state(&state, blobs, data, len);
    memcpy(data, &iteration, sizeof iteration);
    state.iteration = iteration;
    return memo__ck_place_write(p, &state);
}

/* The iteration of the newest whole one, whose content is right; 0: none. */
static uint64_t newest(struct memo__ck_place *p, unsigned n_damaged)
{
    struct memo__ck_damage damage;
    struct memo__ck_file got;
    int err = memo__ck_place_read(p, 0, &got, &damage);
    CHECK_EQ(damage.n_damaged, n_damaged);
    if (err) {
        CHECK_EQ(err, MEMO_EMISS);
        return 0;
    }
    uint64_t iteration = got.iteration;
    memcpy(data, &iteration, sizeof iteration);
    CHECK_MEM(got.blobs[2].data, data, got.blobs[2].len);
    memo__ck_file_release(&got);
    return iteration;
}

static int n_files(const char *dir)
{
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *entry; d && (entry = readdir(d));)
        n += entry->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static void open_place(struct memo__ck_place *p, const char *dir)
{
    pid_t owner;
    CHECK_EQ(memo__ck_place_open(p, dir, &identity, false, &owner), 0);
}

/* Interrupted and short writes are no failures; all else is one, and is harmless. */
static void each_call(const char *name, int error, int want, unsigned n_calls)
{
    struct memo__ck_place p;
    unsigned n = 0;
    uint64_t at = 1;
    int err;
    help_new_dir();
    open_place(&p, help_dir);
    CHECK_EQ(save(&p, at++, 100), 0);
    do {
        fault.name = name;
        fault.error = error;
        fault.n = ++n;
        err = save(&p, at, LEN);
        bool came = fault.n <= 0;
        fault.name = NULL;
        CHECK(err == 0 || err == want);
        CHECK(came || !err);
        uint64_t got = newest(&p, 0);
        CHECK(got == at || (err && got == at - 1)); /* saved, but not known to be durable */
        CHECK(n_files(help_dir) == 2 || n_files(help_dir) == 3); /* no temporary one */
        if (err)                                                 /* the next one succeeds */
            CHECK_EQ(save(&p, at, 100), 0);
        at++;
        if (!came)
            break;
    } while (n < 1000);
    CHECK_EQ(n, n_calls + 1);
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK_EQ(n_files(help_dir), 0);
}

/* Where nothing can be locked: once a line, and on it goes. */
static void no_locks(void)
{
    struct memo__ck_place p;
    static const int errors[] = {ENOLCK, EINVAL, EOPNOTSUPP, ENOSYS};
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++) {
        help_new_dir();
        memo__warn_reset();
        for (int k = 0; k < 2; k++) {
            fault.name = "fcntl";
            fault.error = errors[i];
            fault.n = 1;
            open_place(&p, help_dir);
            fault.name = NULL;
            CHECK_EQ(newest(&p, 0), k);
            CHECK_EQ(save(&p, (uint64_t)k + 1, 100), 0);
            p.opened_ns = 0; /* long ago */
            memo__ck_place_close(&p);
        }
        CHECK_EQ(memo__warn_count(MEMO__ONCE_CHECKPOINT_LOCK), 2);
    }
}

/* The file was removed by its owner since it was opened: it is worth nothing, whether another
 * process has made it anew or nobody has. */
static int ready[2], hold[2];
static pid_t other;

static void lock_path(char path[600])
{
    snprintf(path, 600, "%s/%.32s.lock", help_dir, identity.id);
}

static void remove_lock(void)
{
    char path[600];
    lock_path(path);
    CHECK_EQ(unlink(path), 0);
}

/* In another process, while ours is between opening and locking. */
static void take_over(void)
{
    char c = 'x', path[600];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    remove_lock();
    lock_path(path);
    CHECK_EQ(pipe(ready) | pipe(hold), 0);
    if (!(other = fork())) {
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        close(hold[1]);
        _exit(fd < 0 || fcntl(fd, F_SETLK, &lock) || write(ready[1], &c, 1) != 1 ||
              read(hold[0], &c, 1) != 0);
    }
    CHECK_EQ(read(ready[0], &c, 1), 1);
}

static void removed_in_between(void)
{
    struct memo__ck_place p;
    struct stat st;
    pid_t owner;
    char path[600];
    int status;
    help_new_dir();
    before_lock = take_over;
    CHECK_EQ(memo__ck_place_open(&p, help_dir, &identity, false, &owner), MEMO_EBUSY);
    CHECK_EQ(owner, other);
    for (int i = 0; i < 2; i++)
        close(ready[i]), close(hold[i]);
    CHECK_EQ(waitpid(other, &status, 0), other);
    CHECK_EQ(status, 0);

    before_lock = remove_lock;
    open_place(&p, help_dir);
    lock_path(path);
    CHECK_EQ(stat(path, &st), 0); /* made again */
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK_EQ(n_files(help_dir), 0);
}

static void file_limit(void)
{
    struct memo__ck_place p;
    struct rlimit before, small;
    help_new_dir();
    open_place(&p, help_dir);
    CHECK_EQ(save(&p, 1, 100), 0);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1 << 20; /* SIGXFSZ keeps its default action */
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(save(&p, 2, LEN), MEMO_EFULL);
        CHECK_EQ(newest(&p, 0), 1);
    }
    int fd;
    uint64_t k;
    CHECK_EQ(memo__ck_copy_new(&p, 0, &k, &fd), 0);
    CHECK_EQ(memo__ck_copy_write(fd, 0, data, LEN), MEMO_EFULL);
    close(fd);
    CHECK_EQ(save(&p, 3, 1000), 0);
    setrlimit(RLIMIT_FSIZE, &before);
    CHECK_EQ(newest(&p, 0), 3);
    memo__ck_place_remove(&p);
}

/* A file system with room for one state and a half, where that may be mounted. */
static void full_disk(void)
{
    struct memo__ck_place p;
    char dir[1024];
    snprintf(dir, sizeof dir, "%s/small", help_new_dir());
    mkdir(dir, 0700);
    if (mount("none", dir, "tmpfs", 0, "size=5m,mode=0700")) {
        fprintf(stderr, "no small file system here (%s)\n", strerror(errno));
        return;
    }
    open_place(&p, dir);
    CHECK_EQ(save(&p, 1, LEN), 0);
    CHECK_EQ(save(&p, 2, LEN), MEMO_EFULL);
    CHECK_EQ(n_files(dir), 2);
    CHECK_EQ(newest(&p, 0), 1);
    CHECK_EQ(save(&p, 3, 1 << 20), 0);
    CHECK_EQ(newest(&p, 0), 3);
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK_EQ(umount(dir), 0);
}

/* ---- kill -9 at any instant */

static void save_for_ever(int out)
{
    struct memo__ck_place p;
    open_place(&p, help_dir);
    uint64_t at = newest(&p, 0);
    alarm(60);
    for (;;) {
        at++;
        if (save(&p, at, 16 + help_mix(at) % LEN) || write(out, &at, sizeof at) != sizeof at)
            _exit(1);
    }
}

static void kills(long n)
{
    uint64_t last = 0, got;
    long with_temp = 0;
    help_new_dir();
    for (long i = 0; i < n; i++) {
        int ends[2], status;
        struct memo__ck_place p;
        CHECK_EQ(pipe(ends), 0);
        memo__ck_places_fork_prepare();
        pid_t pid = fork();
        memo__ck_places_fork_done(pid == 0);
        if (!pid)
            save_for_ever(ends[1]);
        close(ends[1]);
        if (i % 4) /* else also before the first */
            CHECK_EQ(read(ends[0], &last, sizeof last), (ssize_t)sizeof last);
        usleep((unsigned)(help_mix((uint64_t)i) % 8000));
        kill(pid, SIGKILL);
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        CHECK_EQ(status, SIGKILL);
        while (read(ends[0], &got, sizeof got) == sizeof got)
            last = got;
        close(ends[0]);
        with_temp += n_files(help_dir) > 3;
        open_place(&p, help_dir);
        CHECK(n_files(help_dir) <= 3);
        got = newest(&p, 0);
        CHECK(got == last || got == last + 1);
        last = got;
        memo__ck_place_close(&p);
        memo__ck_places_exit();
    }
    CHECK(with_temp > 0); /* some were killed while they wrote */
}

int main(void)
{
    static const struct memo__ck_process process = {"/bin/p", "/tmp", "p", 2};
    const char *nightly = getenv("MEMOCC_NIGHTLY");
    data = malloc(LEN);
    help_fill(data, 1, LEN);
    memo__ck_pretend(&process);
    CHECK_EQ(memo__ck_identify("loop", false, 0, NULL, 0, &identity), 0);
    each_call("pwrite", EINTR, 0, 6);
    each_call("pwrite", 0, 0, 6);
    each_call("pwrite", ENOSPC, MEMO_EFULL, 6);
    each_call("pwrite", EDQUOT, MEMO_EFULL, 6);
    each_call("pwrite", EIO, MEMO_EIO, 6);
    each_call("fsync", EINTR, 0, 2);
    each_call("fsync", EIO, MEMO_EIO, 2);
    each_call("rename", EIO, MEMO_EIO, 1);
    each_call("open", EACCES, MEMO_EREADONLY, 2);
    no_locks();
    removed_in_between();
    file_limit();
    full_disk();
    kills(nightly && *nightly && strcmp(nightly, "0") != 0 ? 1000 : 40);
    memo__ck_places_exit();
    help_clean();
    free(data);
    return check_result();
}

/* test_disk_space.c - no space, no memory, a bound that is exceeded. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <utime.h>

#include "base/log.h"
#include "unit/disk_help.h"

/* Runs it in a child, because limits can't be taken back. */
static void in_child(void (*test)(void))
{
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (!pid) {
        test();
        _exit(check_failures != 0);
    }
    waitpid(pid, &status, 0);
    CHECK_EQ(status, 0);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, bytes};
    CHECK_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* SIGXFSZ keeps its default action: it would end the child. */
static void file_limit_at_open(void)
{
    struct memo__disk_options o = {help_dir, 0, false};
    struct memo__disk *d = NULL;
    limit_files(0);
    CHECK(memo__disk_open(&o, &d) < 0);
}

static void file_limit_later(void)
{
    struct memo__disk_stats s;
    struct memo__disk *d = help_open(help_dir);
    unsigned there = 0;
    CHECK_EQ(help_put(d, 1, 0, 100, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    limit_files(256 << 10);
    for (uint64_t i = 1; i < 400; i++) {
        CHECK_EQ(help_put(d, 1, i, i % 10 ? 3000 : 700000, 0), 0);
        if (i % 50 == 0)
            (void)memo__disk_flush(d, 0);
    }
    CHECK_EQ(memo__disk_flush(d, 0), MEMO_EFULL);
    memo__disk_stats(d, &s);
    CHECK(s.no_space > 0);
    CHECK_EQ(memo__warn_count(MEMO__ONCE_FULL) > 0, 1);
    for (uint64_t i = 1; i < 400; i++)
        there += !help_get(d, 1, i, i % 10 ? 3000 : 700000);
    CHECK(there < 360); /* files of 700000 bytes can't be there */
    CHECK_EQ(help_get(d, 1, 0, 100), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0); /* nothing new failed */
    memo__disk_close(d);
}

/* A file system of 2 MB, where that may be mounted. */
static void full_disk(void)
{
    char path[1024];
    snprintf(path, sizeof path, "%s", help_path("small"));
    mkdir(path, 0700);
    if (mount("none", path, "tmpfs", 0, "size=2m,mode=0700")) {
        fprintf(stderr, "no small file system here (%s)\n", strerror(errno));
        return;
    }
    struct memo__disk *d = help_open(path);
    for (int round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < 300; i++)
            CHECK_EQ(help_put(d, 1, i, i % 30 ? 20000 : 900000, 0), 0);
        CHECK_EQ(memo__disk_flush(d, 0), MEMO_EFULL);
    }
    unsigned there = 0;
    for (uint64_t i = 0; i < 300; i++)
        there += !help_get(d, 1, i, i % 30 ? 20000 : 900000);
    CHECK(there < 250);
    size_t n;
    (void)memo__disk_del_all(d, NULL, &n); /* may need a page that isn't there */
    memo__disk_close(d);
    CHECK_EQ(umount(path), 0);
}

/* Each allocation fails in turn, from the opening to the closing. */
static void no_memory(void)
{
    for (long n = 1; n < 60; n++) {
        for (int stay = 0; stay < 2; stay++) {
            struct memo__disk_options o = {help_new_dir(), 0, false};
            struct memo__disk *d = NULL;
            struct memo__disk_key key = help_key(1, 1);
            uint64_t *hashes = NULL;
            size_t count;
            memo__alloc_fail_at(n, stay);
            int err = memo__disk_open(&o, &d);
            if (err) {
                memo__alloc_fail_at(0, 0);
                continue;
            }
            for (uint64_t i = 0; i < 5; i++)
                (void)help_put(d, 1, i, i == 3 ? 700000 : 50, 0);
            (void)memo__disk_flush(d, 0);
            for (uint64_t i = 0; i < 5; i++)
                (void)help_get(d, 1, i, i == 3 ? 700000 : 50);
            (void)memo__disk_describe(d, 1, help_digest, "text", 4);
            (void)memo__disk_del(d, &key);
            (void)memo__disk_gc(d, 0);
            if (!memo__disk_del_name(d, help_mix(1), &hashes, &count))
                memo__free(hashes);
            (void)memo__disk_flush(d, 0);
            memo__alloc_fail_at(0, 0);
            CHECK_EQ(help_put(d, 1, 9, 50, 0), 0);
            (void)memo__disk_flush(d, 0);
            CHECK_EQ(help_get(d, 1, 9, 50), 0);
            memo__disk_close(d);
        }
    }
}

static uint64_t bytes_below;

static int add_bytes(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)path;
    (void)ftw;
    if (flag == FTW_F)
        bytes_below += (uint64_t)st->st_size;
    return 0;
}

/* A store that is written to for ever stays within its bound, and keeps what
 * was used last. */
static void bound(size_t len, uint64_t n)
{
    const uint64_t max = 8 << 20;
    struct memo__disk_stats s;
    struct memo__disk *d = help_open_max(help_new_dir(), max);
    for (uint64_t i = 0; i < n; i++) {
        CHECK_EQ(help_put(d, 1, i, len, 0), 0);
        if (i % (n / 40) == 0)
            CHECK_EQ(memo__disk_flush(d, 0), 0);
    }
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    memo__disk_stats(d, &s);
    CHECK(s.used_bytes <= max);
    CHECK(s.used_bytes > max / 2);
    CHECK(s.evicted > 0);
    unsigned there = 0, late = 0;
    for (uint64_t i = 0; i < n; i++) {
        int is_there = !help_get(d, 1, i, len);
        there += (unsigned)is_there;
        late += is_there && i > n / 2;
    }
    CHECK_EQ(there + s.evicted, n);
    CHECK(late > there * 3 / 4);
    memo__disk_close(d);
    bytes_below = 0;
    nftw(help_dir, add_bytes, 8, FTW_PHYS);
    CHECK(bytes_below < max * 3); /* each transaction needs its pages twice for a while */
}

/* gc by hand; files that nobody refers to go when they are a day old. */
static void by_hand(void)
{
    struct memo__disk_stats s;
    struct utimbuf old = {1000000, 1000000};
    struct memo__disk *d = help_open(help_new_dir());
    for (uint64_t i = 0; i < 20; i++)
        CHECK_EQ(help_put(d, 1, i, 1000000, 0), 0);
    CHECK_EQ(memo__disk_gc(d, 0), 0);
    memo__disk_stats(d, &s);
    CHECK_EQ(s.evicted, 0);
    CHECK(s.used_bytes > 20000000);
    mkdir(help_path("objects/42"), 0700);
    static const char *const orphans[] = {
        "objects/42/0123456789abcdef0123456789abcdef0123456789abcdef-0123456789abcdef",
        "objects/42/0123456789abcdef0123456789abcdef0123456789abcdef-1123456789abcdef",
        "objects/42/0123456789abcdef0123456789abcdef0123456789abcdef-0123456789abcdef.tmp",
        "objects/42/README"};
    for (int i = 0; i < 4; i++) {
        close(open(help_path(orphans[i]), O_CREAT | O_WRONLY, 0600));
        if (i != 1)
            CHECK_EQ(utime(help_path(orphans[i]), &old), 0);
    }
    CHECK_EQ(memo__disk_gc(d, 10000000), 0);
    memo__disk_stats(d, &s);
    CHECK(s.used_bytes <= 8000000 && s.used_bytes > 5000000);
    CHECK_EQ(s.orphans, 2);
    CHECK(access(help_path(orphans[0]), F_OK) != 0);
    CHECK_EQ(access(help_path(orphans[1]), F_OK), 0);
    CHECK(access(help_path(orphans[2]), F_OK) != 0);
    CHECK_EQ(access(help_path(orphans[3]), F_OK), 0);
    unsigned there = 0;
    for (uint64_t i = 0; i < 20; i++)
        there += !help_get(d, 1, i, 1000000);
    CHECK_EQ(there + s.evicted, 20);
    CHECK(there >= 5);
    memo__disk_close(d);
}

int main(void)
{
    help_new_dir();
    in_child(file_limit_at_open);
    help_new_dir();
    in_child(file_limit_later);
    help_new_dir();
    in_child(full_disk);
    no_memory();
    bound(100, 200000);
    bound(3000, 20000);
    bound(700000, 200);
    by_hand();
    help_clean();
    return check_result();
}

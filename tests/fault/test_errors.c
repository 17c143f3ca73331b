/* Errors of the system, one after the other: at the first call, the second, a later
 * one; and disks that are full, in several ways. The program prints what it prints
 * without a cache, ends alike, and one line says what is wrong. */
#include "fault/interpose.h"

#include <pthread.h>
#include <sys/mount.h>
#include <sys/wait.h>

static void limit(int what, rlim_t n)
{
    struct rlimit l = {n, n};

    if (setrlimit((__rlimit_resource_t)what, &l) != 0)
        _exit(122);
}

static int child(const char *what)
{
    print_calls(0, 120);
    if (strcmp(what, "limited") == 0)
        limit(RLIMIT_FSIZE, 400000);
    if (strcmp(what, "few-files") == 0)
        limit(RLIMIT_NOFILE, 3);
    print_calls(60, 200);
    memo_flush();
    print_calls(100, 200);
    print_calls(0, 30);
    return 17;
}

/* At most one line for each of the two kinds that an error may turn out to be. */
static void few_lines(const char *name)
{
    if (n_lines_of_ours("run.err") > 2) {
        failures++;
        fprintf(stderr, "%s: too many lines:\n%s", name, text_of("run.err"));
    }
}

static const char *const names[] = {"pwrite", "pwritev",   "pread",     "fdatasync",
                                    "fsync",  "ftruncate", "fallocate", "write",
                                    "open",   "mmap",      "rename",    "flock"};

static long faults_seen(void)
{
    const char *p = text_of("stats.json");
    long n = 0;

    for (p = strstr(p, "\"faults\":{"); p && (p = strstr(p, "\":")) != NULL; p++)
        n += strtol(p + 2, NULL, 10);
    return n;
}

static void each_call(void)
{
    static const int errors[] = {EIO, ENOSPC, EDQUOT, EMFILE};
    static const long at[] = {1, 2, 3, 5, 9, 30};
    char setting[64];
    long n_faults = 0, n_said = 0;
    const char *dir = getenv("MEMOCC_DIR");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t e = 0; e < 4; e++)
            for (size_t k = 0; k < 6 && !failures; k++) {
                if ((i + e + k) % short_or_nightly(3, 1))
                    continue;
                if (k % 2 == 0)
                    remove_tree(dir);
                snprintf(setting, sizeof setting, "FAULT=%s:%d:%ld", names[i], errors[e], at[k]);
                SAME_AS_PLAIN("calls", setting, "MEMOCC_STATS=stats.json",
                              k % 2 ? "MEMOCC_MEMORY=0" : "A=", NULL);
                few_lines(setting);
                n_faults += faults_seen() > 0;
                n_said += n_lines_of_ours("run.err") > 0;
                if (failures)
                    return;
                SAME_AS_PLAIN("calls", "MEMOCC_MEMORY=0", NULL); /* what was left behind */
            }
    CHECK(n_faults > 5);
    CHECK(n_said > 10);
}

static void limits(void)
{
    const char *dir = getenv("MEMOCC_DIR");

    remove_tree(dir);
    SAME_AS_PLAIN("limited", "MEMOCC_MEMORY=0", NULL); /* SIGXFSZ has its default action */
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    remove_tree(dir);
    SAME_AS_PLAIN("few-files", NULL);
    few_lines("few-files");
}

/* ---- a file system of some KB ---- */

static bool mount_small(const char *path, const char *options)
{
    mkdir(path, 0700);
    return mount("none", path, "tmpfs", 0, options) == 0;
}

/* Nothing, one page, ... room for one file of the store but not for the next. */
static void full_disks(void)
{
    static const int sizes_kb[] = {4, 8, 12, 16, 64, 100, 128, 132, 140, 148, 200, 400, 2000};
    char options[64], path[32], dir[64];

    for (size_t i = 0; i < sizeof sizes_kb / sizeof sizes_kb[0]; i++) {
        snprintf(options, sizeof options, "size=%dk,mode=0700", sizes_kb[i]);
        snprintf(path, sizeof path, "small%d", sizes_kb[i]);
        snprintf(dir, sizeof dir, "MEMOCC_DIR=%s", path);
        if (!mount_small(path, options)) {
            fprintf(stderr, "no small file systems here (%s)\n", strerror(errno));
            return;
        }
        for (int warm = 0; warm < 3; warm++) {
            SAME_AS_PLAIN("calls", dir, warm == 1 ? "MEMOCC_MEMORY=0" : "A=", NULL);
            CHECK(n_lines_of_ours("run.err") > 0);
            few_lines(options); /* what was left half made is put aside */
        }
        CHECK_EQ(umount(path), 0);
        CHECK_EQ(rmdir(path), 0);
    }
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    each_call();
    limits();
    full_disks();
    return failures != 0;
}

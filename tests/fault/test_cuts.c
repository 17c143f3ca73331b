/* Files of the store cut short: before a program starts, at each 4 KB and at each
 * byte of their heads, and under a running program, also in threads that block all
 * signals. Misses and at most two lines; never another result, never an end. */
#include <pthread.h>

#include "fault/program.h"

#define N_CALLS 60

static const char *in_store(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", getenv("MEMOCC_DIR"), name);
    return path;
}

/* Without a cache there is nothing to cut. */
static void cut(const char *name, off_t size)
{
    if (truncate(in_store(name), size) != 0 && errno != ENOENT)
        _exit(123);
}

static void *calls(void *arg)
{
    sigset_t all;

    sigfillset(&all);
    if (arg)
        pthread_sigmask(SIG_BLOCK, &all, NULL);
    print_calls(0, N_CALLS);
    return NULL;
}

static void in_thread(bool blocks_signals)
{
    pthread_t thread;

    pthread_create(&thread, NULL, calls, blocks_signals ? &thread : NULL);
    pthread_join(thread, NULL);
}

static int child(const char *what)
{
    long size = strtol(what + 4, NULL, 10);

    print_calls(0, N_CALLS);
    if (strncmp(what, "data", 4) && strncmp(what, "both", 4) && strncmp(what, "lock", 4))
        return 20;
    memo_flush();
    if (*what != 'l')
        cut("data.mdb", size);
    if (*what != 'd')
        cut("lock.mdb", size);
    print_calls(0, N_CALLS);
    in_thread(false);
    in_thread(true);
    print_calls(0, N_CALLS + 10);
    memo_flush();
    print_calls(0, N_CALLS);
    return 21;
}

/* ---- */

static char sound[64][512]; /* copies of files: their paths in the store */
static unsigned n_sound;

static int keep_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    size_t len = strlen(getenv("MEMOCC_DIR"));

    (void)st;
    if (flag == FTW_F && n_sound < 64 &&
        (strstr(path, "/objects/") || strcmp(path + ftw->base, "data.mdb") == 0 ||
         strcmp(path + ftw->base, "lock.mdb") == 0 || strcmp(path + ftw->base, "stamp") == 0))
        snprintf(sound[n_sound++], sizeof sound[0], "%s", path + len + 1);
    return 0;
}

static off_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? st.st_size : 0;
}

static void restore_store(void)
{
    char command[1200];

    remove_tree(getenv("MEMOCC_DIR"));
    snprintf(command, sizeof command, "cp -a sound '%s'", getenv("MEMOCC_DIR"));
    CHECK_EQ(system(command), 0);
}

static void check_cut(const char *name, off_t size)
{
    char path[600];

    restore_store();
    snprintf(path, sizeof path, "%s", in_store(name));
    chmod(path, 0600);
    CHECK_EQ(truncate(path, size), 0);
    SAME_AS_PLAIN("calls", "MEMOCC_MEMORY=0", NULL);
    if (n_lines_of_ours("run.err") > 2 || failures) {
        failures++;
        fprintf(stderr, "%s cut to %ld:\n%s", name, (long)size, text_of("run.err"));
    }
}

static void before_start(void)
{
    long step = short_or_nightly(16, 1);
    char command[1200];

    SAME_AS_PLAIN("calls", NULL);
    nftw(getenv("MEMOCC_DIR"), keep_one, 8, FTW_PHYS);
    CHECK(n_sound >= 4);
    snprintf(command, sizeof command, "cp -a '%s' sound", getenv("MEMOCC_DIR"));
    CHECK_EQ(system(command), 0);
    for (unsigned i = 0; i < n_sound && !failures; i++) {
        char path[600];
        off_t size;

        snprintf(path, sizeof path, "sound/%s", sound[i]);
        size = size_of(path);
        for (off_t at = 0; at < 160 && at < size && !failures; at += step)
            check_cut(sound[i], at);
        for (off_t at = 4096, k = 0; at < size && !failures; at += 4096, k++)
            if (size < 300000 || k % (8 * step) == 0 || at + 4096 >= size)
                check_cut(sound[i], at - k % 2);
    }
}

static void under_a_program(void)
{
    static const char *const jobs[] = {
        "data0",      "data1", "data4096", "data8192", "data8193", "data12288", "data40960",
        "data100000", "lock0", "lock1",    "lock4096", "lock8192", "both0",     "both8192"};

    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        /* ThreadSanitizer itself falls over a mutex whose memory is gone. */
        if (HAS_TSAN && (*jobs[i] == 'l' || *jobs[i] == 'b'))
            continue;
        for (int warm = 0; warm < 2; warm++) {
            restore_store();
            if (!warm)
                remove_tree(getenv("MEMOCC_DIR"));
            SAME_AS_PLAIN(jobs[i], "MEMOCC_MEMORY=0", NULL);
            CHECK(n_lines_of_ours("run.err") <= 2);
        }
    }
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    before_start();
    under_a_program();
    return failures != 0;
}

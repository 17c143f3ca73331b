/* test_disk_processes.c - several processes on one store; killed ones; forks.
 *
 * What a flush returned for is there afterwards, whatever happens to whom. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "unit/disk_help.h"

#define PROCESSES 8
#define EACH 400

#ifdef __SANITIZE_ADDRESS__ /* its allocator's locks don't survive a fork among threads */
#define MAY_FORK 0
#else
#define MAY_FORK 1
#endif

static size_t len_of(uint64_t i)
{
    return i % 97 ? i % 900 : 600000 + i % 1000;
}

static int run_writer(uint64_t name)
{
    struct memo__disk *d = help_open(help_dir);
    for (uint64_t i = 0; i < EACH; i++) {
        CHECK_EQ(help_put(d, name, i, len_of(i), 0), 0);
        CHECK_EQ(help_put(d, 100, i, len_of(i), 0), 0); /* all of them the same */
        if (i % 50 == 0)
            CHECK_EQ(memo__disk_flush(d, 0), 0);
        (void)help_get(d, name % PROCESSES, help_mix(i) % EACH, len_of(help_mix(i) % EACH));
    }
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    memo__disk_close(d);
    return check_failures != 0;
}

static void many_writers(void)
{
    pid_t pids[PROCESSES];
    int status;
    help_new_dir();
    fflush(NULL);
    for (unsigned k = 0; k < PROCESSES; k++)
        if (!(pids[k] = fork()))
            _exit(run_writer(k));
    for (unsigned k = 0; k < PROCESSES; k++) {
        waitpid(pids[k], &status, 0);
        CHECK_EQ(status, 0);
    }
    struct memo__disk *d = help_open(help_dir);
    for (uint64_t name = 0; name < PROCESSES; name++)
        for (uint64_t i = 0; i < EACH; i++)
            CHECK_EQ(help_get(d, name, i, len_of(i)), 0);
    for (uint64_t i = 0; i < EACH; i++)
        CHECK_EQ(help_get(d, 100, i, len_of(i)), 0);
    memo__disk_close(d);
}

/* Stores one result after the other; *done counts those that are committed. */
static void store_for_ever(volatile uint64_t *done, uint64_t from)
{
    struct memo__disk *d = help_open(help_dir);
    for (uint64_t i = from;; i++) {
        (void)help_put(d, 1, i, len_of(i), 0);
        if (help_mix(i) % 3 == 0 && !memo__disk_flush(d, 0))
            *done = i + 1;
        if (help_mix(i) % 11 == 0) {
            struct memo__disk_key key = help_key(2, i);
            (void)help_put(d, 2, i, 100, 0);
            (void)memo__disk_del(d, &key);
        }
    }
}

static void killed(void)
{
    volatile uint64_t *done =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    help_new_dir();
    uint64_t from = 0;
    *done = 0;
    for (unsigned round = 0; round < 40; round++) {
        fflush(NULL);
        pid_t pid = fork();
        if (!pid) {
            store_for_ever(done, from);
            _exit(0);
        }
        usleep(3000 + (useconds_t)(help_mix(round) % 60000));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        struct memo__disk *d = help_open(help_dir);
        for (uint64_t i = 0; i < *done; i++)
            CHECK_EQ(help_get(d, 1, i, len_of(i)), 0);
        for (uint64_t i = *done; i < *done + 50; i++) { /* there or not, never wrong */
            int err = help_get(d, 1, i, len_of(i));
            if (err)
                CHECK_EQ(err, MEMO_EMISS);
        }
        memo__disk_close(d);
        from = *done;
    }
    CHECK(from > 100);
    munmap((void *)(uintptr_t)done, 4096);
}

static volatile int stop;

static void *busy(void *arg)
{
    struct memo__disk *d = arg;
    for (uint64_t i = 0; !stop; i++) {
        (void)help_put(d, 5, i % 1000, 60, 0);
        int err = help_get(d, 5, help_mix(i) % 1000, 60);
        if (err)
            CHECK_EQ(err, MEMO_EMISS);
    }
    return NULL;
}

/* Forks while other threads read and store and the writer commits. */
static void forks_among_threads(void)
{
    pthread_t t[2];
    int status;
    struct memo__disk *d = help_open(help_new_dir());
    stop = 0;
    for (int k = 0; k < 2; k++)
        CHECK_EQ(pthread_create(&t[k], NULL, busy, d), 0);
    for (uint64_t child = 0; child < 30; child++) {
        fflush(NULL);
        memo__disk_atfork_prepare(d);
        pid_t pid = fork();
        if (!pid) {
            memo__disk_atfork_child(d);
            alarm(60);
            CHECK_EQ(help_put(d, 6, child, len_of(child * 97), 0), 0);
            CHECK_EQ(memo__disk_flush(d, 0), 0);
            CHECK_EQ(help_get(d, 6, child, len_of(child * 97)), 0);
            if (child % 2)
                memo__disk_close(d);
            _exit(check_failures != 0);
        }
        memo__disk_atfork_parent(d);
        waitpid(pid, &status, 0);
        CHECK_EQ(status, 0);
        CHECK_EQ(help_get(d, 6, child, len_of(child * 97)), 0);
    }
    stop = 1;
    for (int k = 0; k < 2; k++)
        pthread_join(t[k], NULL);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    memo__disk_close(d);
}

/* ThreadSanitizer otherwise ends a child that starts a thread. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

int main(void)
{
    many_writers();
    killed();
    if (MAY_FORK)
        forks_among_threads();
    help_clean();
    return check_result();
}

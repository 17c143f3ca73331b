/* test_checkpoint_lock.c - one process owns the states of a loop: until it ends, in whatever
 * way, and no longer. */
#include "unit/checkpoint_help.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/log.h"
#include "checkpoint/place_lock.h"

static struct memo__ck_process process = {"/bin/p", "/tmp", "p\0-1", 5};
static struct memo__ck_identity loop, again;
static pid_t owner;

static void begin(void)
{
    memo__ck_places_exit();
    help_new_dir();
    memo__ck_pretend(&process);
    CHECK_EQ(memo__ck_identify("loop", false, 0, NULL, 0, &loop), 0);
    CHECK_EQ(memo__ck_identify("loop", false, 1, NULL, 0, &again), 0);
}

static int open_it(struct memo__ck_place *p, const struct memo__ck_identity *identity)
{
    return memo__ck_place_open(p, help_dir, identity, false, &owner);
}

static void save(struct memo__ck_place *p)
{
    struct memo__ck_file f;
    struct memo__ck_blob blobs[4];
    help_state(&f, blobs, NULL, 0);
    CHECK_EQ(memo__ck_place_write(p, &f), 0);
}

/* A process of its own, as if it had been started anew. */
static pid_t start(void)
{
    fflush(NULL);
    memo__ck_places_fork_prepare();
    pid_t pid = fork();
    memo__ck_places_fork_done(pid == 0);
    return pid;
}

static void wait_for(pid_t pid, int want)
{
    int status = -1;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, want);
}

static int lock_file_is_there(void)
{
    char name[64];
    snprintf(name, sizeof name, "%.32s.lock", loop.id);
    return !access(help_path(name), F_OK);
}

/* Another process has it: who, and free at once after kill -9. */
static void killed_owner(void)
{
    struct memo__ck_place p;
    int ready[2];
    char c;
    begin();
    CHECK_EQ(pipe(ready), 0);
    pid_t pid = start();
    if (!pid) {
        CHECK_EQ(open_it(&p, &loop), 0);
        save(&p);
        CHECK_EQ(write(ready[1], "x", 1), 1);
        for (int i = 0; i < 60; i++)
            sleep(1);
        _exit(1);
    }
    CHECK_EQ(read(ready[0], &c, 1), 1);
    CHECK_EQ(open_it(&p, &loop), MEMO_EBUSY);
    CHECK_EQ(owner, pid);
    CHECK_EQ(open_it(&p, &again), MEMO_EBUSY); /* any entry */
    kill(pid, SIGKILL);
    wait_for(pid, SIGKILL);
    CHECK(lock_file_is_there());
    CHECK_EQ(open_it(&p, &loop), 0);
    CHECK_EQ(p.generations[0].sequence, 1);
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK(!lock_file_is_there());
    close(ready[0]);
    close(ready[1]);
}

/* A forked child has nothing of it, and does no harm. */
static void forked_child(void)
{
    struct memo__ck_place p, q;
    uint64_t k;
    int fd;
    begin();
    CHECK_EQ(open_it(&p, &loop), 0);
    save(&p);
    pid_t pid = start();
    if (!pid) {
        struct memo__ck_file f;
        struct memo__ck_blob blobs[4];
        help_state(&f, blobs, NULL, 0);
        CHECK_EQ(memo__ck_place_write(&p, &f), MEMO_EBUSY);
        CHECK_EQ(memo__ck_copy_new(&p, 0, &k, &fd), MEMO_EBUSY);
        CHECK_EQ(open_it(&q, &loop), MEMO_EBUSY);
        CHECK_EQ(owner, getppid());
        memo__ck_place_remove_inner(&p, UINT64_MAX);
        memo__ck_place_remove(&p);
        memo__ck_places_exit();
        _exit(check_failures != 0);
    }
    wait_for(pid, 0);
    pid = start();
    if (!pid) {
        CHECK_EQ(open_it(&q, &loop), MEMO_EBUSY); /* still */
        memo__ck_place_close(&p);
        _exit(check_failures != 0);
    }
    wait_for(pid, 0);
    save(&p);
    CHECK_EQ(p.sequence, 2);
    memo__ck_place_remove(&p);
}

/* A child that lives on without a handler of fork doesn't keep it either. */
static void surviving_child(void)
{
    struct memo__ck_place p;
    int hold[2];
    begin();
    CHECK_EQ(pipe(hold), 0);
    pid_t pid = start();
    if (!pid) {
        CHECK_EQ(open_it(&p, &loop), 0);
        if (!fork()) { /* no handlers */
            char c;
            close(hold[1]);
            _exit(read(hold[0], &c, 1) != 0); /* until the test is over */
        }
        _exit(check_failures != 0);
    }
    wait_for(pid, 0);
    CHECK_EQ(open_it(&p, &loop), 0);
    memo__ck_place_remove(&p);
    close(hold[0]);
    close(hold[1]);
}

/* Entries share it; after a brief one it is kept for the next, until the end; after a long one
 * it is given back. */
static void shared(void)
{
    struct memo__ck_place p, q;
    begin();
    CHECK_EQ(open_it(&p, &loop), 0);
    CHECK_EQ(open_it(&q, &again), 0);
    CHECK(p.lock == q.lock);
    memo__ck_place_remove(&p);
    CHECK(lock_file_is_there());
    memo__ck_place_close(&q);
    CHECK(lock_file_is_there());
    CHECK_EQ(open_it(&p, &loop), 0);
    p.opened_ns -= 200000000;
    memo__ck_place_close(&p);
    CHECK(!lock_file_is_there());
    CHECK_EQ(open_it(&p, &loop), 0);
    memo__ck_place_close(&p);
    CHECK(lock_file_is_there());
    memo__ck_places_exit();
    CHECK(!lock_file_is_there());
}

/* Those that many loops leave behind don't use up the descriptors. */
static void many_loops(void)
{
    unsigned n = 0;
    int err = 0;
    begin();
    while (n < 3000 && !err) {
        struct memo__ck_identity identity;
        struct memo__ck_place p;
        char name[20];
        snprintf(name, sizeof name, "loop%u", n);
        CHECK_EQ(memo__ck_identify(name, false, 0, NULL, 0, &identity), 0);
        if (!(err = open_it(&p, &identity))) {
            memo__ck_place_remove(&p);
            n++;
        }
    }
    CHECK_EQ(n, 3000);
    memo__ck_places_exit();
}

/* The program closes all descriptors, and uses the number for a file of its own. */
static void closed_by_the_program(void)
{
    struct memo__ck_place p;
    begin();
    int number = fcntl(0, F_DUPFD, 100); /* the next one that is used */
    close(number);
    CHECK_EQ(open_it(&p, &loop), 0);
    CHECK_EQ(fcntl(number, F_GETFD), FD_CLOEXEC);
    close(number);
    int low = open(help_path("mine"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK(low < number);
    int mine = dup2(low, number);
    close(low);
    save(&p); /* takes the lock again */
    pid_t pid = start();
    if (!pid) {
        CHECK_EQ(open_it(&p, &loop), MEMO_EBUSY);
        _exit(check_failures != 0);
    }
    wait_for(pid, 0);
    memo__ck_place_remove(&p);
    CHECK_EQ(write(mine, "x", 1), 1);
    close(mine);
}

/* Lost, and another process has it now: nothing of it is touched. */
static void lost(void)
{
    struct memo__ck_place p;
    struct memo__ck_file f;
    struct memo__ck_blob blobs[4];
    int ready[2], hold[2];
    char c, name[64];
    begin();
    CHECK_EQ(pipe(ready) | pipe(hold), 0);
    CHECK_EQ(open_it(&p, &loop), 0);
    save(&p);
    snprintf(name, sizeof name, "%.32s.lock", loop.id);
    CHECK_EQ(unlink(help_path(name)), 0);
    pid_t pid = start();
    if (!pid) {
        struct memo__ck_place q;
        CHECK_EQ(open_it(&q, &loop), 0);
        CHECK_EQ(write(ready[1], "x", 1), 1);
        close(hold[1]);
        CHECK_EQ(read(hold[0], &c, 1), 0);
        CHECK_EQ(q.generations[0].sequence, 1);
        save(&q);
        memo__ck_place_remove(&q);
        _exit(check_failures != 0);
    }
    CHECK_EQ(read(ready[0], &c, 1), 1);
    help_state(&f, blobs, NULL, 0);
    CHECK_EQ(memo__ck_place_write(&p, &f), MEMO_EBUSY);
    memo__ck_place_remove(&p);
    close(hold[0]);
    close(hold[1]);
    wait_for(pid, 0);
    close(ready[0]);
    close(ready[1]);
}

/* Not under the numbers of standard streams, whoever closed them. */
static void standard_streams(void)
{
    struct memo__ck_place p;
    int fd, saved = dup(0);
    uint64_t k;
    begin();
    close(0);
    CHECK_EQ(open_it(&p, &loop), 0);
    CHECK(fcntl(0, F_GETFD) < 0);
    CHECK_EQ(memo__ck_copy_new(&p, 0, &k, &fd), 0);
    CHECK(fd > 2);
    close(fd);
    CHECK_EQ(dup2(saved, 0), 0);
    close(saved);
    memo__ck_place_remove(&p);
}

/* Takers and removers of one file: it is never owned by two. */
enum { RACERS = 4, TURNS = 30, TRIES = 100000 };
static void race(void)
{
    pid_t pids[RACERS];
    begin();
    for (int i = 0; i < RACERS; i++)
        if (!(pids[i] = start())) {
            unsigned n_taken = 0;
            for (int n = 0; n < TRIES && n_taken < TURNS; n++) {
                struct memo__ck_place p;
                int err = open_it(&p, &loop);
                CHECK(err == 0 || err == MEMO_EBUSY);
                if (err) {
                    sched_yield();
                    continue;
                }
                n_taken++;
                int fd = open(help_path("only-one"), O_CREAT | O_EXCL, 0600);
                CHECK(fd >= 0);
                close(fd);
                CHECK_EQ(unlink(help_path("only-one")), 0);
                p.opened_ns = 0;
                memo__ck_place_close(&p);
            }
            CHECK_EQ(n_taken, TURNS);
            _exit(check_failures != 0);
        }
    for (int i = 0; i < RACERS; i++)
        wait_for(pids[i], 0);
    CHECK(!lock_file_is_there());
}

static void *enter_often(void *arg)
{
    for (int i = 0; i < 200; i++) {
        struct memo__ck_identity identity;
        struct memo__ck_place p;
        pid_t who;
        CHECK_EQ(
            memo__ck_identify("loop", false, *(int *)arg * 1000u + (unsigned)i, NULL, 0, &identity),
            0);
        CHECK_EQ(memo__ck_place_open(&p, help_dir, &identity, false, &who), 0);
        if (i % 50 == 0)
            save(&p);
        memo__ck_place_remove(&p);
    }
    return NULL;
}

static void threads(void)
{
    pthread_t thread[4];
    int numbers[4];
    begin();
    for (int i = 0; i < 4; i++) {
        numbers[i] = i;
        CHECK_EQ(pthread_create(&thread[i], NULL, enter_often, &numbers[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    memo__ck_places_exit();
    CHECK_EQ(rmdir(help_dir), 0);
}

/* A directory in which nothing can be made. */
static void read_only(void)
{
    struct memo__ck_place p;
    begin();
    if (!geteuid()) /* a folder in its place fails for everybody */
        CHECK_EQ(mkdir(help_path("x"), 0700), 0);
    chmod(help_dir, 0500);
    if (geteuid()) {
        CHECK_EQ(open_it(&p, &loop), MEMO_EREADONLY);
    } else if (start() == 0) {
        if (setuid(65534))
            _exit(0);
        CHECK_EQ(open_it(&p, &loop), MEMO_EREADONLY);
        _exit(check_failures != 0);
    } else {
        int status;
        wait(&status);
        CHECK_EQ(status, 0);
    }
    chmod(help_dir, 0700);
    char name[64];
    snprintf(name, sizeof name, "%.32s.lock", loop.id);
    CHECK_EQ(mkdir(help_path(name), 0700), 0);
    CHECK_EQ(open_it(&p, &loop), MEMO_EIO);
}

int main(void)
{
    killed_owner();
    forked_child();
    surviving_child();
    shared();
    many_loops();
    closed_by_the_program();
    lost();
    standard_streams();
    race();
    threads();
    read_only();
    memo__ck_places_exit();
    help_clean();
    return check_result();
}

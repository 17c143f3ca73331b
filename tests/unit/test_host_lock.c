/* test_host_lock.c - claims on keys; two structs have two descriptions of the file
 * and stand for two processes. */
#include "store/host_lock.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "unit/disk_help.h"

#define MS ((uint64_t)1000000)

static const uint64_t one[2] = {1, 0x0123456789abcdef}, two[2] = {2, UINT64_MAX};
static struct memo__host_lock a, b;

static int claim(struct memo__host_lock *h, const uint64_t hash[2], uint64_t wait_ns)
{
    uint64_t waited_ns = 77;
    int err = memo__host_lock_claim(h, help_dir, hash, wait_ns, &waited_ns);
    CHECK(wait_ns ? waited_ns < wait_ns + 5000 * MS : waited_ns == 0);
    return err;
}

static void begin(void)
{
    help_new_dir();
    memo__host_lock_init(&a);
    memo__host_lock_init(&b);
}

static void end(void)
{
    memo__host_lock_release(&a);
    memo__host_lock_release(&b);
}

static void one_owner(void)
{
    begin();
    CHECK_EQ(claim(&a, one, 0), 0);
    CHECK_EQ(claim(&b, one, 0), MEMO_EBUSY);
    CHECK_EQ(claim(&b, two, 0), 0);
    CHECK_EQ(claim(&a, two, 20 * MS), MEMO_ETIMEOUT);
    memo__host_lock_free(&a, one, false);
    CHECK_EQ(claim(&b, one, 0), 0);
    memo__host_lock_free(&b, one, true);
    CHECK_EQ(claim(&a, one, 0), 0); /* it gave up before anybody waited */
    memo__host_lock_free(&a, one, false);
    CHECK_EQ(a.n_held, 0);
    end();
}

struct later {
    struct memo__host_lock *h;
    bool gave_up, ends;
};

static void *free_later(void *arg)
{
    struct later *l = arg;
    usleep(100000);
    if (l->ends)
        close(l->h->fd);
    else
        memo__host_lock_free(l->h, one, l->gave_up);
    return NULL;
}

static void ends_of_waits(void)
{
    static const struct {
        bool gave_up, ends;
        int expected;
    } cases[] = {{false, false, 0}, {true, false, MEMO_EMISS}, {false, true, 0}};
    for (unsigned i = 0; i < 3; i++) {
        pthread_t thread;
        uint64_t waited_ns;
        begin();
        struct later l = {&a, cases[i].gave_up, cases[i].ends};
        CHECK_EQ(claim(&a, one, 0), 0);
        pthread_create(&thread, NULL, free_later, &l);
        CHECK_EQ(memo__host_lock_claim(&b, help_dir, one, 60000 * MS, &waited_ns),
                 cases[i].expected);
        CHECK(waited_ns > 50 * MS && waited_ns < 20000 * MS);
        pthread_join(thread, NULL);
        if (cases[i].ends)
            a.fd = -1;
        end();
    }
}

/* The program closes all descriptors and opens files of its own: they are neither
 * locked, written nor closed. */
static void numbers_that_became_others(void)
{
    begin();
    CHECK_EQ(claim(&a, one, 0), 0);
    int number = a.fd;
    close(number);
    int fd = open(help_path("mine"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd != number) {
        CHECK_EQ(dup2(fd, number), number);
        close(fd);
    }
    memo__host_lock_free(&a, one, true);
    CHECK_EQ(claim(&a, one, 0), 0);
    CHECK(a.fd != number);
    CHECK_EQ(claim(&b, one, 0), MEMO_EBUSY);
    CHECK_EQ(lseek(number, 0, SEEK_END), 0);
    close(number);
    end();
}

/* Not under the numbers of standard streams, whoever closed them. */
static void standard_streams(void)
{
    begin();
    int saved = dup(0);
    close(0);
    CHECK_EQ(claim(&a, one, 0), 0);
    CHECK(a.fd > 2);
    CHECK_EQ(fcntl(a.fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(dup2(saved, 0), 0);
    close(saved);
    end();
}

/* What the parent owns ends with the parent, not with the child; and isn't the
 * child's. */
static void children(void)
{
    begin();
    int pipes[2], status;
    CHECK_EQ(pipe(pipes), 0);
    pid_t parent = fork();
    if (!parent) {
        CHECK_EQ(claim(&a, one, 0), 0);
        memo__host_lock_atfork_prepare(&a);
        pid_t child = fork();
        if (!child) {
            char c;
            memo__host_lock_atfork_child(&a);
            close(pipes[1]);
            _exit(read(pipes[0], &c, 1) != 0); /* until the test is over */
        }
        memo__host_lock_atfork_parent(&a);
        usleep(100000);
        _exit(check_failures || child < 0);
    }
    CHECK_EQ(waitpid(parent, &status, 0), parent);
    CHECK_EQ(status, 0);
    CHECK_EQ(claim(&b, one, 0), 0);
    close(pipes[0]);
    close(pipes[1]);

    memo__host_lock_atfork_prepare(&b);
    pid_t child = fork();
    if (!child) {
        memo__host_lock_atfork_child(&b);
        CHECK_EQ(b.n_held, 0);
        CHECK_EQ(claim(&b, one, 60000 * MS), MEMO_EMISS); /* the parent may wait for us */
        CHECK_EQ(claim(&b, two, 0), 0);
        _exit(check_failures != 0);
    }
    memo__host_lock_atfork_parent(&b);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    end();
}

/* No more than the kernel can look through at once. */
static void bounded(void)
{
    uint64_t hash[2] = {0, 0};
    unsigned n = 0;
    begin();
    while (n < 10000 && !claim(&a, hash, 0)) {
        hash[1] = help_mix(n);
        n++;
    }
    CHECK_EQ(n, 256);
    CHECK_EQ(claim(&a, hash, 0), MEMO_EFULL);
    end();
}

/* Nothing can be claimed: said once by a code, and never tried again. */
static void without_a_file(void)
{
    begin();
    CHECK_EQ(mkdir(help_path("flight.lock"), 0700), 0);
    CHECK_EQ(claim(&a, one, 1000 * MS), MEMO_EIO);
    CHECK_EQ(claim(&a, one, 1000 * MS), MEMO_EOFF);
    end();
}

/* A limit on the size of files neither raises a signal nor keeps claims away. */
static void no_room(void)
{
    struct rlimit before, none;
    begin();
    getrlimit(RLIMIT_FSIZE, &before);
    none = before;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &none);
    CHECK_EQ(claim(&a, one, 0), 0);
    memo__host_lock_free(&a, one, true);
    CHECK_EQ(claim(&b, one, 0), 0);
    setrlimit(RLIMIT_FSIZE, &before);
    end();
}

int main(void)
{
    one_owner();
    ends_of_waits();
    numbers_that_became_others();
    standard_streams();
    children();
    bounded();
    without_a_file();
    no_room();
    help_clean();
    return check_failures != 0;
}

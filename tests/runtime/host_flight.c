/* Processes that miss the same key at the same time: one computes, the others
 * wait for it, and nobody waits for an owner that is gone, or for ever. Each
 * process that computes adds a byte to the file "count". */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#include "cache/host_flight.h"
#include "cache/runtime.h"
#include "wrap.h"

#define MAX_PROCESSES 8

static pid_t pids[MAX_PROCESSES];
static int n_pids;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void mark(const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);

    CHECK(fd >= 0 && write(fd, "x", 1) == 1);
    close(fd);
}

static long marks(const char *file)
{
    struct stat st;

    return stat(file, &st) == 0 ? (long)st.st_size : 0;
}

/* Until the file has n bytes; false after 20 s. */
static bool await(const char *file, long n)
{
    double start = seconds();

    while (marks(file) < n && seconds() - start < 20)
        usleep(1000);
    return marks(file) >= n;
}

/* ---- what the processes do ---- */

enum task { PLAIN, HANGS, EXITS, JUMPS, FORKS, GIVES_UP };
static enum task task;
static jmp_buf back;

static long slow_body(long x)
{
    mark("count");
    switch (task) {
    case HANGS:
        sleep(100);
        break;
    case EXITS:
        usleep(200000);
        exit(42);
    case JUMPS:
        usleep(200000);
        longjmp(back, 1);
    case FORKS:
        if (fork() == 0) {
            await("over", 1);
            _exit(0);
        }
        mark("forked");
        sleep(100);
        break;
    case GIVES_UP: /* the others all at once, when the first is done */
        if (marks("count") == 1)
            sleep(1);
        else
            CHECK(await("count", 4));
        break;
    case PLAIN:
        usleep(300000);
    }
    return x * 3;
}
MEMO_SCALAR(slow, MEMO_SITE_FAST)

static long other_body(long x)
{
    return x;
}
MEMO_SCALAR(other, 0)

static void *call_slow(void *unused)
{
    (void)unused;
    CHECK_EQ(slow(7), 21);
    return NULL;
}

static int two_threads(void)
{
    pthread_t threads[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, call_slow, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return failures != 0;
}

static int jump(void)
{
    task = JUMPS;
    if (setjmp(back) == 0)
        slow(7);
    other(1);
    mark("jumped");
    sleep(100);
    return 1;
}

/* In one process left calls right, in the other right calls left: both are under
 * way when both make the inner call. */
static bool is_left_outer;

static void meet(void)
{
    mark("met");
    CHECK(await("met", 2));
}

static long right(long x);

static long left_body(long x)
{
    long r = x + 1;

    mark("count");
    if (is_left_outer) {
        meet();
        r = right(x) - 1;
    }
    return r;
}
MEMO_SCALAR(left, 0)

static long right_body(long x)
{
    long r = x + 2;

    mark("count");
    if (!is_left_outer) {
        meet();
        r = left(x) + 1;
    }
    return r;
}
MEMO_SCALAR(right, 0)

/* A result that isn't kept. */
static int unstored(void)
{
    task = GIVES_UP;
    slow_site.m_min_cost_ns = (long long)3600 * 1000000000;
    CHECK_EQ(slow(7), 21);
    return failures != 0;
}

static long claimed(void)
{
    struct memo__disk *disk = memo__runtime_open_disk();
    struct memo__disk_stats stats;

    if (!disk)
        return -1;
    memo__disk_stats(disk, &stats);
    return (long)stats.claimed;
}

/* The first call of a function is claimed, since nothing is known of it, and one
 * that turns out to be dear; of cheap ones those after a call that was long under
 * way because the machine had other things to do. */
static int cheap(void)
{
    long n;

    for (long x = 0; x < 10000; x++)
        CHECK_EQ(other(x), x);
    n = claimed();
    CHECK(n >= 1 && n < 5000);
    slow(1);
    slow(2);
    CHECK_EQ(claimed(), n + 2);
    return failures != 0;
}

static int not_claimed(void)
{
    long before = marks("count");

    CHECK_EQ(slow(3), 9);
    CHECK_EQ(marks("count"), before + 1);
    CHECK(claimed() <= 0);
    return failures != 0;
}

static void on_alarm(int signal)
{
    (void)signal;
}

static int interrupted(void)
{
    const struct itimerval every = {{0, 700}, {0, 700}};

    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &every, NULL);
    return slow(7) != 21;
}

static int run_task(const char *what)
{
    if (strcmp(what, "short waits") == 0)
        memo__host_flight_set_limits(500, 500);
    if (strcmp(what, "hangs") == 0)
        task = HANGS;
    if (strcmp(what, "exits") == 0)
        task = EXITS;
    if (strcmp(what, "forks") == 0)
        task = FORKS;
    if (strcmp(what, "jumps") == 0)
        return jump();
    if (strcmp(what, "threads") == 0)
        return two_threads();
    if (strcmp(what, "unstored") == 0)
        return unstored();
    if (strcmp(what, "interrupted") == 0)
        return interrupted();
    if (strcmp(what, "cheap") == 0)
        return cheap();
    if (strcmp(what, "memory") == 0)
        slow_site.m_tiers = MEMO_TIER_MEMORY;
    if (strcmp(what, "memory") == 0 || strcmp(what, "not claimed") == 0)
        return not_claimed();
    is_left_outer = strcmp(what, "left") == 0;
    if (is_left_outer)
        return left(1) != 2;
    if (strcmp(what, "right") == 0)
        return right(1) != 3;
    return slow(7) != 21;
}

/* ---- the test itself: starts processes and waits for them ---- */

static void anew(void)
{
    CHECK_EQ(system("rm -rf store count met forked jumped over"), 0);
}

static void start_one(const char *what)
{
    pid_t child = fork();

    if (child == 0) {
        execl("/proc/self/exe", "self", what, (char *)NULL);
        _exit(127);
    }
    pids[n_pids++] = child;
}

static void start_many(const char *what, int n)
{
    for (int i = 0; i < n; i++)
        start_one(what);
}

/* All that were started have to end with `status`. */
static void all_end(int status)
{
    int got;

    for (int i = 0; i < n_pids; i++) {
        CHECK_EQ(waitpid(pids[i], &got, 0), pids[i]);
        CHECK_EQ(WIFEXITED(got) ? WEXITSTATUS(got) : 1000 + WTERMSIG(got), status);
    }
    n_pids = 0;
}

static void all_at_once(const char *what, int n)
{
    double start = seconds();

    anew();
    start_many(what, n);
    all_end(0);
    CHECK_EQ(marks("count"), 1);
    CHECK(seconds() - start < 20);
}

/* The owner is under way when `signal` comes; the others wait till then. */
static void owner_gets(const char *what, int signal, const char *others, int computed)
{
    double start = seconds();
    pid_t owner;

    anew();
    start_one(what);
    owner = pids[--n_pids];
    CHECK(await(strcmp(what, "forks") == 0 ? "forked" : "count", 1));
    start_many(others, 3);
    usleep(200000);
    CHECK_EQ(marks("count"), 1);
    kill(owner, signal);
    all_end(0);
    CHECK_EQ(marks("count"), computed);
    CHECK(seconds() - start < 20);
    mark("over");
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
}

static void owner_exits(void)
{
    double start = seconds();
    pid_t owner;
    int status;

    anew();
    start_one("exits");
    owner = pids[--n_pids];
    CHECK(await("count", 1));
    start_many("plain", 2);
    all_end(0);
    CHECK(waitpid(owner, &status, 0) == owner && WEXITSTATUS(status) == 42);
    CHECK(marks("count") >= 2);
    CHECK(seconds() - start < 20);
}

static void owner_jumps(void)
{
    pid_t owner;
    double start = seconds();

    anew();
    start_one("jumps");
    owner = pids[--n_pids];
    CHECK(await("count", 1));
    start_many("plain", 2);
    all_end(0);
    CHECK(await("jumped", 1));
    CHECK(seconds() - start < 20);
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
}

static void opposite_orders(void)
{
    double start = seconds();

    anew();
    start_one("left");
    start_one("right");
    all_end(0);
    CHECK(marks("count") >= 3); /* the slower one may find what the other has stored */
    CHECK(seconds() - start < 20);
}

static void nobody_queues_for_nothing(void)
{
    anew();
    start_many("unstored", 4);
    all_end(0);
    CHECK_EQ(marks("count"), 4);
}

static void signals_end_no_wait(void)
{
    anew();
    start_one("plain");
    CHECK(await("count", 1));
    start_one("interrupted");
    all_end(0);
    CHECK_EQ(marks("count"), 1);
}

static void says_what_it_waited_for(void)
{
    anew();
    start_one("plain");
    CHECK(await("count", 1));
    CHECK_EQ(run_self("plain", "err", "MEMOCC_VERBOSE=2", NULL), 0);
    all_end(0);
    CHECK(strstr(text_of("err"), "memocc: wait slow: waited "));
    CHECK(strstr(text_of("err"), " for another process\n"));
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return run_task(argv[1]);
    all_at_once("plain", 6);
    all_at_once("threads", 4);
    owner_gets("hangs", SIGKILL, "plain", 2);
    owner_gets("hangs", SIGSTOP, "short waits", 4);
    owner_gets("forks", SIGKILL, "plain", 2);
    owner_exits();
    owner_jumps();
    opposite_orders();
    nobody_queues_for_nothing();
    signals_end_no_wait();
    says_what_it_waited_for();

    anew();
    CHECK_EQ(run_self("cheap", NULL, NULL), 0);
    CHECK_EQ(run_self("memory", NULL, NULL), 0);
    CHECK_EQ(run_self("not claimed", NULL, "MEMOCC=readonly", NULL), 0);
    CHECK_EQ(run_self("not claimed", NULL, "MEMOCC=off", NULL), 0);
    CHECK_EQ(run_self("not claimed", NULL, "MEMOCC=refresh", NULL), 0);

    anew(); /* the file can't be made */
    CHECK(mkdir("store", 0700) == 0 && mkdir("store/flight.lock", 0700) == 0);
    CHECK_EQ(run_self("not claimed", NULL, NULL), 0);
    return failures != 0;
}

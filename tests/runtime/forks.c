/* fork: the child has the parent's memory tier, none of its calls in flight, and
 * counters at zero; what it computes is there for others after exit(). */
#include <pthread.h>

#include "wrap.h"

/* A child that computes starts a writer thread of its own. */
/* What the parent's writer had at hand is nobody's in the child. */
ASAN_DEFAULTS("detect_leaks=0")
TSAN_DEFAULTS("die_after_fork=0")

static int computed; /* __atomic */

static long f_body(long x)
{
    __atomic_fetch_add(&computed, 1, __ATOMIC_RELAXED);
    return x + 1;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long g_body(long x)
{
    __atomic_fetch_add(&computed, 1, __ATOMIC_RELAXED);
    return x + 2;
}
MEMO_SCALAR(g, 0)

static int wait_for(pid_t child)
{
    int status = -1;

    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* A call in flight in another thread must not hold up the child. */
static bool is_busy, may_end;

static long busy_body(long x)
{
    SET(is_busy, true);
    while (!GET(may_end))
        usleep(1000);
    return x;
}
MEMO_SCALAR(busy, 0)

static void *call_busy(void *unused)
{
    (void)unused;
    busy(1);
    return NULL;
}

/* The pid is what a cache must not keep: a call that forks comes back twice. */
static long forker_body(long x)
{
    pid_t child = fork();

    return child == 0 ? -1 : (wait_for(child) == 0 ? x : -2);
}
MEMO_SCALAR(forker, 0)

static bool stop;

static void *hammer(void *unused)
{
    (void)unused;
    for (long x = 0; !GET(stop); x++) {
        f(x % 5000);
        g(x % 5000);
    }
    return NULL;
}

static void fork_under_load(void)
{
    pthread_t threads[2];
    pid_t child;

    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, hammer, NULL);
    for (int i = 0; i < 20; i++) {
        child = fork();
        if (child == 0) {
            for (long x = 0; x < 50; x++)
                if (f(x + i * 100) != x + i * 100 + 1 || g(x + i * 100) != x + i * 100 + 2)
                    _exit(1);
            exit(0);
        }
        CHECK_EQ(wait_for(child), 0);
    }
    SET(stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

static int parent(void)
{
    pthread_t thread;
    pid_t child;

    CHECK_EQ(f(1), 2);
    CHECK_EQ(g(1), 3);
    child = fork();
    if (child == 0) {
        computed = 0;
        CHECK_EQ(f(1), 2);
        CHECK_EQ(g(1), 3);
        CHECK_EQ(computed, 0);
        CHECK_EQ(g(1000), 1002); /* the parent finds it on disk */
        CHECK_EQ(computed, 1);
        exit(failures != 0);
    }
    CHECK_EQ(wait_for(child), 0);
    computed = 0;
    CHECK_EQ(g(1000), 1002);
    CHECK_EQ(computed, 0);

    pthread_create(&thread, NULL, call_busy, NULL);
    while (!GET(is_busy))
        usleep(1000);
    child = fork();
    if (child == 0) {
        SET(may_end, true);
        _exit(busy(1) != 1);
    }
    CHECK_EQ(wait_for(child), 0);
    SET(may_end, true);
    pthread_join(thread, NULL);

    if (forker(5) == -1)
        exit(failures != 0);
    CHECK_EQ(forker(5), 5);
    fork_under_load();
    return failures != 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        computed = 0;
        CHECK_EQ(g(1000), 1002);
        CHECK_EQ(computed, 0);
        return failures != 0;
    }
    CHECK_EQ(parent(), 0);
    memo_flush();
    CHECK_EQ(run_self("second", NULL, NULL), 0);
    return failures != 0;
}

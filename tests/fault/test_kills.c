/* kill -9 at random instants of programs that store: whatever is found afterwards
 * is right, nothing hangs, and those that weren't killed go on.
 *
 * 60 kills, 1000 with MEMOCC_NIGHTLY=1. */
#include <sys/mman.h>

#include "fault/program.h"

/* Of all processes. */
struct shared {
    long next;     /* numbers below it may have been stored */
    long n_found;  /* values found in the store */
    long n_killed; /* programs that had stored something */
};
static struct shared *shared;

static bool is_wrong(long x)
{
    return f(x) != f_body(x) || g(x) != g_body(x) || wrong_in_row(ROW, x) != 0 ||
           (x % 60 == 0 && wrong_in_row(BIG, x) != 0);
}

/* Until it is killed. */
static void store_for_ever(void)
{
    for (;;) {
        long x = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED);

        if (is_wrong(x))
            _exit(1);
        if (mixed((unsigned long)x) % 40 == 0)
            memo_flush();
        if (mixed((unsigned long)x) % 97 == 0)
            memo_clear("g");
    }
}

/* Reads what was stored last, and stores more. */
static int check_store(void)
{
    long end = __atomic_load_n(&shared->next, __ATOMIC_RELAXED), from = end > 300 ? end - 300 : 0;

    alarm(WATCHDOG_S);
    for (long x = from; x < end; x++) {
        if (wrong_in_row(ROW, x) != 0)
            return 1;
        if (strcmp(memo_last().tier, "disk") == 0)
            __atomic_fetch_add(&shared->n_found, 1, __ATOMIC_RELAXED);
    }
    for (long x = from; x < end; x++)
        if (is_wrong(x) || f(-x) != f_body(-x))
            return 2;
    return 0;
}

static pid_t start(int (*job)(void))
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0)
        exit(job());
    return child;
}

static int job_store(void)
{
    store_for_ever();
    return 0;
}

static int status_of(pid_t child)
{
    int status = -1;

    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void kill_one(pid_t child)
{
    kill(child, SIGKILL);
    CHECK_EQ(status_of(child), 1000 + SIGKILL);
}

static void round_of_kills(unsigned long round)
{
    useconds_t first = (useconds_t)(mixed(round) % 90000);
    pid_t one = start(job_store), two;
    long before = __atomic_load_n(&shared->next, __ATOMIC_RELAXED);

    if (round % 3) { /* alone */
        usleep(5000 + first);
        kill_one(one);
        CHECK_EQ(status_of(start(check_store)), 0);
    } else { /* one goes on */
        two = start(job_store);
        usleep(5000 + first);
        kill_one(one);
        CHECK_EQ(status_of(start(check_store)), 0);
        kill_one(two);
    }
    shared->n_killed += __atomic_load_n(&shared->next, __ATOMIC_RELAXED) > before;
}

int main(void)
{
    long n = short_or_nightly(60, 1000);

    setenv("MEMOCC_GATE", "off", 1);
    setenv("MEMOCC_MAX_SIZE", "40M", 1); /* so that there is eviction, too */
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    for (long i = 0; i < n && !failures; i++)
        round_of_kills((unsigned long)i);
    CHECK(shared->n_killed > n / 3);
    CHECK(shared->n_found > n);
    return failures != 0;
}

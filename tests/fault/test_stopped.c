/* A process that is stopped (SIGSTOP, Ctrl-Z) while it holds a lock of the store:
 * others compute on, print what they should, and exit in bounded time; when it is
 * continued, it and the others go on as before. */
#include <sys/file.h>

#include "fault/program.h"
#include "store/store_lmdb.h"

/* docs/runtime.md: 5 s; a queue to fill up and a slow machine come on top. */
#define BOUND_S (IS_SANITIZED ? 25.0 : 12.0)

static int held[2]; /* a pipe: the child holds the lock */

/* Begins a transaction and stays in it; then ends it. */
static int hold_writer_lock(void)
{
    struct memo__lmdb *db;
    struct memo__txn *t;
    struct memo__bytes key = {"stopped", 7}, value;

    if (memo__lmdb_open(getenv("MEMOCC_DIR"), 1 << 30, true, &db) != 0 ||
        memo__txn_begin(db, &t) != 0)
        return 1;
    if (write(held[1], "x", 1) != 1)
        return 2;
    raise(SIGSTOP);
    if (memo__txn_get(t, key, &value) == 0)
        return 3;
    memo__txn_abort(t);
    memo__lmdb_close(db);
    return 0;
}

/* As a process that is stopped while it opens the store. */
static int hold_directory(void)
{
    int dir = open(getenv("MEMOCC_DIR"), O_RDONLY | O_DIRECTORY);

    if (dir < 0 || flock(dir, LOCK_EX) != 0 || write(held[1], "x", 1) != 1)
        return 1;
    raise(SIGSTOP);
    return close(dir);
}

static int child(const char *what)
{
    if (strcmp(what, "calls") == 0) {
        print_calls(0, 300);
        print_calls(0, 300);
        return 18;
    }
    /* each result on its way to the disk is asked for again: none may be waited for twice */
    for (long x = 500; x < 900; x++) {
        printf("%d %d\n", wrong_in_row(ROW, x), wrong_in_row(ROW, x));
        if (x == 600)
            printf("%d\n", memo_forget(f(3)) && false);
    }
    return 19;
}

static pid_t start_holder(int (*hold)(void))
{
    char c;
    int status;
    pid_t holder;

    CHECK_EQ(pipe(held), 0);
    fflush(NULL);
    holder = fork();
    if (holder == 0) {
        alarm(WATCHDOG_S);
        _exit(hold());
    }
    CHECK_EQ(read(held[0], &c, 1), 1);
    waitpid(holder, &status, WUNTRACED);
    CHECK(WIFSTOPPED(status));
    close(held[0]);
    close(held[1]);
    return holder;
}

static void end_holder(pid_t holder)
{
    int status = -1;

    kill(holder, SIGCONT);
    waitpid(holder, &status, 0);
    CHECK_EQ(status, 0);
}

static void within_bound(const char *what, const char *setting)
{
    double start = now_s(), took;

    SAME_AS_PLAIN(what, setting, NULL);
    took = now_s() - start;
    if (took > BOUND_S) {
        failures++;
        fprintf(stderr, "%s, %s: took %.1f s\n", what, setting, took);
    }
    CHECK(n_lines_of_ours("run.err") <= 1);
}

static void others_go_on(int (*hold)(void))
{
    pid_t holder;

    remove_tree(getenv("MEMOCC_DIR"));
    mkdir(getenv("MEMOCC_DIR"), 0700);
    holder = start_holder(hold);
    within_bound("calls", "A=");
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    within_bound("again", "MEMOCC_MEMORY=0");
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    within_bound("calls", "MEMOCC=readonly");
    end_holder(holder);
    SAME_AS_PLAIN("calls", "MEMOCC_STATS=after.json", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 0);
}

/* A program that waits for the lock when it is given up. */
static void continued_in_time(void)
{
    pid_t holder = start_holder(hold_writer_lock), waker;

    fflush(NULL);
    waker = fork();
    if (waker == 0) {
        usleep(1000000);
        _exit(kill(holder, SIGCONT) != 0);
    }
    SAME_AS_PLAIN("calls", "MEMOCC_STATS=cold.json", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 0);
    waitpid(waker, NULL, 0);
    end_holder(holder);
    SAME_AS_PLAIN("calls", "MEMOCC_STATS=warm.json", NULL);
    CHECK_EQ(counter_in("warm.json", "row", "misses"), 0);
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    mkdir(getenv("MEMOCC_DIR"), 0700);
    continued_in_time();
    others_go_on(hold_writer_lock);
    others_go_on(hold_directory);
    return failures != 0;
}

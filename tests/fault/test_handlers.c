/* Signals in the middle of calls: handlers that print and exit, that call memoized
 * functions, that fork; threads that are cancelled; exec and _exit right after.
 * The program prints what it prints without a cache, and never hangs.
 *
 * 60 exits in handlers, 2000 with MEMOCC_NIGHTLY=1. */
#include <pthread.h>

#include "fault/program.h"

static void arm(int signal, void (*handler)(int), long first_ns, long then_ns)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal};
    struct itimerspec times = {{0, then_ns}, {0, first_ns}};
    timer_t timer;

    sigaction(signal, &action, NULL);
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &times, NULL) != 0)
        _exit(120);
}

/* What a simple program does although it shouldn't: without a cache it is in no
 * library when the signal comes. */
static void print_and_exit(int signal)
{
    char *copy = malloc(100000);

    (void)signal;
    memset(copy, 'x', 100000);
    printf("out of time %d\n", copy[7]);
    free(copy);
    exit(3);
}

static volatile long sum;

/* New keys and such that may be found; no function of any library. */
static void compute_for_ever(void)
{
    static int row_of[ROW];

    for (long x = 0;; x++) {
        sum += f(x) + g(x % 1000) + g(x);
        row(ROW, x % 5000, row_of);
        sum += row_of[7];
    }
}

static int exit_in_handler(void)
{
    const char *delay = getenv("DELAY_NS");

    arm(SIGUSR1, print_and_exit, delay ? strtol(delay, NULL, 10) : 5000000, 0);
    compute_for_ever();
    return 0;
}

/* ---- */

static volatile long handled, n_wrong;
static pid_t main_thread;

static void call_in_handler(int signal)
{
    static volatile long last;
    long x = last + 1; /* the other signal's handler may come in between */
    int saved = errno;

    (void)signal;
    errno = 11;
    last = x % 3000;
    n_wrong += f(x) != f_body(x) || g(x) != g_body(x) || g(-x) != g_body(-x);
    n_wrong += errno != 11;
    handled++;
    errno = saved;
}

static int storm(void)
{
    arm(SIGUSR1, call_in_handler, 300000, IS_SANITIZED ? 900000 : 150000);
    arm(SIGUSR2, call_in_handler, 400000, IS_SANITIZED ? 1700000 : 370000);
    for (long x = 0; x < 3000 || handled < 500; x++) {
        long y = x % 20000;

        n_wrong += f(y) != f_body(y) || g(y) != g_body(y);
        if (x % 10 == 0)
            n_wrong += wrong_in_row(ROW, y);
    }
    printf("wrong: %ld\n", n_wrong);
    return n_wrong ? 1 : 42;
}

static void fork_in_handler(int signal)
{
    pid_t child;

    (void)signal;
    if (++handled > 20 || getpid() != main_thread)
        return;
    child = fork();
    if (child == 0) {
        alarm(WATCHDOG_S);
        _exit(f(handled) != f_body(handled) || g(handled) != g_body(handled) ||
              g(-handled) != g_body(-handled));
    }
}

static int forks(void)
{
    int status, n = 0, bad = 0;

    main_thread = getpid();
    arm(SIGUSR1, fork_in_handler, 300000, 3000000);
    for (long x = 0; handled < 20; x++)
        n_wrong += f(x) != f_body(x) || g(x) != g_body(x) || g(x / 2) != g_body(x / 2);
    while (waitpid(-1, &status, 0) > 0 || errno == EINTR) {
        bad += status != 0;
        if (++n == 20)
            break;
    }
    printf("%ld wrong, %d bad of %d\n", n_wrong, bad, n);
    return 5;
}

/* ---- */

static void note_wrong(bool is_wrong)
{
    __atomic_fetch_add(&n_wrong, is_wrong, __ATOMIC_RELAXED);
}

static void *until_cancelled(void *arg)
{
    long from = (long)(intptr_t)arg;

    for (long x = from;; x++) {
        note_wrong(f(x) != f_body(x) || g(x) != g_body(x) || wrong_in_row(ROW, x) != 0);
        if (x % 400 == 50)
            note_wrong(wrong_in_row(BIG, x));
        pthread_testcancel();
    }
    return NULL;
}

/* With lines on stderr: each write(2) is a place to be cancelled at. */
static int cancelled(void)
{
    for (long i = 0; i < 40; i++) {
        pthread_t threads[2];
        void *result;

        for (long k = 0; k < 2; k++)
            pthread_create(&threads[k], NULL, until_cancelled,
                           (void *)(intptr_t)(i * 1000 + k * 500));
        usleep((useconds_t)(mixed((unsigned long)i) % 8000));
        for (int k = 0; k < 2; k++) {
            pthread_cancel(threads[k]);
            pthread_join(threads[k], &result);
            note_wrong(result != PTHREAD_CANCELED);
        }
        note_wrong(f(i) != f_body(i) || g(-i) != g_body(-i) || wrong_in_row(ROW, -i));
    }
    printf("%ld wrong\n", n_wrong);
    return 6;
}

static int exec_right_after(void)
{
    print_calls(0, 60);
    fflush(stdout);
    execlp("sh", "sh", "-c", "ls /proc/self/fd | wc -l; exit 9", (char *)NULL);
    return 1;
}

static int quick_end(void)
{
    print_calls(100, 60);
    fflush(stdout);
    _exit(7);
}

static int both_go_on(void)
{
    int status;
    pid_t child;

    print_calls(0, 30);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        print_calls(0, 60);
        exit(4);
    }
    waitpid(child, &status, 0);
    print_calls(0, 90);
    printf("%x\n", status);
    return 8;
}

static int child(const char *what)
{
    static const struct {
        const char *name;
        int (*job)(void);
    } jobs[] = {{"exit-in-handler", exit_in_handler},
                {"storm", storm},
                {"forks", forks},
                {"cancelled", cancelled},
                {"exec", exec_right_after},
                {"quick-end", quick_end},
                {"both-go-on", both_go_on}};

    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++)
        if (strcmp(what, jobs[i].name) == 0)
            return jobs[i].job();
    return 121;
}

/* From the first instruction of the runtime on: cold, warm, with little memory. */
static void exits(void)
{
    long n = short_or_nightly(60, 2000);
    char delay[64];

    for (long i = 0; i < n && !failures; i++) {
        unsigned long r = mixed((unsigned long)i);
        unsigned long longest = r % 3 == 0 ? 300000 : r % 3 == 1 ? 3000000 : 40000000;

        snprintf(delay, sizeof delay, "DELAY_NS=%lu", 1000 + (r >> 8) % longest);
        if (i % 10 == 0)
            remove_tree("store");
        SAME_AS_PLAIN("exit-in-handler", delay, i % 4 ? "MEMOCC_MEMORY=0" : "A=", NULL);
    }
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    exits();
    for (int i = 0; i < 2; i++) { /* cold, warm */
        SAME_AS_PLAIN("storm", NULL);
        SAME_AS_PLAIN("storm", "MEMOCC_MEMORY=0", NULL);
        SAME_AS_PLAIN("forks", NULL);
        SAME_AS_PLAIN("cancelled", "MEMOCC_VERBOSE=3", "MEMOCC_MEMORY=0", NULL);
        SAME_AS_PLAIN("exec", NULL);
        SAME_AS_PLAIN("quick-end", NULL);
        SAME_AS_PLAIN("both-go-on", NULL);
    }
    return failures != 0;
}

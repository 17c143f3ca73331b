/* Calls inside a signal handler: right, whatever the handler interrupted. */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>

#include "wrap.h"

#define PERIOD_US 700 /* long enough for a handler under a sanitizer */

/* The queue of the disk store allocates, also in a handler. */
TSAN_DEFAULTS("report_signal_unsafe=0")

static long f_body(long x)
{
    return x * 5;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long g_body(long x)
{
    return x * 7;
}
MEMO_SCALAR(g, 0)

static volatile long handled, wrong;

static void handler(int signal)
{
    static long n;
    int saved = errno;

    (void)signal;
    errno = 11;
    n = (n + 1) % 5000;
    if (f(n) != n * 5 || g(n) != n * 7 || g(n + 100000) != (n + 100000) * 7)
        wrong++;
    if (errno != 11)
        wrong++;
    handled++;
    errno = saved;
}

static char other_stack[1 << 16];

int main(void)
{
    struct sigaction action;
    struct itimerval timer = {{0, PERIOD_US}, {0, PERIOD_US}};
    stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
    long x = 0, bad = 0;

    sigaltstack(&stack, NULL);
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    for (int round = 0; round < 2; round++) {
        handled = 0;
        sigaction(SIGALRM, &action, NULL);
        setitimer(ITIMER_REAL, &timer, NULL);
        while (handled < 400) {
            x = (x + 1) % 100000;
            bad += f(x) != x * 5;
            bad += g(x) != x * 7;
        }
        timer.it_value.tv_usec = timer.it_interval.tv_usec = 0;
        setitimer(ITIMER_REAL, &timer, NULL);
        timer.it_value.tv_usec = timer.it_interval.tv_usec = PERIOD_US;
        action.sa_flags = SA_RESTART | SA_ONSTACK;
    }
    CHECK_EQ(bad, 0);
    CHECK_EQ(wrong, 0);
    return failures != 0;
}

/* quiet.c - blocks one signal around a file operation, or all of them. */
#include "base/quiet.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

void memo__quiet_begin(struct memo__quiet *q, int sig)
{
    sigset_t set, pending;
    int saved = errno;
    q->sig = sig;
    sigpending(&pending);
    q->was_pending = sigismember(&pending, sig) == 1;
    sigemptyset(&set);
    sigaddset(&set, sig);
    pthread_sigmask(SIG_BLOCK, &set, &q->mask);
    errno = saved;
}

void memo__quiet_end(struct memo__quiet *q)
{
    static const struct timespec now = {0, 0};
    sigset_t set;
    int saved = errno;
    if (!q->was_pending) {
        sigemptyset(&set);
        sigaddset(&set, q->sig);
        while (sigtimedwait(&set, NULL, &now) < 0 && errno == EINTR)
            ;
    }
    pthread_sigmask(SIG_SETMASK, &q->mask, NULL);
    errno = saved;
}

void memo__signals_hold(sigset_t *before)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    sigset_t set;
    int saved = errno;
    sigfillset(&set);
    for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&set, faults[i]);
    pthread_sigmask(SIG_BLOCK, &set, before);
    errno = saved;
}

void memo__signals_release(const sigset_t *before)
{
    int saved = errno;
    pthread_sigmask(SIG_SETMASK, before, NULL);
    errno = saved;
}

__thread unsigned memo__holds;

void memo__hold_begin(sigset_t *before)
{
    if (memo__holds == 0)
        memo__signals_hold(before);
    memo__holds++;
}

void memo__hold_end(const sigset_t *before)
{
    memo__holds--;
    if (memo__holds == 0)
        memo__signals_release(before);
}

/* trap.c - see trap.h. The signal mask isn't saved (a system call each time):
 * the handlers run with their signal unblocked instead. */
#include "base/trap.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#include "base/error.h"

static const int signals[] = {SIGBUS, SIGSEGV};
static struct sigaction before[2];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static __thread enum { UNKNOWN, OPEN, BLOCKED } mask __attribute__((tls_model("initial-exec")));
static __thread sigjmp_buf *volatile here __attribute__((tls_model("initial-exec")));

void memo__trap_spring(void)
{
    if (here)
        siglongjmp(*here, 1);
}

static void handler(int sig, siginfo_t *info, void *context)
{
    const struct sigaction *old = &before[sig == SIGBUS ? 0 : 1];

    memo__trap_spring();
    if (old->sa_flags & SA_SIGINFO) {
        old->sa_sigaction(sig, info, context);
    } else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(sig);
    } else {
        /* Not ours: the instruction is carried out again, or the signal sent
         * again, and does what it would have done. */
        sigaction(sig, old, NULL);
        if (info->si_code <= 0)
            raise(sig);
    }
}

static void install(void)
{
    struct sigaction sa;

    for (unsigned i = 0; i < 2; i++) {
        if (sigaction(signals[i], NULL, &before[i]) != 0)
            continue;
        sa.sa_sigaction = handler;
        sigemptyset(&sa.sa_mask);
        sa.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
        sigaction(signals[i], &sa, NULL);
    }
}

static int run(int (*fn)(void *arg), void *arg)
{
    sigjmp_buf jump;
    int result;

    if (sigsetjmp(jump, 0)) {
        here = NULL;
        return MEMO_EDAMAGED;
    }
    here = &jump;
    result = fn(arg);
    here = NULL;
    return result;
}

/* A fault whose signal is blocked ends the process. */
static int run_unblocked(int (*fn)(void *arg), void *arg)
{
    sigset_t set, old;
    int result;

    sigemptyset(&set);
    for (unsigned i = 0; i < 2; i++)
        sigaddset(&set, signals[i]);
    pthread_sigmask(SIG_UNBLOCK, &set, &old);
    result = run(fn, arg);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return result;
}

static void look_at_mask(void)
{
    sigset_t set;

    pthread_sigmask(SIG_BLOCK, NULL, &set);
    mask = sigismember(&set, SIGBUS) || sigismember(&set, SIGSEGV) ? BLOCKED : OPEN;
}

int memo__trap(int (*fn)(void *arg), void *arg)
{
    pthread_once(&once, install);
    if (mask == UNKNOWN)
        look_at_mask();
    return mask == OPEN ? run(fn, arg) : run_unblocked(fn, arg);
}

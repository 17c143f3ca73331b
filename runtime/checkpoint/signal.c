/* signal.c - see signal.h. */
#include "checkpoint/signal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/quiet.h"
#include "checkpoint/background.h"
#include "checkpoint/loop.h"

#define N_SIGNALS 65                              /* numbers 1 to 64 */
#define OTHERS_NS ((uint64_t)2 * 1000000000u)     /* loops of other threads get this long to save */
#define ENDING (bit_of(SIGTERM) | bit_of(SIGINT)) /* these end the program */

struct caught {
    unsigned n_users;        /* lock */
    bool is_installed;       /* lock */
    bool has_come;           /* __atomic; since it was installed, and it ends the program */
    struct sigaction before; /* constant while it is installed */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct caught caught[N_SIGNALS];

static uint64_t bit_of(int sig)
{
    return (uint64_t)1 << (sig - 1);
}

static void call_before(int sig, siginfo_t *info, void *context)
{
    const struct sigaction *before = &caught[sig].before;

    if (before->sa_flags & SA_SIGINFO)
        before->sa_sigaction(sig, info, context);
    else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN)
        before->sa_handler(sig);
}

static void handle(int sig, siginfo_t *info, void *context)
{
    struct memo__ck_loop *l;
    int saved = errno;

    if (bit_of(sig) & ENDING)
        __atomic_store_n(&caught[sig].has_come, true, __ATOMIC_SEQ_CST);
    for (l = memo__ck_loops(); l; l = l->next_loop)
        if (__atomic_load_n(&l->signals, __ATOMIC_ACQUIRE) & bit_of(sig)) {
            __atomic_fetch_or(&l->pending, bit_of(sig), __ATOMIC_SEQ_CST);
            __atomic_store_n(&l->next, 0, __ATOMIC_SEQ_CST);
        }
    errno = saved;
    if (!(bit_of(sig) & ENDING))
        call_before(sig, info, context);
}

static bool is_ours(int sig)
{
    struct sigaction now;

    return sigaction(sig, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
           now.sa_sigaction == handle;
}

static bool is_ignored(const struct sigaction *a)
{
    return !(a->sa_flags & SA_SIGINFO) && a->sa_handler == SIG_IGN;
}

static void install(int sig)
{
    struct caught *c = &caught[sig];
    struct sigaction ours;

    if (sigaction(sig, NULL, &c->before) != 0 ||
        (sig == SIGCHLD && is_ignored(&c->before))) /* children would stay as zombies */
        return;
    memset(&ours, 0, sizeof ours);
    ours.sa_sigaction = handle;
    ours.sa_mask = c->before.sa_mask;
    ours.sa_flags = SA_SIGINFO | SA_RESTART | (c->before.sa_flags & SA_ONSTACK);
    __atomic_store_n(&c->has_come, false, __ATOMIC_SEQ_CST);
    c->is_installed = sigaction(sig, &ours, NULL) == 0;
}

static void uninstall(int sig)
{
    if (caught[sig].is_installed && is_ours(sig))
        sigaction(sig, &caught[sig].before, NULL);
    caught[sig].is_installed = false;
}

void memo__ck_signals_enter(struct memo__ck_loop *l, const int *signals)
{
    uint64_t bits = 0;
    sigset_t before;
    int sig;

    for (; signals && *signals; signals++)
        if (*signals > 0 && *signals < N_SIGNALS)
            bits |= bit_of(*signals);
    __atomic_store_n(&l->pending, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&l->signals, bits, __ATOMIC_SEQ_CST);
    if (bits == 0)
        return;
    memo__hold_begin(&before);
    pthread_mutex_lock(&lock);
    for (sig = 1; sig < N_SIGNALS; sig++)
        if ((bits & bit_of(sig)) && caught[sig].n_users++ == 0)
            install(sig);
    pthread_mutex_unlock(&lock);
    memo__hold_end(&before);
}

/* TERM and INT that loops around l are still to save for. */
static uint64_t pending_around(const struct memo__ck_loop *l)
{
    const struct memo__ck_loop *up;
    uint64_t bits = 0;

    for (up = l->up; up; up = up->up)
        if (up->has_place)
            bits |= __atomic_load_n(&up->pending, __ATOMIC_SEQ_CST);
    return bits & ENDING;
}

/* Will the next run come to this entry again, in the iterations that the loops around it are in? */
static bool is_within_reach(const struct memo__ck_loop *l)
{
    struct memo__ck_loop *up;
    bool is_saved = true;

    pthread_mutex_lock(&memo__ck_lock);
    for (up = l->up; up && is_saved; up = up->up) {
        memo__ck_background_wait(up);
        is_saved = (up->was_written && up->written_at == up->ck->m_at) ||
                   (up->restored_saved_ns != 0 && up->restored_at == up->ck->m_at);
    }
    pthread_mutex_unlock(&memo__ck_lock);
    return is_saved;
}

uint64_t memo__ck_signals_own(struct memo__ck_loop *l, uint64_t pending)
{
    uint64_t left = pending & pending_around(l);
    char who[MEMO__CK_WHO];

    if (left == 0 || is_within_reach(l))
        return pending;
    if (memo__ck_hooks.verbose >= 1)
        memo__log(
            "%s: %s: the loop around it is saved at its next iteration, then the program ends",
            memo__ck_who(l->site, who), memo__ck_signal_name(left));
    return pending & ~left;
}

void memo__ck_signals_leave(struct memo__ck_loop *l)
{
    uint64_t bits = __atomic_load_n(&l->signals, __ATOMIC_RELAXED);
    sigset_t before;
    int sig;

    if (bits == 0)
        return;
    memo__hold_begin(&before);
    pthread_mutex_lock(&lock);
    for (sig = 1; sig < N_SIGNALS; sig++)
        if ((bits & bit_of(sig)) && caught[sig].n_users > 0 && --caught[sig].n_users == 0)
            uninstall(sig);
    pthread_mutex_unlock(&lock);
    memo__hold_end(&before);
    __atomic_store_n(&l->signals, 0, __ATOMIC_SEQ_CST);
    /* One that came too late for this loop ends the program all the same, if that isn't left to a
     * loop around it. */
    bits = __atomic_exchange_n(&l->pending, 0, __ATOMIC_SEQ_CST);
    memo__ck_signals_end(l, bits & ~pending_around(l));
}

const char *memo__ck_signal_name(uint64_t pending)
{
    static const struct {
        int sig;
        const char *name;
    } names[] = {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"},      {SIGHUP, "SIGHUP"},
                 {SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"},    {SIGALRM, "SIGALRM"},
                 {SIGQUIT, "SIGQUIT"}, {SIGXCPU, "SIGXCPU"},    {SIGCONT, "SIGCONT"},
                 {SIGTSTP, "SIGTSTP"}, {SIGVTALRM, "SIGVTALRM"}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pending & bit_of(names[i].sig))
            return names[i].name;
    return "a signal";
}

static bool others_save(const struct memo__ck_loop *own, uint64_t bits)
{
    struct memo__ck_loop *l;
    bool found = false;

    pthread_mutex_lock(&memo__ck_lock);
    for (l = memo__ck_loops(); l && !found; l = l->next_loop)
        found = l->in_use && l->thread != own->thread &&
                ((__atomic_load_n(&l->pending, __ATOMIC_SEQ_CST) |
                  __atomic_load_n(&l->answers, __ATOMIC_SEQ_CST)) &
                 bits);
    pthread_mutex_unlock(&memo__ck_lock);
    return found;
}

/* The thread may have it blocked, and another one got it. */
static void raise_unblocked(int sig)
{
    sigset_t only, before;

    sigemptyset(&only);
    sigaddset(&only, sig);
    raise(sig);
    pthread_sigmask(SIG_UNBLOCK, &only, &before);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* A handler of the program's has its turn; if it returns, the signal ends the program all the same.
 * Whoever ignores a signal isn't ended by it. */
static void end_by(int sig)
{
    struct sigaction by_default;
    bool is_wanted;

    if (!__atomic_exchange_n(&caught[sig].has_come, false, __ATOMIC_SEQ_CST))
        return;
    pthread_mutex_lock(&lock);
    is_wanted = !is_ignored(&caught[sig].before);
    if (is_wanted)
        uninstall(sig);
    pthread_mutex_unlock(&lock);
    if (!is_wanted)
        return;
    raise_unblocked(sig);
    memset(&by_default, 0, sizeof by_default);
    by_default.sa_handler = SIG_DFL;
    sigaction(sig, &by_default, NULL);
    raise_unblocked(sig);
}

void memo__ck_signals_end(struct memo__ck_loop *l, uint64_t pending)
{
    const struct timespec nap = {0, 2000000};
    struct memo__ck_loop *up;
    uint64_t until;

    if (!(pending & ENDING))
        return;
    for (up = l->up; up; up = up->up) /* what is to be ended doesn't wait for itself */
        __atomic_fetch_and(&up->pending, ~ENDING, __ATOMIC_SEQ_CST);
    until = memo__monotonic_ns() + OTHERS_NS;
    while (others_save(l, pending & ENDING) && memo__monotonic_ns() < until)
        nanosleep(&nap, NULL);
    if (pending & bit_of(SIGTERM))
        end_by(SIGTERM);
    if (pending & bit_of(SIGINT))
        end_by(SIGINT);
}

void memo__ck_signals_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__ck_signals_fork_done(bool is_child)
{
    int sig;

    if (!is_child) {
        pthread_mutex_unlock(&lock);
        return;
    }
    pthread_mutex_init(&lock, NULL);
    for (sig = 1; sig < N_SIGNALS; sig++) {
        uninstall(sig);
        caught[sig].n_users = 0;
    }
}

/* quiet.h - operations that must not raise a signal in the user's program, and such
 * that no handler may interrupt.
 *
 * A write to a closed pipe raises SIGPIPE, one past RLIMIT_FSIZE SIGXFSZ, and
 * both end a program by default. Between begin and end the signal is blocked in
 * this thread, and one that arose meanwhile is taken away. errno is kept. */
#ifndef MEMO_BASE_QUIET_H
#define MEMO_BASE_QUIET_H

#include <signal.h>
#include <stdbool.h>

struct memo__quiet {
    sigset_t mask; /* of the thread before */
    int sig;
    bool was_pending;
};

void memo__quiet_begin(struct memo__quiet *q, int sig);
void memo__quiet_end(struct memo__quiet *q);

/* A handler may print and exit, and thereby come to malloc, the loader or the
 * list of exit functions. Without us the program would be in none of them: so
 * no handler runs while we are. Signals of faults aren't held. errno is kept. */
void memo__signals_hold(sigset_t *before);
void memo__signals_release(const sigset_t *before);

/* The same, and what is called in between needn't do it again: allocations, and further
 * pairs of these two. On one thread, and properly nested. */
void memo__hold_begin(sigset_t *before);
void memo__hold_end(const sigset_t *before);

extern __thread unsigned memo__holds __attribute__((tls_model("initial-exec"))); /* how deep */

#endif

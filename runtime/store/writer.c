/* writer.c - the queue of things to write, and the thread that writes them.
 *
 * The queue is a stack that pushers extend with compare-and-swap and the writer
 * takes as a whole and reverses. `pushed` is raised before an operation enters
 * it, so that once `completed` reaches a value read from `pushed`, everything
 * that the reader had pushed is done.
 *
 * Sleeping: the writer sets `asleep`, then looks at the stack once more; a
 * pusher extends the stack, then looks at `asleep`. Both are sequentially
 * consistent, so one of them sees the other. After a sleep in which nothing came it
 * ends, in the same way with `state`: a program whose last own thread has
 * ended without exit() would else go on for ever. */
#include "store/writer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/pool.h"

#define POLL_NS 2000000u
#define GATHER_POLLS 5u                 /* at most, while more keeps coming */
#define IDLE_POLLS 25u                  /* then it sleeps, */
#define SLEEP_NS ((uint64_t)250000000)  /* then it ends */
#define MAX_BYTES ((uint64_t)128 << 20) /* in the queue; one larger result may enter */
#define MAX_COUNT ((uint64_t)1 << 18)
#define LOOK_NS ((uint64_t)100 * 1000000u)
#define STACK ((size_t)256 << 10)

enum { NOT_STARTED, STARTING, RUNNING, NO_THREAD };

struct memo__op *memo__op_new(enum memo__op_kind kind, const struct memo__disk_key *key,
                              size_t record_len)
{
    struct memo__op *op = memo__pool_alloc(sizeof *op + record_len);
    if (!op)
        return NULL;
    memset(op, 0, sizeof *op);
    op->kind = kind;
    op->refs = 1;
    op->key = *key;
    op->record_len = record_len;
    op->bytes = sizeof *op + record_len;
    return op;
}

void memo__op_free(struct memo__op *op)
{
    if (!op)
        return;
    memo__buf_release(&op->hashes);
    memo__pool_free(op->image);
    memo__pool_free(op);
}

static void init_sync(struct memo__writer *w)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->work, &attr);
    pthread_cond_init(&w->ready, &attr);
    pthread_condattr_destroy(&attr);
}

void memo__writer_init(struct memo__writer *w, int (*apply)(void *, struct memo__op **),
                       bool (*is_stuck)(void *), void *arg)
{
    memset(w, 0, sizeof *w);
    w->apply = apply;
    w->is_stuck = is_stuck;
    w->arg = arg;
    init_sync(w);
}

void memo__writer_atfork_child(struct memo__writer *w)
{
    memo__pool_atfork_child();
    memo__writer_init(w, w->apply, w->is_stuck, w->arg);
}

static struct timespec deadline(uint64_t timeout_ns)
{
    uint64_t at = memo__monotonic_ns() + timeout_ns;
    return (struct timespec){(time_t)(at / 1000000000u), (long)(at % 1000000000u)};
}

static struct memo__op *take_all(struct memo__writer *w)
{
    struct memo__op *op = __atomic_exchange_n(&w->head, NULL, __ATOMIC_ACQUIRE), *list = NULL;
    while (op) {
        struct memo__op *next = op->next;
        op->next = list;
        list = op;
        op = next;
    }
    return list;
}

static void complete(struct memo__writer *w, struct memo__op *list, int err)
{
    uint64_t n = 0, bytes = 0;
    struct memo__op *next, *garbage = NULL;
    pthread_mutex_lock(&w->mutex);
    for (struct memo__op *op = list; op; op = next) {
        next = op->next;
        n++;
        bytes += op->bytes;
        op->done = true;
        if (!--op->refs) {
            op->next = garbage;
            garbage = op;
        }
    }
    if (err)
        w->last_error = err;
    w->completed += n;
    __atomic_sub_fetch(&w->count, n, __ATOMIC_RELAXED);
    __atomic_sub_fetch(&w->bytes, bytes, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&w->ready);
    pthread_mutex_unlock(&w->mutex);
    for (; garbage; garbage = next) {
        next = garbage->next;
        memo__op_free(garbage);
    }
}

/* Nothing has come for long: the next push starts another thread. Called with the mutex held.
 * false: something has come. */
static bool retire(struct memo__writer *w)
{
    int expected = NOT_STARTED;
    if (w->stop)
        return false;
    __atomic_store_n(&w->state, NOT_STARTED, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&w->head, __ATOMIC_SEQ_CST) &&
        __atomic_compare_exchange_n(&w->state, &expected, RUNNING, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST))
        return false;
    pthread_detach(pthread_self());
    return true;
}

/* false: the thread has ended as far as others know. */
static bool sleep_some(struct memo__writer *w)
{
    struct timespec until = deadline(SLEEP_NS);
    bool is_over = false;
    __atomic_store_n(&w->asleep, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&w->head, __ATOMIC_SEQ_CST) && !w->stop && !w->hurry && !is_over)
        is_over = pthread_cond_timedwait(&w->work, &w->mutex, &until) == ETIMEDOUT;
    __atomic_store_n(&w->asleep, 0, __ATOMIC_SEQ_CST);
    return !is_over || w->hurry || !retire(w);
}

enum pause { GO_ON, STOP, RETIRED };

/* Waits for work, then while more of it comes, since one commit costs as much
 * as thousands of results. */
static enum pause pause_writer(struct memo__writer *w, bool sleep)
{
    pthread_mutex_lock(&w->mutex);
    if (sleep && !sleep_some(w)) {
        pthread_mutex_unlock(&w->mutex);
        return RETIRED;
    }
    const struct memo__op *newest;
    for (unsigned n = 0; n < GATHER_POLLS; n++) {
        newest = __atomic_load_n(&w->head, __ATOMIC_RELAXED);
        struct timespec until = deadline(POLL_NS);
        while (!w->stop && !w->hurry &&
               pthread_cond_timedwait(&w->work, &w->mutex, &until) != ETIMEDOUT)
            ;
        if (w->stop || w->hurry || newest == __atomic_load_n(&w->head, __ATOMIC_RELAXED) ||
            __atomic_load_n(&w->bytes, __ATOMIC_RELAXED) > MAX_BYTES / 4)
            break;
    }
    w->hurry = false;
    enum pause next = w->stop ? STOP : GO_ON;
    pthread_mutex_unlock(&w->mutex);
    return next;
}

static void *run(void *arg)
{
    struct memo__writer *w = arg;
    unsigned idle = 0;
    for (;;) {
        enum pause next = pause_writer(w, idle > IDLE_POLLS);
        if (next == RETIRED)
            return NULL;
        struct memo__op *list = take_all(w);
        if (list) {
            idle = 0;
            int err = w->apply(w->arg, &list);
            complete(w, list, err);
        } else if (next == STOP) {
            return NULL;
        } else if (idle++ == IDLE_POLLS) {
            memo__pool_trim();
        }
    }
}

/* A program with large thread-local arrays needs more stack than ours. */
static int create_thread(struct memo__writer *w)
{
    pthread_attr_t attr;
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV); /* trap.h */
    sigdelset(&all, SIGBUS);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    int rc = pthread_create(&w->thread, &attr, run, w);
    if (rc)
        rc = pthread_create(&w->thread, NULL, run, w);
    pthread_attr_destroy(&attr);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!rc)
        (void)pthread_setname_np(w->thread, "memocc");
    return rc;
}

/* One thread starts the writer; others go on pushing meanwhile. */
static void start(struct memo__writer *w)
{
    int expected = NOT_STARTED;
    if (!__atomic_compare_exchange_n(&w->state, &expected, STARTING, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return;
    pthread_mutex_lock(&w->mutex);
    int rc = create_thread(w);
    pthread_mutex_unlock(&w->mutex);
    if (rc)
        memo__warn_once(MEMO__ONCE_THREAD,
                        "cannot start a thread: %s; results are not kept on disk", strerror(rc));
    __atomic_store_n(&w->state, rc ? NO_THREAD : RUNNING, __ATOMIC_RELEASE);
}

static void wake(struct memo__writer *w, bool hurry)
{
    pthread_mutex_lock(&w->mutex);
    w->hurry |= hurry;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->mutex);
}

int memo__writer_push(struct memo__writer *w, struct memo__op *op)
{
    if (__atomic_load_n(&w->state, __ATOMIC_ACQUIRE) == NOT_STARTED)
        start(w);
    if (__atomic_load_n(&w->state, __ATOMIC_ACQUIRE) == NO_THREAD)
        return MEMO_ENOMEM;
    uint64_t bytes = __atomic_fetch_add(&w->bytes, op->bytes, __ATOMIC_RELAXED);
    uint64_t count = __atomic_fetch_add(&w->count, 1, __ATOMIC_RELAXED);
    if (!op->waited && (count >= MAX_COUNT || (bytes && bytes + op->bytes > MAX_BYTES))) {
        __atomic_sub_fetch(&w->bytes, op->bytes, __ATOMIC_RELAXED);
        __atomic_sub_fetch(&w->count, 1, __ATOMIC_RELAXED);
        return MEMO_EDROPPED;
    }
    bool waited = op->waited;
    if (waited)
        op->refs = 2;
    __atomic_add_fetch(&w->pushed, 1, __ATOMIC_SEQ_CST);
    struct memo__op *head = __atomic_load_n(&w->head, __ATOMIC_RELAXED);
    do
        op->next = head;
    while (!__atomic_compare_exchange_n(&w->head, &head, op, true, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED));
    if (waited || __atomic_load_n(&w->asleep, __ATOMIC_SEQ_CST))
        wake(w, waited);
    if (__atomic_load_n(&w->state, __ATOMIC_SEQ_CST) == NOT_STARTED) /* it ended just now */
        start(w);
    return 0;
}

/* Waits for `ready`, no longer than LOOK_NS: the writer may have got stuck. Called
 * with the mutex held. false: there is no more use in waiting. */
static bool wait_some(struct memo__writer *w, uint64_t until_ns)
{
    uint64_t now = memo__monotonic_ns();
    if (now >= until_ns || w->is_stuck(w->arg))
        return false;
    uint64_t ns = until_ns - now < LOOK_NS ? until_ns - now : LOOK_NS;
    struct timespec until = deadline(ns);
    (void)pthread_cond_timedwait(&w->ready, &w->mutex, &until);
    return true;
}

int memo__writer_wait(struct memo__writer *w, struct memo__op *op, uint64_t timeout_ns)
{
    uint64_t until = memo__monotonic_ns() + timeout_ns;
    int err = 0;
    pthread_mutex_lock(&w->mutex);
    while (!op->done && wait_some(w, until))
        ;
    if (!op->done) {
        op->refs--;
        err = MEMO_ETIMEOUT;
    }
    pthread_mutex_unlock(&w->mutex);
    return err;
}

int memo__writer_flush(struct memo__writer *w, uint64_t timeout_ns)
{
    uint64_t target = __atomic_load_n(&w->pushed, __ATOMIC_SEQ_CST);
    uint64_t until = timeout_ns ? memo__monotonic_ns() + timeout_ns : UINT64_MAX;
    bool go_on = true;
    int err;
    pthread_mutex_lock(&w->mutex);
    while (w->completed < target && go_on &&
           __atomic_load_n(&w->state, __ATOMIC_ACQUIRE) != NO_THREAD) {
        w->hurry = true;
        pthread_cond_signal(&w->work);
        go_on = wait_some(w, until);
    }
    if (w->completed < target) {
        err = go_on ? MEMO_ENOMEM : MEMO_ETIMEOUT;
    } else {
        err = w->last_error;
        w->last_error = 0;
    }
    pthread_mutex_unlock(&w->mutex);
    return err;
}

bool memo__writer_stop(struct memo__writer *w, uint64_t timeout_ns)
{
    int expected = NOT_STARTED;
    if (__atomic_compare_exchange_n(&w->state, &expected, NO_THREAD, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE) ||
        expected != RUNNING)
        return true;
    if (memo__writer_flush(w, timeout_ns) == MEMO_ETIMEOUT)
        return false;
    pthread_mutex_lock(&w->mutex);
    bool is_running = __atomic_load_n(&w->state, __ATOMIC_ACQUIRE) == RUNNING;
    w->stop = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->mutex);
    if (is_running)
        pthread_join(w->thread, NULL);
    __atomic_store_n(&w->state, NO_THREAD, __ATOMIC_RELEASE);
    return true;
}

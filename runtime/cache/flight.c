/* flight.c - the table of calls in flight; see flight.h. */
#include "cache/flight.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/log.h"
#include "cache/runtime.h"

#define N_BUCKETS 1024u

/* Guards all of this file, call->flight_* and thread->waits_for. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gone; /* on CLOCK_MONOTONIC; some call that is waited for has left */
static bool has_gone;
static struct memo_call *buckets[N_BUCKETS];
static struct memo__thread *waiting; /* threads whose waits_for is, or was, set */
static unsigned limit_ms = 60000;

static unsigned departed[N_BUCKETS]; /* calls that have left; written under the lock, __atomic */

static unsigned index_of(const uint64_t hash[2])
{
    return hash[0] % N_BUCKETS;
}

static struct memo_call **bucket_of(const struct memo_call *call)
{
    return &buckets[index_of(call->key.hash)];
}

unsigned memo__flight_ticket(const uint64_t hash[2])
{
    return __atomic_load_n(&departed[index_of(hash)], __ATOMIC_ACQUIRE);
}

static struct memo_call *find(const struct memo_call *call)
{
    struct memo_call *c;

    for (c = *bucket_of(call); c; c = c->flight_next)
        if (c->key.hash[0] == call->key.hash[0] && c->key.hash[1] == call->key.hash[1])
            return c;
    return NULL;
}

/* Whether the thread that computes `call` waits for t, directly or not. */
static bool waits_for_us(const struct memo__thread *t, const struct memo_call *call)
{
    while (call) {
        if (call->owner == t)
            return true;
        call = call->owner ? call->owner->waits_for : NULL;
    }
    return false;
}

static void insert(struct memo_call *call)
{
    call->flight_next = *bucket_of(call);
    *bucket_of(call) = call;
    call->is_marked = true;
}

static void init_condition(void)
{
    pthread_condattr_t attr;

    if (has_gone)
        return;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&gone, &attr);
    pthread_condattr_destroy(&attr);
    has_gone = true;
}

static struct timespec deadline(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += limit_ms / 1000;
    t.tv_nsec += (long)(limit_ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* Until `other` has left: whoever leaves clears waits_for, since the node may be
 * another call's by the time we wake up. */
static void wait_for(struct memo__thread *t, const struct memo_call *call, struct memo_call *other)
{
    struct timespec until = deadline();
    struct memo__thread **p;
    int err = 0;

    init_condition();
    if (memo__runtime.config.verbose >= 3)
        memo__log("wait %s: another thread computes it", call->site->abi->m_name);
    t->waits_for = other;
    t->next_waiting = waiting;
    waiting = t;
    other->has_waiters = true;
    while (t->waits_for && err == 0)
        err = pthread_cond_timedwait(&gone, &lock, &until);
    t->waits_for = NULL;
    for (p = &waiting; *p != t; p = &(*p)->next_waiting)
        continue;
    *p = t->next_waiting;
    if (err == ETIMEDOUT)
        memo__warn_once(MEMO__ONCE_WAIT,
                        "waited %u s for another thread's call of '%s'; it is computed twice",
                        limit_ms / 1000, call->site->abi->m_name);
}

static void wake_waiters(struct memo_call *call)
{
    struct memo__thread *t;

    for (t = waiting; t; t = t->next_waiting)
        if (t->waits_for == call)
            t->waits_for = NULL;
    call->has_waiters = false;
    pthread_cond_broadcast(&gone);
}

enum memo__flight memo__flight_enter(struct memo__thread *t, struct memo_call *call,
                                     unsigned ticket)
{
    enum memo__flight what = MEMO__COMPUTE;
    struct memo_call *other;
    int cancel_state;

    pthread_mutex_lock(&lock);
    other = find(call);
    if (!other) {
        insert(call);
        if (departed[index_of(call->key.hash)] != ticket)
            what = MEMO__LOOK_AGAIN;
    } else if (!waits_for_us(t, other)) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
        wait_for(t, call, other);
        pthread_setcancelstate(cancel_state, NULL);
        what = MEMO__LOOK_AGAIN;
    }
    pthread_mutex_unlock(&lock);
    return what;
}

void memo__flight_leave(struct memo_call *call)
{
    struct memo_call **p;

    if (!call->is_marked)
        return;
    pthread_mutex_lock(&lock);
    for (p = bucket_of(call); *p && *p != call; p = &(*p)->flight_next)
        continue;
    if (*p)
        *p = call->flight_next;
    call->is_marked = false;
    __atomic_fetch_add(&departed[index_of(call->key.hash)], 1, __ATOMIC_RELEASE);
    if (call->has_waiters)
        wake_waiters(call);
    pthread_mutex_unlock(&lock);
}

void memo__flight_fork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__flight_fork_parent(void)
{
    pthread_mutex_unlock(&lock);
}

void memo__flight_fork_child(void)
{
    unsigned i;

    pthread_mutex_init(&lock, NULL);
    has_gone = false;
    waiting = NULL;
    for (i = 0; i < N_BUCKETS; i++)
        buckets[i] = NULL;
}

void memo__flight_set_limit(unsigned ms)
{
    pthread_mutex_lock(&lock);
    limit_ms = ms;
    pthread_mutex_unlock(&lock);
}

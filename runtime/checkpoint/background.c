/* background.c - see background.h. */
#include "checkpoint/background.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "base/clock.h"
#include "base/quiet.h"
#include "checkpoint/loop.h"
#include "checkpoint/save.h"

#define STACK ((size_t)256 << 10)
#define NAP_NS ((uint64_t)250000000) /* the longest sleep; and the time without work that ends it  \
                                      */

pthread_mutex_t memo__ck_lock = PTHREAD_MUTEX_INITIALIZER;

static pthread_cond_t work, done;                       /* by the monotonic clock */
static bool has_conditions;                             /* memo__ck_lock */
static enum { NONE, RUNNING, IMPOSSIBLE } thread_state; /* memo__ck_lock */
static bool is_needed;                                  /* it was asked for; memo__ck_lock */
static uint64_t wake_ns;                                /* when it looks again; memo__ck_lock */
static uint64_t asked_ns; /* the first time that it was woken for, gone by or not; memo__ck_lock */
static uint64_t n_queued; /* jobs so far; memo__ck_lock */
static struct memo__ck_loop *loops; /* __atomic */

struct memo__ck_loop *memo__ck_loops(void)
{
    return __atomic_load_n(&loops, __ATOMIC_ACQUIRE);
}

void memo__ck_loops_add(struct memo__ck_loop *l)
{
    l->next_loop = loops;
    __atomic_store_n(&loops, l, __ATOMIC_RELEASE);
}

void memo__ck_fire(struct memo__ck_loop *l)
{
    __atomic_store_n(&l->is_due, true, __ATOMIC_SEQ_CST);
    __atomic_store_n(&l->next, 0, __ATOMIC_SEQ_CST);
}

static struct memo__ck_loop *next_job(void)
{
    struct memo__ck_loop *l, *first = NULL;

    for (l = memo__ck_loops(); l; l = l->next_loop)
        if (l->job == MEMO__CK_QUEUED && (!first || l->queued < first->queued))
            first = l;
    return first;
}

/* Fires what is due; when to look again. *idle: nothing will ever be due. */
static uint64_t look_around(bool *idle)
{
    uint64_t now = memo__monotonic_ns(), wake = now + NAP_NS;
    struct memo__ck_loop *l;

    *idle = true;
    for (l = memo__ck_loops(); l; l = l->next_loop) {
        if (!l->in_use || l->job != MEMO__CK_IDLE || l->schedule.look_ns == UINT64_MAX)
            continue;
        *idle = false;
        if (memo__ck_schedule_look(&l->schedule, now))
            memo__ck_fire(l);
        else if (l->schedule.look_ns < wake)
            wake = l->schedule.look_ns;
    }
    /* Though its loop may be gone: else short ones would wake the thread each time. */
    return asked_ns > now && asked_ns < wake ? asked_ns : wake;
}

static void sleep_until(uint64_t ns)
{
    struct timespec at = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};

    wake_ns = ns;
    pthread_cond_timedwait(&work, &memo__ck_lock, &at);
    wake_ns = 0; /* awake: nobody needs to wake it */
}

/* The loop that wants to be looked at, or written, starts another one. */
static void *end(void)
{
    thread_state = NONE;
    pthread_mutex_unlock(&memo__ck_lock);
    return NULL;
}

static void *run(void *unused)
{
    uint64_t cpu = memo__thread_cpu_ns(), now, rests_ns = 0, wake;
    struct memo__ck_loop *l;
    bool is_idle;

    (void)unused;
    memo__holds = 1; /* all signals are blocked here, for ever */
    pthread_mutex_lock(&memo__ck_lock);
    for (;;) {
        l = next_job();
        if (l) {
            l->job = MEMO__CK_WRITING;
            pthread_mutex_unlock(&memo__ck_lock);
            memo__ck_write_now(l);
            pthread_mutex_lock(&memo__ck_lock);
            l->job = MEMO__CK_IDLE;
            pthread_cond_broadcast(&done);
            cpu = memo__thread_cpu_ns(); /* the write has told its own */
            continue;
        }
        wake = look_around(&is_idle);
        now = memo__monotonic_ns();
        if (!is_idle || is_needed || rests_ns == 0)
            rests_ns = now;
        else if (now - rests_ns >= NAP_NS)
            return end();
        is_needed = false;
        sleep_until(wake);
        now = memo__thread_cpu_ns();
        memo__ck_spend(now - cpu);
        cpu = now;
    }
}

static void make_conditions(void)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&work, &attr);
    pthread_cond_init(&done, &attr);
    pthread_condattr_destroy(&attr);
    has_conditions = true;
}

/* A program with large thread-local arrays needs more stack than ours. */
static bool start(void)
{
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, before;
    int err;

    if (!has_conditions)
        make_conditions();
    wake_ns = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, STACK);
    err = pthread_create(&thread, &attr, run, NULL);
    if (err) {
        pthread_attr_setstacksize(&attr, (size_t)8 << 20);
        err = pthread_create(&thread, &attr, run, NULL);
    }
    pthread_attr_destroy(&attr);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err == 0;
}

static bool is_running(void)
{
    is_needed = true;
    if (thread_state == NONE)
        thread_state = start() ? RUNNING : IMPOSSIBLE;
    return thread_state == RUNNING;
}

bool memo__ck_background_watch(const struct memo__ck_loop *l)
{
    if (l->schedule.look_ns == UINT64_MAX)
        return thread_state != IMPOSSIBLE;
    if (!is_running())
        return false;
    if (l->schedule.look_ns < wake_ns) {
        wake_ns = asked_ns = l->schedule.look_ns;
        pthread_cond_signal(&work);
    }
    return true;
}

bool memo__ck_background_write(struct memo__ck_loop *l)
{
    if (!is_running())
        return false;
    l->job = MEMO__CK_QUEUED;
    l->queued = ++n_queued;
    pthread_cond_signal(&work);
    return true;
}

void memo__ck_background_wait(struct memo__ck_loop *l)
{
    while (l->job != MEMO__CK_IDLE)
        pthread_cond_wait(&done, &memo__ck_lock);
}

void memo__ck_background_drop(struct memo__ck_loop *l)
{
    __atomic_store_n(&l->is_dropped, true, __ATOMIC_RELAXED);
    if (l->job == MEMO__CK_QUEUED)
        l->job = MEMO__CK_IDLE;
}

static bool has_job(void)
{
    struct memo__ck_loop *l;

    for (l = memo__ck_loops(); l; l = l->next_loop)
        if (l->job != MEMO__CK_IDLE)
            return true;
    return false;
}

void memo__ck_background_finish(uint64_t most_ns)
{
    uint64_t until = memo__monotonic_ns() + most_ns;
    struct timespec at = {(time_t)(until / 1000000000u), (long)(until % 1000000000u)};

    while (has_job())
        if (pthread_cond_timedwait(&done, &memo__ck_lock, &at) == ETIMEDOUT)
            break;
}

void memo__ck_background_fork_child(void)
{
    struct memo__ck_loop *l;

    pthread_mutex_init(&memo__ck_lock, NULL);
    has_conditions = false;
    thread_state = NONE;
    for (l = memo__ck_loops(); l; l = l->next_loop)
        l->job = MEMO__CK_IDLE;
}

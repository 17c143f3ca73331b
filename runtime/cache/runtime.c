/* runtime.c - start, tiers, fork and exit; see runtime.h. docs/threads.md has
 * the order of the locks that fork takes. */
#include "cache/runtime.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/quiet.h"
#include "base/trace.h"
#include "cache/call.h"
#include "cache/explain.h"
#include "cache/flight.h"
#include "cache/gate.h"
#include "cache/stats.h"
#include "cache/strings.h"
#include "cache/thread.h"
#include "cache/verify.h"
#include "store/fast.h"

#define EXIT_FLUSH_NS ((uint64_t)30 * 1000000000)

struct memo__runtime memo__runtime;

static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER; /* the start */
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;  /* opening the disk store */
static bool is_started;     /* __atomic; written under start_lock */
static int start_error;     /* valid once is_started is set */
static int atfork_error;    /* of registering what follows */
static bool is_fork_unsafe; /* the thread that forks was interrupted inside the runtime */

/* A signal handler may fork while it interrupts the runtime, whose locks this
 * very thread may hold: they are then left alone, and the child does without. */
static void fork_prepare(void)
{
    is_fork_unsafe = memo__self && memo__self->is_busy;
    if (is_fork_unsafe)
        return;
    pthread_mutex_lock(&start_lock);
    pthread_mutex_lock(&disk_lock);
    memo__explain_fork_prepare();
    memo__flight_fork_prepare();
    memo__sites_fork_prepare();
    memo__program_fork_prepare();
    memo__strings_fork_prepare();
    memo__threads_fork_prepare();
    memo__fast_atfork_prepare();
    memo__memory_atfork_prepare(memo__runtime.memory);
    memo__disk_atfork_prepare(memo__runtime.disk);
}

static void fork_parent(void)
{
    if (is_fork_unsafe)
        return;
    memo__disk_atfork_parent(memo__runtime.disk);
    memo__memory_atfork_parent(memo__runtime.memory);
    memo__fast_atfork_done();
    memo__threads_fork_parent();
    memo__strings_fork_done(false);
    memo__program_fork_done(false);
    memo__sites_fork_done(false);
    memo__flight_fork_parent();
    memo__explain_fork_done(false);
    pthread_mutex_unlock(&disk_lock);
    pthread_mutex_unlock(&start_lock);
}

static void fork_child(void)
{
    memo__trace_fork_child();
    if (is_fork_unsafe) {
        memo__disk_drop_claims(memo__runtime.disk);
        memo__runtime.config.is_off = true;
        memo__runtime.config.stats = MEMO__STATS_NONE;
        return;
    }
    memo__disk_atfork_child(memo__runtime.disk);
    memo__memory_atfork_child(memo__runtime.memory);
    memo__fast_atfork_done();
    memo__threads_fork_child();
    memo__strings_fork_done(true);
    memo__program_fork_done(true);
    memo__sites_fork_done(true);
    memo__flight_fork_child();
    memo__explain_fork_done(true);
    pthread_mutex_init(&disk_lock, NULL);
    pthread_mutex_init(&start_lock, NULL);
    memo__gate_fork_child();
    memo__calls_fork_child(memo__self);
    memo__stats_fork_child();
    memo__verify_fork_child();
}

static void thread_ended(struct memo__thread *t)
{
    memo__calls_bury_all(t);
}

/* The thread that called exit() never comes back to its calls in flight: nobody
 * shall wait for them in what runs from here on. */
static void at_exit(void)
{
    struct memo__thread *t = memo__self;

    if (!t || t->is_busy)
        return;
    t->is_busy = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo__calls_bury_all(t);
    memo__leave(t);
}

static int start(void)
{
    int err;

    memo__config_read(&memo__runtime.config);
    if (memo__runtime.config.has_trace && !memo__runtime_is_shadowed())
        memo__trace_start(memo__runtime.config.trace_file);
    memo__runtime.start_ns = memo__realtime_ns(); /* no entry of before is so young */
    err = memo__threads_start(thread_ended);
    if (err != 0)
        return err;
    if (!memo__runtime.config.is_off && memo__runtime.config.memory > 0 &&
        memo__memory_new(memo__runtime.config.memory / 4 * 3, &memo__runtime.memory) != 0)
        memo__runtime.memory = NULL;
    memo__fast_set_limit(memo__runtime.config.memory / 4);
    if (atfork_error != 0 || atexit(at_exit) != 0)
        return MEMO_ENOMEM;
    return 0;
}

int memo__runtime_start(void)
{
    bool is_first = false;

    if (__atomic_load_n(&is_started, __ATOMIC_ACQUIRE))
        return start_error;
    pthread_mutex_lock(&start_lock);
    if (!is_started) {
        start_error = start();
        is_first = true;
        __atomic_store_n(&is_started, true, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&start_lock);
    if (is_first) /* not under the lock: a constructor may hold the loader's and wait for ours */
        memo__stay_loaded();
    return start_error;
}

static void open_disk(void)
{
    const struct memo__config *c = &memo__runtime.config;
    struct memo__disk_options options = {
        .dir = c->has_dir ? c->dir : NULL, .max_size = c->max_size, .readonly = c->is_readonly};
    struct memo__disk *disk = NULL;
    int err, cancel_state;
    sigset_t before;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    memo__signals_hold(&before);
    err = memo__disk_open(&options, &disk);
    memo__signals_release(&before);
    pthread_setcancelstate(cancel_state, NULL);
    if (c->verbose >= 3)
        memo__log("disk store: %s", err == 0 ? memo__disk_dir(disk) : memo__strerror(err));
    if (err == 0)
        __atomic_store_n(&memo__runtime.disk, disk, __ATOMIC_RELEASE);
}

struct memo__disk *memo__runtime_open_disk(void)
{
    return __atomic_load_n(&memo__runtime.disk, __ATOMIC_ACQUIRE);
}

struct memo__disk *memo__runtime_disk(void)
{
    if (!__atomic_load_n(&memo__runtime.has_asked_disk, __ATOMIC_ACQUIRE)) {
        pthread_mutex_lock(&disk_lock);
        if (!memo__runtime.has_asked_disk) {
            if (!memo__runtime.config.is_off)
                open_disk();
            __atomic_store_n(&memo__runtime.has_asked_disk, true, __ATOMIC_RELEASE);
        }
        pthread_mutex_unlock(&disk_lock);
    }
    return memo__runtime_open_disk();
}

__attribute__((constructor)) static void before_main(void)
{
    memo__config_early();
    /* Before any thread can fork while another one starts the runtime. */
    atfork_error = pthread_atfork(fork_prepare, fork_parent, fork_child);
    memo__explain_early();
}

/* Runs after the program's own atexit handlers, so that what those compute is
 * kept too. Threads that still run may go on using everything. */
__attribute__((destructor)) static void after_exit(void)
{
    struct memo__disk *disk = memo__runtime_open_disk();
    struct memo__thread *t;

    if (!__atomic_load_n(&is_started, __ATOMIC_ACQUIRE) && !secure_getenv("MEMOCC_STATS") &&
        !secure_getenv("MEMOCC_TRACE"))
        return;
    if (memo__runtime_start() != 0) /* statistics of no calls are statistics too */
        return;
    t = memo__enter(); /* a handler that comes while we wait must not wait for the same */
    if (!t)            /* exit() in a signal handler that interrupted us */
        return;
    if (disk)
        memo__disk_flush(disk, EXIT_FLUSH_NS);
    memo__verify_report();
    memo__stats_report();
    memo__trace_finish();
    memo__leave(t);
}

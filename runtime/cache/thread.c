/* thread.c - blocks, counters and nodes of threads; see thread.h. */
#include "cache/thread.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "base/quiet.h"
#include "cache/call.h"
#include "cache/runtime.h"

#define CHUNK ((size_t)64 << 10)
#define MAX_OWN_STACK ((uintptr_t)1 << 30)

extern void *__libc_stack_end __attribute__((weak));

__thread struct memo_thread *memo_abi_self
    __attribute__((tls_model("initial-exec"), visibility("default")));
__thread struct memo__thread *memo__self __attribute__((tls_model("initial-exec")));
static __thread volatile int is_entering __attribute__((tls_model("initial-exec")));

/* Guards everything below it in this file. */
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct memo__thread *threads;
static struct memo_call *spare_calls;     /* nodes of threads that have ended */
static struct memo__counts *ended_counts; /* of threads that have ended, by site id */
static uint64_t *ended_hits;
static char *permanent, *permanent_end;

static pthread_key_t end_key;
static void (*thread_ended)(struct memo__thread *);

static void *map(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

static size_t block_size(void)
{
    return sizeof(struct memo__thread) + 64 +
           MEMO__MAX_SITES * (2 * sizeof(uint64_t) + sizeof(struct memo__counts) +
                              sizeof(struct memo__gate_window));
}

void *memo__permanent(size_t size)
{
    void *p = NULL;

    size = (size + 15) & ~(size_t)15;
    pthread_mutex_lock(&list_lock);
    if (size > CHUNK / 4) {
        p = map(size);
    } else {
        if ((size_t)(permanent_end - permanent) < size) {
            permanent = map(CHUNK);
            permanent_end = permanent ? permanent + CHUNK : NULL;
        }
        if (permanent) {
            p = permanent;
            permanent += size;
        }
    }
    pthread_mutex_unlock(&list_lock);
    return p;
}

/* The main thread's bounds would cost a read of /proc/self/maps; its end and
 * its limit say enough. What lies deeper than MAX_OWN_STACK isn't recognised. */
static void find_stack(struct memo__thread *t)
{
    pthread_attr_t attr;
    struct rlimit limit;
    void *low;
    size_t size;

    if (gettid() == getpid() && &__libc_stack_end && __libc_stack_end) {
        t->stack_high = (uintptr_t)__libc_stack_end;
        if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > MAX_OWN_STACK)
            limit.rlim_cur = MAX_OWN_STACK;
        t->stack_low = t->stack_high - (uintptr_t)limit.rlim_cur;
        return;
    }
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return;
    if (pthread_attr_getstack(&attr, &low, &size) == 0) {
        t->stack_low = (uintptr_t)low;
        t->stack_high = (uintptr_t)low + size;
    }
    pthread_attr_destroy(&attr);
}

static struct memo__thread *thread_new(void)
{
    struct memo__thread *t = map(block_size());

    if (!t)
        return NULL;
    t->counts = (struct memo__counts *)(((uintptr_t)(t + 1) + 63) & ~(uintptr_t)63);
    t->windows = (struct memo__gate_window *)(t->counts + MEMO__MAX_SITES);
    t->abi.m_hits = (memo_abi_u64 *)(t->windows + MEMO__MAX_SITES);
    t->abi.m_left = (__INT64_TYPE__ *)(t->abi.m_hits + MEMO__MAX_SITES);
    find_stack(t);
    pthread_mutex_lock(&list_lock);
    t->next = threads;
    if (threads)
        threads->previous = t;
    threads = t;
    pthread_mutex_unlock(&list_lock);
    pthread_setspecific(end_key, t);
    return t;
}

struct memo__thread *memo__enter_first(void)
{
    struct memo__thread *t = NULL;
    sigset_t before;

    if (is_entering)
        return NULL;
    is_entering = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo__signals_hold(&before);
    if (memo__runtime_start() == 0)
        t = thread_new();
    if (t) {
        t->is_busy = 1;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        memo__self = t;
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    is_entering = 0;
    memo__signals_release(&before);
    return t;
}

static void add_counts(struct memo__counts *to, const struct memo__counts *from)
{
    to->calls += from->calls;
    to->hits_memory += from->hits_memory;
    to->hits_disk += from->hits_disk;
    to->misses += from->misses;
    to->stored += from->stored;
    to->compute_ns += from->compute_ns;
    to->saved_ns += from->saved_ns;
}

static void free_block(struct memo__thread *t)
{
    munmap(t, block_size());
}

/* Moves the free nodes to the common list. list_lock is held. */
static void spare_nodes(struct memo__thread *t)
{
    struct memo_call *call;

    while ((call = t->free_calls) != NULL) {
        t->free_calls = call->outer;
        call->outer = spare_calls;
        spare_calls = call;
    }
}

static void end_of_thread(void *p)
{
    struct memo__thread *t = p;
    unsigned i, n = memo__site_count();

    t->is_busy = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo_abi_self = NULL;
    thread_ended(t);
    pthread_mutex_lock(&list_lock);
    for (i = 0; i < n; i++) {
        add_counts(&ended_counts[i], &t->counts[i]);
        ended_counts[i].calls += memo__gate_bypassed(t, i);
        ended_hits[i] += t->abi.m_hits[i];
    }
    spare_nodes(t);
    if (t->previous)
        t->previous->next = t->next;
    else
        threads = t->next;
    if (t->next)
        t->next->previous = t->previous;
    pthread_mutex_unlock(&list_lock);
    is_entering = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memo__self = NULL;
    free_block(t);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    is_entering = 0;
}

int memo__threads_start(void (*ended)(struct memo__thread *))
{
    thread_ended = ended;
    ended_counts = map(MEMO__MAX_SITES * sizeof *ended_counts);
    ended_hits = map(MEMO__MAX_SITES * sizeof *ended_hits);
    if (!ended_counts || !ended_hits || pthread_key_create(&end_key, end_of_thread) != 0)
        return MEMO_ENOMEM;
    return 0;
}

struct memo_call *memo__call_alloc(struct memo__thread *t)
{
    struct memo_call *call = t->free_calls;
    char *chunk, *p;

    if (!call) {
        pthread_mutex_lock(&list_lock);
        t->free_calls = spare_calls;
        spare_calls = NULL;
        pthread_mutex_unlock(&list_lock);
        call = t->free_calls;
    }
    if (!call) {
        chunk = map(CHUNK);
        if (!chunk)
            return NULL;
        for (p = chunk; p + sizeof *call <= chunk + CHUNK; p += sizeof *call) {
            call = (struct memo_call *)(void *)p;
            call->outer = t->free_calls;
            t->free_calls = call;
        }
    }
    t->free_calls = call->outer;
    memset(call, 0, MEMO__CALL_CLEARED);
    call->owner = t;
    return call;
}

void memo__call_free(struct memo__thread *t, struct memo_call *call)
{
    call->site = NULL;
    call->owner = NULL;
    call->outer = t->free_calls;
    t->free_calls = call;
}

/* Other threads may be counting: each number is right, their sum is of no
 * single instant. */
__attribute__((no_sanitize("thread"))) void memo__counts_sum(unsigned id, struct memo__counts *out,
                                                             uint64_t *fast_hits)
{
    const struct memo__thread *t;
    const volatile memo_abi_u64 *hits;

    pthread_mutex_lock(&list_lock);
    *out = ended_counts[id];
    *fast_hits = ended_hits[id];
    for (t = threads; t; t = t->next) {
        out->calls += t->counts[id].calls + memo__gate_bypassed(t, id);
        out->hits_memory += t->counts[id].hits_memory;
        out->hits_disk += t->counts[id].hits_disk;
        out->misses += t->counts[id].misses;
        out->stored += t->counts[id].stored;
        out->compute_ns += t->counts[id].compute_ns;
        out->saved_ns += t->counts[id].saved_ns;
        hits = t->abi.m_hits;
        *fast_hits += hits[id];
    }
    pthread_mutex_unlock(&list_lock);
}

void memo__threads_fork_prepare(void)
{
    pthread_mutex_lock(&list_lock);
}

void memo__threads_fork_parent(void)
{
    pthread_mutex_unlock(&list_lock);
}

void memo__threads_fork_child(void)
{
    struct memo__thread *t, *next;
    size_t i, n = memo__site_count();

    pthread_mutex_init(&list_lock, NULL);
    for (t = threads; t; t = next) {
        next = t->next;
        if (t != memo__self)
            free_block(t);
    }
    threads = memo__self;
    if (n > 0 && ended_counts) {
        memset(ended_counts, 0, n * sizeof *ended_counts);
        memset(ended_hits, 0, n * sizeof *ended_hits);
    }
    if (!threads)
        return;
    threads->next = threads->previous = NULL;
    memset(threads->counts, 0, n * sizeof *threads->counts);
    memset(threads->abi.m_hits, 0, n * sizeof *threads->abi.m_hits);
    for (i = 0; i < n; i++)
        threads->windows[i].n_granted -= memo__gate_bypassed(threads, (unsigned)i);
}

/* team.c - regions and tasks of OpenMP; see team.h. */
#include "task/team.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/quiet.h"
#include "task/claim.h"
#include "task/openmp.h"

#define HOT_NS 1000000u   /* so long the threads of a region still spin, or nearly */
#define COOL_NS 20000000u /* so long they are easily woken */
#define LONG_NS 200000u   /* work beside which two system calls are nothing */
#define UNLIMITED_STACK ((size_t)64 << 20)
#define MAX_STACK ((size_t)1 << 30)
#define SPINS 2000u /* some 10 us */
#define YIELDS 4u
#define MAX_PROBES 512u

static void pause_cpu(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#else
    __asm__ volatile("" : : : "memory");
#endif
}

/* One region of ours: how many of its threads have nothing to do. */
struct memo__root {
    int n_idle; /* __atomic */
};

static int n_working;         /* __atomic; threads in events of any size, all regions */
static bool is_alone;         /* a child of fork: regions would hang */
static bool has_opened;       /* __atomic; a region, in this process */
static uint64_t last_end;     /* __atomic; ns, of a region */
static unsigned most_threads; /* __atomic; as many could be made; 0: all so far */
static bool had_threads;      /* the process, when it forked */

static __thread unsigned team_size __attribute__((tls_model("initial-exec"))); /* ours, largest */
static __thread struct memo__root *current_root __attribute__((tls_model("initial-exec")));
static __thread struct memo__root *idle_in __attribute__((tls_model("initial-exec")));

unsigned memo__team_max(void)
{
    int n, limit;

    if (is_alone || !memo__openmp_is_there())
        return 1;
    if (memo__openmp_in_parallel()) {
        n = memo__openmp_num_threads();
    } else {
        n = memo__openmp_max_threads();
        limit = memo__openmp_thread_limit(); /* libomp would say that it is met */
        n = n < limit ? n : limit;
    }
    return n > 1 ? (unsigned)n : 1;
}

uint64_t memo__team_threshold(void)
{
    uint64_t now, gap;

    if (memo__openmp_in_parallel())
        return 20000;
    now = memo__monotonic_ns();
    gap = now - __atomic_load_n(&last_end, __ATOMIC_RELAXED);
    return gap < HOT_NS ? 20000 : gap < COOL_NS ? 60000 : 150000;
}

/* ---- fork ---- */

/* libgomp hangs in a child whose parent had opened a region, one of the program's own
 * included, of which its threads tell. */
static bool has_threads(void)
{
    struct stat tasks;

    return !memo__openmp_survives_fork() && stat("/proc/self/task", &tasks) == 0 &&
           tasks.st_nlink > 2 + 1;
}

static void before_fork(void)
{
    int saved = errno;

    had_threads = __atomic_load_n(&has_opened, __ATOMIC_RELAXED) || has_threads();
    errno = saved;
}

static void in_child(void)
{
    is_alone |= had_threads;
    n_working = 0;
    team_size = 0;
}

__attribute__((constructor)) static void watch_fork(void)
{
    pthread_atfork(before_fork, NULL, in_child);
}

/* ---- before threads are made ---- */

/* The user's own word on stacks, in bytes, or 0: "64M", "8192" (kilobytes). */
static size_t own_stack_size(void)
{
    static const char *const names[] = {"OMP_STACKSIZE", "GOMP_STACKSIZE", "KMP_STACKSIZE"};
    const char *text = NULL;
    unsigned long long n;
    char *end;
    size_t i;

    for (i = 0; i < 3 && !text; i++)
        text = getenv(names[i]);
    if (!text)
        return 0;
    n = strtoull(text, &end, 10);
    while (*end == ' ')
        end++;
    switch (*end) {
    case 'b':
    case 'B':
        break;
    case 'm':
    case 'M':
        n <<= 20;
        break;
    case 'g':
    case 'G':
        n <<= 30;
        break;
    default:
        n <<= 10;
    }
    return n > 0 && n < (unsigned long long)1 << 46 ? (size_t)n : 1;
}

/* The main thread's limit, or 0 where the default for threads is as large. */
static size_t wanted_stack(void)
{
    pthread_attr_t attr;
    struct rlimit limit;
    size_t size = 0, wanted;

    if (own_stack_size() > 0 || getrlimit(RLIMIT_STACK, &limit) != 0)
        return 0;
    wanted = limit.rlim_cur == RLIM_INFINITY ? UNLIMITED_STACK : (size_t)limit.rlim_cur;
    if (wanted > MAX_STACK)
        wanted = MAX_STACK;
    memo__openmp_set_stack(wanted);
    if (pthread_getattr_default_np(&attr) == 0) {
        pthread_attr_getstacksize(&attr, &size);
        pthread_attr_destroy(&attr);
    }
    return wanted > size ? wanted : 0;
}

static void *wait_for_others(void *lock)
{
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

/* OpenMP ends the process when a thread can't be made. How many of n can? */
static unsigned probe(unsigned n)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    size_t stack = own_stack_size(), other = memo__openmp_stack();
    pthread_t threads[MAX_PROBES];
    unsigned i, made = 0;
    pthread_attr_t attr;

    if (pthread_attr_init(&attr) != 0)
        return 0;
    if (stack < other)
        stack = other;
    if (stack > 1)
        pthread_attr_setstacksize(&attr, stack);

    if (n > MAX_PROBES)
        n = MAX_PROBES;
    pthread_mutex_lock(&lock);
    while (made < n && pthread_create(&threads[made], &attr, wait_for_others, &lock) == 0)
        made++;
    pthread_mutex_unlock(&lock);
    for (i = 0; i < made; i++)
        pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attr);
    return made;
}

/* ---- regions ---- */

struct region {
    struct memo__batch *batch;
    struct memo__root root;
    bool is_open;
    const sigset_t *signals; /* for the opener; NULL: they aren't held */
};

static __thread struct region *opened __attribute__((tls_model("initial-exec")));

/* The system may have woken this thread on the owner's processor, beside which another
 * one has nothing to do: it then stays there for milliseconds. */
static void leave_cpu_of_owner(const struct memo__batch *b)
{
    cpu_set_t before, others;

    if (b->cpu < 0 || b->cpu >= CPU_SETSIZE || sched_getcpu() != b->cpu ||
        sched_getaffinity(0, sizeof before, &before) != 0 || CPU_COUNT(&before) < 2)
        return;
    others = before;
    CPU_CLR((size_t)b->cpu, &others);
    if (sched_setaffinity(0, sizeof others, &others) == 0)
        sched_setaffinity(0, sizeof before, &before);
}

/* Takes pieces. Those who should help may wait for this very processor: they get it. */
static void lead(struct memo__batch *b, unsigned n_others)
{
    unsigned yields = 0;
    uint64_t now = 0;

    while (memo__claim_next(b, &now))
        if (yields < YIELDS && __atomic_load_n(&b->n_entered, __ATOMIC_RELAXED) < n_others) {
            yields++;
            sched_yield();
            now = 0;
        }
}

/* The end of a region would be waited for by spinning, which keeps a thread that is to
 * run on this processor from its end. */
static void await_others(struct memo__batch *b, unsigned n_others)
{
    uint32_t left;
    unsigned i;

    for (i = 0; i < SPINS; i++) {
        if (__atomic_load_n(&b->n_left, __ATOMIC_ACQUIRE) == n_others)
            return;
        pause_cpu();
    }
    for (i = 0; i < YIELDS; i++) {
        if (__atomic_load_n(&b->n_left, __ATOMIC_ACQUIRE) == n_others)
            return;
        sched_yield();
    }
    __atomic_store_n(&b->is_awaited, true, __ATOMIC_SEQ_CST);
    while ((left = __atomic_load_n(&b->n_left, __ATOMIC_SEQ_CST)) != n_others)
        syscall(SYS_futex, &b->n_left, FUTEX_WAIT_PRIVATE, left, NULL, NULL, 0);
}

static void region_thread(void *arg)
{
    struct region *g = arg;
    struct memo__batch *b = g->batch;
    unsigned n_others;

    if (opened == g) {
        opened = NULL;
        if (g->signals)
            memo__signals_release(g->signals);
        n_others = g->is_open ? (unsigned)memo__openmp_num_threads() - 1 : 0;
        lead(b, n_others);
        await_others(b, n_others);
        return;
    }
    current_root = &g->root;
    idle_in = NULL;
    if (__atomic_fetch_add(&b->n_entered, 1, __ATOMIC_RELAXED) + 1 < b->n_workers) {
        leave_cpu_of_owner(b);
        memo__claim_help(b);
        idle_in = &g->root;
        __atomic_fetch_add(&g->root.n_idle, 1, __ATOMIC_RELAXED);
    }
    current_root = NULL;
    __atomic_fetch_add(&b->n_left, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&b->is_awaited, __ATOMIC_SEQ_CST))
        syscall(SYS_futex, &b->n_left, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* How many threads this batch may have, itself included: what others leave. */
static unsigned reserve(unsigned wanted, unsigned limit)
{
    int before = __atomic_fetch_add(&n_working, 1, __ATOMIC_RELAXED);
    int left = (int)limit - (before + 1), more = (int)wanted - 1;

    if (more > left)
        more = left;
    if (more <= 0)
        return 1;
    __atomic_fetch_add(&n_working, more, __ATOMIC_RELAXED);
    return (unsigned)more + 1;
}

/* Grows the thread's team, as far as that is possible. Signals are held. Returns how
 * many threads there may be; *stack, *before: what has to be put back afterwards. */
static unsigned grow(unsigned n_threads, size_t *stack, pthread_attr_t *before)
{
    unsigned have = team_size > 0 ? team_size : 1, most;
    pthread_attr_t larger;

    __atomic_store_n(&has_opened, true, __ATOMIC_RELAXED);
    *stack = wanted_stack();
    if (*stack > 0 && pthread_getattr_default_np(before) == 0) {
        larger = *before;
        pthread_attr_setstacksize(&larger, *stack);
        pthread_setattr_default_np(&larger);
    } else {
        *stack = 0;
    }
    most = have + probe(n_threads - have);
    if (most < n_threads)
        __atomic_store_n(&most_threads, most, __ATOMIC_RELAXED);
    return most;
}

static void open_region(struct memo__batch *b, unsigned n_threads)
{
    bool grows = n_threads > team_size, is_long;
    struct memo__root *outer = current_root;
    struct region g = {.batch = b};
    pthread_attr_t before;
    size_t stack = 0;
    sigset_t signals;

    is_long = b->is_unknown || b->work >= (uint64_t)LONG_NS * 16;
    if (grows || is_long) { /* OpenMP may make threads: they get the mask of this one */
        memo__signals_hold(&signals);
        g.signals = &signals;
    }
    if (grows)
        n_threads = grow(n_threads, &stack, &before);
    opened = &g;
    current_root = &g.root;
    g.is_open = n_threads > 1;
    b->cpu = sched_getcpu();
    if (g.is_open)
        memo__openmp_parallel(region_thread, &g, n_threads);
    else
        region_thread(&g);
    current_root = outer;
    if (n_threads > team_size)
        team_size = n_threads;
    if (stack > 0) {
        pthread_setattr_default_np(&before);
        pthread_attr_destroy(&before);
    }
    __atomic_store_n(&last_end, memo__monotonic_ns(), __ATOMIC_RELAXED);
}

/* ---- tasks ---- */

static void help(void *arg)
{
    struct memo__batch *b = arg;
    struct memo__root *before = current_root;
    bool was_idle = b->root && idle_in == b->root;

    if (was_idle) {
        idle_in = NULL;
        __atomic_fetch_sub(&b->root->n_idle, 1, __ATOMIC_RELAXED);
    }
    current_root = b->root;
    memo__claim_help(b);
    current_root = before;
    if (was_idle) {
        idle_in = b->root;
        __atomic_fetch_add(&b->root->n_idle, 1, __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&b->n_left, 1, __ATOMIC_RELEASE);
}

/* In a region of ours it is known how many threads could help; in the user's it isn't. */
static unsigned ask(struct memo__batch *b, unsigned asked)
{
    unsigned most = b->n_workers - 1 - asked, i;

    if (b->root) {
        int idle = __atomic_load_n(&b->root->n_idle, __ATOMIC_RELAXED);

        if (idle <= (int)asked)
            return 0;
        if (most > (unsigned)idle - asked)
            most = (unsigned)idle - asked;
    }
    for (i = 0; i < most; i++)
        memo__openmp_task(help, b);
    return most;
}

static unsigned share(struct memo__batch *b, unsigned wanted)
{
    unsigned asked = 0;
    uint64_t now = 0;

    memo__claim_prepare(b, wanted);
    b->root = current_root;
    do
        asked += asked < wanted - 1 ? ask(b, asked) : 0;
    while (memo__claim_next(b, &now));
    if (asked > 0)
        memo__openmp_taskwait();
    return asked + 1;
}

unsigned memo__team_run(struct memo__batch *b, unsigned wanted)
{
    unsigned most = memo__team_max(), limit = __atomic_load_n(&most_threads, __ATOMIC_RELAXED), n;

    if (limit > 0 && most > limit)
        most = limit;
    if (wanted > most)
        wanted = most;
    if (wanted > 1 && memo__openmp_in_parallel()) {
        n = share(b, wanted);
    } else {
        n = reserve(wanted, most);
        if (n > 1) {
            memo__claim_prepare(b, n);
            open_region(b, team_size < n ? n : team_size < most ? team_size : most);
        } else {
            memo__claim_run(b, 0, b->n, 0);
        }
        __atomic_fetch_sub(&n_working, (int)n, __ATOMIC_RELAXED);
    }
    if (n > 1) {
        (void)__atomic_load_n(&b->n_left, __ATOMIC_ACQUIRE); /* all they wrote is seen */
        memo__claim_finish(b);
    }
    return n;
}

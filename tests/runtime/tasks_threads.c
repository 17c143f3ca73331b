/* tasks_threads.c - synchronized code in threads of the program's, in its OpenMP
 * regions, in children of fork and in signal handlers; where no thread can be made; with
 * very many records; in loops that end early. */
#include "tasks.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

extern void GOMP_parallel(void (*fn)(void *), void *data, unsigned n, unsigned flags);
extern int omp_get_thread_num(void);

struct rec {
    long i, steps;
    double *out;
    double r;
};

#define SIZE ((sizeof(struct rec) + 15) / 16 * 16)

static void calls_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    r->r = work(r->i, r->steps);
}

static memo_abi_size calls_commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(rec, r, records, n)
    *r->out = r->r;
    return n;
}

TASK_SITE_OF(calls, rec, "out[i] = f(i, steps);");
SYNC_INFO(calls_info);

static void call_many(double *out, long n, long steps, long dear_steps)
{
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &calls_info, NULL, 0);
    for (long i = 0; i < n; i++) {
        struct rec r = {.i = i, .steps = i % 100 == 99 ? dear_steps : steps, .out = &out[i]};

        if (memo_task_direct(&s)) {
            calls_run(&r, 1);
            calls_commit(&r, 1, NULL);
        } else {
            *(struct rec *)memo_task_room(&s, &calls, SIZE) = r;
            task_put(&s);
        }
    }
    memo_sync_end(&s);
}

static bool is_right(const double *out, long n, long steps, long dear_steps)
{
    for (long i = 0; i < n; i++)
        if (out[i] != work(i, i % 100 == 99 ? dear_steps : steps))
            return false;
    return true;
}

static bool call_and_check(long n, long steps, long dear_steps)
{
    double *out = calloc((size_t)n, sizeof *out);
    bool is_fine;

    call_many(out, n, steps, dear_steps);
    is_fine = is_right(out, n, steps, dear_steps);
    free(out);
    return is_fine;
}

/* ---- the program's threads, and its regions ---- */

static int n_wrong; /* __atomic */

static void *in_thread(void *arg)
{
    for (int round = 0; round < 20; round++)
        if (!call_and_check(300, 100 + (long)(size_t)arg * 10, 20000))
            __atomic_fetch_add(&n_wrong, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void in_region(void *arg)
{
    (void)arg;
    in_thread((void *)(size_t)omp_get_thread_num());
}

/* The work is all one thread's: the others of the team may help. */
static void in_one_of_region(void *arg)
{
    if (omp_get_thread_num() == 0)
        in_thread(arg);
}

static void check_threads(void)
{
    pthread_t threads[8];

    for (size_t i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, in_thread, (void *)i);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(n_wrong, 0);
    GOMP_parallel(in_region, NULL, 4, 0);
    CHECK_EQ(n_wrong, 0);
    GOMP_parallel(in_one_of_region, NULL, 4, 0);
    CHECK_EQ(n_wrong, 0);
}

/* ---- fork ---- */

static void check_fork(void)
{
    int status;
    pid_t child;

    CHECK(call_and_check(1000, 1000, 1000));
    child = fork();
    if (child == 0) {
        alarm(60);
        _exit(call_and_check(1000, 1000, 1000) ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(call_and_check(1000, 1000, 1000));
}

static void nothing(void *arg)
{
    (void)arg;
}

/* The parent had a region of its own, none of ours. */
static void check_fork_of_others(void)
{
    int status;
    pid_t child;

    GOMP_parallel(nothing, NULL, 3, 0);
    child = fork();
    if (child == 0) {
        alarm(60);
        _exit(call_and_check(1000, 1000, 1000) ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- handlers ---- */

static volatile int n_handled, n_handled_wrong;

static void on_signal(int sig)
{
    double out[40];

    (void)sig;
    call_many(out, 40, 20, 20);
    n_handled++;
    n_handled_wrong += !is_right(out, 40, 20, 20);
}

static void check_handlers(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct itimerval every = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    for (int round = 0; round < 400; round++)
        CHECK(call_and_check(200, round % 3 * 40, 400));
    setitimer(ITIMER_REAL, &never, NULL);
    CHECK(n_handled > 0);
    CHECK_EQ(n_handled_wrong, 0);
}

/* ---- memory ---- */

static long peak_kb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static memo_abi_size sums_commit(void *records, memo_abi_size n, void *env)
{
    EACH_RECORD(rec, r, records, n)
    *(double *)env += r->r;
    return n;
}

static void sums_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    r->r = (double)(r->i % 1000) * 0.001 + work(r->i, 3);
}

TASK_SITE_OF(sums, rec, "sum += f(i);");
SYNC_INFO(sums_info);

/* Ten million deferred calls. */
static void check_memory(void)
{
    long before = peak_kb(), n = 10000000;
    struct memo_sync s = MEMO_SYNC_INIT;
    double sum = 0, expected = 0;

    memo_sync_begin(&s, &sums_info, &sum, 0);
    for (long i = 0; i < n; i++) {
        struct rec *r = memo_task_room(&s, &sums, SIZE);

        r->i = i;
        task_put(&s);
    }
    memo_sync_end(&s);
    for (long i = 0; i < n; i++)
        expected += (double)(i % 1000) * 0.001 + work(i, 3);
    CHECK(sum == expected);
    CHECK(peak_kb() < before + 8000);
}

/* ---- speculate: if (v > limit) break; ---- */

struct found {
    double limit;
    long at, n_before;
};

static memo_abi_size search_commit(void *records, memo_abi_size n, void *env)
{
    struct found *found = env;
    memo_abi_size k = 0;

    EACH_RECORD(rec, r, records, n)
    {
        if (r->r > found->limit) {
            found->at = r->i;
            return k;
        }
        found->n_before++;
        k++;
    }
    return n;
}

static int n_searched; /* __atomic */

static void search_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    {
        __atomic_fetch_add(&n_searched, 1, __ATOMIC_RELAXED);
        r->r = work(r->i, 50) * 0 + (double)r->i;
    }
}

TASK_SITE_OF(search, rec, "v = f(i); if (v > limit) break;");
SYNC_INFO(search_info);

static void search_for(long target, long end)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    struct found found = {(double)target - 1, -1, 0};
    bool is_over = false;

    search.m_speculates = 1;
    memo_sync_begin(&s, &search_info, &found, 0);
    for (int twice = 0; twice < 2; twice++) {
        found.at = -1;
        found.n_before = 0;
        for (long i = 0; i < end && !is_over; i++) {
            if (memo_task_direct(&s)) {
                if ((double)i > found.limit) {
                    found.at = i;
                    break;
                }
                found.n_before++;
                continue;
            }
            ((struct rec *)memo_task_room(&s, &search, SIZE))->i = i;
            task_put(&s);
            if (s.m_stopped)
                break;
        }
        if (memo_sync_event(&s))
            CHECK_EQ(((struct rec *)s.m_stopped)->i, target);
        CHECK_EQ(found.at, target < end ? target : -1);
        CHECK_EQ(found.n_before, target < end ? target : end);
    }
    memo_sync_end(&s);
}

static void check_speculation(void)
{
    for (long target = 0; target < 50; target += 7)
        search_for(target, 60);
    search_for(59, 60);
    search_for(60, 60);
    search_for(3000, 100000);
    n_searched = 0;
    search_for(20, 1000000000);
    CHECK(n_searched < 20000);
}

/* ---- where threads can't be had ---- */

static void check_no_threads(void)
{
    struct rlimit limit = {(rlim_t)400 << 20, (rlim_t)400 << 20}; /* of address space */

    setenv("OMP_STACKSIZE", "1G", 1);
    setrlimit(RLIMIT_AS, &limit);
    CHECK(call_and_check(1000, 3000, 3000));
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        run_in_all_modes("all");
        CHECK_EQ(run_self("others", NULL, "OMP_NUM_THREADS=3", NULL), 0);
        CHECK_EQ(run_self("few", NULL, "OMP_THREAD_LIMIT=2", "OMP_NUM_THREADS=8", NULL), 0);
        CHECK_EQ(run_self("few", NULL, "OMP_DYNAMIC=true", "OMP_NUM_THREADS=8", NULL), 0);
        CHECK_EQ(run_self("few", NULL, "OMP_WAIT_POLICY=passive", "OMP_NUM_THREADS=3", NULL), 0);
        if (!HAS_SANITIZER) {
            CHECK_EQ(run_self("none", NULL, "OMP_NUM_THREADS=8", NULL), 0);
            CHECK_EQ(run_self("memory", NULL, "OMP_NUM_THREADS=2", NULL), 0);
            CHECK_EQ(run_self("memory", NULL, "MEMOCC_ORDER=reverse", NULL), 0);
        }
        return failures > 0;
    }
    if (strcmp(argv[1], "memory") == 0) {
        check_memory();
        return failures > 0;
    }
    if (strcmp(argv[1], "others") == 0) {
        check_fork_of_others();
        return failures > 0;
    }
    if (strcmp(argv[1], "none") == 0) {
        check_no_threads();
        return failures > 0;
    }
    check_fork();
    check_speculation();
    if (strcmp(argv[1], "all") == 0)
        check_handlers(); /* before there are threads of the program's that they could run on */
    check_threads();
    check_fork();
    return failures > 0;
}

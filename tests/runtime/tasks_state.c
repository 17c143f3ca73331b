/* tasks_state.c - what a call sees and leaves behind on another thread is what it would
 * on its own: errno, rounding, exception flags, locale, stack, signals. */
#include "tasks.h"

#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>

struct rec {
    int e[2];
    int i;
    double *out;
    double r;
};

#define SIZE ((sizeof(struct rec) + 15) / 16 * 16)

static memo_abi_size put_results(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(rec, r, records, n)
    *r->out = r->r;
    return n;
}

/* ---- errno ---- */

static double sets_errno(int i)
{
    work(i, 2000);
    if (i % 7 == 3)
        errno = 1000 + i;
    return i;
}

static void errs_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    {
        errno = MEMO_TASK_ERRNO_UNSET;
        r->r = sets_errno(r->i);
        r->e[1] = errno;
    }
}

#define errs_commit put_results
TASK_SITE_OF(errs, rec, "out[i] = sets_errno(i);");
SYNC_INFO(errno_info);

/* Calls from `first` to `end`; where `own` isn't 0, the program itself sets errno there. */
static int errno_after(int first, int end, int own)
{
    struct memo_sync s = MEMO_SYNC_INIT;
    static double out[1000];

    errs.m_errno = offsetof(struct rec, e);
    errno = 5;
    memo_sync_begin(&s, &errno_info, NULL, 0);
    for (int i = first; i < end; i++) {
        struct rec r = {.i = i, .out = &out[i], .e = {errno, MEMO_TASK_ERRNO_UNSET}};

        if (memo_task_direct(&s)) {
            int was = errno;

            errs_run(&r, 1);
            errno = r.e[1] == MEMO_TASK_ERRNO_UNSET ? was : r.e[1];
            put_results(&r, 1, NULL);
        } else {
            *(struct rec *)memo_task_room(&s, &errs, SIZE) = r;
            task_put(&s);
        }
        if (i == own)
            errno = 77;
    }
    memo_sync_end(&s);
    return errno;
}

static void check_errno(void)
{
    for (int round = 0; round < 4; round++) {
        CHECK_EQ(errno_after(0, 100, -1), 1094);
        CHECK_EQ(errno_after(4, 10, -1), 5);
        CHECK_EQ(errno_after(4, 12, -1), 1010);
        CHECK_EQ(errno_after(0, 100, 95), 77);
        CHECK_EQ(errno_after(0, 100, 90), 1094);
        CHECK_EQ(errno_after(4, 10, 9), 77);
    }
}

/* ---- floating point and locale ---- */

static volatile double one = 1, three = 3, huge_value = 1e308, zero;

static double sees_modes(int i)
{
    char text[16];

    work(i, 2000);
    snprintf(text, sizeof text, "%.1f", 1.5);
    if (i == 150)
        zero = huge_value * 10; /* overflow */
    return one / three + (text[1] == ',' ? 1 : 0);
}

static void modes_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    r->r = sees_modes(r->i);
}

#define modes_commit put_results
TASK_SITE_OF(modes, rec, "out[i] = sees_modes(i);");
SYNC_INFO(modes_info);

static void call_modes(double *out, int n)
{
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &modes_info, NULL, 0);
    for (int i = 0; i < n; i++) {
        struct rec r = {.i = i, .out = &out[i]};

        if (memo_task_direct(&s)) {
            modes_run(&r, 1);
            put_results(&r, 1, NULL);
        } else {
            *(struct rec *)memo_task_room(&s, &modes, SIZE) = r;
            task_put(&s);
        }
    }
    memo_sync_end(&s);
}

static void check_modes(void)
{
    static const int rounding[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
    static double out[200];
    locale_t german = newlocale(LC_NUMERIC_MASK, "de_DE.UTF-8", (locale_t)0), before = (locale_t)0;
    double wanted, comma = 0;

    if (german) {
        before = uselocale(german);
        comma = 1;
    }
    for (int k = 0; k < 4; k++) {
        fesetround(rounding[k]);
        feclearexcept(FE_ALL_EXCEPT);
        wanted = one / three + comma;
        feclearexcept(FE_ALL_EXCEPT);
        call_modes(out, 100);
        for (int i = 0; i < 100; i++)
            CHECK(out[i] == wanted);
        CHECK(fegetround() == rounding[k]);
        CHECK(!fetestexcept(FE_OVERFLOW));
        CHECK(fetestexcept(FE_INEXACT));
        call_modes(out, 200);
        CHECK(fetestexcept(FE_OVERFLOW));
        CHECK(!fetestexcept(FE_DIVBYZERO));
    }
    if (german) {
        uselocale(before);
        freelocale(german);
    }
}

/* ---- stacks ---- */

static int levels = 1; /* of 6 MB */

__attribute__((noinline)) static double use_stack(int i, int level)
{
    volatile char large[6 << 20];

    for (size_t k = 0; k < sizeof large; k += 4096)
        large[k] = (char)(i + (int)k);
    if (level > 1)
        large[4096 * 5] = (char)(large[4096 * 5] + (int)use_stack(i + 1, level - 1));
    return large[4096 * 5];
}

static double needs_stack(int i)
{
    return use_stack(i, levels);
}

static void stacks_run(void *records, memo_abi_size n)
{
    EACH_RECORD(rec, r, records, n)
    r->r = needs_stack(r->i);
}

#define stacks_commit put_results
TASK_SITE_OF(stacks, rec, "out[i] = needs_stack(i);");
SYNC_INFO(stacks_info);

static void check_stacks(void)
{
    static double out[64];
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &stacks_info, NULL, 0);
    for (int i = 0; i < 64; i++) {
        struct rec r = {.i = i, .out = &out[i]};

        if (memo_task_direct(&s)) {
            stacks_run(&r, 1);
            put_results(&r, 1, NULL);
        } else {
            *(struct rec *)memo_task_room(&s, &stacks, SIZE) = r;
            task_put(&s);
        }
    }
    memo_sync_end(&s);
    for (int i = 0; i < 64; i++)
        CHECK(out[i] == needs_stack(i));
}

/* ---- signals: handlers run on the thread that they would run on ---- */

static pthread_t main_thread;
static volatile int n_signals, n_elsewhere;

static void on_signal(int sig)
{
    (void)sig;
    n_signals++;
    if (!pthread_equal(pthread_self(), main_thread))
        n_elsewhere++;
}

static void check_signals(void)
{
    static double out[200];

    main_thread = pthread_self();
    signal(SIGUSR1, on_signal);
    for (int i = 0; i < 50; i++) {
        call_modes(out, 50);
        kill(getpid(), SIGUSR1);
    }
    CHECK(n_signals > 0);
    CHECK_EQ(n_elsewhere, 0);
}

/* ---- longjmp out of a deferred part, and over activations ---- */

static jmp_buf away;

static memo_abi_size leaves_commit(void *records, memo_abi_size n, void *env)
{
    (void)env;
    EACH_RECORD(rec, r, records, n)
    {
        *r->out = r->r;
        if (r->i == 20)
            longjmp(away, 1);
    }
    return n;
}

#define leaves_run modes_run
TASK_SITE_OF(leaves, rec, "if ((out[i] = f(i)) > 0) longjmp(away, 1);");
SYNC_INFO(leaves_info);

static void call_leaves(double *out)
{
    struct memo_sync s = MEMO_SYNC_INIT;

    memo_sync_begin(&s, &leaves_info, NULL, 0);
    for (int i = 0; i < 50; i++) {
        struct rec r = {.i = i, .out = &out[i]};

        *(struct rec *)memo_task_room(&s, &leaves, SIZE) = r;
        task_put(&s);
    }
    memo_sync_end(&s);
}

static long resident_kb(void)
{
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

static void check_longjmp(void)
{
    static double out[200];
    volatile long before = 0;

    for (volatile int round = 0; round < 2000; round++) {
        memset(out, 0, sizeof out);
        if (round == 200)
            before = resident_kb();
        if (setjmp(away) == 0) {
            call_leaves(out);
            CHECK(!"reached");
        }
        CHECK(out[20] != 0 && out[21] == 0);
        if (round % 100 == 0)
            call_modes(out, 30);
    }
    CHECK(resident_kb() < before + 4000);
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        run_in_all_modes("state");
        CHECK_EQ(run_self("stacks", NULL, "OMP_NUM_THREADS=4", "MEMOCC=off", NULL), 0);
        return failures > 0;
    }
    if (strcmp(argv[1], "stacks") == 0) { /* a limit of the program's own making */
        struct rlimit limit = {(rlim_t)24 << 20, (rlim_t)24 << 20};

        setrlimit(RLIMIT_STACK, &limit);
        levels = 2;
        check_stacks();
        return failures > 0;
    }
    check_errno();
    check_modes();
    check_stacks();
    check_signals();
    check_longjmp();
    return failures > 0;
}

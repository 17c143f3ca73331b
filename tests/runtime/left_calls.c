/* A call left by longjmp, pthread_exit, cancellation or exit() stores nothing, and
 * nobody waits for it. */
#include <pthread.h>
#include <setjmp.h>
#include <time.h>

#include "wrap.h"

/* gcc's sanitizer takes its own work at the end of a thread that was left by
 * pthread_exit for an overflow, since the frames' marks are still there. */
ASAN_DEFAULTS("use_sigaltstack=0")

static jmp_buf back;
static int computed, jumps;

static long jumper_body(long x)
{
    computed++;
    if (jumps-- > 0)
        longjmp(back, 1);
    return x + 100;
}
MEMO_SCALAR(jumper, 0)

static long deeper_body(long x)
{
    return jumper(x) + 1;
}
MEMO_SCALAR(deeper, 0)

static void *call_jumper(void *x)
{
    CHECK_EQ(jumper((long)(intptr_t)x), (long)(intptr_t)x + 100);
    return NULL;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void left_by_longjmp(void)
{
    pthread_t thread;
    double start;

    for (volatile int i = 0; i < 3; i++) {
        jumps = 1;
        if (setjmp(back) == 0) {
            deeper(1);
            CHECK(!"came back");
        }
    }
    CHECK_EQ(computed, 3);
    CHECK_EQ(deeper(1), 102);
    CHECK_EQ(computed, 4);
    CHECK_EQ(deeper(1), 102);
    CHECK_EQ(jumper(1), 101);
    CHECK_EQ(computed, 4);

    /* The dead call is noticed at the next call, so others needn't wait. */
    jumps = 1;
    if (setjmp(back) == 0)
        jumper(2);
    jumper(1);
    start = seconds();
    pthread_create(&thread, NULL, call_jumper, (void *)2);
    pthread_join(thread, NULL);
    CHECK(seconds() - start < 10);
}

static bool exits = true;

static long exiter_body(long x)
{
    if (exits)
        pthread_exit(NULL);
    return x + 7;
}
MEMO_SCALAR(exiter, 0)

static void *call_exiter(void *x)
{
    exiter((long)(intptr_t)x);
    CHECK(!"came back");
    return NULL;
}

static void left_by_pthread_exit(void)
{
    pthread_t thread;
    double start = seconds();

    pthread_create(&thread, NULL, call_exiter, (void *)3);
    pthread_join(thread, NULL);
    exits = false;
    CHECK_EQ(exiter(3), 10);
    CHECK(seconds() - start < 10);
}

static bool is_asleep;

/* Canceled between its sleeps: ThreadSanitizer can't be left by unwinding out of
 * one, a program without memocc fails likewise. */
static void sleep_long(void)
{
    for (int i = 0; i < 100000; i++) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
        usleep(1000);
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
        pthread_testcancel();
    }
}

static long sleeper_body(long x)
{
    SET(is_asleep, true);
    if (x == 1)
        sleep_long();
    return x;
}
MEMO_SCALAR(sleeper, 0)

static void *call_sleeper(void *x)
{
    sleeper((long)(intptr_t)x);
    return NULL;
}

static void left_by_cancellation(void)
{
    pthread_t thread, second;
    double start = seconds();

    pthread_create(&thread, NULL, call_sleeper, (void *)1);
    while (!GET(is_asleep))
        usleep(1000);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
    SET(is_asleep, false);
    pthread_create(&second, NULL, call_sleeper, (void *)1);
    while (!GET(is_asleep) && seconds() - start < 20)
        usleep(1000);
    CHECK(GET(is_asleep)); /* it computes, and doesn't wait for the dead one */
    pthread_cancel(second);
    pthread_join(second, NULL);
}

static long ends_body(long x)
{
    if (x == 1)
        exit(42);
    usleep(200000);
    return x;
}
MEMO_SCALAR(ends, 0)

static void *call_ends(void *x)
{
    ends((long)(intptr_t)x);
    return NULL;
}

static void join_waiting_thread(void)
{
    pthread_t thread;

    /* ends(1) is in flight in the thread that called exit(): nobody waits for it. */
    pthread_create(&thread, NULL, call_sleeper, (void *)2);
    pthread_join(thread, NULL);
}

static int exit_in_a_call(void)
{
    pthread_t thread;

    atexit(join_waiting_thread);
    sleeper(2);
    pthread_create(&thread, NULL, call_ends, (void *)2);
    pthread_detach(thread);
    usleep(10000);
    ends(1);
    return 1;
}

int main(int argc, char **argv)
{
    double start;

    (void)argv;
    if (argc > 1)
        return exit_in_a_call();
    left_by_longjmp();
    left_by_pthread_exit();
    left_by_cancellation();
    start = seconds();
    CHECK_EQ(run_self("exit", NULL, NULL), 42);
    CHECK(seconds() - start < 10);
    return failures != 0;
}

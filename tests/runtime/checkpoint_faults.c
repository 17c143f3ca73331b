/* checkpoint_faults.c - two at once, full disks, no thread, no memory: the program goes on. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>

#include "runtime/checkpoints.h"

#define DIR_ "ck"
#define RUN(...) run_self("loop", "err", "MEMOCC_CHECKPOINT_DIR=" DIR_, __VA_ARGS__, NULL)

/* Where ThreadSanitizer is linked in, its own is to be called. */
int __interceptor_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *)
    __attribute__((weak));

/* A process that may have no more threads. */
int pthread_create(pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

    if (getenv("T_NO_THREAD"))
        return EAGAIN;
    if (__interceptor_pthread_create)
        return __interceptor_pthread_create(t, attr, run, arg);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return real(t, attr, run, arg);
}

#define BIG 300000
static long n;
static char big[BIG];
static const struct memo_part inputs[] = {CK_INPUT("n", "i8", n)};
static const struct memo_ck_piece pieces[] = {CK_VARIABLE("i", long), CK_VARIABLE("sum", long),
                                              CK_VARIABLE("big", big)};
CK_SITE(site, "test.c:f:1", inputs, 1, pieces, 3);

static void limit_files(rlim_t size)
{
    struct rlimit limit = {size, RLIM_INFINITY};

    setrlimit(RLIMIT_FSIZE, &limit);
}

static int child(void)
{
    memo_abi_u64 ci = 0;
    long i = -1, sum = -1, nap = setting("T_NAP", 0), die = setting("T_DIE", -1);
    long full_at = setting("T_FULL", -1), free_at = setting("T_FREE", -1);
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&n, 1}};
    struct memo_ck_span spans[3] = {{&i, 0, 1}, {&sum, 0, 1}, {big, 0, 1}};

    n = setting("T_N", 10);
    site.m_unit = (char)setting("T_UNIT", 'i');
    site.m_every = setting("T_EVERY", 1);
    if (memo_ck_enter(&ck, &site, in))
        goto restore;
    i = 0, sum = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    fprintf(stderr, "first %ld\n", i);
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= n)
            break;
        die_if(i == die);
        if (i == full_at)
            limit_files(4096);
        if (i == free_at)
            limit_files(RLIM_INFINITY);
        sum += i * i;
        if (nap)
            nap_ms(nap);
    }
    fprintf(stderr, "sum %ld\n", sum);
    return failures > 0;
}

static void two_at_once(void)
{
    pid_t first = fork();
    int status, tries;
    char by[64];

    if (first == 0)
        _exit(run_self("loop", "err1", "MEMOCC_CHECKPOINT_DIR=" DIR_, "T_N=10", "T_NAP=150", NULL));
    for (tries = 0; tries < 500 && files_in(DIR_, ".ckpt") < 2; tries++)
        nap_ms(10);
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK_HAS(text_of("err"), "this run starts afresh and saves nothing");
    snprintf(by, sizeof by, "loop 'test.c:f:1' is in use by process ");
    CHECK_HAS(text_of("err"), by);
    CHECK_HAS(text_of("err"), "first 0\nsum 285");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK(waitpid(first, &status, 0) == first && status == 0);
    CHECK(!strstr(text_of("err1"), "memocc:"));
    CHECK_HAS(text_of("err1"), "sum 285");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
}

static int count(const char *text, const char *what)
{
    int times = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        times++;
    return times;
}

static void full_disk(void)
{
    CHECK_EQ(RUN("T_DIE=9", "T_FULL=4"), 1000 + SIGKILL);
    CHECK_HAS(text_of("err"), "warning: test.c:40: loop 'test.c:f:1' can't be saved in ");
    CHECK_HAS(text_of("err"), ": File too large");
    CHECK_EQ(count(text_of("err"), "memocc:"), 1);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK_EQ(RUN("T_DIE=9", "T_FULL=5", "T_FREE=7", "T_NAP=5"), 1000 + SIGKILL);
    CHECK_HAS(text_of("err"), "goes on at");
    CHECK_HAS(text_of("err"), "File too large");
    CHECK_EQ(RUN("T_N=10"), 0);
    CHECK(strstr(text_of("err"), "first 7") || strstr(text_of("err"), "first 8") ||
          strstr(text_of("err"), "first 9"));
    CHECK_HAS(text_of("err"), "sum 285");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
}

/* Then the loop looks at the clock, and writes. 115: 's' */
static void no_thread(void)
{
    CHECK_EQ(RUN("T_NO_THREAD=1", "T_DIE=7"), 1000 + SIGKILL);
    CHECK_EQ(RUN("T_NO_THREAD=1"), 0);
    CHECK_HAS(text_of("err"), "goes on at iteration 7");
    CHECK_HAS(text_of("err"), "sum 285");
    CHECK_EQ(RUN("T_NO_THREAD=1", "T_UNIT=115", "T_EVERY=30000000", "T_N=100", "T_NAP=5",
                 "T_DIE=60", "MEMOCC_VERBOSE=1"),
             1000 + SIGKILL);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK_EQ(RUN("T_NO_THREAD=1", "T_UNIT=37", "T_EVERY=100000", "T_N=100"), 0);
    CHECK_HAS(text_of("err"), "sum 328350");
    CHECK(!strstr(text_of("err"), "first 0\n"));
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "loop") == 0 ? child() : 99;
    two_at_once();
    full_disk();
    no_thread();
    return failures > 0;
}

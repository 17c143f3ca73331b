/* checkpoint_signals.c - signals that save, and end the program or not. */
#include <errno.h>
#include <pthread.h>

#include "runtime/checkpoints.h"

TSAN_DEFAULTS("die_after_fork=0")

#define DIR_ "ck"
#define RUN(...) run_self("loop", "err", "MEMOCC_CHECKPOINT_DIR=" DIR_, __VA_ARGS__, NULL)

static long n = 10;
static const struct memo_part inputs[] = {CK_INPUT("n", "i8", n)};
static const struct memo_ck_piece pieces[] = {CK_VARIABLE("i", long), CK_VARIABLE("sum", long)};
CK_SITE(site, "test.c:f:1", inputs, 1, pieces, 2);
static const int signals[] = {SIGTERM, SIGUSR1, SIGINT, SIGCHLD, 0};

static int n_handled; /* __atomic */
static void handler(int sig)
{
    (void)sig;
    __atomic_fetch_add(&n_handled, 1, __ATOMIC_RELAXED);
    if (write(2, "handled\n", 8) != 8)
        _exit(98);
}

static int n_entered; /* __atomic */

static long loop(long raise_at, int sig)
{
    memo_abi_u64 ci = 0;
    long i = -1, sum = -1;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&n, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&sum, 0, 1}};

    if (memo_ck_enter(&ck, &site, in))
        goto restore;
    i = 0, sum = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    __atomic_fetch_add(&n_entered, 1, __ATOMIC_RELEASE);
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= n)
            break;
        sum += i * i;
        if (i == raise_at) {
            while (GET(n_entered) < setting("T_THREADS", 1))
                nap_ms(1);
            errno = 77;
            raise(sig);
            CHECK_EQ(errno, 77);
        }
    }
    return sum;
}

static void *run_thread(void *arg)
{
    return (void *)(intptr_t)loop((long)(intptr_t)arg, SIGTERM);
}

static int child(void)
{
    int sig = (int)setting("T_SIGNAL", SIGTERM);
    struct sigaction sa, after;
    long sum;

    site.m_every = 1000000;
    site.m_signals = signals;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = setting("T_HANDLER", 0) == 1 ? handler : SIG_IGN;
    if (setting("T_HANDLER", 0))
        sigaction(sig, &sa, NULL);
    if (setting("T_THREADS", 1) > 1) {
        pthread_t t;

        site.m_every = n =
            100000000000; /* both are at it; the second takes it that the first has the signal */
        pthread_create(&t, NULL, run_thread, (void *)-1);
        loop(50000, SIGTERM);
        return 1;
    }
    sum = loop(setting("T_AT", -1), sig);
    fprintf(stderr, "sum %ld, handled %d\n", sum, n_handled);
    sigaction(sig, NULL, &after);
    CHECK(after.sa_handler == (setting("T_HANDLER", 0) ? sa.sa_handler : SIG_DFL));
    if (setting("T_AFTER", 0))
        raise(sig);
    return failures > 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "loop") == 0 ? child() : 99;

    /* TERM saves, and then it is as it was: the program dies by it. */
    CHECK_EQ(RUN("T_AT=4"), 1000 + SIGTERM);
    CHECK_HAS(text_of("err"), "loop 'test.c:f:1' saved at iteration 5 on SIGTERM");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 1);
    CHECK_EQ(RUN("T_AT=7", "T_SIGNAL=2"), 1000 + SIGINT);
    CHECK_HAS(text_of("err"), "goes on at iteration 5");
    CHECK_HAS(text_of("err"), "saved at iteration 8 on SIGINT");
    CHECK_EQ(RUN("T_AT=-1"), 0);
    CHECK_HAS(text_of("err"), "goes on at iteration 8");
    CHECK_HAS(text_of("err"), "sum 285, handled 0");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);

    /* A handler of the program's has its turn, once; then the program ends by the signal. */
    CHECK_EQ(RUN("T_AT=4", "T_HANDLER=1"), 1000 + SIGTERM);
    CHECK_HAS(text_of("err"), "handled\n");
    CHECK_HAS(text_of("err"), "saved at iteration 5 on SIGTERM");
    CHECK_EQ(RUN("T_AT=-1", "T_HANDLER=1"), 0);
    CHECK_HAS(text_of("err"), "goes on at iteration 5");
    CHECK_HAS(text_of("err"), "sum 285, handled 0");

    /* USR1 only saves; its handler is called as well. One that is ignored ends nothing. */
    CHECK_EQ(RUN("T_AT=4", "T_SIGNAL=10"), 0);
    CHECK_HAS(text_of("err"), "saved at iteration 5 on SIGUSR1");
    CHECK_HAS(text_of("err"), "sum 285");
    CHECK_EQ(RUN("T_AT=4", "T_SIGNAL=10", "T_HANDLER=1"), 0);
    CHECK_HAS(text_of("err"), "sum 285, handled 1");
    CHECK_EQ(RUN("T_AT=4", "T_HANDLER=2"), 0);
    CHECK_HAS(text_of("err"), "saved at iteration 5 on SIGTERM");
    CHECK_HAS(text_of("err"), "sum 285, handled 0");
    CHECK_EQ(RUN("T_AT=4", "T_SIGNAL=17", "T_HANDLER=2"), 0); /* CHLD: else zombies */
    CHECK(!strstr(text_of("err"), "saved"));

    /* Behind the last top: it isn't lost. Behind the loop: it is as ever. */
    CHECK_EQ(RUN("T_AT=9"), 1000 + SIGTERM);
    CHECK_EQ(RUN("T_AT=-1"), 0);
    CHECK_EQ(RUN("T_AFTER=1"), 1000 + SIGTERM);
    CHECK(!strstr(text_of("err"), "saved"));

    /* Loops of two threads are both saved before the program ends. */
    CHECK_EQ(RUN("T_THREADS=2"), 1000 + SIGTERM);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    return failures > 0;
}

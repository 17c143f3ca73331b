/* checkpoint_handlers.c - handlers that come all the time: such that enter loops of their own, jump
 * out, or end the program while a loop is saved. */
#include <setjmp.h>
#include <sys/time.h>

#include "runtime/checkpoints.h"

#define DIR_ "ck"
#define RUN(...) run_self("loop", "err", "MEMOCC_CHECKPOINT_DIR=" DIR_, __VA_ARGS__, NULL)

static long n = 10, handled, jumped;
static const struct memo_part inputs[] = {CK_INPUT("n", "i8", n)};
static const struct memo_ck_piece pieces[] = {CK_VARIABLE("i", long), CK_VARIABLE("sum", long)};
CK_SITE(site, "test.c:f:1", inputs, 1, pieces, 2);
static const struct memo_part no_inputs[] = {CK_INPUT("n", "i8", n)};
CK_SITE(inside, "test.c:handler:1", no_inputs, 1, pieces, 2);
static sigjmp_buf back;
static volatile sig_atomic_t may_jump;

static long loop(struct memo_ck_site *which, long turns, long nap)
{
    memo_abi_u64 ci = 0;
    long i = -1, sum = -1;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&n, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&sum, 0, 1}};

    if (memo_ck_enter(&ck, which, in))
        goto restore;
    i = 0, sum = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= turns)
            break;
        sum += i * i;
        if (nap)
            nap_ms(nap);
    }
    return sum;
}

static void handler(int sig)
{
    (void)sig;
    handled++;
    switch (setting("T_HOW", 0)) {
    case 0: /* a loop of its own */
        if (loop(&inside, 4, 0) != 14)
            _exit(9);
        break;
    case 1: /* out of whatever it is, but for handlers */
        if (may_jump && handled % 3 == 0) {
            may_jump = 0;
            siglongjmp(back, 1);
        }
        break;
    case 2:
        if (handled == 20)
            exit(7);
    }
}

static int child(void)
{
    const struct itimerval often = {{0, 8000}, {0, 8000}}, never = {{0, 0}, {0, 0}};
    struct sigaction sa;
    volatile long k, wrong = 0;

    inside.m_every = 1000000; /* it is entered more often than files can be written */
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = handler;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (k = 0; k < 12 || (k < 1000 && handled <= 20); k++) { /* signals may be held for long */
        if (sigsetjmp(back, 1)) {
            jumped++;
            continue;
        }
        may_jump = 1;
        wrong += loop(&site, 20, 1) != 2470;
        may_jump = 0;
    }
    setitimer(ITIMER_REAL, &never, NULL);
    fprintf(stderr, "wrong %ld, %s, %s\n", wrong, handled > 20 ? "often" : "hardly",
            jumped > 2 ? "jumped" : "straight");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "loop") == 0 ? child() : 99;
    CHECK_EQ(RUN("T_HOW=0"), 0);
    CHECK_HAS(text_of("err"), "wrong 0, often, straight");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
    CHECK_EQ(RUN("T_HOW=1"), 0);
    CHECK_HAS(text_of("err"), "wrong 0, often, jumped");
    CHECK(!strstr(text_of("err"), "memocc:"));
    CHECK_EQ(RUN("T_HOW=2"), 7);
    CHECK(files_in(DIR_, ".ckpt") > 0); /* exit in the loop doesn't finish it */
    CHECK_EQ(files_in(DIR_, ".tmp"), 0);
    return failures > 0;
}

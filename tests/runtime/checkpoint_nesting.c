/* checkpoint_nesting.c - loops in loops, in recursion, in threads and children, left by longjmp. */
#include <pthread.h>
#include <setjmp.h>

#include "runtime/checkpoints.h"

TSAN_DEFAULTS("die_after_fork=0")

#define DIR_ "ck"
#define WITH_DIR "MEMOCC_CHECKPOINT_DIR=" DIR_
#define RUN(what, ...) run_self(what, "err", WITH_DIR, __VA_ARGS__, NULL)

/* ---- an outer loop that adds what an inner one counts; each adds to the same total */

static long n, total, seed;
static const struct memo_part outer_inputs[] = {CK_INPUT("n", "i8", n),
                                                CK_INPUT("seed", "i8", seed)};
static const struct memo_part inner_inputs[] = {CK_INPUT("n", "i8", n)};
static const struct memo_ck_piece pieces[] = {CK_VARIABLE("i", long), CK_VARIABLE("total", long)};
CK_SITE(outer, "test.c:outer:1", outer_inputs, 2, pieces, 2);
CK_SITE(inner, "test.c:inner:1", inner_inputs, 1, pieces, 2);

static jmp_buf out;
static int jump_at = -1;
static long n_inner_bodies;

/* Behind frames of different sizes, so that what is left behind lies at different places. */
static void inner_loop(long die, long fork_at)
{
    memo_abi_u64 ci = 0;
    long i = -1;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&n, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&total, 0, 1}};

    if (memo_ck_enter(&ck, &inner, in))
        goto restore;
    i = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    CHECK(ck.m_final == 0);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= n)
            break;
        die_if(i == die);
        if (i == jump_at)
            longjmp(out, 1);
        if (i == fork_at) {
            pid_t child = fork();
            int status;

            if (child == 0) { /* saves nothing, removes nothing; ends at once */
                inner.m_every = 1;
                memo_ck_now(&ck);
                continue;
            }
            CHECK(waitpid(child, &status, 0) == child && status == 0);
            fork_at = -1;
        }
        n_inner_bodies++;
        total += i;
    }
}

static void outer_loop(long die_outer, long die_inner)
{
    memo_abi_u64 ci = 0;
    long i = -1;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[2] = {{&n, 1}, {&seed, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&total, 0, 1}};

    if (memo_ck_enter(&ck, &outer, in))
        goto restore;
    i = 0;
    total = seed;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= n)
            break;
        die_if(i == die_outer && die_inner < 0);
        inner_loop(-1, -1); /* entered twice in an iteration */
        inner_loop(i == die_outer ? die_inner : -1, -1);
    }
}

static int nested(void)
{
    n = setting("T_N", 10);
    seed = setting("T_SEED", 0);
    outer.m_every = setting("T_OUTER", 1);
    inner.m_every = setting("T_INNER", 1);
    outer_loop(setting("T_DIE", -1), setting("T_DIE_INNER", -1));
    fprintf(stderr, "total %ld, %ld bodies\n", total, n_inner_bodies);
    return failures > 0;
}

static void loops_in_loops(void)
{
    CHECK_EQ(RUN("nested", "T_N=10"), 0);
    CHECK_HAS(text_of("err"), "total 900, 200 bodies");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);

    CHECK_EQ(RUN("nested", "T_DIE=5", "T_DIE_INNER=8"), 1000 + SIGKILL);
    CHECK(files_in(DIR_, ".ckpt") >= 3);
    CHECK_EQ(RUN("nested", "T_N=10"), 0);
    CHECK_HAS(text_of("err"), "loop 'test.c:outer:1' goes on at");
    CHECK_HAS(text_of("err"), "loop 'test.c:inner:1' goes on at");
    CHECK_HAS(text_of("err"), "total 900");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);

    /* The outer loop has never been saved: the inner one goes on in the right iteration. */
    CHECK_EQ(RUN("nested", "T_OUTER=1000", "T_DIE=5", "T_DIE_INNER=8"), 1000 + SIGKILL);
    CHECK_EQ(RUN("nested", "T_OUTER=1000"), 0);
    CHECK(!strstr(text_of("err"), "outer:1' goes on"));
    CHECK_HAS(text_of("err"), "loop 'test.c:inner:1' goes on at");
    CHECK_HAS(text_of("err"), "total 900");

    /* Another outer loop: the inner one's state has the total of the first. */
    CHECK_EQ(RUN("nested", "T_OUTER=1000", "T_DIE=5", "T_DIE_INNER=8"), 1000 + SIGKILL);
    CHECK_EQ(RUN("nested", "T_OUTER=1000", "T_SEED=1"), 0);
    CHECK_HAS(text_of("err"), "'test.c:inner:1' starts afresh: code or inputs of a loop around it");
    CHECK_HAS(text_of("err"), "total 901, 200 bodies");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
}

/* ---- a loop in a function that calls itself from the loop */

static unsigned long depth_total;
static const struct memo_part depth_inputs[] = {CK_INPUT("depth", "i8", n)};
static const struct memo_ck_piece depth_pieces[] = {CK_VARIABLE("i", long),
                                                    CK_VARIABLE("depth_total", unsigned long)};
CK_SITE(deep, "test.c:deep:1", depth_inputs, 1, depth_pieces, 2);
static long n_leaves, die_leaf = -1;

static void descend(long depth)
{
    memo_abi_u64 ci = 0;
    long i = -1;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&depth, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&depth_total, 0, 1}};

    if (memo_ck_enter(&ck, &deep, in))
        goto restore;
    i = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= 3)
            break;
        if (depth > 0) {
            descend(depth - 1);
        } else {
            die_if(n_leaves++ == die_leaf);
            depth_total = depth_total * 3 + (unsigned long)i + 1;
        }
    }
}

static int recursion(void)
{
    die_leaf = setting("T_DIE", -1);
    descend(3);
    fprintf(stderr, "total %lu, %ld leaves\n", depth_total, n_leaves);
    return failures > 0;
}

static void recursive_loops(void)
{
    char whole[64];

    CHECK_EQ(RUN("recursion", "T_N=1"), 0);
    CHECK_HAS(text_of("err"), ", 81 leaves");
    snprintf(whole, sizeof whole, "%.*s", (int)strcspn(text_of("err"), ","), text_of("err"));
    CHECK_EQ(RUN("recursion", "T_DIE=50"), 1000 + SIGKILL);
    CHECK_EQ(RUN("recursion", "T_DIE=10"), 1000 + SIGKILL);
    CHECK_EQ(RUN("recursion", "T_N=1"), 0);
    CHECK_HAS(text_of("err"), whole);
    CHECK(!strstr(text_of("err"), ", 81 leaves"));
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
}

/* ---- longjmp */

__attribute__((noinline)) static void deeper(volatile char *unused, long die)
{
    volatile char room[3000];

    room[0] = *unused;
    (void)room;
    inner_loop(die, -1);
}

static int jumps(void)
{
    volatile long k;
    char c = 0;

    n = 6;
    for (k = 0; k < 21; k++) { /* the last one isn't left by it */
        jump_at = k % 3 == 2 ? -1 : 2;
        if (setjmp(out) == 0) {
            if (k % 2)
                inner_loop(-1, -1);
            else
                deeper(&c, k == 14 ? setting("T_DIE", -1) : -1);
        }
    }
    fprintf(stderr, "total %ld, %ld bodies\n", total, n_inner_bodies);
    return failures > 0;
}

static void left_by_longjmp(void)
{
    CHECK_EQ(RUN("jumps", "T_N=1"), 0); /* 14 times 0 + 1, 7 times 0 + ... + 5 */
    CHECK_HAS(text_of("err"), "total 119, 70 bodies");
    CHECK(!strstr(text_of("err"), "memocc:"));
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
    CHECK_EQ(RUN("jumps", "T_DIE=4"), 1000 + SIGKILL);
    CHECK_EQ(RUN("jumps", "T_N=1"), 0);
    CHECK_HAS(text_of("err"), "goes on at");
    CHECK_HAS(text_of("err"), "total 119");
}

/* ---- fork, threads */

static int forks(void)
{
    n = 10;
    inner_loop(setting("T_DIE", -1), 5);
    fprintf(stderr, "total %ld\n", total);
    return failures > 0;
}

static void children_leave_it_alone(void)
{
    CHECK_EQ(RUN("forks", "T_DIE=8"), 1000 + SIGKILL); /* the child finished its loop */
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
    CHECK_EQ(RUN("forks", "T_N=1"), 0);
    CHECK_HAS(text_of("err"), "goes on at");
    CHECK_HAS(text_of("err"), "total 45");
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
}

static const struct memo_ck_piece own_pieces[] = {CK_VARIABLE("i", long), CK_VARIABLE("sum", long)};
static const struct memo_part own_inputs[] = {CK_INPUT("step", "i8", n)};
CK_SITE(threaded, "test.c:threaded:1", own_inputs, 1, own_pieces, 2);

static long own_loop(long step, long die)
{
    memo_abi_u64 ci = 0;
    long i = -1, sum = -1;
    struct memo_ck ck __attribute__((cleanup(memo_ck_leave))) = {0};
    struct memo_span in[1] = {{&step, 1}};
    struct memo_ck_span spans[2] = {{&i, 0, 1}, {&sum, 0, 1}};

    if (memo_ck_enter(&ck, &threaded, in))
        goto restore;
    i = 0, sum = 0;
restore:
    memo_ck_begin(&ck, spans, NULL);
    if (ck.m_restored)
        ci = ck.m_at;
    for (;; i++) {
        CK_TOP(ck, ci, spans);
        if (i >= 300)
            break;
        die_if(i == die);
        sum += step;
        if (step == 3 && i == 200 && die == -2)
            pthread_exit(NULL);
    }
    return sum;
}

static void *thread(void *arg)
{
    long step = (long)(intptr_t)arg;

    return (void *)(intptr_t)own_loop(step, step == 4 ? setting("T_DIE", -1) : setting("T_GO", -1));
}

static int threads(void)
{
    pthread_t t[8];
    void *sum;
    long i;

    threaded.m_unit = (char)setting("T_UNIT", 'i');
    threaded.m_every = setting("T_EVERY", 40);
    for (i = 0; i < 8; i++)
        CHECK(pthread_create(&t[i], NULL, thread, (void *)(intptr_t)i) == 0);
    for (i = 0; i < 8; i++) {
        CHECK(pthread_join(t[i], &sum) == 0);
        if (sum || i == 0)
            CHECK_EQ((intptr_t)sum, i * 300);
        else
            CHECK_EQ(i, setting("T_GO", -1) == -2 ? 3 : -1);
    }
    return failures > 0;
}

static void loops_of_threads(void)
{
    CHECK_EQ(RUN("threads", "T_N=1"), 0);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
    CHECK_EQ(RUN("threads", "T_UNIT=37", "T_EVERY=500000"), 0); /* 50 % */
    CHECK_EQ(RUN("threads", "T_DIE=250"), 1000 + SIGKILL);
    CHECK_EQ(RUN("threads", "T_N=1"), 0);
    CHECK_EQ(files_in(DIR_, ".ckpt"), 0);
    CHECK_EQ(RUN("threads", "T_GO=-2"), 0); /* a thread that ends in its loop leaves its state */
    CHECK_EQ(files_in(DIR_, ".ckpt"), 2);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } programs[] = {{"nested", nested},
                    {"recursion", recursion},
                    {"jumps", jumps},
                    {"forks", forks},
                    {"threads", threads}};
    size_t i;

    for (i = 0; argc > 1 && i < sizeof programs / sizeof programs[0]; i++)
        if (strcmp(argv[1], programs[i].name) == 0)
            return programs[i].run();
    loops_in_loops();
    recursive_loops();
    left_by_longjmp();
    children_leave_it_alone();
    loops_of_threads();
    return failures > 0;
}

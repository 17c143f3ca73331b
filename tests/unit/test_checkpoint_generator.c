/* test_checkpoint_generator.c - sequences go on as if nothing had happened: after a take, and
 * after a give in another process. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "checkpoint/generator.h"
#include "unit/check.h"

#define N 200

/* What a program is at before its next numbers. */
struct start {
    const char *name;
    void (*make)(void);
};

static long draw(unsigned k)
{
    return k % 3 ? random() : rand();
}

static void as_it_is(void)
{
}

static void seeded(void)
{
    srandom(42);
    for (int i = 0; i < 1000; i++)
        rand();
}

static char arrays[5][256];
static const size_t sizes[5] = {8, 32, 64, 128, 256};

static void of_size(unsigned i)
{
    initstate(7 + i, arrays[i], sizes[i]);
    for (int k = 0; k < 17; k++)
        random();
}

static void of_8(void)
{
    of_size(0);
}
static void of_32(void)
{
    of_size(1);
}
static void of_64(void)
{
    of_size(2);
}
static void of_128(void)
{
    of_size(3);
}
static void of_256(void)
{
    of_size(4);
}

static void there_and_back(void)
{
    of_64();
    char *old = setstate(arrays[2]);
    of_256();
    setstate(old);
    random();
}

static const struct start starts[] = {
    {"as it is", as_it_is},
    {"srandom", seeded},
    {"8", of_8},
    {"32", of_32},
    {"64", of_64},
    {"128", of_128},
    {"256", of_256},
    {"there and back", there_and_back},
};

/* Runs f in a process of its own, with the library's state as at its start. */
static void alone(void (*f)(const struct start *, void *), const struct start *s, void *shared)
{
    fflush(NULL);
    pid_t pid = fork();
    if (!pid) {
        check_failures = 0;
        f(s, shared);
        _exit(check_failures != 0);
    }
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    CHECK_EQ(status, 0);
    if (status)
        fprintf(stderr, "  with '%s'\n", s->name);
}

struct sequence {
    int fd[2]; /* from the process that draws to the one that compares */
    struct memo__ck_random state;
    long numbers[N];
};

/* Draws without and with takes in between; leaves state and numbers. */
static void draws(const struct start *s, void *shared)
{
    struct sequence *q = shared;
    long undisturbed[N];
    int fd[2];
    CHECK_EQ(pipe(fd), 0);
    if (!fork()) {
        s->make();
        for (unsigned k = 0; k < N; k++)
            undisturbed[k] = draw(k);
        _exit(write(fd[1], undisturbed, sizeof undisturbed) != (ssize_t)sizeof undisturbed);
    }
    CHECK_EQ(read(fd[0], undisturbed, sizeof undisturbed), sizeof undisturbed);
    s->make();
    CHECK_EQ(memo__ck_random_take(&q->state), 0);
    for (unsigned k = 0; k < N; k++) {
        struct memo__ck_random again;
        CHECK_EQ(memo__ck_random_take(&again), 0);
        CHECK_EQ(again.len, q->state.len);
        q->numbers[k] = draw(k);
    }
    CHECK_MEM(q->numbers, undisturbed, sizeof undisturbed);
    CHECK_EQ(write(q->fd[1], q, sizeof *q), sizeof *q);
}

/* Goes on from the state, in whatever state this process is. */
static void goes_on(const struct start *s, void *shared)
{
    struct sequence *q = shared;
    s->make();
    random();
    CHECK_EQ(memo__ck_random_give(q->state.state, q->state.len), 0);
    for (unsigned k = 0; k < N; k++)
        CHECK_EQ(draw(k), q->numbers[k]);
    /* What was there before isn't lost where it is an array of the program's. */
    srandom(5);
    long first = random();
    srandom(5);
    CHECK_EQ(random(), first);
}

static void of_random(void)
{
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct sequence q;
        int fd[2];
        CHECK_EQ(pipe(fd), 0);
        memcpy(q.fd, fd, sizeof fd);
        alone(draws, &starts[i], &q);
        CHECK_EQ(read(fd[0], &q, sizeof q), sizeof q);
        for (size_t k = 0; k < sizeof starts / sizeof *starts; k++)
            alone(goes_on, &starts[k], &q);
        close(fd[0]);
        close(fd[1]);
    }
}

static void refuses(void)
{
    struct memo__ck_random r, bad;
    CHECK_EQ(memo__ck_random_take(&r), 0);
    CHECK_EQ(r.len, 128);
    CHECK_EQ(memo__ck_random_check(r.state, r.len), 0);
    CHECK_EQ(memo__ck_random_check(r.state, 64), MEMO_ECORRUPT);
    CHECK_EQ(memo__ck_random_check(r.state, 0), MEMO_ECORRUPT);
    static const int32_t words[] = {-1, 3 + 5 * 31, 0, 5, 1 << 30, -2147483647};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        bad = r;
        memcpy(bad.state, &words[k], sizeof words[k]);
        CHECK_EQ(memo__ck_random_check(bad.state, bad.len), MEMO_ECORRUPT);
        CHECK_EQ(memo__ck_random_give(bad.state, bad.len), MEMO_ECORRUPT);
    }
    struct memo__ck_random after;
    CHECK_EQ(memo__ck_random_take(&after), 0);
    CHECK_MEM(after.state, r.state, r.len);
}

/* ---- drand48 */

static void plain48(void)
{
}
static void seeded48(void)
{
    srand48(123456789);
    lrand48();
}
static void set48(void)
{
    unsigned short x[3] = {65535, 65535, 65535};
    seed48(x);
}
static void odd48(void)
{
    unsigned short p[7] = {1, 2, 3, 0x1235, 5, 6, 65535};
    lcong48(p);
}
static void even48(void)
{
    unsigned short p[7] = {1, 2, 3, 0x1234, 5, 6, 7};
    lcong48(p);
}

static void of_rand48(void)
{
    static void (*const make[])(void) = {plain48, seeded48, set48, odd48, even48};
    for (size_t i = 0; i < sizeof make / sizeof *make; i++) {
        double want[N];
        struct memo__ck_rand48 s, t;
        make[i]();
        memo__ck_rand48_take(&s);
        CHECK_EQ(memo__ck_rand48_check(&s), 0);
        for (int k = 0; k < N; k++)
            want[k] = k % 2 ? drand48() : (double)mrand48();
        for (int round = 0; round < 2; round++) {
            srand48(5);
            if (round)
                make[(i + 1) % 5]();
            memo__ck_rand48_give(&s);
            for (int k = 0; k < N; k++) {
                memo__ck_rand48_take(&t); /* disturbs nothing */
                CHECK_EQ(t.a, s.a);
                CHECK_EQ(t.c, s.c);
                CHECK((k % 2 ? drand48() : (double)mrand48()) == want[k]);
            }
        }
    }
    /* What seed48 returned is the program's to read. */
    unsigned short first[3] = {9, 8, 7}, second[3] = {1, 1, 1};
    seed48(first);
    unsigned short *old = seed48(second);
    struct memo__ck_rand48 s;
    memo__ck_rand48_take(&s);
    CHECK_MEM(old, first, sizeof first);
    s.x = (uint64_t)1 << 48;
    CHECK_EQ(memo__ck_rand48_check(&s), MEMO_ECORRUPT);
}

/* The sequence without us is the C library's. */
static void undisturbed48(void)
{
    double want[N];
    srand48(77);
    for (int k = 0; k < N; k++)
        want[k] = drand48();
    srand48(77);
    for (int k = 0; k < N; k++) {
        struct memo__ck_rand48 s;
        memo__ck_rand48_take(&s);
        CHECK(drand48() == want[k]);
    }
}

/* Loops of several threads save at once. */
static void *takes(void *arg)
{
    struct memo__ck_random r;
    struct memo__ck_rand48 s;
    for (int k = 0; k < 20000; k++) {
        CHECK_EQ(memo__ck_random_take(&r), 0);
        memo__ck_rand48_take(&s);
    }
    return arg;
}

static void threads(void)
{
    pthread_t t[3];
    long want[N];
    double want48[N];
    for (int round = 0; round < 2; round++) {
        srandom(9);
        srand48(9);
        for (int i = 0; i < 3 && round; i++)
            CHECK_EQ(pthread_create(&t[i], NULL, takes, NULL), 0);
        for (int i = 0; i < 3 && round; i++)
            pthread_join(t[i], NULL);
        for (int k = 0; k < N; k++) {
            long x = random();
            double y = drand48();
            if (round) {
                CHECK_EQ(x, want[k]);
                CHECK(y == want48[k]);
            }
            want[k] = x;
            want48[k] = y;
        }
    }
}

int main(void)
{
    threads();
    srandom(1);
    of_random();
    refuses();
    of_rand48();
    undisturbed48();
    return check_result();
}

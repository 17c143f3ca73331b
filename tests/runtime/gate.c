/* The cost gate: what isn't worth it is bypassed, and what may be worth it never
 * is; values and counts of calls stay right. */
#include "wrap.h"

#include <pthread.h>
#include <time.h>

#define MANY 20000000L /* calls after which even a busy machine has judged */

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long n_computed; /* __atomic */

#define COUNT() __atomic_fetch_add(&n_computed, 1, __ATOMIC_RELAXED)

__attribute__((noinline)) static long cheap_body(long x)
{
    return x * 3 + 1;
}
MEMO_SCALAR(cheap, MEMO_SITE_FAST | MEMO_SITE_ERRNO_NEVER)
__attribute__((noinline)) static long cheap_too_body(long x)
{
    return x * 3 + 1;
}
MEMO_SCALAR(cheap_too, MEMO_SITE_ERRNO_NEVER)

/* Takes x / 1000 us. */
__attribute__((noinline)) static long lasting_body(long x)
{
    double end = now() + (double)(x / 1000) * 1e-6;

    COUNT();
    while (x >= 1000 && now() < end)
        continue;
    return x + 1;
}
MEMO_SCALAR(lasting, MEMO_SITE_ERRNO_NEVER)

/* Takes 200 us once. */
__attribute__((noinline)) static long cold_body(long x)
{
    double end = now() + 200e-6;

    while (n_computed == 0 && now() < end)
        continue;
    COUNT();
    return x * 3 + 1;
}
MEMO_SCALAR(cold, MEMO_SITE_ERRNO_NEVER)

static long fib(long n);
static long fib_body(long n)
{
    COUNT();
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
MEMO_SCALAR(fib, MEMO_SITE_FAST | MEMO_SITE_ERRNO_NEVER)

static long fib_slow(long n);
static long fib_slow_body(long n)
{
    COUNT();
    return n < 2 ? n : fib_slow(n - 1) + fib_slow(n - 2);
}
MEMO_SCALAR(fib_slow, MEMO_SITE_ERRNO_NEVER)

static long sum_body(long n)
{
    long sum = 0;

    COUNT();
    for (long i = 0; i < n; i++)
        sum += cheap_too(i);
    return sum;
}
MEMO_SCALAR(sum, MEMO_SITE_ERRNO_NEVER)

static bool is_bypassed(const struct memo_site *site)
{
    return __atomic_load_n(&site->m_bypass, __ATOMIC_RELAXED) != 0;
}

/* Calls with new keys until the function is bypassed; returns how many. */
static long call_until_bypassed(long (*f)(long), const struct memo_site *site)
{
    long n = 0;

    while (!is_bypassed(site) && n < MANY) {
        CHECK_EQ(f(n % 100000), n % 100000 * 3 + 1);
        n++;
    }
    CHECK(is_bypassed(site));
    return n;
}

/* Writes down how many calls it made. */
static int bypasses(void)
{
    long n = call_until_bypassed(cheap, &cheap_site), m;
    FILE *file = fopen("made", "w");

    m = call_until_bypassed(cheap_too, &cheap_too_site);
    for (long i = 0; i < 200000; i++) {
        CHECK_EQ(cheap(i % 700), i % 700 * 3 + 1);
        CHECK_EQ(cheap_too(i % 700), i % 700 * 3 + 1);
    }
    CHECK(file && fprintf(file, "%ld %ld\n", n + 200000, m + 200000) > 0 && fclose(file) == 0);
    return failures != 0;
}

static int not_bypassed(void)
{
    for (long i = 0; i < 30000; i++) {
        CHECK_EQ(cheap(i % 300), i % 300 * 3 + 1);
        CHECK_EQ(cheap_too(i % 300), i % 300 * 3 + 1);
    }
    CHECK(!is_bypassed(&cheap_site) && !is_bypassed(&cheap_too_site));
    return failures != 0;
}

/* Dear calls are computed once each, among many cheap ones of the same function. */
static int keeps_what_is_dear(void)
{
    for (long i = 0; i < 20000; i++) {
        CHECK_EQ(lasting(20000 + i % 50), 20001 + i % 50);
    }
    CHECK_EQ(n_computed, 50);
    return failures != 0;
}

static int keeps_recursion(void)
{
    long expected = 23416728348467685;

    for (int round = 0; round < 100; round++) {
        n_computed = 0;
        memo_clear("fib");
        memo_clear("fib_slow");
        CHECK_EQ(fib(80), expected);
        CHECK_EQ(n_computed, 81);
        CHECK_EQ(fib_slow(80), expected);
        CHECK_EQ(n_computed, 162);
    }
    return failures != 0;
}

/* Its own calls are cheap hits; what computing without a cache takes isn't known. */
static int keeps_callers(void)
{
    for (long i = 0; i < 20000; i++)
        CHECK_EQ(sum(i % 4), i % 4 * (i % 4 - 1) / 2 * 3 + i % 4);
    CHECK(!is_bypassed(&sum_site));
    return failures != 0;
}

static int asks(void)
{
    long r;

    call_until_bypassed(cheap_too, &cheap_too_site);
    CHECK_EQ(cheap_too(5), 16);
    CHECK(strcmp(memo_last().tier, "computed") == 0);
    memo_abi_ask(MEMO_ASK_REFRESH);
    CHECK_EQ(cheap_too(-7), -20);
    memo_abi_ask(MEMO_ASK_CACHED);
    r = cheap_too(-7);
    CHECK_EQ(memo_abi_answer(), 1);
    memo_abi_ask(MEMO_ASK_FORGET);
    r += cheap_too(-7);
    CHECK_EQ(memo_abi_answer(), 1);
    memo_abi_ask(MEMO_ASK_CACHED);
    r += cheap_too(-7);
    CHECK_EQ(memo_abi_answer(), 0);
    CHECK_EQ(r, 0);
    memo_abi_ask(MEMO_ASK_UNCACHED);
    CHECK_EQ(cheap_too(-7), -20);
    return failures != 0;
}

/* Cheap, then dear: it takes a while to be seen, but not long. */
static int becomes_dear(void)
{
    long n = 0;

    while (!is_bypassed(&lasting_site) && n < MANY)
        CHECK_EQ(lasting(n % 100), n++ % 100 + 1);
    CHECK(is_bypassed(&lasting_site));
    n_computed = 0;
    for (long i = 0; i < 6000; i++)
        CHECK_EQ(lasting(30000), 30001);
    CHECK(n_computed < 2000);
    return failures != 0;
}

/* It hit well, for a long time; then no call comes again. */
static int becomes_unique(void)
{
    long n;

    for (n = 0; n < 300000; n++) {
        CHECK_EQ(cheap(n % 64), n % 64 * 3 + 1);
        CHECK_EQ(cheap_too(n % 64), n % 64 * 3 + 1);
    }
    for (n = 1000; !is_bypassed(&cheap_site) && n < MANY; n++)
        CHECK_EQ(cheap(n), n * 3 + 1);
    CHECK(is_bypassed(&cheap_site) && n < 500000);
    for (n = 1000; !is_bypassed(&cheap_too_site) && n < MANY; n++)
        CHECK_EQ(cheap_too(n), n * 3 + 1);
    CHECK(is_bypassed(&cheap_too_site) && n < 500000);
    return failures != 0;
}

/* The time of the only call is no measure; but what is dear isn't computed often. */
static int checks_single_times(void)
{
    for (long i = 0; i < 500000; i++)
        CHECK_EQ(cold(5), 16);
    CHECK(n_computed > 1);
    CHECK(is_bypassed(&cold_site) || memo_last().cost < 100e-6);
    n_computed = 0;
    for (long i = 0; i < 20000; i++)
        CHECK_EQ(lasting(50000), 50001);
    CHECK(n_computed <= 3);
    return failures != 0;
}

static void *call_in_thread(void *arg)
{
    for (long i = 0; i < 300000; i++)
        CHECK_EQ(cheap_too(i % 5000), i % 5000 * 3 + 1);
    return arg;
}

static int threads(void)
{
    pthread_t t[3];

    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, call_in_thread, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    return failures != 0;
}

/* The child counts from zero, and what it was granted is no call of its own. */
static int forks(void)
{
    int status;
    pid_t child;

    call_until_bypassed(cheap_too, &cheap_too_site);
    CHECK_EQ(cheap_too(1), 4);
    child = fork();
    if (child == 0) {
        for (long i = 0; i < 5000; i++)
            CHECK_EQ(cheap_too(i), i * 3 + 1);
        exit(failures != 0);
    }
    CHECK(child > 0);
    waitpid(child, &status, 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(counter_in("fork.json", "cheap_too", "calls"), 5000);
    return failures != 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} parts[] = {
    {"bypasses", bypasses},         {"not_bypassed", not_bypassed}, {"dear", keeps_what_is_dear},
    {"recursion", keeps_recursion}, {"callers", keeps_callers},     {"asks", asks},
    {"becomes_dear", becomes_dear}, {"threads", threads},           {"forks", forks},
    {"unique", becomes_unique},     {"single", checks_single_times}};

static void check_bypasses(void)
{
    const char *text;
    char *end;
    long n, m;

    CHECK_EQ(run_self("bypasses", "err", "MEMOCC_STATS=1", NULL), 0);
    text = text_of("err");
    CHECK(strstr(text, "memocc: gate cheap: memory off: computing takes ") != NULL);
    CHECK(strstr(text, "memocc: gate cheap_too: memory off: computing takes ") != NULL);
    CHECK_EQ(run_self("bypasses", NULL, "MEMOCC_STATS=on.json", NULL), 0);
    n = strtol(text_of("made"), &end, 10);
    m = strtol(end, NULL, 10);
    CHECK_EQ(counter_in("on.json", "cheap", "calls"), n);
    CHECK_EQ(counter_in("on.json", "cheap_too", "calls"), m);
    CHECK(counter_in("on.json", "cheap_too", "misses") < m / 2);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run();
    check_bypasses();
    CHECK_EQ(run_self("not_bypassed", NULL, "MEMOCC_GATE=off", "MEMOCC_DIR=off",
                      "MEMOCC_STATS=off.json", NULL),
             0);
    CHECK_EQ(counter_in("off.json", "cheap", "misses"), 300);
    CHECK_EQ(counter_in("off.json", "cheap", "memory"), 29700);
    CHECK_EQ(counter_in("off.json", "cheap_too", "misses"), 300);
    CHECK_EQ(counter_in("off.json", "cheap_too", "memory"), 29700);
    CHECK_EQ(run_self("dear", NULL, "MEMOCC_STATS=dear.json", NULL), 0);
    CHECK_EQ(counter_in("dear.json", "lasting", "misses"), 50);
    CHECK_EQ(counter_in("dear.json", "lasting", "memory"), 19950);
    CHECK_EQ(run_self("recursion", NULL, NULL), 0);
    CHECK_EQ(run_self("callers", NULL, NULL), 0);
    CHECK_EQ(run_self("asks", NULL, NULL), 0);
    CHECK_EQ(run_self("becomes_dear", NULL, NULL), 0);
    CHECK_EQ(run_self("unique", NULL, "MEMOCC_STATS=unique.json", NULL), 0);
    CHECK(counter_in("unique.json", "cheap_too", "stored") < 500000);
    CHECK_EQ(run_self("single", NULL, NULL), 0);
    CHECK_EQ(run_self("threads", NULL, "MEMOCC_STATS=threads.json", NULL), 0);
    CHECK_EQ(counter_in("threads.json", "cheap_too", "calls"), 900000);
    CHECK_EQ(run_self("forks", NULL, "MEMOCC_STATS=fork.json", NULL), 0);
    return failures != 0;
}

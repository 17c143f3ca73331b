/* MEMOCC=verify: hits are computed again, from the caller's own input; what
 * differs is reported, removed, and not what the program sees. Functions that lie
 * do so through `lie`, which is in no key. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>

#include "wrap.h"

static int computed;
static long lie;

static long f_body(long x)
{
    computed++;
    return x + lie;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long other_body(long x)
{
    computed++;
    return x + lie;
}
MEMO_SCALAR(other, 0)

static long sets_body(long x)
{
    computed++;
    if (lie)
        errno = ERANGE;
    return x;
}
MEMO_SCALAR(sets, 0)

static long fib(long n);
static long fib_body(long n)
{
    computed++;
    return n < 2 ? n + lie : fib(n - 1) + fib(n - 2);
}
MEMO_SCALAR(fib, 0)

/* void both(long n, double *p, struct padded *o): inout(p[:n]) out(o[:n]) */
struct padded {
    char tag;
    double x;
};
static const struct memo_part both_parts[] = {
    {"n:i8", "n:i8", NULL, 1, MEMO_KEY, 0, 0},
    {"p[:n]", "f8", NULL, 8, MEMO_KEY | MEMO_RESULT | MEMO_SECTION, 0, 0},
    {"o[:n]", "{tag:i1@0,x:f8@8}16", NULL, 16, MEMO_RESULT | MEMO_SECTION, 0, 0},
};
SITE(both_site, both_parts, "both", MEMO_SITE_ERRNO_NEVER);

static void both(long n, double *p, struct padded *o)
{
    static unsigned char garbage;
    struct memo_span spans[3] = {{&n, 8}, {p, (size_t)n}, {o, (size_t)n}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&both_site, spans, &call) == MEMO_HIT)
        return;
    computed++;
    memset(o, ++garbage, (size_t)n * sizeof *o); /* padding is never the same */
    for (long i = 0; i < n; i++) {
        p[i] *= 2;
        o[i].tag = (char)i;
        o[i].x = p[i] + (double)(i == 2 ? lie : 0);
    }
    if (call)
        memo_abi_end(call, spans);
}

/* const double *table(long n): view; NULL where n is 0 */
static const struct memo_part table_parts[] = {
    {"n:i8", "n:i8", NULL, 1, MEMO_KEY, 0, 0},
    {"result", "f8", NULL, 8, MEMO_RESULT | MEMO_ALLOC | MEMO_LATE | MEMO_VIEW, 0, 0},
};
SITE(table_site, table_parts, "table", 0);

static const double *table(long n)
{
    double *r = NULL;
    struct memo_span spans[2] = {{&n, 8}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&table_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = malloc((size_t)n * sizeof *r);
    for (long i = 0; i < n; i++)
        r[i] = (double)(i + (i == n - 1 ? lie : 0));
    if (call) {
        spans[1].m_count = (size_t)n;
        memo_abi_end(call, spans);
    }
    return r;
}

/* const char *at(const char *s): offset */
static const struct memo_part at_parts[] = {
    {"", "", NULL, 1, MEMO_KEY, 0, 0},
    {"s", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING, 0, 0},
    {"result", "b", NULL, 1, MEMO_RESULT | MEMO_OFFSET, 1, 0},
};
SITE(at_site, at_parts, "at", 0);

static const char *at(const char *s)
{
    const char *r = NULL;
    struct memo_span spans[3] = {{NULL, 0}, {(void *)(uintptr_t)s, 0}, {&r, 1}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&at_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    r = s + lie;
    if (call)
        memo_abi_end(call, spans);
    return r;
}

/* char *text(long n): string; store_if(*result != '!') */
static const struct memo_part text_parts[] = {
    {"n:i8", "n:i8", NULL, 1, MEMO_KEY, 0, 0},
    {"result", "s", NULL, 1, MEMO_RESULT | MEMO_ALLOC | MEMO_STRING, 0, 0},
};
SITE(text_site, text_parts, "text", 0);

static char *text(long n)
{
    char *r = NULL;
    struct memo_span spans[2] = {{&n, 8}, {&r, 0}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&text_site, spans, &call) == MEMO_HIT)
        return r;
    computed++;
    if (asprintf(&r, "%s%ld", lie ? "!" : "", n) < 0)
        abort();
    if (call && *r == '!')
        memo_abi_drop(call);
    else if (call)
        memo_abi_end(call, spans);
    return r;
}

/* long judged(long x): valid(1) */
static const struct memo_part judged_parts[] = {
    {"x:i8", "x:i8", NULL, 1, MEMO_KEY, 0, 0},
    {"result", "i8", NULL, 8, MEMO_RESULT, 0, 0},
};
SITE(judged_site, judged_parts, "judged", MEMO_SITE_VALID);

static long judged(long x)
{
    long r;
    struct memo_span spans[2] = {{&x, 8}, {&r, 1}};
    struct memo_call *call = NULL;
    int what = memo_abi_begin(&judged_site, spans, &call);

    if (what == MEMO_CANDIDATE)
        what = memo_abi_accept(&call, spans, true);
    if (what == MEMO_HIT)
        return r;
    computed++;
    r = x + lie;
    if (call)
        memo_abi_end(call, spans);
    return r;
}

/* A call that does something before it returns. */
static jmp_buf out_of_it;
static enum { RETURN, LEAVE, EXIT, CLEAR, FORK } escape;

static long acts_body(long x)
{
    int status = 0;

    computed++;
    if (escape == LEAVE)
        longjmp(out_of_it, 1);
    if (escape == EXIT)
        exit(7);
    if (escape == CLEAR)
        memo_clear("acts");
    if (escape == FORK) {
        pid_t child = fork();

        if (child != 0)
            waitpid(child, &status, 0);
        CHECK_EQ(status, 0);
    }
    return x + lie;
}
MEMO_SCALAR(acts, 0)

/* ---- processes */

static void call_all(void)
{
    double p[4] = {1, 2, 3, 4};
    struct padded o[4];
    const double *view;
    char *s, local[] = "abc";

    CHECK_EQ(f(3), 3 + lie);
    CHECK_EQ(other(4), 4 + lie);
    errno = 0;
    CHECK_EQ(sets(5), 5);
    CHECK_EQ(errno, lie ? ERANGE : 0);
    both(4, p, o);
    CHECK(p[0] == 2 && p[3] == 8);
    CHECK(o[2].x == 6 + (double)lie && o[2].tag == 2 && o[3].x == 8);
    view = table(1000);
    CHECK(view[998] == 998 && view[999] == 999 + (double)lie);
    memo_release(view);
    CHECK(at(local) == local + lie);
    s = text(9);
    CHECK(strcmp(s, lie ? "!9" : "9") == 0);
    free(s);
    CHECK_EQ(judged(6), 6 + lie);
}
#define N_CALLS 8

static int processes(const char *what)
{
    if (strcmp(what, "honest") == 0) {
        call_all();
        call_all();
    } else if (strcmp(what, "lying") == 0) {
        lie = 1;
        call_all();
        CHECK_EQ(computed, N_CALLS);
    } else if (strcmp(what, "one") == 0) {
        lie = 1;
        f(3);
        exit(computed);
    } else if (strcmp(what, "many") == 0) {
        for (int round = 0; round < 2; round++)
            for (long x = 0; x < 1000; x++)
                CHECK_EQ(other(x), x);
        FILE *count = fopen("count", "w");

        fprintf(count, "%d\n", computed - 1000);
        fclose(count);
    } else if (strcmp(what, "fib") == 0) {
        fib(60);
        computed = 0;
        CHECK_EQ(fib(60), 1548008755920);
        CHECK_EQ(computed, 61);
    } else if (strcmp(what, "inner") == 0) {
        fib(20);
        lie = 1; /* in the leaves only: found there, and in what is made of them */
        CHECK_EQ(fib(20), 6765 + 10946);
    } else {
        return 2;
    }
    return failures != 0;
}

/* ---- */

static void has(const char *line)
{
    if (!strstr(text_of("err"), line)) {
        failures++;
        fprintf(stderr, "'%s' isn't in '%s'\n", line, text_of("err"));
    }
}

static long lines(void)
{
    const char *p;
    long n = 0;

    for (p = text_of("err"); (p = strchr(p, '\n')) != NULL; p++)
        n++;
    return n;
}

static void honest_functions_are_silent(void)
{
    CHECK_EQ(run_self("honest", "err", "MEMOCC=verify=1", "MEMOCC_DIR=s", NULL), 0);
    CHECK_EQ(lines(), 0);
    CHECK_EQ(run_self("honest", "err", "MEMOCC=verify=1", "MEMOCC_DIR=s", "MEMOCC_VERBOSE=1", NULL),
             0);
    has("memocc: verify: 16 hits recomputed, 0 differed\n");
}

static void lies_are_found_in_memory_and_on_disk(void)
{
    CHECK_EQ(run_self("lying", "err", "MEMOCC=verify=1", "MEMOCC_DIR=s", "MEMOCC_STATS=j", NULL),
             0);
    has("verify: f(a = 3) differs in result (byte 0 of 8): stored 3, computed 4; ");
    has("verify: other(a = 4) differs in result (byte 0 of 8): stored 4, computed 5; ");
    has("verify: sets(a = 5) differs in errno: stored not set, computed 34; ");
    has("verify: both(n = 4, p[:n] = {1, 2, 3, 4}) differs in o[:n][2].x (byte 46 of 64): "
        "stored 6, computed 7; ");
    has("verify: table(n = 1000) differs in result[999] (byte 7997 of 8000): stored 999, "
        "computed 1000; ");
    has("verify: at(s = \"abc\") differs in result: stored s + 0 bytes, computed s + 1 bytes; ");
    has("verify: text(n = 9) differs in result (byte 0): stored \"9\", computed \"!9\"; ");
    has("verify: judged(x = 6) differs in result (byte 0 of 8): stored 6, computed 7; ");
    has("found on disk, removed\n");
    has("verify: 8 hits recomputed, 8 differed: ");
    has(", f (1)\n");
    CHECK_EQ(lines(), 9);
    CHECK(strstr(text_of("j"), "\"verify_differences\":8") != NULL);
    CHECK_EQ(counter_in("j", "f", "disk"), 1);
    CHECK_EQ(counter_in("j", "f", "stored"), 0);
    /* Nothing of it is left, and nothing wrong was put in its place. */
    CHECK_EQ(run_self("honest", NULL, "MEMOCC_DIR=s", "MEMOCC_STATS=j", NULL), 0);
    CHECK_EQ(counter_in("j", "f", "misses"), 1);
    CHECK_EQ(counter_in("j", "text", "misses"), 1);
}

static void modes_combine(void)
{
    CHECK_EQ(run_self("honest", NULL, "MEMOCC_DIR=r", NULL), 0);
    CHECK_EQ(run_self("one", "err", "MEMOCC=verify=0", "MEMOCC_DIR=r", NULL), 0);
    CHECK_EQ(run_self("one", "err", "MEMOCC=refresh,verify=1", "MEMOCC_DIR=t", NULL), 1);
    CHECK_EQ(lines(), 0);
    CHECK_EQ(run_self("one", "err", "MEMOCC=verify=1,readonly", "MEMOCC_DIR=r", NULL), 1);
    has("not removed: the store is read-only\n");
    CHECK_EQ(run_self("one", "err", "MEMOCC=abort,verify", "MEMOCC_DIR=r", NULL), 1000 + SIGABRT);
    has("stored 3, computed 4");
    CHECK_EQ(run_self("one", "err", "MEMOCC=verify,abort", "MEMOCC_DIR=r", NULL), 1);
    CHECK_EQ(lines(), 0); /* it was removed */
}

/* Of 1000 hits; bounds ten deviations away. */
static void fractions_are_kept_to(void)
{
    long n;

    CHECK_EQ(run_self("many", NULL, "MEMOCC=verify=0.5", "MEMOCC_DIR=m", NULL), 0);
    n = strtol(text_of("count"), NULL, 10);
    CHECK(n > 330 && n < 670);
    /* By itself: the first hundred, and of the others a tenth. */
    CHECK_EQ(run_self("many", NULL, "MEMOCC=verify", "MEMOCC_DIR=n", NULL), 0);
    n = strtol(text_of("count"), NULL, 10);
    CHECK(n > 110 && n < 300);
}

static void recursion_stays_linear(void)
{
    CHECK_EQ(run_self("fib", "err", "MEMOCC=verify=1", "MEMOCC_DIR=d", NULL), 0);
    CHECK_EQ(run_self("inner", "err", "MEMOCC=verify=1", "MEMOCC_DIR=e", NULL), 0);
    has("verify: fib(a = 1) differs");
    has("verify: fib(a = 20) differs");
}

/* ---- in this process, which runs with verify=1 */

static void calls_that_do_not_return_say_nothing(void)
{
    computed = 0;
    acts(1);
    escape = LEAVE;
    for (int i = 0; i < 3; i++)
        if (setjmp(out_of_it) == 0)
            acts(1);
    escape = RETURN;
    CHECK(memo_cached(acts(1)));
    CHECK_EQ(acts(1), 1);
    CHECK_EQ(computed, 5);
}

static void an_entry_that_has_gone_says_nothing(void)
{
    acts(2);
    lie = 5;
    escape = CLEAR;
    CHECK_EQ(acts(2), 7);
    escape = RETURN;
    CHECK(memo_cached(acts(2)));
    CHECK_EQ(acts(2), 7);
    lie = 0;
    memo_clear("acts");
}

static void a_forked_child_leaves_the_verdict_to_its_parent(void)
{
    pid_t self = getpid();

    acts(3);
    escape = FORK;
    CHECK_EQ(acts(3), 3);
    escape = RETURN;
    if (getpid() != self)
        _exit(failures != 0);
    CHECK(memo_cached(acts(3)));
}

static void *thread(void *arg)
{
    for (long x = 0; x < 200; x++)
        CHECK_EQ(other(x % 20), x % 20);
    return arg;
}

static void threads_verify_each_for_itself(void)
{
    pthread_t t[4];

    for (int i = 0; i < 4; i++)
        CHECK_EQ(pthread_create(&t[i], NULL, thread, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
}

static int quiet_part(void)
{
    calls_that_do_not_return_say_nothing();
    an_entry_that_has_gone_says_nothing();
    a_forked_child_leaves_the_verdict_to_its_parent();
    threads_verify_each_for_itself();
    escape = EXIT;
    acts(3);
    return 1; /* it doesn't come back: 7 */
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "quiet") == 0) {
        int rc = quiet_part();
        return failures ? 3 : rc;
    }
    if (argc > 1)
        return processes(argv[1]);
    honest_functions_are_silent();
    lies_are_found_in_memory_and_on_disk();
    modes_combine();
    fractions_are_kept_to();
    recursion_stays_linear();
    CHECK_EQ(run_self("quiet", "err", "MEMOCC=verify=1", "MEMOCC_DIR=q", NULL), 7);
    CHECK_EQ(lines(), 0);
    return failures != 0;
}

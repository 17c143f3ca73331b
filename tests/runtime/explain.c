/* MEMOCC=explain: the lines for sites of all kinds, made by hand. */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>

#include "wrap.h"

ASAN_DEFAULTS("detect_leaks=0")
TSAN_DEFAULTS("die_after_fork=0")

static const char *work; /* the argument: which process this is */

static bool is(const char *what)
{
    return work && strcmp(work, what) == 0;
}

/* ---- functions ---- */

static long f_body(long x)
{
    return x + 1;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long state_body(long x)
{
    return x;
}
MEMO_SCALAR(state, MEMO_SITE_FP | MEMO_SITE_ERRNO_READ)

static long lost_body(long x)
{
    return x;
}
MEMO_SCALAR(lost, 0)

/* long all(): a part of each kind. */
struct pair {
    int a;
    double b;
};
static const struct memo_run pair_runs[] = {{0, 4, 1, 0, NULL, 0xff}, {8, 8, 1, 0, NULL, 0xff}};
static const struct memo_type pair_type = {16, pair_runs, 2};
static const struct memo_part all_parts[] = {
    {"n:i4,c:i1", "n:i4,c:i1", NULL, 1, MEMO_KEY, 0, 0},
    {"v[:n]", "f8", NULL, 8, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"w[2:3]", "u2", NULL, 2, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"u[first:3]", "i4", NULL, 4, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"*q", "{a:i4@0,b:f8@8}16", &pair_type, 16, MEMO_KEY | MEMO_SECTION, 0, 0},
    {"m[:2][:3]", "i4", NULL, 4, MEMO_KEY | MEMO_SECTION | MEMO_ROWS, 0, 0},
    {"m[:2][:3]", "b", NULL, 1, MEMO_MORE, 0, 0},
    {"string(s)", "s", NULL, 1, MEMO_KEY | MEMO_SECTION | MEMO_STRING, 0, 0},
    {"table", "i4", NULL, 12, MEMO_KEY | MEMO_SECTION | MEMO_GLOBAL, 0, 0},
    {"result", "i8", NULL, 8, MEMO_RESULT, 0, 0},
};
SITE(all_site, all_parts, "all", 0);

static struct {
    unsigned char scalars[5];
    double v[3];
    unsigned short w[3];
    int u[3];
    struct pair q;
    int m[2][5]; /* rows of 3, 5 apart */
    char s[8];
    int table[3];
} in = {{2, 0, 0, 0, 'x'}, {1, 2, 3},      {4, 5, 6}, {7, 8, 9},
        {10, 11},          {{12, 13, 14}}, "text",    {15, 16, 17}};

static long all(void)
{
    long r;
    struct memo_span spans[] = {
        {in.scalars, 5},
        {in.v, 3},
        {in.w, 3},
        {in.u, 3},
        {&in.q, 1},
        {in.m, 3},
        {(void *)sizeof in.m[0], 2},
        {in.s, 0},
        {in.table, 1},
        {&r, 1},
    };
    struct memo_call *call = NULL;

    if (memo_abi_begin(&all_site, spans, &call) == MEMO_HIT)
        return r;
    r = 1;
    if (call)
        memo_abi_end(call, spans);
    return r;
}

/* ---- processes ---- */

static void each_argument(void)
{
    all();
    in.scalars[0] = 3;
    all();
    in.scalars[0] = 2;
    in.v[1] = 2.5;
    all();
    in.v[1] = 2;
    in.w[1] = 55;
    all();
    in.w[1] = 5;
    in.u[2] = -9;
    all();
    in.u[2] = 9;
    in.q.b = 11.5;
    all();
    in.q.b = 11;
    in.m[1][2] = 7;
    all();
    in.m[1][2] = 0;
    in.m[1][3] = 7; /* not in the section */
    all();
    in.m[1][3] = 0;
    strcpy(in.s, "test");
    all();
    strcpy(in.s, "text");
    in.table[2] = 18;
    all();
    in.table[2] = 17;
    in.scalars[4] = 'y';
    in.v[0] = 9;
    in.w[0] = 9;
    in.table[0] = 9;
    all();
}

static void thread_state(void)
{
    errno = 0;
    state(1);
    errno = ERANGE;
    state(1);
    errno = 0;
    fesetround(FE_UPWARD);
    state(1);
    fesetround(FE_TONEAREST);
}

static void *misses(void *arg)
{
    long start = *(long *)arg;

    for (long x = start; x < start + 100; x++)
        f(x);
    return NULL;
}

static void threads(void)
{
    long starts[4] = {0, 1000, 2000, 3000};
    pthread_t t[4];
    int status;

    f(1);
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, misses, &starts[i]);
    for (int i = 0; i < 4; i++) {
        pid_t child = fork();

        if (child == 0) {
            f(10000 + i);
            _exit(0);
        }
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status));
    }
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
}

static int worker(void)
{
    if (is("old") || is("same"))
        f_site.m_components = "f f 11\nf g 22\nl libm.so.6 33\nv t 44\n";
    if (is("new")) {
        f_site.m_code[0] = 9;
        f_site.m_components = "e E 55\nf f 12\nf h 22\nl libm.so.6 34\no other.o 1\nv t 44\n";
    }
    if (is("unknown"))
        f_site.m_code[0] = 10;
    if (is("more"))
        f(2);
    else if (is("each argument"))
        each_argument();
    else if (is("state"))
        thread_state();
    else if (is("threads"))
        threads();
    else if (is("fill"))
        for (long x = 0; x < 6000; x++)
            lost(x);
    else if (is("lost"))
        for (long x = 0; x < 400; x++)
            lost(x * 15);
    else
        f(1);
    if (is("new"))
        f(1), f(3), f(4);
    return failures != 0;
}

/* ---- what they say ---- */

/* The lines of a process, from the reason on. */
static void says(const char *what, const char *expected)
{
    static char said[65536];
    const char *line, *end, *reason;
    size_t len = 0;

    CHECK_EQ(run_self(what, "said", "MEMOCC=explain", NULL), 0);
    for (line = text_of("said"); *line; line = end) {
        end = strchrnul(line, '\n');
        end += *end == '\n';
        reason = strstr(line, "): ");
        reason = reason && reason < end ? reason + 3 : line;
        memcpy(said + len, reason, (size_t)(end - reason));
        len += (size_t)(end - reason);
    }
    said[len] = '\0';
    if (strcmp(said, expected) == 0)
        return;
    failures++;
    fprintf(stderr, "%s: expected:\n%snot:\n%s", what, expected, said);
}

static void arguments(void)
{
    says("each argument",
         "never seen: no result of 'all' is stored\n"
         "never seen; the only entry differs in n: 2 -> 3\n"
         "never seen; the nearest of 2 entries differs in v[1]: 2 -> 2.5\n"
         "never seen; the nearest of 3 entries differs in w[3]: 5 -> 55\n"
         "never seen; the nearest of 4 entries differs in u[first + 2]: 9 -> -9\n"
         "never seen; the nearest of 5 entries differs in q->b: 11 -> 11.5\n"
         "never seen; the nearest of 6 entries differs in m[1][2]: 0 -> 7\n"
         "never seen; the nearest of 7 entries differs in string(s): \"text\" -> \"test\"\n"
         "never seen; the nearest of 8 entries differs in table[2]: 17 -> 18\n"
         "never seen; the nearest of 9 entries differs in c: 120 -> 121, v[0]: 1 -> 9, "
         "w[2]: 4 -> 9, and 1 more\n");
    CHECK(strncmp(text_of("said"),
                  "memocc: miss all(n = 2, c = 120, v[:n] = {1, 2, 3}, w[2:3] = {4, 5, 6}, "
                  "u[first:3] = {7, 8, 9}, *q = {.a = 10, .b = 11}, "
                  "m[:2][:3] = {12, 13, 14, 0, 0, 0}, string(s) = \"text\", "
                  "table = {15, 16, 17}): never seen",
                  200) == 0);
    says("state",
         "never seen: no result of 'state' is stored\n"
         "never seen; the only entry differs in errno: 0 -> 34\n"
         "never seen; the nearest of 2 entries differs in floating-point modes: as usual -> "
         "0x00400008\n");
}

static void count_lines(const char *what, const char *with, long least, long most)
{
    const char *line;
    long n = 0;

    CHECK_EQ(run_self(what, "said", "MEMOCC=explain", NULL), 0);
    for (line = text_of("said"); *line; line = strchrnul(line, '\n') + 1) {
        CHECK(strncmp(line, "memocc: ", 8) == 0);
        n += memmem(line, (size_t)(strchrnul(line, '\n') - line), with, strlen(with)) != NULL;
        if (!*strchrnul(line, '\n'))
            break;
    }
    CHECK(n >= least);
    CHECK(n <= most);
}

static void code(void)
{
    says("old", "never seen: no result of 'f' is stored\n");
    says("same", "");
    says("more", "never seen; the only entry differs in a: 1 -> 2\n");
    says("new", "code changed: its own body or header, new callee 'h', no longer callee 'g', "
                "and 3 more\n"
                "memocc:   changed: its own body or header\n"
                "memocc:   changed: new callee 'h'\n"
                "memocc:   changed: no longer callee 'g'\n"
                "memocc:   changed: new enumerator 'E'\n"
                "memocc:   changed: new object file 'other.o'\n"
                "memocc:   changed: library libm.so.6\n"
                "never seen; the only entry differs in a: 1 -> 3\n"
                "never seen; the nearest of 2 entries differs in a: 3 -> 4\n");
    says("unknown", "code changed: what of it isn't recorded\n");
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        work = argv[1];
        return worker();
    }
    setenv("MEMOCC_GATE", "off", 1);
    code();
    arguments();
    count_lines("threads", " f(", 402, 402); /* f(1) and f(2) are known */
    setenv("MEMOCC_MAX_SIZE", "1M", 1);
    CHECK_EQ(run_self("fill", NULL, "MEMOCC=on", NULL), 0);
    count_lines("lost", "evicted", 1, 400);
    return failures != 0;
}

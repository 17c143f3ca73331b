/* A store that can't be used costs hits, a line and nothing else: results are
 * right, nothing is printed on stdout, and the exit status is the program's. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "wrap.h"

static long f_body(long x)
{
    return x * 2;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static const struct memo_part big_parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"out[:n]", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION, 0, 0},
};
SITE(big_site, big_parts, "big", 0);

static void big(int n, int *out)
{
    struct memo_span spans[2] = {{&n, 1}, {out, (memo_abi_size)n}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&big_site, spans, &call) == MEMO_HIT)
        return;
    for (int i = 0; i < n; i++)
        out[i] = i ^ n;
    if (call)
        memo_abi_end(call, spans);
}

static int out[3000000];

static int calls(bool is_limited)
{
    struct rlimit limit = {300000, 300000};

    if (is_limited) {
        signal(SIGXFSZ, SIG_DFL);
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    for (int round = 0; round < 2; round++) {
        for (long x = 0; x < 5000; x++)
            if (f(x) != x * 2)
                return 1;
        for (int n = 100000; n <= 3000000; n += 966000) {
            memset(out, 1, sizeof out);
            big(n, out);
            for (int i = 0; i < n; i++)
                if (out[i] != (i ^ n))
                    return 2;
        }
    }
    memo_flush();
    return 17;
}

static void damage(const char *path)
{
    int fd = open(path, O_RDWR);
    struct stat st;

    CHECK(fd >= 0);
    if (fd < 0)
        return;
    fstat(fd, &st);
    for (off_t at = 0; at < st.st_size; at += 4096 + 13)
        CHECK_EQ(pwrite(fd, "damage", 6, at), 6);
    close(fd);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return calls(strcmp(argv[1], "limited") == 0);
    setenv("MEMOCC_GATE", "off", 1); /* all calls are stored */
    CHECK_EQ(run_self("calls", "err", NULL), 17);
    CHECK_EQ(strlen(text_of("err")), 0);
    CHECK_EQ(run_self("calls", "err", "MEMOCC_STATS=warm.json", NULL), 17);
    CHECK_EQ(counter_in("warm.json", "f", "misses"), 0);
    CHECK_EQ(counter_in("warm.json", "big", "misses"), 0);

    CHECK_EQ(run_self("limited", "err", "MEMOCC_DIR=limited", NULL), 17);
    CHECK(strstr(text_of("err"), "memocc: ") != NULL);

    CHECK_EQ(run_self("calls", "err", "MEMOCC_DIR=/proc/no/such", NULL), 17);
    CHECK(strstr(text_of("err"), "memocc: ") != NULL);
    CHECK_EQ(run_self("calls", "err", "MEMOCC_DIR=/dev/null", NULL), 17);
    CHECK(strstr(text_of("err"), "memocc: ") != NULL);
    mkdir("open", 0777);
    chmod("open", 0777);
    CHECK_EQ(run_self("calls", "err", "MEMOCC_DIR=open", NULL), 17);
    CHECK(strstr(text_of("err"), "memocc: ") != NULL);
    CHECK(access("open/data.mdb", F_OK) != 0);

    CHECK_EQ(run_self("calls", "err", "MEMOCC=readonly", NULL), 17);
    CHECK_EQ(strlen(text_of("err")), 0);
    damage("store/data.mdb");
    CHECK_EQ(run_self("calls", "err", NULL), 17);
    CHECK_EQ(run_self("calls", "err", NULL), 17);
    return failures != 0;
}

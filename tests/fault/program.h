/* program.h - a user's program for the tests of faults: memoized functions of
 * several kinds, and what is needed to run it with a fault and without.
 *
 * A test calls program_main(argc, argv, child): with an argument, the process is
 * the user's program and child(what) its main(); its stdout and exit status are
 * then those of the same program with MEMOCC=off. The watchdog is alarm(): a
 * program that hangs ends by SIGALRM, which is status 1014. */
#ifndef TESTS_FAULT_PROGRAM_H
#define TESTS_FAULT_PROGRAM_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "runtime/wrap.h"

#ifdef __has_feature
#define HAS_TSAN __has_feature(thread_sanitizer)
#define HAS_ASAN __has_feature(address_sanitizer)
#else
#define HAS_TSAN 0
#ifdef __SANITIZE_ADDRESS__
#define HAS_ASAN 1
#else
#define HAS_ASAN 0
#endif
#endif
#define IS_SANITIZED (HAS_ASAN || HAS_TSAN)

/* What processes that are killed, or end by exit() in a handler, leave is no leak. */
ASAN_DEFAULTS("detect_leaks=0")
TSAN_DEFAULTS("die_after_fork=0 report_signal_unsafe=0 atexit_sleep_ms=0")

#define WATCHDOG_S 100

/* Nightly runs are longer: MEMOCC_NIGHTLY=1. */
__attribute__((unused)) static long short_or_nightly(long n, long nightly)
{
    const char *value = getenv("MEMOCC_NIGHTLY");

    return value && *value && strcmp(value, "0") != 0 ? nightly : n;
}

/* ---- the program's functions ---- */

static long f_body(long x)
{
    return x * 3 + 1;
}
MEMO_SCALAR(f, MEMO_SITE_FAST)

static long g_body(long x)
{
    return (x ^ 0x5a5a) - 7;
}
MEMO_SCALAR(g, 0)

static const struct memo_part row_parts[] = {
    {"n", "a:i4", NULL, 4, MEMO_KEY, 0, 0},
    {"seed", "a:i8", NULL, 8, MEMO_KEY, 0, 0},
    {"out[:n]", "i4", NULL, 4, MEMO_RESULT | MEMO_SECTION, 0, 0},
};
SITE(row_site, row_parts, "row", 0);

static int row_value(int i, long seed)
{
    return (int)((unsigned)i * 2654435761u ^ (unsigned)seed);
}

__attribute__((unused, noinline)) static void row(int n, long seed, int *out)
{
    struct memo_span spans[3] = {{&n, 1}, {&seed, 1}, {out, (memo_abi_size)n}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&row_site, spans, &call) == MEMO_HIT)
        return;
    for (int i = 0; i < n; i++)
        out[i] = row_value(i, seed);
    if (call)
        memo_abi_end(call, spans);
}

#define ROW 200    /* in the database */
#define BIG 180000 /* a file of its own */

/* The number of wrong elements. */
__attribute__((unused)) static int wrong_in_row(int n, long seed)
{
    int *out = malloc((size_t)n * sizeof *out), wrong = 0;

    memset(out, 0xee, (size_t)n * sizeof *out);
    row(n, seed, out);
    for (int i = 0; i < n; i++)
        wrong += out[i] != row_value(i, seed);
    free(out);
    return wrong;
}

/* All kinds of calls with the numbers [from, from + n), each printed. */
__attribute__((unused)) static void print_calls(long from, long n)
{
    for (long x = from; x < from + n; x++) {
        printf("%ld %ld", f(x), g(x));
        if (x % 4 == 0)
            printf(" row %d", wrong_in_row(ROW, x));
        if (x % 50 == 0)
            printf(" big %d", wrong_in_row(BIG, x));
        printf("\n");
    }
}

/* ---- running it ---- */

__attribute__((unused)) static int remove_one(const char *path, const struct stat *st, int flag,
                                              struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    chmod(path, 0700);
    return remove(path);
}

__attribute__((unused)) static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int redirect(const char *path, int fd)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (file < 0 || dup2(file, fd) < 0)
        return -1;
    return close(file);
}

/* The program as child(what), with stdout and stderr in files. NAME=value. */
static int run_program(const char *what, const char *out, const char *err,
                       const char *const settings[])
{
    int status;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        for (; *settings; settings++)
            putenv((char *)(uintptr_t)*settings);
        if (redirect(out, STDOUT_FILENO) || redirect(err, STDERR_FILENO))
            _exit(126);
        alarm(WATCHDOG_S);
        execl("/proc/self/exe", "program", what, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

__attribute__((unused)) static int n_lines_of_ours(const char *path)
{
    int n = 0;

    for (const char *p = text_of(path); (p = strstr(p, "memocc: ")); p++)
        n++;
    return n;
}

static bool same_files(const char *a, const char *b)
{
    FILE *x = fopen(a, "r"), *y = fopen(b, "r");
    int c = 0, d = 0;

    while (x && y && c == d && c != EOF) {
        c = getc(x);
        d = getc(y);
    }
    if (x)
        fclose(x);
    if (y)
        fclose(y);
    return x && y && c == d;
}

/* Runs child(what) without a cache, once, and with the settings, which NULL
 * ends; both must print the same and end alike. stderr is then in run.err. */
__attribute__((unused)) static void same_as_plain(int line, const char *what, ...)
{
    static const char *const off[] = {"MEMOCC=off", NULL};
    const char *settings[8];
    char plain_out[128], plain_err[128], plain_rc[128];
    int n = 0, plain, status;
    va_list args;
    FILE *rc;

    snprintf(plain_out, sizeof plain_out, "plain-%s.out", what);
    snprintf(plain_err, sizeof plain_err, "plain-%s.err", what);
    snprintf(plain_rc, sizeof plain_rc, "plain-%s.rc", what);
    if (access(plain_rc, F_OK) != 0) {
        plain = run_program(what, plain_out, plain_err, off);
        rc = fopen(plain_rc, "w");
        fprintf(rc, "%d", plain);
        fclose(rc);
    }
    plain = (int)strtol(text_of(plain_rc), NULL, 10);
    va_start(args, what);
    while ((settings[n] = va_arg(args, const char *)) != NULL)
        n++;
    va_end(args);
    status = run_program(what, "run.out", "run.err", settings);
    if (status == plain && same_files(plain_out, "run.out"))
        return;
    failures++;
    fprintf(stderr,
            "line %d: program '%s', %s: status %d, without a cache %d; output %s; said:\n%s", line,
            what, n ? settings[0] : "", status, plain,
            same_files(plain_out, "run.out") ? "the same" : "DIFFERS", text_of("run.err"));
}
#define SAME_AS_PLAIN(...) same_as_plain(__LINE__, __VA_ARGS__)

/* ---- dates and random numbers ---- */

__attribute__((unused)) static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

__attribute__((unused)) static unsigned long mixed(unsigned long x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* For main(): what child() returns if there is an argument, else -1. */
__attribute__((unused)) static int program_main(int argc, char **argv, int (*child)(const char *))
{
    setenv("MEMOCC_GATE", "off", 1);
    return argc > 1 ? child(argv[1]) : -1;
}

#endif

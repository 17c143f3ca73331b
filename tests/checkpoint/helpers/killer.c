/* killer.c - runs a program, kills it at random instants, runs it again until it ends by
 * itself, and compares what it left with an uninterrupted run.
 *
 *     killer --seed N --kills N [OPTION...] PLAIN PROGRAM [ARGUMENT...]
 *
 * PLAIN is the program as cc builds it, PROGRAM as memocc does, both with absolute paths. In the
 * current folder lies `start`, what a working directory holds at first; killer makes `plain` and
 * `run` of it, in which the programs work, plain.out and run.out (standard output), run.err, and
 * `store` (MEMOCC_DIR). Options:
 *
 *   --append          stdout is opened as by `>>`, and the program may append to files: where
 *                     nothing was saved before a kill, `run` and run.out are as at the start
 *                     again, as whoever reruns a program that appends would see to
 *   --update          the program changes files that it reads: where it was killed behind the
 *                     loop, `run` is as at the start again
 *   --kept            a finished loop keeps its state
 *   --signal NAME     TERM or INT: half of the kills are by this signal. USR1: it is sent at
 *                     random instants before the kill
 *   --threads         OMP_NUM_THREADS differs from run to run
 *
 * A kill comes at an instant uniform over the run time, or soon after something happened in the
 * folder of checkpoints (inotify: in the middle of a write, or of a restore), or within the
 * first milliseconds; the first one when there is a state, so that a run goes on. Exit status 0:
 * everything was the same in every run. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STORE "store"
#define CHECKPOINTS "store/checkpoints"

enum when {
    AT_ANY_TIME,
    IN_A_WRITE,   /* after so many events in the folder */
    IN_A_RESTORE, /* after the first reading */
    AT_THE_START,
    WHEN_SAVED, /* as soon as there is a state */
    NEVER
};
static const char *const when_names[] = {"at any time",  "in a write",        "in a restore",
                                         "at the start", "when it had saved", "never"};

/* What is done to one run. */
struct attack {
    enum when when;
    double after_s; /* from the start, or from the event */
    int n_events;
    int signal;
    double first_s; /* when SIGUSR1 is sent; 0: not at all */
};

struct outcome {
    bool is_killed;
    int status; /* as waitpid has it */
    double cpu_s, wall_s;
    bool is_resumed, had_state;
    bool has_saved; /* in this run */
};

static struct {
    unsigned long random;
    int n_kills;
    bool appends, updates, is_kept, has_threads;
    int signal;
    char **plain, **program;
    double plain_cpu_s, plain_wall_s;
    int plain_status;
} options = {.n_kills = 5};

static struct {
    int kills, restores, in_writes, ends, signals, firsts;
} counts;
static bool is_hanging;
static bool had_finished; /* the run before was killed behind the loop */

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* splitmix64 */
static unsigned long random_bits(void)
{
    unsigned long x = options.random += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static double random_unit(void)
{
    return (double)(random_bits() >> 11) * 0x1p-53;
}

static int random_below(int n)
{
    return (int)(random_bits() % (unsigned long)n);
}

__attribute__((format(printf, 1, 2), noreturn)) static void fatal(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(stderr, "killer: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    exit(2);
}

/* ---- files ---- */

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void run_shell(const char *command)
{
    if (system(command) != 0)
        fatal("%s: failed", command);
}

static void start_directory(const char *name)
{
    char command[128];

    remove_tree(name);
    snprintf(command, sizeof command, "cp -R start %s", name);
    run_shell(command);
}

static bool same_bytes(const char *a, const char *b)
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

static void print_file(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");

    for (int n = 0; file && n < 40 && fgets(line, sizeof line, file); n++)
        fprintf(stderr, "    %s", line);
    if (file)
        fclose(file);
}

/* Files that hold a state: neither a lock nor one that is still being written. */
static int n_states;

static int count_state(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    const char *name = path + ftw->base, *end = strrchr(name, '.');

    if (flag == FTW_F && st->st_size > 0 && end && strcmp(end, ".ckpt") == 0)
        n_states++;
    return 0;
}

static bool has_state(void)
{
    n_states = 0;
    nftw(CHECKPOINTS, count_state, 16, FTW_PHYS);
    return n_states > 0;
}

/* ---- one run ---- */

static void become(char **argv, const char *directory, const char *out, bool is_memocc)
{
    int flags = O_WRONLY | O_CREAT | (options.appends ? O_APPEND : O_TRUNC);
    int fd = open(out, flags, 0600), err, in = open("/dev/null", O_RDONLY);

    err = open(is_memocc ? "run.err" : "plain.err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || err < 0 || in < 0 || dup2(fd, 1) < 0 || dup2(in, 0) < 0 || dup2(err, 2) < 0 ||
        chdir(directory) != 0)
        _exit(126);
    execv(argv[0], argv);
    _exit(127);
}

static pid_t start(char **argv, const char *directory, const char *out, bool is_memocc)
{
    pid_t child;
    char threads[2] = {(char)('1' + random_below(4)), '\0'};

    if (options.has_threads)
        setenv("OMP_NUM_THREADS", threads, 1);
    child = fork();
    if (child < 0)
        fatal("fork: %s", strerror(errno));
    if (child == 0)
        become(argv, directory, out, is_memocc);
    return child;
}

/* Events in the folder of checkpoints since the last call: writes, and reads. */
static void count_events(int fd, int *n_writes, int *n_reads, bool *has_saved)
{
    _Alignas(struct inotify_event) char buffer[4096];
    ssize_t len;

    while ((len = read(fd, buffer, sizeof buffer)) > 0) {
        for (char *p = buffer; p < buffer + len;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)p;

            if (event->mask & IN_MOVED_TO)
                *has_saved = true;
            if (event->mask & (IN_ACCESS | IN_OPEN))
                ++*n_reads;
            else
                ++*n_writes;
            p += sizeof *event + event->len;
        }
    }
}

static int watch_directory;

static int watch_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (flag == FTW_D)
        inotify_add_watch(watch_directory, path,
                          IN_CREATE | IN_MODIFY | IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE |
                              IN_ACCESS | IN_OPEN);
    return 0;
}

static void sleep_s(double s)
{
    struct timespec t = {(time_t)s, (long)((s - (double)(time_t)s) * 1e9)};

    if (s > 0)
        nanosleep(&t, NULL);
}

/* Waits for the instant of the attack; false: the program ended before. */
static bool await(pid_t child, const struct attack *attack, struct outcome *outcome)
{
    double begin = now_s(), limit = 60 + 50 * options.plain_wall_s, kill_at = -1, now;
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), n_writes = 0, n_reads = 0;
    bool is_sent = attack->first_s == 0;
    struct rusage usage;

    watch_directory = fd;
    nftw(CHECKPOINTS, watch_one, 16, FTW_PHYS);
    if (attack->when == AT_ANY_TIME || attack->when == AT_THE_START)
        kill_at = begin + attack->after_s;
    for (;;) {
        struct pollfd poll_fd = {fd, POLLIN, 0};
        double wait_s = 0.001;

        now = now_s();
        if (wait4(child, &outcome->status, WNOHANG, &usage) == child)
            break;
        if (kill_at >= 0 && now >= kill_at) {
            count_events(fd, &n_writes, &n_reads, &outcome->has_saved);
            close(fd);
            return true;
        }
        if (!is_sent && now >= begin + attack->first_s)
            is_sent = kill(child, SIGUSR1) == 0;
        if (kill_at >= 0 && kill_at - now < wait_s)
            wait_s = kill_at - now;
        if (now - begin > limit) {
            fprintf(stderr, "killer: still running after %g s\n", now - begin);
            is_hanging = true;
            kill_at = now;
        }
        if (attack->when == WHEN_SAVED && kill_at < 0 && has_state())
            kill_at = now;
        if (kill_at >= 0) {
            sleep_s(wait_s);
            continue;
        }
        poll(&poll_fd, 1, 1);
        count_events(fd, &n_writes, &n_reads, &outcome->has_saved);
        if ((attack->when == IN_A_WRITE && n_writes >= attack->n_events) ||
            (attack->when == IN_A_RESTORE && n_reads + n_writes >= attack->n_events))
            kill_at = now_s() + attack->after_s;
    }
    close(fd);
    outcome->cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    outcome->wall_s = now - begin;
    return false;
}

/* What memocc says in run.err; false: a line that shouldn't be there. */
static bool read_lines(struct outcome *outcome)
{
    char line[2048];
    FILE *file = fopen("run.err", "r");
    bool is_good = true;

    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "memocc: ", 8) != 0 || !strchr(line, '\n'))
            continue; /* the program's own; or cut short by the kill */
        if (strstr(line, " goes on at iteration "))
            outcome->is_resumed = true;
        else if (!strstr(line, " saved at iteration "))
            is_good = false;
    }
    if (file)
        fclose(file);
    return is_good;
}

static struct outcome run(const struct attack *attack)
{
    struct outcome outcome = {0};
    struct rusage usage;
    pid_t child;

    outcome.had_state = has_state();
    if (options.updates && had_finished)
        start_directory("run");
    if (options.appends && !outcome.had_state) {
        start_directory("run");
        remove("run.out");
    }
    mkdir(STORE, 0700);
    mkdir(CHECKPOINTS, 0700);
    child = start(options.program, "run", "run.out", true);
    if (await(child, attack, &outcome)) {
        kill(child, attack->signal);
        wait4(child, &outcome.status, 0, &usage);
        outcome.cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    }
    outcome.is_killed = WIFSIGNALED(outcome.status) &&
                        (WTERMSIG(outcome.status) == attack->signal ||
                         (attack->first_s > 0 && WTERMSIG(outcome.status) == SIGUSR1));
    had_finished = !has_state() && (outcome.had_state || outcome.has_saved);
    return outcome;
}

static void run_plain(void)
{
    struct attack none = {.when = NEVER};
    struct outcome outcome = {0};
    double begin = now_s();

    start_directory("plain");
    remove("plain.out");
    await(start(options.plain, "plain", "plain.out", false), &none, &outcome);
    options.plain_wall_s = now_s() - begin;
    options.plain_cpu_s = outcome.cpu_s;
    options.plain_status = outcome.status;
    if (WIFEXITED(outcome.status) && WEXITSTATUS(outcome.status) >= 126)
        fatal("%s can't be run", options.plain[0]);
}

/* ---- many runs ---- */

static struct attack next_attack(bool was_just_killed)
{
    struct attack attack = {.signal = SIGKILL};
    int kind = random_below(20);

    if (was_just_killed && random_below(4) == 0)
        attack.when = random_below(2) ? IN_A_RESTORE : AT_THE_START;
    else if (kind < 9)
        attack.when = AT_ANY_TIME;
    else if (kind < 17)
        attack.when = IN_A_WRITE;
    else
        attack.when = kind < 19 ? IN_A_RESTORE : AT_THE_START;
    switch (attack.when) {
    case AT_ANY_TIME:
        attack.after_s = random_unit() * options.plain_wall_s;
        break;
    case AT_THE_START:
        attack.after_s = random_unit() * 0.02;
        break;
    default:
        attack.n_events = 1 + random_below(attack.when == IN_A_WRITE ? 30 : 6);
        attack.after_s = random_below(2) ? 0 : random_unit() * 0.0004;
    }
    if (options.signal == SIGUSR1)
        attack.first_s = random_unit() * options.plain_wall_s;
    else if (options.signal && random_below(2))
        attack.signal = options.signal;
    return attack;
}

/* It leaves a state: one that the program saves by itself, or by a signal, which may come too
 * early where all is slower than with cc. */
static struct attack first_attack(void)
{
    struct attack attack = {.when = WHEN_SAVED, .signal = SIGKILL};
    double after_s = options.plain_wall_s * (1 + counts.firsts) / 3;

    if (options.signal == SIGUSR1) {
        attack.first_s = after_s;
    } else if (options.signal) {
        attack.when = AT_ANY_TIME;
        attack.signal = options.signal;
        attack.after_s = after_s;
    }
    return attack;
}

__attribute__((format(printf, 2, 3))) static bool fail(const struct attack *attack,
                                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(stderr, "FAILED after %d kills: ", counts.kills);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n  this run: killed %s, %d events, %.6f s, signal %d; it said:\n",
            when_names[attack->when], attack->n_events, attack->after_s, attack->signal);
    print_file("run.err");
    va_end(args);
    return false;
}

/* A run that ended by itself left what the plain program leaves. */
static bool check_end(const struct attack *attack, const struct outcome *outcome)
{
    counts.ends++;
    if (outcome->status != options.plain_status)
        return fail(attack, "status %#x, with cc %#x", (unsigned)outcome->status,
                    (unsigned)options.plain_status);
    if (!same_bytes("plain.out", "run.out")) {
        fprintf(stderr, "standard output differs from cc's ('<'):\n");
        (void)!system("diff -a plain.out run.out | head -20 >&2");
        return fail(attack, "standard output");
    }
    if (system("diff -ar plain run >differences") != 0) {
        fprintf(stderr, "files differ from cc's ('<'):\n");
        (void)!system("head -c 2000 differences >&2");
        return fail(attack, "files");
    }
    if (options.is_kept)
        remove_tree(CHECKPOINTS);
    else if (has_state())
        return fail(attack, "a finished loop left its state");
    return true;
}

#define MAX_FIRSTS 20 /* runs that should leave a state for the first restore, and end before */

/* From a fresh start to an end, with as many kills as are left; false: wrong. */
static bool run_to_end(int *n_left)
{
    struct attack none = {.when = NEVER}, attack;
    double cpu_s = 0;
    int n_runs = 0;
    bool was_killed = false;

    for (;;) {
        struct outcome outcome;

        attack = *n_left > 0 ? next_attack(was_killed) : none;
        if (n_runs == 0 && counts.restores == 0) { /* one that must go on */
            attack = first_attack();
            if (counts.firsts++ == MAX_FIRSTS)
                return fail(&attack, "it saves nothing");
        }
        outcome = run(&attack);
        n_runs++;
        cpu_s += outcome.cpu_s;
        if (!read_lines(&outcome))
            return fail(&attack, "a line of memocc's that shouldn't be there");
        if (is_hanging)
            return fail(&attack, "it hangs");
        counts.restores += outcome.is_resumed;
        was_killed = outcome.is_killed;
        if (!outcome.is_killed) {
            if (!check_end(&attack, &outcome))
                return false;
            if (outcome.had_state && !outcome.is_resumed)
                return fail(&attack, "there was a state, and nothing was resumed");
            break;
        }
        if (has_state() || counts.restores > 0)
            --*n_left;
        counts.kills++;
        counts.in_writes += attack.when == IN_A_WRITE;
        counts.signals += attack.signal != SIGKILL;
    }
    /* Each run may repeat what wasn't saved yet; none starts again. */
    if (cpu_s > 3 * options.plain_cpu_s + n_runs * (0.2 * options.plain_cpu_s + 0.1))
        return fail(&attack, "%d runs took %.3f s in all, with cc one takes %.3f", n_runs, cpu_s,
                    options.plain_cpu_s);
    return true;
}

static int signal_of(const char *name)
{
    return strcmp(name, "TERM") == 0   ? SIGTERM
           : strcmp(name, "INT") == 0  ? SIGINT
           : strcmp(name, "USR1") == 0 ? SIGUSR1
                                       : 0;
}

static void parse(int argc, char **argv)
{
    int i = 1;

    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--append") == 0)
            options.appends = true;
        else if (strcmp(argv[i], "--update") == 0)
            options.updates = true;
        else if (strcmp(argv[i], "--kept") == 0)
            options.is_kept = true;
        else if (strcmp(argv[i], "--threads") == 0)
            options.has_threads = true;
        else if (i + 1 == argc)
            fatal("%s: needs a value", argv[i]);
        else if (strcmp(argv[i], "--seed") == 0)
            options.random = strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--kills") == 0)
            options.n_kills = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--signal") == 0)
            options.signal = signal_of(argv[++i]);
        else
            fatal("unknown option %s", argv[i]);
    }
    if (argc - i < 2)
        fatal("no program");
    options.plain = calloc((size_t)(argc - i), sizeof *argv);
    if (!options.plain)
        fatal("out of memory");
    for (int k = 2; i + k < argc; k++)
        options.plain[k - 1] = argv[i + k];
    options.plain[0] = argv[i];
    options.program = argv + i + 1;
}

int main(int argc, char **argv)
{
    struct attack none = {.when = NEVER};
    struct outcome outcome;
    char cwd[4096], path[4200];
    int n_left;

    parse(argc, argv);
    if (!getcwd(cwd, sizeof cwd))
        fatal("getcwd: %s", strerror(errno));
    snprintf(path, sizeof path, "%s/" STORE, cwd);
    setenv("MEMOCC_DIR", path, 1);
    run_plain();
    /* Uninterrupted first. */
    start_directory("run");
    outcome = run(&none);
    if (!read_lines(&outcome))
        return !fail(&none, "a line of memocc's that shouldn't be there");
    if (!check_end(&none, &outcome))
        return 1;
    for (n_left = options.n_kills; n_left > 0;)
        if (!run_to_end(&n_left))
            return 1;
    if (counts.restores == 0)
        return !fail(&none, "no run went on from a state");
    printf("%d kills, %d of them by other signals, %d soon after a save began; %d runs went on "
           "from a state, %d came to their end; cc's takes %.3f s\n",
           counts.kills, counts.signals, counts.in_writes, counts.restores, counts.ends,
           options.plain_wall_s);
    return 0;
}

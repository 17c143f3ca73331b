/* subprocess.c - see subprocess.h. Input goes through a memory file, not a
 * pipe: nothing can block, and the child may seek. */
#include "base/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/panic.h"

extern char **environ;

static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP};
static volatile sig_atomic_t got_signal;
static volatile pid_t child;

static void handle_signal(int sig)
{
    int error = errno;
    got_signal = sig;
    if (child > 0)
        kill(child, sig);
    errno = error;
}

static void catch_signals(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
        struct sigaction old;
        struct sigaction act = {.sa_handler = handle_signal};
        sigemptyset(&act.sa_mask);
        if (sigaction(passed_on[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(passed_on[i], &act, NULL);
    }
}

int subprocess_signal(void)
{
    return got_signal;
}

static int input_file(const struct subprocess *p)
{
    int fd = memfd_create("memocc-stdin", MFD_CLOEXEC);
    if (fd < 0)
        fatal("cannot keep the standard input: %s", strerror(errno));
    for (size_t done = 0; done < p->input_len;) {
        ssize_t n = write(fd, p->input + done, p->input_len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            fatal("cannot keep the standard input: %s", strerror(errno));
        done += (size_t)n;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Read both pipes to their ends. */
static void drain(struct pollfd *fds, struct strbuf *const *bufs)
{
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            fatal("poll: %s", strerror(errno));
        for (int i = 0; i < 2; i++) {
            if (fds[i].fd < 0 || !fds[i].revents)
                continue;
            strbuf_reserve(bufs[i], 65536);
            ssize_t n = read(fds[i].fd, bufs[i]->buf + bufs[i]->len, 65536);
            if (n > 0) {
                bufs[i]->len += (size_t)n;
                bufs[i]->buf[bufs[i]->len] = '\0';
            } else if (n == 0 || errno != EINTR) {
                close(fds[i].fd);
                fds[i].fd = -1;
            }
        }
    }
}

int subprocess_run(const struct subprocess *p)
{
    struct strbuf *bufs[2] = {p->out, p->err};
    struct pollfd fds[2] = {{-1, POLLIN, 0}, {-1, POLLIN, 0}};
    posix_spawn_file_actions_t actions;
    int writers[2] = {-1, -1}, input = -1;

    catch_signals();
    posix_spawn_file_actions_init(&actions);
    if (p->input) {
        input = input_file(p);
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    }
    for (int i = 0; i < 2; i++) {
        int ends[2];
        if (!bufs[i])
            continue;
        if (pipe2(ends, O_CLOEXEC) != 0)
            fatal("pipe: %s", strerror(errno));
        fds[i].fd = ends[0];
        writers[i] = ends[1];
        posix_spawn_file_actions_adddup2(&actions, ends[1], i + 1);
    }
    pid_t pid;
    int error = posix_spawn(&pid, p->path, &actions, NULL, (char *const *)p->argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (input >= 0)
        close(input);
    for (int i = 0; i < 2; i++)
        if (writers[i] >= 0)
            close(writers[i]);
    if (error)
        fatal("cannot run '%s': %s", p->path, strerror(error));

    child = pid;
    if (got_signal)
        kill(pid, got_signal);
    drain(fds, bufs);
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            fatal("waitpid: %s", strerror(errno));
    child = 0;
    return status;
}

void subprocess_exec(const struct subprocess *p)
{
    if (p->input) {
        int fd = input_file(p);
        if (dup2(fd, STDIN_FILENO) < 0)
            fatal("cannot replace the standard input: %s", strerror(errno));
    }
    execv(p->path, (char *const *)p->argv);
    fatal("cannot run '%s': %s", p->path, strerror(errno));
}

static void die_by(int sig)
{
    sigset_t set;
    signal(sig, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, sig);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(sig);
}

void subprocess_finish(int wait_status)
{
    if (got_signal)
        die_by(got_signal);
    if (WIFSIGNALED(wait_status))
        die_by(WTERMSIG(wait_status));
    exit(WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : EXIT_MEMOCC_WORLD);
}

/* test_checkpoint_owner.c - a process that was killed and isn't gone is told from one that lives. */
#include "unit/check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checkpoint/owner.h"

static int ready[2];

static void *live_on(void *arg)
{
    (void)arg;
    CHECK_EQ(write(ready[1], "", 1), 1);
    for (;;)
        pause();
    return NULL;
}

/* What the child does once it has been told to. */
static pid_t start(void (*run)(void))
{
    char byte;
    CHECK_EQ(pipe(ready), 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        alarm(60);
        run();
        _exit(1);
    }
    close(ready[1]);
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void lives(void)
{
    live_on(NULL);
}

/* The first thread has ended, the others haven't. */
static void lives_without_main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, live_on, NULL);
    pthread_exit(NULL);
}

static void kill_it(pid_t pid)
{
    siginfo_t info;
    kill(pid, SIGKILL);
    CHECK_EQ(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0); /* not reaped */
    CHECK(memo__ck_owner_is_dying(pid));
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    CHECK(!memo__ck_owner_is_dying(pid));
}

int main(void)
{
    pid_t pid = start(lives);
    CHECK(!memo__ck_owner_is_dying(pid));
    kill(pid, SIGSTOP);
    CHECK(!memo__ck_owner_is_dying(pid));
    kill_it(pid);
    pid = start(lives_without_main);
    usleep(20000);
    CHECK(!memo__ck_owner_is_dying(pid));
    kill_it(pid);
    CHECK(!memo__ck_owner_is_dying(getpid()));
    CHECK(!memo__ck_owner_is_dying(0));
    return check_result();
}

# A loop that starts itself anew by exec, that runs in a daemon, that forks and goes on in the child;
# a thread that is cancelled in its loop.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int die_at = -1, exec_at = -1, fork_at = -1, cancel_at = -1;
static char **arguments;

static unsigned work(int n)
{
    unsigned x = 1;

#pragma checkpoint every(1 iterations) skip(die_at, exec_at, fork_at, cancel_at, arguments)       \
    trust(execv, fork, getenv, setenv, pthread_cancel, pthread_testcancel)
    for (int i = 0; i < n; i++) {
        x = x * 31 + 7;
        if (i == die_at)
            raise(9);
        if (i == exec_at && !getenv("AGAIN")) {
            setenv("AGAIN", "1", 1);
            execv(arguments[0], arguments);
        }
        if (i == fork_at && fork() > 0)
            _exit(0);
        if (i == cancel_at)
            pthread_cancel(pthread_self());
        pthread_testcancel();
    }
    return x;
}

static void *run(void *unused)
{
    work(60);
    return unused;
}

int main(int argc, char **argv)
{
    const char *how = getenv("HOW"), *die = getenv("DIE");
    pthread_t thread;
    int status, ends[2];
    char end;

    arguments = argv;
    if (argc > 1 || pipe(ends) != 0)
        return 1;
    if (die)
        die_at = atoi(die);
    if (strcmp(how, "exec") == 0)
        exec_at = 40;
    if (strcmp(how, "fork") == 0)
        fork_at = 40;
    if (strcmp(how, "cancel") == 0)
        cancel_at = 40;
    work(3); /* a loop before: the first one of this name */
    if (strcmp(how, "daemon") == 0) {
        if (fork() > 0) { /* ends before its grandchild, which holds the pipe until it ends */
            close(ends[1]);
            wait(&status);
            return read(ends[0], &end, 1) != 0;
        }
        setsid();
        if (fork() > 0)
            _exit(0);
    }
    if (strcmp(how, "cancel") == 0) {
        pthread_create(&thread, NULL, run, NULL);
        pthread_join(thread, NULL);
        return 0;
    }
    printf("%u\n", work(100));
    return 3;
}
END_C
sed -i '1i #include <signal.h>' p.c
build_plain plain p.c -pthread
HOW=none run ./plain
mv out expected
build p -pthread p.c

HOW='exec' run ./p
ended_as expected
resumed_at '(39|4[01])'
n_states_are 0

# HOW and iteration
died() {
    export HOW=$1 DIE=$2
    run ./p
    unset DIE
}
died daemon 70
n_states_are 2
HOW=daemon run ./p
cmp expected out >&2
resumed_at '(6[89]|70)'
n_states_are 0
[ -z "$(ls "$states")" ] || fail "left behind: $(ls "$states")"

# The child saves nothing, and leaves alone what its parent saved.
HOW=fork run ./p
[ "$status" = 0 ] || fail "status $status"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -s out ] && break
    sleep 0.2
done
cmp expected out >&2
n_states_are 2
HOW=none run ./p
ended_as expected
resumed_at '(3[89]|40)'

# It hasn't ended.
HOW=cancel run ./p
[ "$status" = 0 ] || fail "status $status"
n_states_are 2
HOW=none run ./p

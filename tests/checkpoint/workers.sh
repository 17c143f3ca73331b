# Threads and forked children come to one loop in any order: each gets its own state, and those that
# start from the same may have each other's.
. "$(dirname "$0")/lib.sh"
cat >p.c <<'END_C'
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim.h"

#define N 4

struct job {
    uint64_t start, cells[8];
    char path[8];
};
static struct job jobs[N];
static sem_t *entered, *stopped;
static int stop;

/* The next worker may begin; or all stop here until they are killed. */
static void arrive(int i)
{
    if (i == 1)
        sem_post(entered);
    if (stop > 0 && i == stop) {
        sem_post(stopped);
        for (;;)
            pause();
    }
}

static void *work(void *p)
{
    struct job *job = p;
    uint64_t *cells = job->cells, x = job->start;
    int n = 8, last;
    char line[64];
    FILE *out = fopen(job->path, "w");

    if (!out)
        exit(2);
#pragma checkpoint every(1 iterations) save(cells[:n]) file(out) skip(entered, stopped, stop) \
    trust(arrive)
    for (int i = 0; i < 50; i++) {
        last = (int)(x % 8);
        x = x * 6364136223846793005u + cells[last] + (uint64_t)random() % 10;
        cells[last] ^= x >> 7;
        snprintf(line, sizeof line, "%d %lu\n", i, (unsigned long)x);
        fputs(line, out);
        arrive(i);
    }
    job->start = x;
    fclose(out);
    return NULL;
}

static void run_threads(const char *order)
{
    pthread_t threads[N];

    for (const char *w = order; *w; w++) {
        pthread_create(&threads[*w - '0'], NULL, work, &jobs[*w - '0']);
        if (stop)
            sem_wait(entered);
    }
    for (int i = 0; stop && i < N; i++)
        sem_wait(stopped);
    if (stop)
        raise(SIGKILL);
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
}

static void run_children(const char *order)
{
    for (const char *w = order; *w; w++) {
        if (fork() == 0) {
            srandom((unsigned)(*w - '0') / 2); /* these are the child's own */
            work(&jobs[*w - '0']);
            _exit(0);
        }
        if (stop)
            sem_wait(entered);
    }
    for (int i = 0; stop && i < N; i++)
        sem_wait(stopped);
    if (stop)
        kill(0, SIGKILL);
    while (wait(NULL) > 0)
        ;
}

int main(int argc, char **argv)
{
    const char *order = getenv("ORDER");

    if (argc < 3 || !order)
        return 2;
    setpgid(0, 0);
    entered = mmap(NULL, 2 * sizeof *entered, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    stopped = entered + 1;
    sem_init(entered, 1, 0);
    sem_init(stopped, 1, 0);
    stop = getenv("STOP_AT") ? atoi(getenv("STOP_AT")) : 0;
    for (int i = 0; i < N; i++) {
        int kind = *argv[2] == 'e' ? 0 : i; /* all start from the same, but for their files */
        jobs[i].start = kind % 3;
        jobs[i].cells[1] = (uint64_t)kind;
        snprintf(jobs[i].path, sizeof jobs[i].path, "out%d", i);
    }
    if (*argv[1] == 't')
        run_threads(order);
    else
        run_children(order);
    return 3;
}
END_C
# Random numbers of threads are one's that comes first: none here.
sed 's/random() % 10/0/' p.c >threads.c
"$memocc" "$CC" -O2 -I"$here" -Wno-memo-state threads.c -o threads -pthread
"$memocc" "$CC" -O2 -I"$here" -Wno-memo-state p.c -o children -pthread
build_plain plain_threads threads.c -pthread
build_plain plain_children p.c -pthread

# workers threads|children WHAT ORDER ORDER
workers() {
    rm -rf "$states" expected
    export ORDER=$3
    run ./plain_"$1" "$1" "$2"
    mkdir expected
    mv out? expected
    STOP_AT=20 run ./"$1" "$1" "$2"
    [ "$status" = 137 ] || { cat said >&2; fail "status $status"; }
    if grep '^memocc' said >&2; then fail "lines of $*"; fi
    export ORDER=$4
    run ./"$1" "$1" "$2"
    [ "$status" = 3 ] || { cat said >&2; fail "status $status of $*"; }
    for file in expected/*; do
        cmp "$file" "${file#expected/}" >&2 || { cat said >&2; fail "$*"; }
    done
    [ "$(grep -cE ' goes on at iteration (19|20),' said)" = 4 ] ||
        { cat said >&2; fail "not all of them went on: $*"; }
    n_states_are 0
}
for form in threads children; do
    workers $form different 0123 3210
    workers $form different 1032 2301
    workers $form equal 0123 3120
done

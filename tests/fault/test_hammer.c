/* 8 processes with 2 threads each on one store, for 5 s (a minute with
 * MEMOCC_NIGHTLY=1): every value is looked at. The bound is small, so that there
 * is eviction; some clear, some forget, some exit and come again, some fork. */
#include <pthread.h>

#include "fault/program.h"

#define PROCESSES 8
#define KEYS 2000

static double end_s;
static long n_wrong, n_disk, n_calls; /* __atomic */

static void call_once(unsigned long r)
{
    long x = (long)(r >> 8) % KEYS;
    bool is_wrong;

    if (r % 16 < 6)
        is_wrong = f(x) != f_body(x);
    else if (r % 16 < 12)
        is_wrong = g(x) != g_body(x);
    else
        is_wrong = wrong_in_row((int)(x % 10 == 0 ? BIG / 2 : ROW + x % 300), x % 200) != 0;
    __atomic_fetch_add(&n_wrong, is_wrong, __ATOMIC_RELAXED);
    __atomic_fetch_add(&n_calls, 1, __ATOMIC_RELAXED);
    if (strcmp(memo_last().tier, "disk") == 0)
        __atomic_fetch_add(&n_disk, 1, __ATOMIC_RELAXED);
}

static void *hammer(void *arg)
{
    unsigned long seed = (unsigned long)(uintptr_t)arg;

    for (unsigned long i = 0; now_s() < end_s; i++) {
        unsigned long r = mixed(seed * 1000003 + i);

        call_once(r);
        if (r % 5003 == 0)
            memo_clear(r % 2 ? "g" : "row");
        if (r % 3001 == 0)
            memo_flush();
        if (r % 1009 == 0)
            (void)memo_forget(g((long)(r >> 8) % KEYS));
    }
    return NULL;
}

static int fork_once(void)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        for (unsigned long i = 0; i < 200; i++)
            call_once(mixed(i * 77));
        if (n_wrong)
            _exit(1);
        exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

/* A run of a second or so; the main thread forks meanwhile. */
static int child(const char *what)
{
    unsigned long seed = strtoul(what, NULL, 10);
    pthread_t threads[2];
    int bad = 0;

    end_s = now_s() + 0.4 + (double)(mixed(seed) % 1000) / 1000;
    for (unsigned long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, hammer, (void *)(uintptr_t)(seed * 2 + i + 1));
    for (int i = 0; i < 3; i++) {
        usleep(100000);
        bad += fork_once();
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    if (n_wrong || bad || n_calls < 20)
        printf("%ld wrong, %d children, %ld calls\n", n_wrong, bad, n_calls);
    else
        printf("right%s\n", n_disk ? ", disk" : "");
    return 24;
}

static pid_t start(unsigned long seed)
{
    char what[32], out[32];
    pid_t process;

    snprintf(what, sizeof what, "%lu", seed);
    snprintf(out, sizeof out, "out.%lu", seed);
    fflush(NULL);
    process = fork();
    if (process == 0) {
        setenv("MEMOCC_MEMORY", seed % 3 ? "0" : "2M", 1);
        if (redirect(out, STDOUT_FILENO))
            _exit(126);
        alarm(WATCHDOG_S);
        execl("/proc/self/exe", "hammer", what, (char *)NULL);
        _exit(127);
    }
    return process;
}

static void check_out(unsigned long seed, int status, long *n_from_disk)
{
    char out[32];

    snprintf(out, sizeof out, "out.%lu", seed);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 24 || strncmp(text_of(out), "right", 5)) {
        failures++;
        fprintf(stderr, "process %lu: status %#x, '%s'\n", seed, (unsigned)status, text_of(out));
    }
    *n_from_disk += strstr(text_of(out), "disk") != NULL;
    remove(out);
}

static void run_all(double seconds)
{
    pid_t pids[PROCESSES];
    unsigned long seeds[PROCESSES], next = 1;
    double end = now_s() + seconds;
    long n_from_disk = 0;
    int n = 0, status;

    for (; n < PROCESSES; n++)
        pids[n] = start(seeds[n] = next++);
    while (n > 0) {
        pid_t done = wait(&status);
        int i = 0;

        while (i < n && pids[i] != done)
            i++;
        if (i == n)
            continue;
        check_out(seeds[i], status, &n_from_disk);
        if (now_s() < end && !failures) {
            pids[i] = start(seeds[i] = next++);
        } else {
            n--;
            pids[i] = pids[n];
            seeds[i] = seeds[n];
        }
    }
    CHECK(n_from_disk > 2);
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    setenv("MEMOCC_MAX_SIZE", "12M", 1);
    run_all((double)short_or_nightly(5, 60));
    return failures != 0;
}

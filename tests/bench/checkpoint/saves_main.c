/* saves_main.c - what a save costs.
 *
 *   saves measure BYTES SAVES PAUSE     median over SAVES saves, in ns: the loop's pause, CPU time
 *                                       of the process for it; memcpy of as many bytes; write +
 *                                       fsync + rename of them, and its CPU time
 *   saves die BYTES                     saves once, and ends as if killed
 *   saves restore BYTES                 goes on from there: ns from the loop's entry to its first
 *                                       iteration; read() of a file of as many bytes
 *
 * PAUSE: seconds between saves, enough for one to reach the disk. */
#include <fcntl.h>
#include <unistd.h>

#include "../bench.h"
#include "saves.h"

int save_often(unsigned char *state, size_t n, long saves, int ends);

static double pause_s, last_bottom, last_top_cpu, last_bottom_process, own_cpu, entered;
static double pauses[BENCH_ROUNDS], cpus[BENCH_ROUNDS];
static int n_tops, n_saves;

static double clock_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void sleep_for(double seconds)
{
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

    nanosleep(&t, NULL);
}

void mark_top(void)
{
    double now = bench_now_ns();

    if (n_tops++ == 0)
        entered = now - entered;
    else if (n_saves < BENCH_ROUNDS)
        pauses[n_saves++] = now - last_bottom;
    last_top_cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* The time that the process took since the last bottom, without the loop's own work, is the
 * last save's. */
void mark_bottom(void)
{
    double process;

    own_cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - last_top_cpu;
    sleep_for(pause_s);
    process = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (n_saves > 0)
        cpus[n_saves - 1] = process - last_bottom_process - own_cpu;
    last_bottom_process = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    last_bottom = bench_now_ns();
}

void mark_end(void)
{
    _exit(0);
}

/* As one writes it by hand: the state is in a file of that name, or the one before. */
static void write_by_hand(const unsigned char *state, size_t n)
{
    int fd = open("by-hand.new", O_WRONLY | O_CREAT | O_TRUNC, 0600), dir = open(".", O_RDONLY);
    size_t done = 0;

    while (done < n) {
        ssize_t some = write(fd, state + done, n - done);
        if (some <= 0) {
            perror("by-hand.new");
            exit(1);
        }
        done += (size_t)some;
    }
    if (fsync(fd) != 0 || close(fd) != 0 || rename("by-hand.new", "by-hand") != 0 ||
        fsync(dir) != 0 || close(dir) != 0) {
        perror("by-hand");
        exit(1);
    }
}

static void measure(unsigned char *state, size_t n, long saves)
{
    double copies[BENCH_ROUNDS], writes[BENCH_ROUNDS], write_cpus[BENCH_ROUNDS];
    unsigned char *copy = malloc(n);
    int k = (int)saves;

    memset(copy, 1, n);
    save_often(state, n, saves, 0);
    for (int i = 0; i < k; i++) {
        double begin, cpu;

        memset(state, i, n);
        begin = bench_now_ns();
        memcpy(copy, state, n);
        BENCH_KEEP(copy);
        copies[i] = bench_now_ns() - begin;
        begin = bench_now_ns();
        cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
        write_by_hand(state, n);
        write_cpus[i] = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        writes[i] = bench_now_ns() - begin;
    }
    printf("%.0f %.0f %.0f %.0f %.0f\n", bench_median(pauses, n_saves), bench_median(cpus, n_saves),
           bench_median(copies, k), bench_median(writes, k), bench_median(write_cpus, k));
    free(copy);
}

static void restore(unsigned char *state, size_t n)
{
    double begin;
    size_t done = 0;
    int fd;

    entered = bench_now_ns();
    save_often(state, n, 2, 0);
    write_by_hand(state, n);
    begin = bench_now_ns();
    fd = open("by-hand", O_RDONLY);
    while (done < n) {
        ssize_t some = read(fd, state + done, n - done);
        if (some <= 0)
            exit(1);
        done += (size_t)some;
    }
    close(fd);
    printf("%.0f %.0f %d\n", entered, bench_now_ns() - begin, n_tops);
}

int main(int argc, char **argv)
{
    size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    unsigned char *state = malloc(n + 1);

    if (n == 0 || !state)
        return 2;
    memset(state, 7, n);
    if (strcmp(argv[1], "measure") == 0 && argc == 5) {
        long saves = atol(argv[3]);
        pause_s = atof(argv[4]);
        measure(state, n, saves < 1 ? 1 : saves > BENCH_ROUNDS ? BENCH_ROUNDS : saves);
    } else if (strcmp(argv[1], "die") == 0) {
        pause_s = 0;
        save_often(state, n, 2, 1);
    } else if (strcmp(argv[1], "restore") == 0) {
        restore(state, n);
    } else {
        return 2;
    }
    free(state);
    return 0;
}

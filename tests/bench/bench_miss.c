/* bench_miss.c - P6: what a miss costs beyond computing. Ours: memo_abi_begin
 * and _end round a body that does nothing, with a new key each time; limit: half
 * a microsecond and one copy of the result, which is the target itself, so the
 * ratio that counts is 1. Memory tier and disk store are both on; the writer
 * runs beside. For large results the limit's copy goes to fresh memory, since
 * a store must have memory of its own. Both sides are the thread's own CPU time,
 * since the writer needs a processor too, and on a small machine it is ours. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"
#include "include/memo.h"
#include "include/memo_abi.h"

extern int memo_flush(void);

static const struct memo_part parts[] = {
    {"x", "a:i8", NULL, 8, MEMO_KEY, 0, 0},
    {"out[:n]", "b", NULL, 1, MEMO_RESULT | MEMO_SECTION, 0, 0},
};
static struct memo_site site = {
    .m_abi = MEMO_ABI,
    .m_name = "miss",
    .m_unit = "bench_miss.c",
    .m_signature = "void(long,char*)",
    .m_toolchain = "",
    .m_parts = parts,
    .m_n_parts = 2,
    .m_tiers = MEMO_TIER_MEMORY | MEMO_TIER_DISK,
};

static char *out;

static void miss(long x, size_t n)
{
    struct memo_span spans[2] = {{&x, 1}, {out, n}};
    struct memo_call *call = NULL;

    if (memo_abi_begin(&site, spans, &call) == MEMO_HIT)
        abort();
    BENCH_KEEP(out);
    if (call)
        memo_abi_end(call, spans);
}

static double cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double copy_ns(size_t n, int calls)
{
    double total = 0;

    for (int i = 0; i < calls; i++) {
        double start = cpu_ns();
        char *fresh = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (fresh == MAP_FAILED)
            exit(1);
        memcpy(fresh, out, n);
        BENCH_KEEP(fresh);
        total += cpu_ns() - start;
        munmap(fresh, n);
    }
    return total / calls;
}

static bool measure(const char *name, size_t n, int calls, int rounds)
{
    static long key;
    struct bench_pair pair = {.n = 0};

    for (int round = 0; round < rounds; round++) {
        double start = cpu_ns(), ours;

        for (int i = 0; i < calls; i++)
            miss(key++, n);
        ours = (cpu_ns() - start) / calls;
        memo_flush();
        bench_add(&pair, ours, 500 + (n >= 4096 ? copy_ns(n, calls) : 0));
    }
    return bench_row(name, &pair, 1000, "us", 1);
}

int main(void)
{
    char dir[] = "/tmp/bench_miss.XXXXXX", command[64];
    bool is_met = true;

    if (!mkdtemp(dir))
        return 1;
    setenv("MEMOCC_DIR", dir, 1);
    out = malloc(16 << 20);
    memset(out, 1, 16 << 20);
    bench_title("P6: a miss beyond computing (limit: 0.5 us + one copy of the result)");
    is_met &= measure("8 bytes, 1000 in a row", 8, 1000, 41);
    is_met &= measure("64 bytes, 1000 in a row", 64, 1000, 41);
    is_met &= measure("1 KB, 1000 in a row", 1 << 10, 1000, 21);
    is_met &= measure("64 KB, 50 in a row", 64 << 10, 50, 21);
    is_met &= measure("1 MB, 4 in a row", 1 << 20, 4, 11);
    is_met &= measure("16 MB, 1", 16 << 20, 1, 5);
    memo_flush();
    snprintf(command, sizeof command, "rm -rf %s", dir);
    if (system(command) != 0)
        is_met = false;
    fflush(stdout);
    _exit(!is_met); /* without what the runtime does at exit: its directory is gone */
}

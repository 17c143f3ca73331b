/* tasks.h - what memocc would write for synchronized code, by hand, for tests of the
 * engine. The tests hold what it computes against the same text written serially. */
#ifndef TESTS_RUNTIME_TASKS_H
#define TESTS_RUNTIME_TASKS_H

#include <errno.h>
#include <math.h>
#include <stddef.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"
#include "wrap.h"

/* A site whose record is a struct R with m_out (where to) and m_r (the result). */
#define TASK_SITE_OF(site, R, text)                                                                \
    static struct memo_task_site site = {.m_abi = MEMO_TASK_ABI,                                   \
                                         .m_size = (sizeof(struct R) + 15u) / 16u * 16u,           \
                                         .m_file = "test.c",                                       \
                                         .m_line = __LINE__,                                       \
                                         .m_name = #site,                                          \
                                         .m_text = (text),                                         \
                                         .m_run = site##_run,                                      \
                                         .m_commit = site##_commit,                                \
                                         .m_results = MEMO_TASK_NONE,                              \
                                         .m_errno = MEMO_TASK_NONE,                                \
                                         .m_ready = MEMO_TASK_NONE,                                \
                                         .m_to = MEMO_TASK_NONE}

/* Goes through the records of a call of m_run or m_commit. */
#define EACH_RECORD(R, r, records, n)                                                              \
    for (struct R *r = (struct R *)(records),                                                      \
                  *r##_end =                                                                       \
                      (struct R *)((char *)r + (n) * ((sizeof(struct R) + 15u) / 16u * 16u));      \
         r < r##_end; r = (struct R *)((char *)r + (sizeof(struct R) + 15u) / 16u * 16u))

#define SYNC_INFO(info)                                                                            \
    static struct memo_sync_info info = {                                                          \
        .m_abi = MEMO_TASK_ABI, .m_file = "test.c", .m_function = #info, .m_line = __LINE__}

/* Limits on memory are met by the sanitizers themselves. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define HAS_SANITIZER 1
#elif defined __has_feature
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

/* Work that a compiler can't shorten: some 2 ns a step. */
__attribute__((noinline, unused)) static double work(long seed, long steps)
{
    double x = (double)seed * 0.37 + 1;

    for (long i = 0; i < steps; i++)
        x = x * 0.9997 + 1.0 / (x + 2);
    return x;
}

/* Behind each record that was put. */
__attribute__((unused)) static void task_put(struct memo_sync *s)
{
    if (s->m_verify)
        memo_abi_task_verify(s);
}

/* Runs every mode of MEMOCC_ORDER, and 1, 2, 3 and 8 threads, on `what`. */
__attribute__((unused)) static void run_in_all_modes(const char *what)
{
    static char *const orders[] = {"MEMOCC_ORDER=serial",   "MEMOCC_ORDER=late",
                                   "MEMOCC_ORDER=reverse",  "MEMOCC_ORDER=random:1",
                                   "MEMOCC_ORDER=random:2", "MEMOCC_ORDER"};
    static char *const threads[] = {"OMP_NUM_THREADS=1", "OMP_NUM_THREADS=2", "OMP_NUM_THREADS=3",
                                    "OMP_NUM_THREADS=8"};
    unsigned i;

    for (i = 0; i < sizeof orders / sizeof *orders; i++)
        CHECK_EQ(run_self(what, NULL, orders[i], "MEMOCC=off", NULL), 0);
    CHECK_EQ(run_self(what, NULL, "MEMOCC_ORDER", "MEMOCC=verify", NULL), 0);
    for (i = 0; i < sizeof threads / sizeof *threads; i++)
        CHECK_EQ(run_self(what, NULL, threads[i], "MEMOCC_ORDER", "MEMOCC=off", NULL), 0);
}

#endif

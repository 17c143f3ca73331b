/* clock.c - time in nanoseconds. */
#include "base/clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t memo__realtime_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

uint64_t memo__realtime_coarse_ns(void)
{
    return read_clock(CLOCK_REALTIME_COARSE);
}

uint64_t memo__monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t memo__thread_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

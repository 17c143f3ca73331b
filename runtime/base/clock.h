/* clock.h - time in nanoseconds. */
#ifndef MEMO_BASE_CLOCK_H
#define MEMO_BASE_CLOCK_H

#include <stdint.h>

uint64_t memo__realtime_ns(void);        /* since 1970; dates in records */
uint64_t memo__realtime_coarse_ns(void); /* the same, some ms late, 5 ns to ask */
uint64_t memo__monotonic_ns(void);       /* durations */
uint64_t memo__thread_cpu_ns(void);      /* what this thread computed; a system call, 1 us */

#endif

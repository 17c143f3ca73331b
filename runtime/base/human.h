/* human.h - durations and sizes as people read them. */
#ifndef MEMO_BASE_HUMAN_H
#define MEMO_BASE_HUMAN_H

#include <stdint.h>

struct memo__text {
    char s[24];
};

struct memo__text memo__duration_text(uint64_t ns); /* "12 ns", "3.4 ms", "1.20 s", "2.5 h" */
struct memo__text memo__size_text(uint64_t bytes);  /* "17 B", "1.5 MiB" */

#endif

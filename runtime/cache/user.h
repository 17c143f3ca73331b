/* user.h - what stands behind the functions of memo.h; see there. The frame is
 * that of the function which the program called. */
#ifndef MEMO_CACHE_USER_H
#define MEMO_CACHE_USER_H

#include <stddef.h>
#include <stdint.h>

#include "cache/thread.h"

void memo__ask(int kind);
int memo__answer(void);
size_t memo__clear(const char *name);
int memo__flush(void);
int memo__get_or_compute(const void *key, size_t key_len,
                         int (*compute)(void *out, size_t *out_len, void *ctx), void *ctx,
                         void *out, size_t *out_len, uintptr_t frame);

/* Tier, age and cost of this thread's last memoized call that returned. */
enum memo__last_tier memo__last(double *age, double *cost);

#endif

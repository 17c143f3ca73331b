/* driver.h - one call of memocc: which units are rewritten, what the real
 * compiler is then called with, and how this process ends. */
#ifndef MEMOCC_DRIVER_H
#define MEMOCC_DRIVER_H

struct arena;
struct options;

/* Doesn't return: this process becomes the real compiler, or ends as it did. */
__attribute__((noreturn)) void driver_run(struct arena *a, const struct options *o);

#endif

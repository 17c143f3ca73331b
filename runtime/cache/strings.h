/* strings.h - strings that live as long as the process, one copy of each. */
#ifndef MEMO_CACHE_STRINGS_H
#define MEMO_CACHE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

/* A copy of text[0 .. len), whose last byte is a NUL, that is never freed; the
 * same pointer for equal strings. NULL without memory. Any thread. */
const char *memo__string_intern(const char *text, size_t len);

/* For fork: the lock is held in between. */
void memo__strings_fork_prepare(void);
void memo__strings_fork_done(bool is_child);

#endif

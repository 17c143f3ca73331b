/* code_change.h - what differs between two versions of a function's code. */
#ifndef MEMO_CACHE_CODE_CHANGE_H
#define MEMO_CACHE_CODE_CHANGE_H

#include "cache/describe.h"

/* Calls `say` for each difference, in words: "function 'g'", "new global 't'",
 * "compiler options: -O2 -> -O3". Returns how many; 0: none is recorded. `name`
 * is the function itself. The text is valid until say returns. */
typedef void memo__say_change(void *arg, const char *text);
unsigned memo__code_changes(const char *name, const struct memo__description *old,
                            const struct memo__description *now, memo__say_change *say, void *arg);

#endif

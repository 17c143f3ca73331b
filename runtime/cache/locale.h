/* locale.h - the locale, for functions whose results may depend on it. */
#ifndef MEMO_CACHE_LOCALE_H
#define MEMO_CACHE_LOCALE_H

#include <stdbool.h>
#include <stdint.h>

/* *state: 0 in the "C" locale, else a hash of the names of the program's locale.
 * false: this thread has one of its own (uselocale), which can't be told from
 * others. */
bool memo__locale(uint32_t *state);

#endif

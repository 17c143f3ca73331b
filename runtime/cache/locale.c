/* locale.c - see locale.h. */
#include "cache/locale.h"

#include <locale.h>
#include <stddef.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* A static program without these never leaves the "C" locale; naming them must not
 * bring them in. */
#pragma weak setlocale
#pragma weak uselocale

bool memo__locale(uint32_t *state)
{
    const char *name;

    *state = 0;
    if (!setlocale)
        return true;
    if (uselocale && uselocale((locale_t)0) != LC_GLOBAL_LOCALE)
        return false;
    name = setlocale(LC_ALL, NULL);
    if (!name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0)
        return true;
    *state = (uint32_t)XXH3_64bits(name, strlen(name)) | 1;
    return true;
}

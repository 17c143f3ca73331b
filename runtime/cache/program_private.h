/* program_private.h - shared by program.c (executable, CPU, code pointers) and
 * libraries.c. */
#ifndef MEMO_CACHE_PROGRAM_PRIVATE_H
#define MEMO_CACHE_PROGRAM_PRIVATE_H

#include <link.h>
#include <stddef.h>

#include "cache/program.h"

struct digest {
    unsigned char bytes[MEMO__DIGEST_LEN];
};

struct digest memo__digest_of(const void *data, size_t len);
/* What can't be known is equal to nothing. */
struct digest memo__digest_of_unknown(void);

bool memo__is_vdso(const struct dl_phdr_info *info);
/* The build ID, or the content where there is none. */
struct digest memo__digest_of_object(const struct dl_phdr_info *info);

#endif

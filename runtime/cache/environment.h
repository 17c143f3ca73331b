/* environment.h - the key of a call: its arguments, and the state of the thread that
 * its results may depend on. */
#ifndef MEMO_CACHE_ENVIRONMENT_H
#define MEMO_CACHE_ENVIRONMENT_H

#include <stdbool.h>

#include "cache/site.h"
#include "include/memo_abi.h"
#include "key/key.h"

/* What the key holds beside the arguments, as far as the site's flags want it. */
struct memo__environment {
    unsigned char bytes[15];
    unsigned len;
    bool has_plain_fp;
    bool is_private; /* a locale of this thread alone, which has no name: not cached */
};
void memo__look_around(const struct memo__site *s, int errno_in, struct memo__environment *e);

/* false: this call can't be cached. Bad counts are said once per function. */
bool memo__make_key(struct memo__site *s, const struct memo_span *spans,
                    const struct memo__environment *e, struct memo__key *key);

#endif

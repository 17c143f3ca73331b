/* dir.h - which directory holds the store, and whether it may be used.
 *
 * $MEMOCC_DIR, else $XDG_CACHE_HOME/memocc, else ~/.cache/memocc; where that is
 * a network file system, ${TMPDIR:-/var/tmp}/memocc-<uid>, with one line. It is
 * created 0700 with CACHEDIR.TAG and .gitignore. */
#ifndef MEMO_STORE_DIR_H
#define MEMO_STORE_DIR_H

#include <stdbool.h>

#include "base/buf.h"

struct memo__dir {
    char *path;    /* memo__free */
    bool writable; /* files can be created in it */
};

/* Where it would be, without a look at it: also if that is a network file system. Appends to
 * *path. 0 or MEMO_ENOMEM. */
int memo__dir_wanted(const char *configured, struct memo__buf *path);

/* `configured` is MEMOCC_DIR or NULL. With `create` false nothing is created.
 * 0, or after one line on standard error MEMO_EREFUSED, MEMO_EREADONLY (not
 * there and not to be created: no line), MEMO_EFULL, MEMO_EIO, MEMO_ENOMEM. */
int memo__dir_open(const char *configured, bool create, struct memo__dir *out);

#endif

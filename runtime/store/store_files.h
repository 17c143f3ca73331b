/* store_files.h - large results as files beside the database.
 *
 * An object file holds the parts of one result, is written once under a name
 * of its own, objects/xx/<key>-<random>, and never changed. A record in the
 * database refers to it. A file that is missing, shorter or different from what
 * the record says is MEMO_ECORRUPT or MEMO_EMISS, never a crash.
 *
 * Threads: all functions may be called at once. */
#ifndef MEMO_STORE_FILES_H
#define MEMO_STORE_FILES_H

#include "store/record.h"
#include "store/store.h"

/* The file of one decoded record; made by memo__disk_get, valid in its
 * callback. */
struct memo__object {
    const char *dir; /* of the store */
    struct memo__disk_key key;
    const struct memo__record *record;
    struct memo__disk *disk;
};

/* Copies part i to dst[i] for every i; a NULL dst[i] is left out. The bytes are
 * checked while they are copied: after MEMO_ECORRUPT or MEMO_EMISS the
 * destinations hold garbage, so whoever can't afford that (inout) calls
 * memo__object_check first. */
int memo__object_copy(const struct memo__object *o, void *const dst[]);

/* Reads the whole file and compares its checksum. Cheap if the file is
 * untouched since it was written on this run of the machine. */
int memo__object_check(const struct memo__object *o);

/* Maps the file, checked, and stores the address of part i at *out: read-only,
 * aligned to 64, valid across eviction and fork until memo__view_release. */
int memo__object_view(const struct memo__object *o, unsigned i, const void **out);

#endif

/* disk_help.h - for tests of the disk tier: a directory of their own, and
 * results that can be told from their number. */
#ifndef DISK_HELP_H
#define DISK_HELP_H

#include <ftw.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/store.h"
#include "store/store_files.h"
#include "unit/check.h"

static char help_dir[512];

static inline int help_remove(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void help_clean(void)
{
    if (*help_dir)
        nftw(help_dir, help_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new empty directory below $TMPDIR, removed by help_clean. */
static inline const char *help_new_dir(void)
{
    const char *tmp = getenv("TMPDIR");
    help_clean();
    snprintf(help_dir, sizeof help_dir, "%s/memocc-test-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(help_dir)) {
        perror(help_dir);
        exit(2);
    }
    return help_dir;
}

static inline char *help_path(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", help_dir, name);
    return path;
}

static inline uint64_t help_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static inline struct memo__disk_key help_key(uint64_t name, uint64_t i)
{
    return (struct memo__disk_key){help_mix(name), {help_mix(2 * i + 1), help_mix(2 * i + 2)}};
}

static inline struct memo__disk *help_open_max(const char *dir, uint64_t max_size)
{
    struct memo__disk_options o = {dir, max_size, false};
    struct memo__disk *d = NULL;
    CHECK_EQ(memo__disk_open(&o, &d), 0);
    if (!d) {
        fprintf(stderr, "cannot open %s\n", dir);
        exit(1);
    }
    return d;
}

static inline struct memo__disk *help_open(const char *dir)
{
    return help_open_max(dir, 0);
}

static inline void help_fill(unsigned char *p, uint64_t i, size_t len)
{
    for (size_t k = 0; k < len; k++)
        p[k] = (unsigned char)(help_mix(i * 1000003 + k / 8) >> k % 8 * 8);
}

static const unsigned char help_digest[MEMO__DIGEST] = "0123456789abcdef";

/* Stores entry i: its number as key bytes, NULL, and len bytes made from i. */
static inline int help_put(struct memo__disk *d, uint64_t name, uint64_t i, size_t len,
                           unsigned flags)
{
    struct memo__disk_key key = help_key(name, i);
    unsigned char *bytes = malloc(len ? len : 1);
    help_fill(bytes, i, len);
    struct memo__part parts[3] = {{&i, 8}, {NULL, MEMO__PART_NULL}, {bytes, len}};
    struct memo__record r = {.layout = help_digest,
                             .identity = help_digest,
                             .created_ns = memo__realtime_ns(),
                             .cost_ns = 5,
                             .args_hash = i,
                             .key = (const unsigned char *)&i,
                             .key_len = 8,
                             .key_total = 8,
                             .n_parts = 3};
    int err = memo__disk_put(d, &key, &r, parts, flags);
    free(bytes);
    return err;
}

struct help_want {
    uint64_t i;
    size_t len;
    int calls, wrong;
};

static inline int help_use(void *arg, const struct memo__record *r,
                           const struct memo__object *object)
{
    struct help_want *w = arg;
    struct memo__part parts[3];
    w->calls++;
    if (r->key_len != 8 || memcmp(r->key, &w->i, 8) || r->n_parts != 3)
        return w->wrong++, MEMO_ECORRUPT;
    memo__record_parts(r, parts);
    if (parts[0].len != 8 || parts[1].len != MEMO__PART_NULL || parts[2].len != w->len)
        return w->wrong++, MEMO_ECORRUPT;
    unsigned char *want = malloc(w->len + 1), *copy = malloc(w->len + 1);
    const void *bytes = parts[2].data;
    uint64_t number = 0;
    int err = 0;
    help_fill(want, w->i, w->len);
    if (object) {
        void *dst[3] = {&number, NULL, copy};
        err = memo__object_copy(object, dst);
        bytes = copy;
    } else {
        memcpy(&number, parts[0].data, 8);
    }
    if (!err && (number != w->i || memcmp(bytes, want, w->len)))
        w->wrong++;
    free(want);
    free(copy);
    return err;
}

/* 0: there and right; else the code. A wrong content counts as a failure. */
static inline int help_get(struct memo__disk *d, uint64_t name, uint64_t i, size_t len)
{
    struct memo__disk_key key = help_key(name, i);
    struct help_want want = {i, len, 0, 0};
    int err = memo__disk_get(d, &key, help_use, &want);
    CHECK_EQ(want.wrong, 0);
    return err;
}

#endif

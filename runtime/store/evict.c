/* evict.c - keeps the store within its bound.
 *
 * One pass over all records counts bytes by age of last use, in steps of 3 %
 * of the age; that gives the age from which entries must go so that KEEP of the
 * bound remains. A second pass deletes them, the entries of the last step only
 * as far as needed, in transactions that hold the write lock for some
 * milliseconds. One process at a time, by a lock on gc.lock.
 *
 * It also looks for files that no record refers to, left by a crash, and
 * removes those that are a day old: younger ones may be about to get theirs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/disk.h"

/* Of the bound. Pages that lost some of their entries stay in use until new
 * ones fill them; so that they too stay within it, a pass begins early. */
#define KEEP_PERCENT 70u
#define STEPS 2048u /* 32 to each doubling of the age */
#define CHUNK_VISITS 8192u
#define DAY_S (24 * 3600)

/* 0 is just now; rises with age. */
static unsigned step_of(uint64_t age_ns)
{
    if (age_ns < 32)
        return (unsigned)age_ns;
    unsigned log = 63u - (unsigned)__builtin_clzll(age_ns);
    return (log - 4) * 32 + (unsigned)(age_ns >> (log - 5) & 31);
}

/* What a pair takes in the database: an even share of its page, or pages of
 * its own if it is longer than half a page. */
static uint64_t db_bytes(size_t key_len, size_t value_len)
{
    uint64_t node = key_len + value_len + 10;
    return value_len > 1900 ? (value_len + 16 + 4095) / 4096 * 4096 + key_len + 18 : node;
}

struct histogram {
    uint64_t now_ns;
    uint64_t db[STEPS], files[STEPS];
};

static uint64_t age(uint64_t now_ns, uint64_t used_ns)
{
    return used_ns < now_ns ? now_ns - used_ns : 0;
}

/* A record that can't be read is as old as can be. */
static unsigned step_and_files(uint64_t now_ns, struct memo__bytes value, uint64_t *files)
{
    struct memo__record r;
    *files = 0;
    if (memo__record_decode(value.data, value.len, &r))
        return STEPS - 1;
    if (r.flags & MEMO__RECORD_OBJECT)
        *files = r.object.size;
    return step_of(age(now_ns, r.used_ns));
}

static enum memo__scan count_one(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    struct histogram *h = arg;
    uint64_t files;
    if (key.len != MEMO__ENTRY_KEY)
        return MEMO__SCAN_ON;
    unsigned step = step_and_files(h->now_ns, value, &files);
    h->db[step] += db_bytes(key.len, value.len);
    h->files[step] += files;
    return MEMO__SCAN_ON;
}

/* The second pass. Entries older than `step` go, those in it while `quota`
 * bytes are left to free. */
struct eviction {
    const struct histogram *h;
    struct memo__removals removals;
    struct memo__evicted noted;
    unsigned step, visits;
    double scale; /* bytes of pages in use for one of db_bytes() */
    double quota;
    uint64_t evicted;
    unsigned char resume[MEMO__ENTRY_KEY];
    bool more;
};

static enum memo__scan evict_one(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    struct eviction *e = arg;
    uint64_t files;
    if (key.len != MEMO__ENTRY_KEY)
        return MEMO__SCAN_ON;
    if (e->visits++ == CHUNK_VISITS) {
        memcpy(e->resume, key.data, sizeof e->resume);
        e->more = true;
        return MEMO__SCAN_STOP;
    }
    unsigned step = step_and_files(e->h->now_ns, value, &files);
    double bytes = (double)db_bytes(key.len, value.len) * e->scale + (double)files;
    if (step < e->step)
        return MEMO__SCAN_ON;
    if (step == e->step) {
        if (e->quota <= 0)
            return MEMO__SCAN_ON;
        e->quota -= bytes;
    }
    struct memo__disk_key k = memo__entry_key_get(key.data);
    memo__removals_note(&e->removals, &k, value);
    memo__evicted_note(&e->noted, &k);
    e->evicted++;
    return MEMO__SCAN_DELETE;
}

static int evict_chunks(struct memo__disk *d, struct eviction *e)
{
    struct memo__bytes from = {NULL, 0};
    int err;
    do {
        struct memo__txn *t;
        e->visits = 0;
        e->more = false;
        e->removals = (struct memo__removals){MEMO__BUF_INIT, 0};
        if ((err = memo__txn_begin(d->db, &t)))
            return err;
        uint64_t before = e->evicted;
        if ((err = memo__txn_scan(t, from, evict_one, e))) {
            memo__txn_abort(t);
            memo__buf_release(&e->removals.list);
            return err;
        }
        if (e->evicted == before) { /* nothing to write */
            memo__txn_abort(t);
            memo__buf_release(&e->removals.list);
        } else if (!(err = memo__removals_commit(&e->removals, d, t))) {
            MEMO__COUNT(d, evicted, e->evicted - before);
        }
        from = (struct memo__bytes){e->resume, sizeof e->resume};
    } while (!err && e->more);
    return err;
}

static int keep_bytes(void *arg, struct memo__bytes value)
{
    *(uint64_t *)arg = memo__objects_bytes(value);
    return 0;
}

static uint64_t used_bytes(struct memo__disk *d, uint64_t *in_db)
{
    struct memo__lmdb_size size = {0, 0};
    uint64_t files = 0;
    (void)memo__lmdb_size(d->db, &size);
    (void)memo__lmdb_get(d->db, MEMO__OBJECTS_KEY, sizeof MEMO__OBJECTS_KEY - 1, keep_bytes,
                         &files);
    *in_db = size.used_bytes;
    return size.used_bytes + files;
}

static int evict_to(struct memo__disk *d, struct histogram *h, uint64_t max_size)
{
    uint64_t target = max_size / 100 * KEEP_PERCENT;
    uint64_t in_db, used = used_bytes(d, &in_db), sum = 0;
    if (used <= target)
        return 0;
    h->now_ns = memo__realtime_ns();
    int err = memo__lmdb_scan(d->db, (struct memo__bytes){NULL, 0}, count_one, h);
    if (err)
        return err;
    for (unsigned i = 0; i < STEPS; i++)
        sum += h->db[i];
    struct eviction e = {.h = h, .step = STEPS - 1};
    e.scale = sum ? (double)in_db / (double)sum : 1;
    e.quota = (double)(used - target);
    for (;; e.step--) {
        double bytes = (double)h->db[e.step] * e.scale + (double)h->files[e.step];
        if (bytes >= e.quota || !e.step)
            break;
        e.quota -= bytes;
    }
    memo__evicted_begin(&e.noted, max_size);
    err = evict_chunks(d, &e);
    memo__evicted_write(&e.noted, d, h->now_ns);
    return err;
}

/* -1: another process is at it. */
static int take_gc_lock(const struct memo__disk *d)
{
    char path[MEMO__PATH];
    int n = snprintf(path, sizeof path, "%s/gc.lock", d->dir.path);
    if (n < 0 || (size_t)n >= sizeof path)
        return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void memo__evict(struct memo__disk *d, uint64_t max_size)
{
    uint64_t in_db;
    int fd = take_gc_lock(d);
    if (fd < 0)
        return;
    struct histogram *h = memo__calloc(1, sizeof *h);
    int err = h ? evict_to(d, h, max_size) : MEMO_ENOMEM;
    memo__free(h);
    close(fd);
    if (err && err != MEMO_EFULL)
        memo__disk_fault(d, err);
    /* What can't be made smaller isn't tried again at once. */
    d->next_gc_bytes = used_bytes(d, &in_db) + max_size / 100;
}

struct lookup {
    uint64_t random;
    bool refers;
};

static int compare_random(void *arg, struct memo__bytes value)
{
    struct lookup *l = arg;
    struct memo__record r;
    if (!memo__record_decode(value.data, value.len, &r))
        l->refers = r.flags & MEMO__RECORD_OBJECT && r.object.random == l->random;
    return 0;
}

static bool is_orphan(struct memo__disk *d, int dir, const char *name)
{
    struct stat st;
    struct memo__disk_key key;
    struct lookup l = {0, false};
    unsigned char buf[MEMO__ENTRY_KEY];
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode) ||
        st.st_mtim.tv_sec > time(NULL) - DAY_S)
        return false;
    if (!memo__object_parse(name, &key, &l.random)) {
        size_t len = strlen(name);
        return len > 4 && !strcmp(name + len - 4, ".tmp");
    }
    memo__entry_key(&key, buf);
    int err = memo__lmdb_get(d->db, buf, sizeof buf, compare_random, &l);
    return err == MEMO_EMISS || (!err && !l.refers);
}

static void clean_dir(struct memo__disk *d, const char *path)
{
    struct dirent *e;
    DIR *dir = opendir(path);
    if (!dir)
        return;
    while ((e = readdir(dir)))
        if (e->d_name[0] != '.' && is_orphan(d, dirfd(dir), e->d_name) &&
            !unlinkat(dirfd(dir), e->d_name, 0))
            MEMO__COUNT(d, orphans, 1);
    closedir(dir);
}

/* gc.lock's date is that of the last look. */
void memo__remove_orphans(struct memo__disk *d, bool now)
{
    char path[MEMO__PATH];
    struct stat st;
    int fd = take_gc_lock(d);
    if (fd < 0)
        return;
    /* A date to come: the clock was set back since. */
    time_t today = time(NULL);
    if (now || (!fstat(fd, &st) &&
                (st.st_mtim.tv_sec < today - DAY_S || st.st_mtim.tv_sec > today + DAY_S))) {
        for (unsigned i = 0; i < 256; i++) {
            int n = snprintf(path, sizeof path, "%s/objects/%02x", d->dir.path, i);
            if (n > 0 && (size_t)n < sizeof path)
                clean_dir(d, path);
        }
        (void)futimens(fd, NULL);
    }
    close(fd);
}

/* store_disk.c - the disk tier: directory, database, files and writer joined. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/quiet.h"
#include "store/disk.h"
#include "store/mdb_guard.h"

#define DEFAULT_MAX ((uint64_t)5 << 30)
#define MIN_MAP                                                                                    \
    ((uint64_t)64 << 30) /* address space only; the same for all processes if it can be */
#define MAX_MAP ((uint64_t)1 << 44)
#define OBJECT_FROM ((uint64_t)512 << 10)
#define VIEW_FROM 4096u
#define TOUCH_AFTER_NS (3600ull * 1000000000u)
#define FEW_PAIRS 1000u
#define CLOSE_NS (10ull * 1000000000u)
#define STUCK_NS (5ull * 1000000000u)
#define WAIT_NS (60ull * 1000000000u)

static void leave_damaged(struct memo__disk *d)
{
    const char *dir = d->dir.path;
    int err = d->writable ? memo__lmdb_begin_anew(d->db) : MEMO_EREADONLY;
    if (err == MEMO_EBUSY)
        return;
    if (!err) {
        __atomic_store_n(&d->has_format, 0, __ATOMIC_RELAXED);
        memo__warn_once(MEMO__ONCE_DAMAGED, "the database in '%s' is damaged and was put aside",
                        dir);
        return;
    }
    __atomic_store_n(&d->off, MEMO_ECORRUPT, __ATOMIC_RELAXED);
    memo__warn_once(MEMO__ONCE_DAMAGED, "the database in '%s' is damaged; it is not used any more",
                    dir);
}

void memo__disk_fault(struct memo__disk *d, int err)
{
    const char *dir = d->dir.path;
    switch (err) {
    case MEMO_EFULL:
        MEMO__COUNT(d, no_space, 1);
        memo__warn_once(MEMO__ONCE_FULL, "no space for results in '%s'", dir);
        break;
    case MEMO_ENOMEM:
        MEMO__COUNT(d, no_memory, 1);
        memo__warn_once(MEMO__ONCE_MEMORY, "out of memory; some results are not kept on disk");
        break;
    case MEMO_ECORRUPT:
    case MEMO_EDAMAGED:
        MEMO__COUNT(d, io_errors, 1);
        leave_damaged(d);
        break;
    case MEMO_ETIMEOUT: /* of opening: not to be waited for at each call */
        __atomic_store_n(&d->off, err, __ATOMIC_RELAXED);
        /* fallthrough */
    default:
        MEMO__COUNT(d, io_errors, 1);
        memo__warn_once(MEMO__ONCE_IO, "cannot write results to '%s': %s", dir,
                        memo__strerror(err));
    }
}

struct format {
    uint64_t number;
};

static int read_format(void *arg, struct memo__bytes value)
{
    struct format *f = arg;
    f->number = memo__objects_bytes(value); /* 8 bytes, little-endian */
    return 0;
}

/* Whether there is anything in a database that doesn't say its format, and whether
 * it could be ours, damaged. */
struct content {
    bool has_any, has_ours;
    unsigned n;
};

static enum memo__scan look_at(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    struct content *c = arg;
    struct memo__record r;
    c->has_any = true;
    c->has_ours = key.len == MEMO__ENTRY_KEY && !memo__record_decode(value.data, value.len, &r);
    return c->has_ours || ++c->n == FEW_PAIRS ? MEMO__SCAN_STOP : MEMO__SCAN_ON;
}

static int check_unmarked(struct memo__disk *d)
{
    struct content c = {false, false, 0};
    int err = memo__lmdb_scan(d->db, (struct memo__bytes){NULL, 0}, look_at, &c);
    /* Empty: the first commit says it. */
    return err ? err : c.has_any && !c.has_ours ? MEMO_EREFUSED : 0;
}

static int check_format(struct memo__disk *d)
{
    struct format f = {0};
    int err = memo__lmdb_get(d->db, MEMO__FORMAT_KEY, sizeof MEMO__FORMAT_KEY - 1, read_format, &f);
    if (err == MEMO_EMISS)
        return check_unmarked(d);
    if (err)
        return err;
    if (f.number == MEMO__STORE_FORMAT) {
        __atomic_store_n(&d->has_format, 1, __ATOMIC_RELAXED);
        return 0;
    }
    return f.number > MEMO__STORE_FORMAT ? MEMO_EVERSION : MEMO_ECORRUPT;
}

static enum memo__scan walk_one(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    (void)arg;
    (void)key;
    (void)value;
    return MEMO__SCAN_ON;
}

static uint64_t map_size(uint64_t max_size)
{
    uint64_t size = max_size > MAX_MAP / 4 ? MAX_MAP : max_size * 4;
    if (sizeof(size_t) < 8)
        return (uint64_t)512 << 20;
    return size < MIN_MAP ? MIN_MAP : size;
}

/* LMDB would say that the file isn't there. */
static int check_exists(const struct memo__disk *d)
{
    char path[MEMO__PATH];
    int n = snprintf(path, sizeof path, "%s/data.mdb", d->dir.path);
    if (n < 0 || (size_t)n >= sizeof path)
        return MEMO_EIO;
    return access(path, F_OK) ? MEMO_EREADONLY : 0;
}

static int open_db(struct memo__disk *d)
{
    bool was_short = false;
    int err = d->writable ? 0 : check_exists(d);
    if (!err)
        err = memo__mdb_guard(d->dir.path, d->writable, &was_short);
    if (!err)
        err = memo__lmdb_open(d->dir.path, map_size(d->max_size), d->writable, &d->db);
    if (err)
        return err;
    if (was_short)
        err = memo__lmdb_scan(d->db, (struct memo__bytes){NULL, 0}, walk_one, NULL);
    if (!err)
        err = check_format(d);
    if (err) {
        memo__lmdb_close(d->db);
        d->db = NULL;
    }
    /* What is wrong with these, the guard doesn't see. */
    if ((err == MEMO_EDAMAGED || err == MEMO_ECORRUPT) && d->writable &&
        !memo__mdb_set_aside(d->dir.path, true, 0))
        err = MEMO_EBUSY;
    return err;
}

/* A damaged database is put aside, and a new one begun. MEMO_EBUSY of open_db:
 * it was put aside already. */
static int open_sound_db(struct memo__disk *d)
{
    int err = open_db(d);
    if ((err != MEMO_ECORRUPT && err != MEMO_EBUSY) || !d->writable)
        return err;
    if (err == MEMO_ECORRUPT && memo__mdb_set_aside(d->dir.path, false, 0))
        return err;
    memo__warn_once(MEMO__ONCE_DAMAGED,
                    "the database in '%s' was damaged and is now data.mdb.damaged", d->dir.path);
    return open_db(d);
}

static int failed_open; /* atomic: why there is no disk tier; 0: there is, or none was asked for */

static void say_why(const struct memo__disk *d, const struct memo__disk_options *o, int err)
{
    if (err == MEMO_EVERSION)
        memo__warn_once(MEMO__ONCE_VERSION,
                        "the store in '%s' is of a newer version; results are not kept on disk",
                        d->dir.path);
    else if (err == MEMO_EREFUSED)
        memo__warn_once(MEMO__ONCE_VERSION,
                        "'%s' holds a database that isn't memocc's; results are not kept on disk",
                        d->dir.path);
    else if (err != MEMO_EREADONLY || (d->writable && !o->readonly)) /* that was said */
        memo__warn_once(MEMO__ONCE_DIR,
                        "cannot open the store in '%s': %s; "
                        "results are not kept on disk",
                        d->dir.path, memo__strerror(err));
}

/* Another process has been inside its transaction for so long: it was stopped, or
 * its disk hangs. */
static bool is_stuck(void *disk)
{
    const struct memo__disk *d = disk;
    if (memo__lmdb_waits_ns(d->db) < STUCK_NS)
        return false;
    memo__warn_once(MEMO__ONCE_STUCK,
                    "another process holds the store in '%s' and doesn't go on; "
                    "results are not waited for",
                    d->dir.path);
    return true;
}

int memo__disk_open(const struct memo__disk_options *options, struct memo__disk **out)
{
    struct memo__quiet quiet;
    struct memo__disk *d = memo__calloc(1, sizeof *d);
    if (!d)
        return MEMO_ENOMEM;
    int saved = errno;
    memo__quiet_begin(&quiet, SIGXFSZ);
    int err = memo__dir_open(options->dir, !options->readonly, &d->dir);
    memo__quiet_end(&quiet);
    if (!err) {
        d->max_size = options->max_size ? options->max_size : DEFAULT_MAX;
        d->writable = d->dir.writable && !options->readonly;
        if (!d->writable && !options->readonly)
            memo__warn_once(MEMO__ONCE_READONLY, "'%s' can't be written; new results are not kept",
                            d->dir.path);
        if ((err = open_sound_db(d)))
            say_why(d, options, err);
    }
    errno = saved;
    if (err) {
        if (!(options->readonly && err == MEMO_EREADONLY))
            __atomic_store_n(&failed_open, err, __ATOMIC_RELAXED);
        memo__free(d->dir.path);
        memo__free(d);
        return err;
    }
    memo__writer_init(&d->writer, memo__disk_apply, is_stuck, d);
    memo__host_lock_init(&d->claims);
    *out = d;
    return 0;
}

void memo__disk_close(struct memo__disk *d)
{
    if (!d || !memo__writer_stop(&d->writer, CLOSE_NS))
        return;
    memo__host_lock_release(&d->claims);
    memo__lmdb_close(d->db);
    memo__free(d->dir.path);
    memo__free(d);
}

void memo__disk_atfork_prepare(struct memo__disk *d)
{
    memo__lmdb_atfork_prepare();
    memo__views_atfork_prepare();
    if (d)
        memo__host_lock_atfork_prepare(&d->claims);
}

void memo__disk_atfork_parent(struct memo__disk *d)
{
    if (d)
        memo__host_lock_atfork_parent(&d->claims);
    memo__views_atfork_parent();
    memo__lmdb_atfork_parent();
}

void memo__disk_drop_claims(struct memo__disk *d)
{
    if (d)
        memo__host_lock_atfork_child(&d->claims);
}

void memo__disk_atfork_child(struct memo__disk *d)
{
    memo__disk_drop_claims(d);
    memo__views_atfork_child();
    memo__lmdb_atfork_child(d ? d->db : NULL);
    if (d)
        memo__writer_atfork_child(&d->writer);
}

const char *memo__disk_dir(const struct memo__disk *d)
{
    return d->dir.path;
}

bool memo__disk_writable(const struct memo__disk *d)
{
    return d->writable && !__atomic_load_n(&d->off, __ATOMIC_RELAXED);
}

int memo__disk_claim(struct memo__disk *d, const struct memo__disk_key *key, uint64_t wait_ns,
                     uint64_t *waited_ns)
{
    int err = memo__host_lock_claim(&d->claims, d->dir.path, key->hash, wait_ns, waited_ns);
    if (!err)
        MEMO__COUNT(d, claimed, 1);
    return err;
}

void memo__disk_unclaim(struct memo__disk *d, const struct memo__disk_key *key, bool gave_up)
{
    memo__host_lock_free(&d->claims, key->hash, gave_up);
}

/* Hands the operation over, or frees it. */
static int push(struct memo__disk *d, struct memo__op *op)
{
    int err = memo__writer_push(&d->writer, op);
    if (err == MEMO_EDROPPED) {
        MEMO__COUNT(d, dropped, 1);
        memo__warn_once(MEMO__ONCE_QUEUE,
                        "results come faster than '%s' takes them; "
                        "some are not kept on disk",
                        d->dir.path);
    }
    if (err)
        memo__op_free(op);
    return err;
}

static void remove_damaged(struct memo__disk *d, const struct memo__disk_key *key, uint64_t created)
{
    struct memo__op *op;
    if (!d->writable) {
        MEMO__COUNT(d, corrupt, 1);
        memo__warn_once(MEMO__ONCE_RECORD, "there is a damaged result in '%s'", d->dir.path);
    } else if ((op = memo__op_new(MEMO__OP_DAMAGED, key, 0))) {
        op->date = created;
        (void)push(d, op);
    }
}

/* Once an hour for an entry, whoever asks; `recent` keeps a loop from queueing
 * it again before it is committed. */
static void touch(struct memo__disk *d, const struct memo__disk_key *key, uint64_t used_ns)
{
    uint64_t now = memo__realtime_coarse_ns();
    if (now < used_ns + TOUCH_AFTER_NS || !d->writable)
        return;
    uint64_t *slot = &d->recent[key->hash[1] % MEMO__RECENT];
    if (__atomic_exchange_n(slot, key->hash[0], __ATOMIC_RELAXED) == key->hash[0])
        return;
    struct memo__op *op = memo__op_new(MEMO__OP_TOUCH, key, 0);
    if (op) {
        op->date = now;
        (void)push(d, op);
    }
}

struct getting {
    struct memo__disk *d;
    const struct memo__disk_key *key;
    memo__disk_use *use;
    void *arg;
    uint64_t used_ns, created_ns;
};

static int got(void *arg, struct memo__bytes value)
{
    struct getting *g = arg;
    struct memo__record r;
    int err = memo__record_decode(value.data, value.len, &r);
    g->used_ns = 0; /* found, whatever it is */
    if (err)
        return err;
    g->used_ns = r.used_ns;
    g->created_ns = r.created_ns;
    struct memo__object object = {g->d->dir.path, *g->key, &r, g->d};
    return g->use(g->arg, &r, r.flags & MEMO__RECORD_OBJECT ? &object : NULL);
}

/* What LMDB itself says, where memo__lmdb_get didn't come to call `got`. */
static int read_fault(struct memo__disk *d, int err)
{
    if (err == MEMO_EBUSY) {
        MEMO__COUNT(d, readers_full, 1);
        memo__warn_once(MEMO__ONCE_READERS, "too many threads read '%s' at once", d->dir.path);
    } else if (err != MEMO_EMISS) {
        memo__disk_fault(d, err);
    }
    return err;
}

int memo__disk_get(struct memo__disk *d, const struct memo__disk_key *key, memo__disk_use *use,
                   void *arg)
{
    unsigned char bytes[MEMO__ENTRY_KEY];
    struct getting g = {d, key, use, arg, UINT64_MAX, 0};
    int err = __atomic_load_n(&d->off, __ATOMIC_RELAXED);
    if (err)
        return err;
    int saved = errno;
    memo__entry_key(key, bytes);
    err = memo__lmdb_get(d->db, bytes, sizeof bytes, got, &g);
    if (!err)
        touch(d, key, g.used_ns);
    else if (err == MEMO_EDAMAGED || (err == MEMO_ECORRUPT && g.used_ns == UINT64_MAX))
        memo__disk_fault(d, MEMO_EDAMAGED); /* not the record: the tree that leads to it */
    else if (err == MEMO_ECORRUPT)
        remove_damaged(d, key, g.created_ns);
    else if (err != MEMO_EMISS && g.used_ns == UINT64_MAX)
        err = read_fault(d, err);
    errno = saved;
    return err;
}

/* The file as it will be written; its header is filled in by the writer. */
static unsigned char *make_image(const struct memo__part *parts, unsigned n, uint64_t size)
{
    unsigned char *image = size <= SIZE_MAX ? memo__pool_alloc((size_t)size) : NULL;
    uint64_t at = MEMO__OBJECT_HEADER;
    for (unsigned i = 0; image && i < n; i++) {
        uint64_t next = memo__object_next(at, parts[i].len);
        if (next == at)
            continue;
        memcpy(image + at, parts[i].data, parts[i].len);
        memset(image + at + parts[i].len, 0, next - at - parts[i].len);
        at = next;
    }
    return image;
}

static uint64_t object_size(const struct memo__part *parts, unsigned n, unsigned flags)
{
    uint64_t size = memo__object_size(parts, n);
    return size > OBJECT_FROM || (flags & MEMO__PUT_VIEW && size > VIEW_FROM) ? size : 0;
}

int memo__disk_put(struct memo__disk *d, const struct memo__disk_key *key,
                   const struct memo__record *record, const struct memo__part *parts,
                   unsigned flags)
{
    struct memo__record r = *record;
    if (!memo__disk_writable(d))
        return MEMO_EREADONLY;
    uint64_t file = r.n_parts <= MEMO__MAX_PARTS ? object_size(parts, r.n_parts, flags) : 0;
    r.flags = file ? MEMO__RECORD_OBJECT : 0;
    if (!r.used_ns)
        r.used_ns = r.created_ns;
    size_t len = memo__record_size(&r, parts);
    if (!len)
        return MEMO_EINVALID;
    int saved = errno;
    struct memo__op *op = memo__op_new(MEMO__OP_PUT, key, len);
    if (op) {
        memo__record_encode(&r, parts, op->record);
        op->image_size = file;
        op->bytes += file;
        op->claimed = (flags & MEMO__PUT_CLAIMED) != 0;
        if (file && !(op->image = make_image(parts, r.n_parts, file))) {
            memo__op_free(op);
            op = NULL;
        }
    }
    int err = op ? push(d, op) : MEMO_ENOMEM;
    if (!op)
        memo__disk_fault(d, err);
    else if (!err)
        MEMO__COUNT(d, queued, 1);
    errno = saved;
    return err;
}

/* Queues an operation, waits, and gives it back to be freed. */
static int push_and_wait(struct memo__disk *d, struct memo__op *op)
{
    if (!op)
        return MEMO_ENOMEM;
    op->waited = true;
    int err = push(d, op);
    if (err)
        return err;
    err = memo__writer_wait(&d->writer, op, WAIT_NS);
    return err;
}

static int check_writable(const struct memo__disk *d)
{
    return memo__disk_writable(d) ? 0 : MEMO_EREADONLY;
}

int memo__disk_del(struct memo__disk *d, const struct memo__disk_key *key)
{
    int err = check_writable(d);
    if (err)
        return err;
    struct memo__op *op = memo__op_new(MEMO__OP_DEL, key, 0);
    if ((err = push_and_wait(d, op)))
        return err;
    err = op->err;
    memo__op_free(op);
    return err;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static size_t sort_unique(uint64_t *v, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(v, n, sizeof *v, compare_u64);
    for (size_t i = 0; i < n; i++)
        if (!i || v[i] != v[kept - 1])
            v[kept++] = v[i];
    return kept;
}

static int clear(struct memo__disk *d, enum memo__op_kind kind, uint64_t name, uint64_t **hashes,
                 size_t *n)
{
    struct memo__disk_key key = {name, {0, 0}};
    int err = check_writable(d);
    if (err)
        return err;
    struct memo__op *op = memo__op_new(kind, &key, 0);
    if ((err = push_and_wait(d, op)))
        return err;
    if (!(err = op->err)) {
        uint64_t *v = (uint64_t *)(void *)op->hashes.data;
        *n = sort_unique(v, op->hashes.len / sizeof *v);
        if (hashes) {
            *hashes = v;
            memo__buf_init(&op->hashes);
        }
    }
    memo__op_free(op);
    return err;
}

int memo__disk_del_name(struct memo__disk *d, uint64_t name, uint64_t **hashes, size_t *n)
{
    return clear(d, MEMO__OP_DEL_NAME, name, hashes, n);
}

int memo__disk_del_all(struct memo__disk *d, uint64_t **hashes, size_t *n)
{
    return clear(d, MEMO__OP_DEL_ALL, 0, hashes, n);
}

int memo__disk_describe(struct memo__disk *d, uint64_t name,
                        const unsigned char identity[MEMO__DIGEST], const void *data, size_t len)
{
    struct memo__disk_key key = {name, {0, 0}};
    int err = check_writable(d);
    if (err || len > 65536)
        return err ? err : MEMO_EINVALID;
    struct memo__op *op = memo__op_new(MEMO__OP_DESCRIBE, &key, len);
    if (!op)
        return MEMO_ENOMEM;
    memcpy(op->identity, identity, MEMO__DIGEST);
    if (len)
        memcpy(op->record, data, len);
    return push(d, op);
}

static int is_there(void *arg, struct memo__bytes value)
{
    (void)arg;
    (void)value;
    return 0;
}

bool memo__disk_is_described(struct memo__disk *d, uint64_t name,
                             const unsigned char identity[MEMO__DIGEST])
{
    unsigned char bytes[MEMO__FUNCTION_KEY];
    int saved = errno, err = __atomic_load_n(&d->off, __ATOMIC_RELAXED);
    memo__function_key(name, identity, bytes);
    if (!err)
        err = memo__lmdb_get(d->db, bytes, sizeof bytes, is_there, NULL);
    errno = saved;
    return err == 0;
}

struct visit {
    const struct memo__disk_visitor *v;
    const uint64_t *name; /* NULL: of all */
    int err;
};

static int visit_pair(const struct memo__disk_visitor *v, struct memo__bytes key,
                      struct memo__bytes value)
{
    struct memo__record r;
    const unsigned char *bytes = key.data;
    if (key.len == MEMO__FUNCTION_KEY && v->function)
        return v->function(v->arg, memo__entry_key_get(bytes).name, bytes + 9, value.data,
                           value.len);
    if (key.len != MEMO__ENTRY_KEY || !v->entry)
        return 0;
    struct memo__disk_key k = memo__entry_key_get(bytes);
    bool sound = !memo__record_decode(value.data, value.len, &r);
    uint64_t file = sound && r.flags & MEMO__RECORD_OBJECT ? r.object.size : 0;
    return v->entry(v->arg, &k, sound ? &r : NULL, value.len + file);
}

static enum memo__scan visit_one(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    struct visit *visit = arg;
    if (visit->name &&
        (key.len < sizeof *visit->name || memcmp(key.data, visit->name, sizeof *visit->name) != 0))
        return MEMO__SCAN_STOP;
    visit->err = visit_pair(visit->v, key, value);
    return visit->err ? MEMO__SCAN_STOP : MEMO__SCAN_ON;
}

static int iterate(struct memo__disk *d, const struct memo__disk_visitor *v, const uint64_t *name)
{
    struct visit visit = {v, name, 0};
    struct memo__bytes from = {name, name ? sizeof *name : 0};
    int err = __atomic_load_n(&d->off, __ATOMIC_RELAXED);
    if (!err)
        err = memo__lmdb_scan(d->db, from, visit_one, &visit);
    return err ? err : visit.err;
}

int memo__disk_iterate(struct memo__disk *d, const struct memo__disk_visitor *v)
{
    return iterate(d, v, NULL);
}

int memo__disk_iterate_name(struct memo__disk *d, uint64_t name, const struct memo__disk_visitor *v)
{
    uint64_t prefix = htole64(name);
    return iterate(d, v, &prefix);
}

int memo__disk_flush(struct memo__disk *d, uint64_t timeout_ns)
{
    return memo__writer_flush(&d->writer, timeout_ns);
}

int memo__disk_gc(struct memo__disk *d, uint64_t max_size)
{
    struct memo__disk_key key = {0, {0, 0}};
    int err = check_writable(d);
    if (err)
        return err;
    struct memo__op *op = memo__op_new(MEMO__OP_GC, &key, 0);
    if (op)
        op->date = max_size ? max_size : d->max_size;
    if ((err = push_and_wait(d, op)))
        return err;
    err = op->err;
    memo__op_free(op);
    return err;
}

static int keep_bytes(void *arg, struct memo__bytes value)
{
    *(uint64_t *)arg = memo__objects_bytes(value);
    return 0;
}

void memo__disk_stats(struct memo__disk *d, struct memo__disk_stats *out)
{
    struct memo__lmdb_size size = {0, 0};
    uint64_t files = 0;
    memset(out, 0, sizeof *out);
    if (!d) {
        int err = __atomic_load_n(&failed_open, __ATOMIC_RELAXED);
        out->no_space = err == MEMO_EFULL;
        out->no_memory = err == MEMO_ENOMEM;
        out->io_errors = err && !out->no_space && !out->no_memory;
        return;
    }
#define DISK_COUNTER(name, is_fault, text)                                                         \
    out->name = __atomic_load_n(&d->n_##name, __ATOMIC_RELAXED);
#include "store/counters.def"
#undef DISK_COUNTER
    out->resized = memo__lmdb_reopened(d->db);
    if (__atomic_load_n(&d->off, __ATOMIC_RELAXED))
        return;
    (void)memo__lmdb_size(d->db, &size);
    (void)memo__lmdb_get(d->db, MEMO__OBJECTS_KEY, sizeof MEMO__OBJECTS_KEY - 1, keep_bytes,
                         &files);
    out->used_bytes = size.used_bytes + files;
    out->entries = size.keys;
}

/* store_apply.c - what the writer thread does with what it finds in the queue.
 *
 * A list is cut into chunks, each one transaction. Files of large results are
 * written before it begins, so that other processes don't wait for them; files
 * of entries that were replaced or removed go after its commit. A crash
 * between leaves files without a record, which evict.c finds. */
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "store/disk.h"

#define CHUNK_BYTES ((uint64_t)32 << 20)
#define CHUNK_OPS 16384u
#define CHUNK_DELETIONS 16384u
#define EVICT_PERCENT 85u /* of the bound; see evict.c */
#define TOUCH_EVERY_NS (3600ull * 1000000000u)

static struct memo__bytes key_bytes(unsigned char *buf, const struct memo__disk_key *key)
{
    memo__entry_key(key, buf);
    return (struct memo__bytes){buf, MEMO__ENTRY_KEY};
}

static struct memo__bytes text_key(const char *text)
{
    return (struct memo__bytes){text, strlen(text)};
}

uint64_t memo__objects_bytes(struct memo__bytes value)
{
    uint64_t v;
    if (value.len != sizeof v)
        return 0;
    memcpy(&v, value.data, sizeof v);
    return le64toh(v);
}

void memo__removals_note(struct memo__removals *r, const struct memo__disk_key *key,
                         struct memo__bytes record)
{
    struct memo__record old;
    if (memo__record_decode(record.data, record.len, &old) || !(old.flags & MEMO__RECORD_OBJECT))
        return;
    struct memo__removed gone = {*key, old.object.random};
    r->bytes += (int64_t)old.object.size;
    /* Without memory the file stays until it is found to have no record. */
    (void)memo__buf_add(&r->list, &gone, sizeof gone);
}

static int add_object_bytes(struct memo__txn *t, int64_t change)
{
    struct memo__bytes value;
    uint64_t now = 0;
    if (!change)
        return 0;
    int err = memo__txn_get(t, text_key(MEMO__OBJECTS_KEY), &value);
    if (err && err != MEMO_EMISS)
        return err;
    if (!err)
        now = memo__objects_bytes(value);
    now = change < 0 && (uint64_t)-change > now ? 0 : now + (uint64_t)change;
    now = htole64(now);
    return memo__txn_put(t, text_key(MEMO__OBJECTS_KEY), (struct memo__bytes){&now, sizeof now});
}

int memo__removals_commit(struct memo__removals *r, struct memo__disk *d, struct memo__txn *t)
{
    int err = add_object_bytes(t, -r->bytes);
    if (err)
        memo__txn_abort(t);
    else
        err = memo__txn_commit(t);
    if (!err) {
        const struct memo__removed *gone = (const void *)r->list.data;
        for (size_t i = 0; i < r->list.len / sizeof *gone; i++)
            memo__object_unlink(d->dir.path, &gone[i].key, gone[i].random);
        MEMO__COUNT(d, commits, 1);
    }
    memo__buf_release(&r->list);
    return err;
}

static int put(struct memo__txn *t, const struct memo__op *op, struct memo__removals *r)
{
    unsigned char buf[MEMO__ENTRY_KEY];
    struct memo__bytes key = key_bytes(buf, &op->key), old;
    struct memo__bytes value = {op->record, op->record_len};
    int err = memo__txn_put_new(t, key, value, &old);
    if (err == MEMO_EBUSY) {
        memo__removals_note(r, &op->key, old);
        err = memo__txn_put(t, key, value);
    }
    if (!err && op->image)
        r->bytes -= (int64_t)op->image_size;
    return err;
}

static int describe(struct memo__txn *t, const struct memo__op *op)
{
    unsigned char buf[MEMO__FUNCTION_KEY];
    struct memo__bytes old;
    memo__function_key(op->key.name, op->identity, buf);
    int err = memo__txn_put_new(t, (struct memo__bytes){buf, sizeof buf},
                                (struct memo__bytes){op->record, op->record_len}, &old);
    return err == MEMO_EBUSY ? 0 : err;
}

/* Changes a record in place: its date of last use, or what its file looks like. */
static int renew(struct memo__txn *t, const struct memo__op *op)
{
    unsigned char buf[MEMO__ENTRY_KEY];
    struct memo__bytes key = key_bytes(buf, &op->key), old;
    struct memo__record r;
    int err = memo__txn_get(t, key, &old);
    if (err || memo__record_decode(old.data, old.len, &r))
        return err;
    bool touch = op->kind == MEMO__OP_TOUCH;
    if (touch ? r.used_ns + TOUCH_EVERY_NS / 2 > op->date
              : !(r.flags & MEMO__RECORD_OBJECT) || r.object.random != op->ref.random)
        return 0;
    unsigned char *copy = memo__malloc(old.len);
    if (!copy)
        return 0;
    memcpy(copy, old.data, old.len);
    if (touch)
        memo__record_set_used(copy, op->date);
    else
        memo__record_set_object(copy, old.len, &op->ref);
    memo__record_seal(copy, old.len);
    err = memo__txn_put(t, key, (struct memo__bytes){copy, old.len});
    memo__free(copy);
    return err;
}

static int del(struct memo__disk *d, struct memo__txn *t, const struct memo__op *op,
               struct memo__removals *r)
{
    unsigned char buf[MEMO__ENTRY_KEY];
    struct memo__bytes key = key_bytes(buf, &op->key), old;
    struct memo__record record;
    int err = memo__txn_get(t, key, &old);
    if (err)
        return err;
    if (op->kind == MEMO__OP_DAMAGED) {
        if (!memo__record_decode(old.data, old.len, &record) && record.created_ns != op->date)
            return 0; /* somebody stored it anew */
        MEMO__COUNT(d, corrupt, 1);
        memo__warn_once(MEMO__ONCE_RECORD, "a damaged result in '%s' was removed", d->dir.path);
    }
    memo__removals_note(r, &op->key, old);
    return memo__txn_del(t, key);
}

static int apply_one(struct memo__disk *d, struct memo__txn *t, const struct memo__op *op,
                     struct memo__removals *r)
{
    switch (op->kind) {
    case MEMO__OP_PUT:
        return put(t, op, r);
    case MEMO__OP_DESCRIBE:
        return describe(t, op);
    case MEMO__OP_TOUCH:
    case MEMO__OP_RETRUST:
        return renew(t, op);
    case MEMO__OP_DEL:
    case MEMO__OP_DAMAGED:
        return del(d, t, op, r);
    case MEMO__OP_DEL_NAME:
    case MEMO__OP_DEL_ALL:
    case MEMO__OP_GC:
        break;
    }
    return 0;
}

/* These are chunks of their own. */
static bool stands_alone(const struct memo__op *op)
{
    return op->kind == MEMO__OP_DEL_NAME || op->kind == MEMO__OP_DEL_ALL || op->kind == MEMO__OP_GC;
}

/* The first transaction in a database sees to it that the store says its format. */
static int begin(struct memo__disk *d, struct memo__txn **t)
{
    struct memo__bytes value;
    int err = memo__txn_begin(d->db, t);
    if (err || __atomic_load_n(&d->has_format, __ATOMIC_RELAXED))
        return err;
    uint64_t format = htole64(MEMO__STORE_FORMAT);
    err = memo__txn_put_new(*t, text_key(MEMO__FORMAT_KEY),
                            (struct memo__bytes){&format, sizeof format}, &value);
    if (err && err != MEMO_EBUSY) {
        memo__txn_abort(*t);
        return err;
    }
    __atomic_store_n(&d->has_format, 1, __ATOMIC_RELAXED);
    return 0;
}

static uint64_t used_bytes(struct memo__txn *t)
{
    struct memo__lmdb_size size = {0, 0};
    struct memo__bytes value;
    uint64_t objects = 0;
    if (!memo__txn_get(t, text_key(MEMO__OBJECTS_KEY), &value))
        objects = memo__objects_bytes(value);
    (void)memo__txn_size(t, &size);
    return size.used_bytes + objects;
}

/* As LMDB compares keys. */
static int compare_keys(const struct memo__disk_key *a, const struct memo__disk_key *b)
{
    unsigned char x[MEMO__ENTRY_KEY], y[MEMO__ENTRY_KEY];
    memo__entry_key(a, x);
    memo__entry_key(b, y);
    return memcmp(x, y, sizeof x);
}

/* Merges two sorted lists; of equal keys those of `a` come first. */
static struct memo__op *merge(struct memo__op *a, struct memo__op *b)
{
    struct memo__op *list = NULL, **tail = &list;
    while (a && b) {
        struct memo__op **least = compare_keys(&a->key, &b->key) <= 0 ? &a : &b;
        *tail = *least;
        tail = &(*least)->next;
        *least = *tail;
    }
    *tail = a ? a : b;
    return list;
}

/* Stable: bins[i] holds 2^i sorted operations, older than those of bins[i - 1]. */
static struct memo__op *sort(struct memo__op *list)
{
    struct memo__op *bins[32] = {NULL}, *sorted = NULL;
    while (list) {
        struct memo__op *one = list;
        unsigned i = 0;
        list = list->next;
        one->next = NULL;
        for (; bins[i]; bins[i++] = NULL)
            one = merge(bins[i], one);
        bins[i] = one;
    }
    for (unsigned i = 0; i < 32; i++)
        if (bins[i])
            sorted = sorted ? merge(bins[i], sorted) : bins[i];
    return sorted;
}

/* Results that follow each other go into the tree in its own order, so that one
 * page after the other is in the cache. What else is between keeps its place. */
static void sort_puts(struct memo__op **first, struct memo__op *end)
{
    struct memo__op **at = first;
    while (*at != end) {
        struct memo__op **last = at, *rest;
        while (*last != end && (*last)->kind == MEMO__OP_PUT)
            last = &(*last)->next;
        if (last == at) {
            at = &(*at)->next;
            continue;
        }
        rest = *last;
        *last = NULL;
        *at = sort(*at);
        while (*at)
            at = &(*at)->next;
        *at = rest;
    }
}

/* One transaction over [first, end). Operations that failed before are left out. */
static int commit_chunk(struct memo__disk *d, struct memo__op *first, struct memo__op *end,
                        uint64_t *used)
{
    struct memo__removals removals = {MEMO__BUF_INIT, 0};
    struct memo__txn *t;
    int err = begin(d, &t);
    if (err)
        return err;
    for (struct memo__op *op = first; op != end; op = op->next) {
        if (op->err && op->err != MEMO_EMISS)
            continue;
        err = apply_one(d, t, op, &removals);
        op->err = err == MEMO_EMISS ? err : 0;
        if (err && err != MEMO_EMISS) {
            memo__txn_abort(t);
            memo__buf_release(&removals.list);
            return err;
        }
    }
    int64_t change = -removals.bytes; /* of files: not yet in what the database says */
    *used = used_bytes(t);
    *used = change < 0 && (uint64_t)-change > *used ? 0 : *used + (uint64_t)change;
    return memo__removals_commit(&removals, d, t);
}

/* LMDB reports a write that was cut short as an input/output error. */
static int reason(const struct memo__disk *d, int err)
{
    struct statvfs fs;
    struct rlimit limit;
    if (err != MEMO_EIO)
        return err;
    if (!statvfs(d->dir.path, &fs) && (uint64_t)fs.f_bavail * fs.f_frsize < CHUNK_BYTES)
        return MEMO_EFULL;
    if (!getrlimit(RLIMIT_FSIZE, &limit) && limit.rlim_cur != RLIM_INFINITY)
        return MEMO_EFULL;
    return err;
}

static int write_object(struct memo__disk *d, struct memo__op *op)
{
    struct memo__object_ref ref;
    int err = memo__object_write(d->dir.path, &op->key, op->image, op->image_size, &ref);
    if (err)
        return err;
    op->ref = ref;
    memo__record_set_object(op->record, op->record_len, &ref);
    MEMO__COUNT(d, objects, 1);
    return 0;
}

static void prepare(struct memo__disk *d, struct memo__op *first, struct memo__op *end)
{
    for (struct memo__op *op = first; op != end; op = op->next) {
        if (op->kind != MEMO__OP_PUT)
            continue;
        if (op->image && (op->err = write_object(d, op)))
            continue;
        memo__record_seal(op->record, op->record_len);
    }
}

static int finish(struct memo__disk *d, struct memo__op *first, struct memo__op *end, int err)
{
    int last = err;
    for (struct memo__op *op = first; op != end; op = op->next) {
        bool wrote_file = op->kind == MEMO__OP_PUT && op->image && !op->err;
        if (err && (!op->err || op->err == MEMO_EMISS))
            op->err = err;
        if (err && wrote_file)
            memo__object_unlink(d->dir.path, &op->key, op->ref.random);
        if (op->kind == MEMO__OP_PUT && !op->err)
            MEMO__COUNT(d, committed, 1);
        if (op->claimed)
            memo__disk_unclaim(d, &op->key, op->err != 0);
        if (op->kind == MEMO__OP_TOUCH && !op->err)
            MEMO__COUNT(d, touched, 1);
        if (op->err && op->err != MEMO_EMISS) {
            memo__disk_fault(d, op->err);
            last = op->err;
        }
    }
    return last;
}

static bool is_damage(int err)
{
    return err == MEMO_EDAMAGED || err == MEMO_ECORRUPT;
}

static int apply_chunk(struct memo__disk *d, struct memo__op *first, struct memo__op *end)
{
    uint64_t used = 0;
    int err = __atomic_load_n(&d->off, __ATOMIC_RELAXED);
    if (!err) {
        prepare(d, first, end);
        err = reason(d, commit_chunk(d, first, end, &used));
        if (err == MEMO_EFULL) { /* make room once; an almost empty store stays as it is */
            memo__evict(d, d->max_size);
            err = reason(d, commit_chunk(d, first, end, &used));
        } else if (is_damage(err)) { /* a new one may have taken its place */
            memo__disk_fault(d, err);
            err = __atomic_load_n(&d->off, __ATOMIC_RELAXED);
            if (!err)
                err = reason(d, commit_chunk(d, first, end, &used));
        }
    }
    err = finish(d, first, end, err);
    if (used > d->max_size / 100 * EVICT_PERCENT && used >= d->next_gc_bytes)
        memo__evict(d, d->max_size);
    return err;
}

/* Removal of many entries: as many transactions as it takes. */
struct clearing {
    struct memo__op *op;
    struct memo__removals removals;
    unsigned n;
    bool more, no_memory;
};

static enum memo__scan clear_one(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    struct clearing *c = arg;
    struct memo__record r;
    if (key.len != MEMO__ENTRY_KEY && c->op->kind == MEMO__OP_DEL_ALL)
        return MEMO__SCAN_ON;
    struct memo__disk_key k = {0, {0, 0}};
    if (key.len >= 8)
        memcpy(&k.name, key.data, 8);
    if (c->op->kind == MEMO__OP_DEL_NAME && le64toh(k.name) != c->op->key.name)
        return key.len < 8 ? MEMO__SCAN_ON : MEMO__SCAN_STOP;
    if (key.len != MEMO__ENTRY_KEY)
        return MEMO__SCAN_ON;
    if (c->n == CHUNK_DELETIONS) {
        c->more = true;
        return MEMO__SCAN_STOP;
    }
    k = memo__entry_key_get(key.data);
    uint64_t hash = k.hash[0]; /* of a record that can't be read */
    if (!memo__record_decode(value.data, value.len, &r))
        hash = r.args_hash;
    if (c->op->kind == MEMO__OP_DEL_ALL)
        hash = memo__args_hash_of(hash, k.name);
    if (memo__buf_add(&c->op->hashes, &hash, sizeof hash))
        c->no_memory = true;
    memo__removals_note(&c->removals, &k, value);
    c->n++;
    return MEMO__SCAN_DELETE;
}

static int clear(struct memo__disk *d, struct memo__op *op)
{
    int err;
    struct clearing c;
    uint64_t name = htole64(op->key.name);
    struct memo__bytes from = {&name, op->kind == MEMO__OP_DEL_NAME ? sizeof name : 0};
    do {
        struct memo__txn *t;
        c = (struct clearing){op, {MEMO__BUF_INIT, 0}, 0, false, false};
        if ((err = begin(d, &t)))
            return err;
        if ((err = memo__txn_scan(t, from, clear_one, &c))) {
            memo__txn_abort(t);
            memo__buf_release(&c.removals.list);
            return err;
        }
        err = memo__removals_commit(&c.removals, d, t);
    } while (!err && c.more);
    return err ? err : c.no_memory ? MEMO_ENOMEM : 0;
}

static int apply_alone(struct memo__disk *d, struct memo__op *op)
{
    op->err = __atomic_load_n(&d->off, __ATOMIC_RELAXED);
    if (op->err)
        return op->err;
    if (op->kind == MEMO__OP_GC) {
        memo__evict(d, op->date);
        memo__remove_orphans(d, true);
        return 0;
    }
    if ((op->err = reason(d, clear(d, op))))
        memo__disk_fault(d, op->err);
    return op->err;
}

int memo__disk_apply(void *disk, struct memo__op **head)
{
    struct memo__disk *d = disk;
    struct memo__op **at = head;
    int last = 0;
    while (*at) {
        struct memo__op *list = *at;
        struct memo__op *end = list;
        uint64_t bytes = 0;
        unsigned n = 0;
        while (end && !stands_alone(end) && n < CHUNK_OPS && (!n || bytes < CHUNK_BYTES)) {
            bytes += end->record_len;
            n++;
            end = end->next;
        }
        int err;
        if (n) {
            sort_puts(at, end);
            err = apply_chunk(d, *at, end);
            while (*at != end)
                at = &(*at)->next;
        } else {
            err = apply_alone(d, list);
            at = &list->next;
        }
        if (err)
            last = err;
    }
    if (!d->looked_for_orphans) {
        d->looked_for_orphans = true;
        memo__remove_orphans(d, false);
    }
    return last;
}

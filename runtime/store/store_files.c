/* store_files.c - large results as files beside the database.
 *
 * Copies go through read(2) into the destination, block by block, each block
 * checked while it is in the cache. Views map the file. A file that is
 * untouched since its writer saw it, on this run of the machine, is believed
 * without reading it: what the writer put into the page cache is still what
 * every process sees. After a restart it may be what the disk kept of it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/pool.h"
#include "store/checksum.h"
#include "store/disk.h"

#define FILE_MAGIC "memoobj1"
#define BLOCK MEMO__CHECKSUM_BLOCK

int memo__object_path(char *out, const char *dir, const struct memo__disk_key *key, uint64_t random)
{
    int n = snprintf(out, MEMO__PATH, "%s/objects/%02x/%016llx%016llx%016llx-%016llx", dir,
                     (unsigned)(key->hash[0] & 0xff), (unsigned long long)key->name,
                     (unsigned long long)key->hash[0], (unsigned long long)key->hash[1],
                     (unsigned long long)random);
    return n < 0 || (unsigned)n >= MEMO__PATH ? MEMO_EIO : 0;
}

static bool parse_hex(const char *s, uint64_t *out)
{
    uint64_t v = 0;
    for (int i = 0; i < 16; i++) {
        char c = s[i];
        if (c >= '0' && c <= '9')
            v = v << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            v = v << 4 | (uint64_t)(c - 'a' + 10);
        else
            return false;
    }
    *out = v;
    return true;
}

bool memo__object_parse(const char *name, struct memo__disk_key *key, uint64_t *random)
{
    return strlen(name) == 65 && name[48] == '-' && parse_hex(name, &key->name) &&
           parse_hex(name + 16, &key->hash[0]) && parse_hex(name + 32, &key->hash[1]) &&
           parse_hex(name + 49, random);
}

void memo__object_unlink(const char *dir, const struct memo__disk_key *key, uint64_t random)
{
    char path[MEMO__PATH];
    if (!memo__object_path(path, dir, key, random))
        unlink(path);
}

/* The hash of this run of the machine; 0: unknown, and then nothing is
 * believed unread. */
static uint64_t boot(void)
{
    static uint64_t known;
    char id[64];
    uint64_t v = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (v)
        return v;
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, id, sizeof id);
    close(fd);
    if (n < 16)
        return 0;
    v = memo__checksum(id, (size_t)n);
    __atomic_store_n(&known, v, __ATOMIC_RELAXED);
    return v;
}

static uint64_t ctime_ns(const struct stat *st)
{
    return (uint64_t)st->st_ctim.tv_sec * 1000000000u + (uint64_t)st->st_ctim.tv_nsec;
}

static uint64_t random_name(void)
{
    uint64_t v;
    if (getrandom(&v, sizeof v, GRND_NONBLOCK) != (ssize_t)sizeof v) {
        uint64_t seed[2] = {memo__monotonic_ns(), (uint64_t)getpid()};
        v = memo__checksum(seed, sizeof seed);
    }
    return v;
}

static void fill_header(unsigned char *image, const struct memo__disk_key *key, uint64_t size)
{
    uint64_t le = htole64(size);
    memset(image, 0, MEMO__OBJECT_HEADER);
    memcpy(image, FILE_MAGIC, 8);
    memo__entry_key(key, image + 8);
    memcpy(image + 32, &le, sizeof le);
}

static int write_blocks(int fd, const unsigned char *image, uint64_t size, uint64_t *sum)
{
    *sum = 0;
    for (uint64_t at = 0; at < size; at += BLOCK) {
        size_t len = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
        int err = memo__write_all(fd, image + at, len);
        if (err)
            return err;
        *sum = memo__checksum_block(*sum, image + at, len);
    }
    return 0;
}

static int create_temp(char *temp, const char *path, const char *dir)
{
    snprintf(temp, MEMO__PATH + 8, "%s.tmp", path);
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    char sub[MEMO__PATH];
    int n = snprintf(sub, sizeof sub, "%s", path);
    if (n < 0 || (size_t)n >= sizeof sub || access(dir, F_OK))
        return -1;
    *strrchr(sub, '/') = '\0';
    if (memo__mkdirs(sub))
        return -1;
    return open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
}

int memo__object_write(const char *dir, const struct memo__disk_key *key, unsigned char *image,
                       uint64_t size, struct memo__object_ref *ref)
{
    char path[MEMO__PATH], temp[MEMO__PATH + 8];
    struct stat st;
    uint64_t sum, random = random_name();
    int err = memo__object_path(path, dir, key, random);
    if (err)
        return err;
    int fd = create_temp(temp, path, dir);
    if (fd < 0)
        return memo__error_of_errno(errno);
    fill_header(image, key, size);
    err = write_blocks(fd, image, size, &sum);
    /* The last look at the dates comes after the rename, which changes them. */
    if (!err && (rename(temp, path) || fstat(fd, &st)))
        err = memo__error_of_errno(errno);
    if (close(fd) && !err)
        err = memo__error_of_errno(errno);
    if (err) {
        unlink(temp);
        unlink(path);
        return err;
    }
    *ref = (struct memo__object_ref){size, sum, (uint64_t)st.st_ino, ctime_ns(&st), boot(), random};
    return 0;
}

/* Opens the object's file if it can be the one recorded. */
static int open_object(const struct memo__object *o, int *out, struct stat *st)
{
    char path[MEMO__PATH];
    const struct memo__object_ref *ref = &o->record->object;
    int err = memo__object_path(path, o->dir, &o->key, ref->random);
    if (err)
        return err;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ELOOP ? MEMO_ECORRUPT : MEMO_EMISS;
    if (fstat(fd, st) || !S_ISREG(st->st_mode) || (uint64_t)st->st_size != ref->size) {
        close(fd);
        return MEMO_ECORRUPT;
    }
    *out = fd;
    return 0;
}

static bool is_untouched(const struct memo__object_ref *ref, const struct stat *st)
{
    return ref->boot && ref->boot == boot() && ref->inode == (uint64_t)st->st_ino &&
           ref->ctime_ns == ctime_ns(st);
}

/* The content proved right: let the record say what the file looks like now. */
static void retrust(const struct memo__object *o, const struct stat *st)
{
    if (!o->disk || !o->disk->writable || !boot())
        return;
    struct memo__op *op = memo__op_new(MEMO__OP_RETRUST, &o->key, 0);
    if (!op)
        return;
    op->ref = o->record->object;
    op->ref.inode = (uint64_t)st->st_ino;
    op->ref.ctime_ns = ctime_ns(st);
    op->ref.boot = boot();
    if (memo__writer_push(&o->disk->writer, op))
        memo__op_free(op);
}

static int read_at(int fd, void *to, size_t len, uint64_t at)
{
    unsigned char *p = to;
    while (len) {
        ssize_t n = pread(fd, p, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return MEMO_ECORRUPT; /* an unreadable block is as bad as a wrong one */
        p += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

/* Where in the file the parts begin, walked along with the blocks. */
struct cursor {
    const struct memo__record *record;
    void *const *dst;
    unsigned part;
    uint64_t start, len; /* of that part in the file */
};

static void cursor_set(struct cursor *c, uint64_t start)
{
    c->start = start;
    while (c->part < c->record->n_parts &&
           (c->len = memo__record_part_len(c->record, c->part)) == MEMO__PART_NULL)
        c->part++;
}

static bool cursor_in(const struct cursor *c)
{
    return c->part < c->record->n_parts;
}

/* Copies what of the parts lies in the block [at, at + len). */
static void scatter(struct cursor *c, const unsigned char *block, uint64_t at, size_t len)
{
    uint64_t end = at + len;
    while (cursor_in(c) && c->start < end) {
        uint64_t from = c->start > at ? c->start : at;
        uint64_t part_end = c->start + c->len;
        uint64_t to = part_end < end ? part_end : end;
        if (to > from && c->dst[c->part])
            memcpy((unsigned char *)c->dst[c->part] + (from - c->start), block + (from - at),
                   (size_t)(to - from));
        if (part_end > end)
            return;
        uint64_t next = memo__object_next(c->start, c->len);
        c->part++;
        cursor_set(c, next);
    }
}

/* Where the block can be read to without a detour, or NULL. */
static unsigned char *straight(const struct cursor *c, uint64_t at, size_t len)
{
    if (!cursor_in(c) || !c->dst[c->part] || at < c->start || at + len > c->start + c->len)
        return NULL;
    return (unsigned char *)c->dst[c->part] + (at - c->start);
}

/* Reads and sums the whole file; with c, distributes it to the parts. */
static int read_blocks(int fd, uint64_t size, struct cursor *c, uint64_t *sum)
{
    int err = 0;
    unsigned char *bounce = memo__pool_alloc(BLOCK);
    if (!bounce)
        return MEMO_ENOMEM;
    *sum = 0;
    for (uint64_t at = 0; at < size && !err; at += BLOCK) {
        size_t len = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
        unsigned char *to = c ? straight(c, at, len) : NULL;
        if ((err = read_at(fd, to ? to : bounce, len, at)))
            break;
        *sum = memo__checksum_block(*sum, to ? to : bounce, len);
        if (c && !to)
            scatter(c, bounce, at, len);
    }
    memo__pool_free(bounce);
    return err;
}

int memo__object_copy(const struct memo__object *o, void *const dst[])
{
    struct stat st;
    struct cursor c = {o->record, dst, 0, 0, 0};
    uint64_t sum;
    int fd, err = open_object(o, &fd, &st);
    if (err)
        return err;
    cursor_set(&c, MEMO__OBJECT_HEADER);
    err = read_blocks(fd, o->record->object.size, &c, &sum);
    close(fd);
    if (!err && sum != o->record->object.checksum)
        err = MEMO_ECORRUPT;
    if (!err && !is_untouched(&o->record->object, &st))
        retrust(o, &st);
    return err;
}

/* Believes the open file, or reads it. */
static int check_open(const struct memo__object *o, int fd, const struct stat *st)
{
    uint64_t sum;
    if (is_untouched(&o->record->object, st))
        return 0;
    int err = read_blocks(fd, o->record->object.size, NULL, &sum);
    if (err)
        return err;
    if (sum != o->record->object.checksum)
        return MEMO_ECORRUPT;
    retrust(o, st);
    return 0;
}

int memo__object_check(const struct memo__object *o)
{
    struct stat st;
    int fd, err = open_object(o, &fd, &st);
    if (err)
        return err;
    err = check_open(o, fd, &st);
    close(fd);
    return err;
}

/* Views that the user holds: address to mapping. */
struct view {
    struct view *next;
    const void *at;
    void *base;
    size_t size;
};
#define BUCKETS 256u
static pthread_mutex_t views_lock = PTHREAD_MUTEX_INITIALIZER;
static struct view *views[BUCKETS]; /* views_lock */

static unsigned bucket(const void *at)
{
    return (unsigned)(((uintptr_t)at >> 6) * 0x9e3779b1u >> 16) % BUCKETS;
}

static void views_add(struct view *v)
{
    pthread_mutex_lock(&views_lock);
    v->next = views[bucket(v->at)];
    views[bucket(v->at)] = v;
    pthread_mutex_unlock(&views_lock);
}

bool memo__view_release(const void *view)
{
    struct view *v, **at;
    pthread_mutex_lock(&views_lock);
    for (at = &views[bucket(view)]; (v = *at) && v->at != view; at = &v->next)
        ;
    if (v)
        *at = v->next;
    pthread_mutex_unlock(&views_lock);
    if (!v)
        return false;
    munmap(v->base, v->size);
    memo__free(v);
    return true;
}

void memo__views_atfork_prepare(void)
{
    pthread_mutex_lock(&views_lock);
}

void memo__views_atfork_parent(void)
{
    pthread_mutex_unlock(&views_lock);
}

void memo__views_atfork_child(void)
{
    pthread_mutex_init(&views_lock, NULL);
}

static int map_object(int fd, size_t size, void **out)
{
    void *base = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        return memo__error_of_errno(errno);
    *out = base;
    return 0;
}

int memo__object_view(const struct memo__object *o, unsigned i, const void **out)
{
    const struct memo__object_ref *ref = &o->record->object;
    struct stat st;
    struct view *v;
    int fd, err;
    if (i >= o->record->n_parts || memo__record_part_len(o->record, i) == MEMO__PART_NULL)
        return MEMO_EINVALID;
    uint64_t at = MEMO__OBJECT_HEADER;
    for (unsigned k = 0; k < i; k++)
        at = memo__object_next(at, memo__record_part_len(o->record, k));
    if (ref->size > SIZE_MAX || !(v = memo__malloc(sizeof *v)))
        return MEMO_ENOMEM;
    if (!(err = open_object(o, &fd, &st))) {
        if (!(err = check_open(o, fd, &st)))
            err = map_object(fd, (size_t)ref->size, &v->base);
        close(fd);
    }
    if (err) {
        memo__free(v);
        return err;
    }
    v->size = (size_t)ref->size;
    v->at = (const char *)v->base + at;
    views_add(v);
    *out = v->at;
    return 0;
}

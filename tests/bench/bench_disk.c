/* bench_disk.c - the disk tier beside LMDB itself and memcpy, in one run.
 *
 * P4 a small hit, P5 a hit of 200 MB, P7 the writer. Rows: ours, the limit, their
 * ratio, the target. Medians of interleaved rounds. Options: the numbers of
 * entries for P4 (default 10000 1000000; 10000000 takes minutes and 3 GB), -q
 * for a quick run with small sizes. Exit status 0 whatever comes out: absolute
 * times move with the machine. */
#include <fcntl.h>
#include <lmdb.h>
#include <sys/mman.h>

#include "store/checksum.h"
#include "unit/disk_help.h"

#define ROUNDS 15
#define BIG_MAX ((size_t)200 * 1000 * 1000)

static size_t big_len = BIG_MAX;
static volatile uint64_t sink;

static double now(void)
{
    return (double)memo__monotonic_ns();
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, compare);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void head(void)
{
    printf("| %-44s | %12s | %12s | %6s | %8s |\n", "operation", "ours", "limit", "ratio",
           "target");
    printf("|---|---|---|---|---|\n");
}

static void row(const char *what, double ours, double limit, const char *unit, const char *target)
{
    printf("| %-44s | %9.4g %s | %9.4g %s | %6.2f | %8s |\n", what, ours, unit, limit, unit,
           ours / limit, target);
    fflush(stdout);
}

static void must(int rc, const char *what)
{
    if (rc) {
        fprintf(stderr, "bench_disk: %s: %d\n", what, rc);
        exit(1);
    }
}

/* ---- the peer: LMDB by hand */

static MDB_env *raw_open(const char *name)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    mkdir(help_path(name), 0700);
    must(mdb_env_create(&env), "create");
    must(mdb_env_set_mapsize(env, (size_t)64 << 30), "mapsize");
    must(mdb_env_open(env, help_path(name), MDB_NORDAHEAD | MDB_NOTLS | MDB_NOMETASYNC, 0600),
         "open");
    must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), "begin");
    must(mdb_dbi_open(txn, NULL, 0, &dbi), "dbi");
    mdb_txn_abort(txn);
    return env;
}

static void raw_put(MDB_txn *txn, const void *key, size_t key_len, const void *data, size_t len)
{
    MDB_val k = {key_len, (void *)(uintptr_t)key}, v = {len, (void *)(uintptr_t)data};
    must(mdb_put(txn, 1, &k, &v, 0), "put");
}

/* The bytes that our tier stores for result i. */
static size_t record_of(uint64_t i, unsigned char *out)
{
    struct memo__part part = {&i, 8};
    struct memo__record r = {.layout = help_digest,
                             .identity = help_digest,
                             .created_ns = 1,
                             .key = (const unsigned char *)&i,
                             .key_len = 8,
                             .key_total = 8,
                             .n_parts = 1};
    size_t len = memo__record_size(&r, &part);
    memo__record_encode(&r, &part, out);
    memo__record_seal(out, len);
    return len;
}

static void put_small(struct memo__disk *d, uint64_t i)
{
    struct memo__disk_key key = help_key(1, i);
    struct memo__part part = {&i, 8};
    struct memo__record r = {.layout = help_digest,
                             .identity = help_digest,
                             .created_ns = memo__realtime_ns(),
                             .key = (const unsigned char *)&i,
                             .key_len = 8,
                             .key_total = 8,
                             .n_parts = 1};
    while (memo__disk_put(d, &key, &r, &part, 0))
        usleep(2000); /* the queue is full: let the writer catch up */
}

struct want {
    uint64_t key, value;
};

static int use_small(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    struct want *w = arg;
    struct memo__part part;
    (void)object;
    if (r->key_total != 8 || memcmp(r->key, &w->key, 8) || r->n_parts != 1 ||
        memcmp(r->layout, help_digest, MEMO__DIGEST))
        return MEMO_EMISS;
    memo__record_parts(r, &part);
    if (part.len != 8)
        return MEMO_ECORRUPT;
    memcpy(&w->value, part.data, 8);
    return 0;
}

static double ours_get(struct memo__disk *d, const uint64_t *which, unsigned n)
{
    double t = now();
    for (unsigned k = 0; k < n; k++) {
        struct want w = {which[k], 0};
        struct memo__disk_key key = help_key(1, w.key);
        must(memo__disk_get(d, &key, use_small, &w), "get");
        sink += w.value;
    }
    return (now() - t) / n;
}

/* LMDB by hand: a renewed transaction, the value copied. */
static double raw_get(MDB_txn *txn, size_t key_len, size_t at, const uint64_t *which, unsigned n)
{
    double t = now();
    for (unsigned k = 0; k < n; k++) {
        struct memo__disk_key key = help_key(1, which[k]);
        MDB_val mk = {key_len, key_len == 24 ? (void *)&key : (void *)key.hash}, mv;
        uint64_t value;
        must(mdb_txn_renew(txn), "renew");
        must(mdb_get(txn, 1, &mk, &mv), "raw get");
        memcpy(&value, (char *)mv.mv_data + at, 8);
        mdb_txn_reset(txn);
        sink += value;
    }
    return (now() - t) / n;
}

static void bench_get(uint64_t entries)
{
    enum { GETS = 20000 };
    static uint64_t random_which[GETS], same_which[GETS];
    double ours[2][ROUNDS], same_bytes[2][ROUNDS], plain[2][ROUNDS];
    MDB_txn *t1, *t2;
    char what[100];
    help_new_dir();
    struct memo__disk *d = help_open_max(help_path("ours"), (uint64_t)1 << 40);
    MDB_env *same = raw_open("same"), *small = raw_open("plain");
    for (uint64_t i = 0; i < entries;) {
        must(mdb_txn_begin(same, NULL, 0, &t1), "begin");
        must(mdb_txn_begin(small, NULL, 0, &t2), "begin");
        for (uint64_t end = i + 100000; i < end && i < entries; i++) {
            unsigned char record[512];
            struct memo__disk_key key = help_key(1, i);
            put_small(d, i);
            raw_put(t1, &key, 24, record, record_of(i, record));
            raw_put(t2, key.hash, 16, &i, 8);
        }
        must(mdb_txn_commit(t1), "commit");
        must(mdb_txn_commit(t2), "commit");
    }
    must(memo__disk_flush(d, 0), "flush");
    must(mdb_txn_begin(same, NULL, MDB_RDONLY, &t1), "begin");
    must(mdb_txn_begin(small, NULL, MDB_RDONLY, &t2), "begin");
    mdb_txn_reset(t1);
    mdb_txn_reset(t2);
    for (int r = 0; r < ROUNDS; r++) {
        for (unsigned k = 0; k < GETS; k++) {
            random_which[k] = help_mix((uint64_t)r * GETS + k) % entries;
            same_which[k] = 7;
        }
        for (int s = 0; s < 2; s++) {
            const uint64_t *which = s ? same_which : random_which;
            ours[s][r] = ours_get(d, which, GETS);
            same_bytes[s][r] = raw_get(t1, 24, 104, which, GETS);
            plain[s][r] = raw_get(t2, 16, 0, which, GETS);
        }
    }
    double o = median(ours[0], ROUNDS);
    snprintf(what, sizeof what, "P4 get, %.0e entries, raw: same bytes", (double)entries);
    row(what, o, median(same_bytes[0], ROUNDS), "ns", "<= 1.5");
    snprintf(what, sizeof what, "P4 get, %.0e entries, raw: 16 B -> 8 B", (double)entries);
    row(what, o, median(plain[0], ROUNDS), "ns", entries >= 10000000 ? "<= 2" : "<= 1.5");
    o = median(ours[1], ROUNDS);
    snprintf(what, sizeof what, "P4 the same key again, raw: same bytes");
    row(what, o, median(same_bytes[1], ROUNDS), "ns", "<= 1.5");
    snprintf(what, sizeof what, "P4 the same key again, raw: 16 B -> 8 B");
    row(what, o, median(plain[1], ROUNDS), "ns", "<= 1.5");
    mdb_txn_abort(t1);
    mdb_txn_abort(t2);
    mdb_env_close(same);
    mdb_env_close(small);
    memo__disk_close(d);
}

struct large {
    void *copy;
    const void *view;
};

static int use_view(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    struct large *l = arg;
    (void)r;
    return object ? memo__object_view(object, 0, &l->view) : MEMO_ECORRUPT;
}

static int use_copy(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    struct large *l = arg;
    l->copy = memo__alloc_result(memo__record_part_len(r, 0), 0);
    return object && l->copy ? memo__object_copy(object, &l->copy) : MEMO_ECORRUPT;
}

/* The only object file below the store: opened, mapped, touched. */
static char object_path[1024];

static int find_object(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)ftw;
    if (flag == FTW_F && (size_t)st->st_size > big_len)
        snprintf(object_path, sizeof object_path, "%s", path);
    return 0;
}

static double map_by_hand(struct memo__disk *d)
{
    struct stat st;
    char root[1024];
    snprintf(root, sizeof root, "%s/objects", memo__disk_dir(d));
    nftw(root, find_object, 8, FTW_PHYS);
    double t = now();
    int fd = open(object_path, O_RDONLY | O_CLOEXEC);
    must(fstat(fd, &st), "fstat");
    unsigned char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    sink += p[64];
    t = (now() - t) / 1e3;
    munmap(p, (size_t)st.st_size);
    return t;
}

static void bench_big(void)
{
    enum { N = 9, VIEWS = 5 };
    double view[N * VIEWS], raw_view[N * VIEWS], copy[N], limit[N], put[N];
    unsigned char *bytes = memo__alloc_result(big_len, 0);
    struct memo__disk_key key = help_key(1, 1);
    struct memo__part part = {bytes, big_len};
    uint64_t number = 1;
    struct memo__record r = {.layout = help_digest,
                             .identity = help_digest,
                             .created_ns = 1,
                             .key = (const unsigned char *)&number,
                             .key_len = 8,
                             .key_total = 8,
                             .n_parts = 1};
    help_fill(bytes, 1, big_len);
    struct memo__disk *d = help_open(help_new_dir());
    for (int k = 0; k < N; k++) {
        double t = now();
        must(memo__disk_put(d, &key, &r, &part, 0), "put");
        put[k] = (now() - t) / 1e6;
        must(memo__disk_flush(d, 0), "flush");
    }
    for (int k = 0; k < N; k++) {
        struct large l = {NULL, NULL};
        for (int v = 0; v < VIEWS; v++) { /* the first of each round with cold caches */
            double t0 = now();
            must(memo__disk_get(d, &key, use_view, &l), "view");
            sink += *(const unsigned char *)l.view;
            view[k * VIEWS + v] = (now() - t0) / 1e3;
            memo__view_release(l.view);
            raw_view[k * VIEWS + v] = map_by_hand(d);
        }
        double t = now();
        must(memo__disk_get(d, &key, use_copy, &l), "copy");
        copy[k] = (now() - t) / 1e6;
        if (memcmp(l.copy, bytes, big_len))
            must(-1, "compare");
        free(l.copy);
        t = now();
        void *fresh = memo__alloc_result(big_len, 0);
        memcpy(fresh, bytes, big_len);
        limit[k] = (now() - t) / 1e6;
        sink += *(volatile unsigned char *)fresh;
        free(fresh);
    }
    row("P5 view of 200 MB, to 20 us", median(view, N * VIEWS), 20, "us", "<= 1");
    row("P5 the same, to open + mmap of the file", median(view, N * VIEWS),
        median(raw_view, N * VIEWS), "us", "-");
    row("P5 owned copy of 200 MB, to memcpy", median(copy, N), median(limit, N), "ms", "<= 1.2");
    row("P6 put of 200 MB, to memcpy", median(put, N), median(limit, N), "ms", "-");
    memo__disk_close(d);
    free(bytes);
}

static void bench_writer(void)
{
    enum { N = 10000, ROUNDS_W = 11 };
    double ours[ROUNDS_W], raw[ROUNDS_W], push[ROUNDS_W];
    static unsigned char records[N][152];
    static struct memo__disk_key keys[N];
    struct memo__disk *d = help_open(help_new_dir());
    MDB_env *env = raw_open("raw");
    MDB_txn *txn;
    for (int r = 0; r < ROUNDS_W; r++) {
        uint64_t from = (uint64_t)r * N;
        double t = now();
        for (uint64_t i = from; i < from + N; i++)
            put_small(d, i);
        push[r] = (now() - t) / N;
        must(memo__disk_flush(d, 0), "flush");
        ours[r] = (now() - t) / N;
        for (unsigned i = 0; i < N; i++) {
            record_of(from + i, records[i]);
            keys[i] = help_key(1, from + i);
        }
        t = now();
        must(mdb_txn_begin(env, NULL, 0, &txn), "begin");
        for (unsigned i = 0; i < N; i++)
            raw_put(txn, &keys[i], 24, records[i], 120);
        must(mdb_txn_commit(txn), "commit");
        raw[r] = (now() - t) / N;
    }
    row("P7 store 10000 new results, to one mdb txn", median(ours, ROUNDS_W), median(raw, ROUNDS_W),
        "ns", "<= 1.5");
    struct memo__disk_stats stats;
    memo__disk_stats(d, &stats);
    printf("(%llu commits for %d times 10000 results)\n", (unsigned long long)stats.commits,
           ROUNDS_W);
    row("P6 what the caller pays for each", median(push, ROUNDS_W), 500, "ns", "<= 1");
    mdb_env_close(env);
    memo__disk_close(d);
}

int main(int argc, char **argv)
{
    uint64_t numbers[8] = {10000, 1000000};
    int n = 0;
    for (int i = 1; i < argc && n < 8; i++) {
        if (!strcmp(argv[i], "-q")) {
            big_len = (size_t)8 << 20;
            numbers[0] = 1000;
            n = 1;
        } else {
            numbers[n++] = strtoull(argv[i], NULL, 10);
        }
    }
    head();
    for (int i = 0; i < (n ? n : 2); i++)
        bench_get(numbers[i]);
    bench_big();
    bench_writer();
    help_clean();
    return check_result();
}

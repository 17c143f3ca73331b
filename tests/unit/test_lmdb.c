/* test_lmdb.c - the database layer: a map that is too small, transactions, scans. */
#include <sys/wait.h>

#include "store/store_lmdb.h"
#include "unit/disk_help.h"

#define VALUE 3000

static struct memo__bytes bytes(const void *data, size_t len)
{
    return (struct memo__bytes){data, len};
}

static int fill(struct memo__lmdb *db, uint64_t from, uint64_t to)
{
    unsigned char value[VALUE];
    struct memo__txn *t;
    int err = memo__txn_begin(db, &t);
    if (err)
        return err;
    for (uint64_t i = from; i < to; i++) {
        uint64_t key = help_mix(i);
        help_fill(value, i, sizeof value);
        if ((err = memo__txn_put(t, bytes(&key, 8), bytes(value, sizeof value)))) {
            memo__txn_abort(t);
            return err;
        }
    }
    return memo__txn_commit(t);
}

static int compare(void *arg, struct memo__bytes value)
{
    unsigned char want[VALUE];
    help_fill(want, *(uint64_t *)arg, sizeof want);
    CHECK_EQ(value.len, VALUE);
    CHECK_MEM(value.data, want, VALUE);
    return 0;
}

static int get(struct memo__lmdb *db, uint64_t i)
{
    uint64_t key = help_mix(i);
    return memo__lmdb_get(db, &key, 8, compare, &i);
}

/* Another process, with a larger map, lets the database outgrow ours. */
static void outgrown(void)
{
    struct memo__lmdb *db, *large;
    int status;
    help_new_dir();
    CHECK_EQ(memo__lmdb_open(help_dir, 1 << 20, true, &db), 0);
    CHECK_EQ(fill(db, 0, 10), 0);
    CHECK_EQ(get(db, 3), 0);
    for (uint64_t round = 1; round < 4; round++) {
        fflush(NULL);
        if (!fork()) {
            memo__lmdb_atfork_child(db);
            CHECK_EQ(memo__lmdb_open(help_dir, 1 << 28, true, &large), 0);
            CHECK_EQ(fill(large, round * 1000, round * 1000 + 1000), 0);
            _exit(check_failures != 0);
        }
        wait(&status);
        CHECK_EQ(status, 0);
        CHECK_EQ(get(db, round * 1000 + 999), 0);
        CHECK_EQ(get(db, 3), 0);
        CHECK_EQ(fill(db, round * 1000 + 500, round * 1000 + 510), 0);
    }
    CHECK(memo__lmdb_reopened(db) > 0);
    memo__lmdb_close(db);
}

static void full_map(void)
{
    struct memo__lmdb *db;
    help_new_dir();
    CHECK_EQ(memo__lmdb_open(help_dir, 1 << 20, true, &db), 0);
    CHECK_EQ(fill(db, 0, 1000), MEMO_EFULL);
    CHECK_EQ(get(db, 1), MEMO_EMISS);
    CHECK_EQ(fill(db, 0, 100), 0);
    CHECK_EQ(get(db, 1), 0);
    memo__lmdb_close(db);
}

static enum memo__scan delete_odd(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    unsigned *n = arg;
    (void)key;
    (void)value;
    return ++*n % 2 ? MEMO__SCAN_DELETE : MEMO__SCAN_ON;
}

static enum memo__scan count(void *arg, struct memo__bytes key, struct memo__bytes value)
{
    unsigned *n = arg;
    (void)key;
    (void)value;
    return ++*n == 400 ? MEMO__SCAN_STOP : MEMO__SCAN_ON;
}

static void scans(void)
{
    struct memo__lmdb *db;
    struct memo__txn *t;
    struct memo__lmdb_size size;
    unsigned n = 0;
    help_new_dir();
    CHECK_EQ(memo__lmdb_open(help_dir, 1 << 26, true, &db), 0);
    CHECK_EQ(memo__lmdb_scan(db, bytes(NULL, 0), count, &n), 0);
    CHECK_EQ(n, 0);
    CHECK_EQ(fill(db, 0, 1000), 0);
    CHECK_EQ(memo__lmdb_scan(db, bytes(NULL, 0), count, &n), 0);
    CHECK_EQ(n, 400);
    n = 0;
    CHECK_EQ(memo__txn_begin(db, &t), 0);
    CHECK_EQ(memo__txn_scan(t, bytes(NULL, 0), delete_odd, &n), 0);
    CHECK_EQ(n, 1000); /* each pair was seen once */
    CHECK_EQ(memo__txn_size(t, &size), 0);
    CHECK_EQ(size.keys, 500);
    CHECK_EQ(memo__txn_commit(t), 0);
    CHECK_EQ(memo__lmdb_size(db, &size), 0);
    CHECK_EQ(size.keys, 500);
    memo__lmdb_close(db);
}

static int nested(void *arg, struct memo__bytes value)
{
    (void)value;
    CHECK_EQ(get(arg, 2), MEMO_EBUSY);
    return -77;
}

static void callbacks(void)
{
    struct memo__lmdb *db;
    uint64_t key = help_mix(1);
    help_new_dir();
    CHECK_EQ(memo__lmdb_open(help_dir, 1 << 26, true, &db), 0);
    CHECK_EQ(fill(db, 0, 5), 0);
    CHECK_EQ(memo__lmdb_get(db, &key, 8, nested, db), -77);
    CHECK_EQ(get(db, 2), 0);
    memo__lmdb_close(db);
}

int main(void)
{
    outgrown();
    full_map();
    scans();
    callbacks();
    help_clean();
    return check_result();
}

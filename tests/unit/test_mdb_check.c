/* test_mdb_check.c - the walk over the database's pages: never a false alarm,
 * whatever shape LMDB gave them, and no damage of structure that it misses. */
#include <fcntl.h>

#include "store/mdb_check.h"
#include "store/mdb_format.h"
#include "store/store_lmdb.h"
#include "unit/disk_help.h"

#define LARGEST 400000u

static unsigned char value[LARGEST];

static int check_file(void)
{
    int fd = open(help_path("data.mdb"), O_RDONLY);
    int err = memo__mdb_check(fd, 0);
    close(fd);
    return err;
}

static struct memo__lmdb *open_new(void)
{
    struct memo__lmdb *db = NULL;
    help_new_dir();
    CHECK_EQ(memo__lmdb_open(help_dir, 1 << 30, true, &db), 0);
    return db;
}

static struct memo__txn *begin(struct memo__lmdb *db)
{
    struct memo__txn *t = NULL;
    CHECK_EQ(memo__txn_begin(db, &t), 0);
    return t;
}

static void put(struct memo__txn *t, uint64_t i, size_t key_len, size_t len)
{
    uint64_t key[3] = {help_mix(i), help_mix(i + 1), help_mix(i + 2)};
    CHECK_EQ(memo__txn_put(t, (struct memo__bytes){key, key_len}, (struct memo__bytes){value, len}),
             0);
}

static void del(struct memo__txn *t, uint64_t i, size_t key_len)
{
    uint64_t key[3] = {help_mix(i), help_mix(i + 1), help_mix(i + 2)};
    int err = memo__txn_del(t, (struct memo__bytes){key, key_len});
    CHECK(!err || err == MEMO_EMISS);
}

/* Few are large; some of each page's keys differ in length. */
static size_t length(uint64_t random)
{
    unsigned kind = random % 64;
    uint64_t n = random >> 8;
    return kind == 0 ? n % LARGEST : kind < 6 ? n % 20000 : kind < 40 ? n % 300 : n % 2100;
}

/* Random writes; `percent` of them are deletions. */
static void shuffle(uint64_t seed, unsigned n_commits, unsigned n_each, uint64_t n_keys,
                    unsigned percent)
{
    struct memo__lmdb *db = open_new();
    CHECK_EQ(check_file(), 0);
    for (unsigned c = 0; c < n_commits; c++) {
        struct memo__txn *t = begin(db);
        for (unsigned i = 0; i < n_each; i++) {
            uint64_t r = help_mix(seed++), k = help_mix(r) % n_keys;
            size_t key_len = k % 8 ? 24 : 1 + k % 24;
            if (r % 100 < percent)
                del(t, k, key_len);
            else
                put(t, k, key_len, length(r / 100));
        }
        CHECK_EQ(memo__txn_commit(t), 0);
        CHECK_EQ(check_file(), 0);
    }
    memo__lmdb_close(db);
    CHECK_EQ(check_file(), 0);
}

static enum memo__scan del_all(void *arg, struct memo__bytes key, struct memo__bytes val)
{
    (void)arg;
    (void)key;
    (void)val;
    return MEMO__SCAN_DELETE;
}

/* Everything goes at once: long lists of free pages, then none, then trees that
 * grow out of them. */
static void fill_and_empty(void)
{
    struct memo__lmdb *db = open_new();
    for (unsigned round = 0; round < 4; round++) {
        struct memo__txn *t = begin(db);
        for (uint64_t i = 0; i < 3000; i++)
            put(t, i, 24, round % 2 ? 6000 : 100);
        CHECK_EQ(memo__txn_commit(t), 0);
        CHECK_EQ(check_file(), 0);
        t = begin(db);
        for (uint64_t i = 0; i < 3000; i++) /* over what was written just now, too */
            put(t, i % 500, 24, i % 3 ? 9000 : 200 + i);
        CHECK_EQ(memo__txn_commit(t), 0);
        CHECK_EQ(check_file(), 0);
        t = begin(db);
        CHECK_EQ(memo__txn_scan(t, (struct memo__bytes){NULL, 0}, del_all, NULL), 0);
        CHECK_EQ(memo__txn_commit(t), 0);
        CHECK_EQ(check_file(), 0);
    }
    memo__lmdb_close(db);
}

/* What a check of the file's first `size` bytes says. */
static int verdict(int fd, const unsigned char *file, off_t size)
{
    CHECK_EQ(ftruncate(fd, 0), 0);
    CHECK_EQ(pwrite(fd, file, (size_t)size, 0), size);
    return memo__mdb_check(fd, 0);
}

static int verdict_flipped(int fd, unsigned char *file, off_t at, unsigned bit)
{
    file[at] ^= (unsigned char)(1u << bit);
    CHECK_EQ(pwrite(fd, file + at, 1, at), 1);
    int err = memo__mdb_check(fd, 0);
    file[at] ^= (unsigned char)(1u << bit);
    CHECK_EQ(pwrite(fd, file + at, 1, at), 1);
    return err;
}

/* Every bit of what a page says about itself and where its nodes are. Of pages
 * that no tree refers to nothing counts; `pad` means nothing. */
static unsigned flip_page(int fd, unsigned char *file, off_t at)
{
    struct memo__mdb_page head;
    unsigned n_missed = 0;
    memcpy(&head, file + at, sizeof head);
    bool is_run = head.flags == MEMO__MDB_OVERFLOW;
    off_t end = is_run ? (off_t)sizeof head : head.lower;
    for (off_t i = 0; i < end; i++)
        for (unsigned bit = 0; bit < 8; bit++)
            if (i != 8 && i != 9 && verdict_flipped(fd, file, at + i, bit) != MEMO_EDAMAGED)
                n_missed++;
    for (off_t i = sizeof head; !is_run && i < end; i += 2) {
        uint16_t offset;
        memcpy(&offset, file + at + i, 2);
        for (unsigned bit = 1; bit < 8; bit++) /* key's length; bit 0 may be filling */
            if (verdict_flipped(fd, file, at + offset + 6, bit) != MEMO_EDAMAGED)
                n_missed++;
    }
    return n_missed;
}

/* Pages that lay in the trees once are left as they were, and look as good. */
static bool is_in_use(int fd, unsigned char *file, off_t at, size_t number)
{
    size_t own;
    memcpy(&own, file + at, sizeof own);
    return own == number && verdict_flipped(fd, file, at, 0) == MEMO_EDAMAGED;
}

static void damage(void)
{
    struct memo__lmdb *db = open_new();
    for (unsigned round = 0; round < 3; round++) {
        struct memo__txn *t = begin(db);
        for (uint64_t i = 0; i < 400; i++)
            put(t, i + round * 10, 24, i % 50 ? i % 300 : 5000);
        CHECK_EQ(memo__txn_commit(t), 0);
    }
    memo__lmdb_close(db);
    struct stat st;
    int fd = open(help_path("data.mdb"), O_RDWR);
    CHECK_EQ(fstat(fd, &st), 0);
    unsigned char *file = malloc((size_t)st.st_size);
    CHECK_EQ(pread(fd, file, (size_t)st.st_size, 0), st.st_size);
    struct memo__mdb_meta meta;
    memcpy(&meta, file, sizeof meta);
    off_t page_size = meta.trees[MEMO__MDB_FREE].pad;
    unsigned n_pages = 0, n_missed = 0;
    CHECK_EQ(verdict(fd, file, st.st_size), 0);
    for (off_t at = 2 * page_size; at + page_size <= st.st_size; at += page_size) {
        if (!is_in_use(fd, file, at, (size_t)(at / page_size)))
            continue;
        n_pages++;
        n_missed += flip_page(fd, file, at);
    }
    CHECK(n_pages > 20);
    CHECK_EQ(n_missed, 0);
    for (off_t size = 0; size < st.st_size; size += st.st_size / 40) { /* cut: never a crash */
        int err = verdict(fd, file, size);
        CHECK(!err || err == MEMO_EDAMAGED);
        CHECK(size > 2 * page_size || err);
    }
    for (uint64_t i = 0; i < 2000; i++) { /* anywhere: neither */
        off_t at = (off_t)(help_mix(i) % (uint64_t)st.st_size);
        if (!i)
            CHECK_EQ(verdict(fd, file, st.st_size), 0);
        int err = verdict_flipped(fd, file, at, i % 8);
        CHECK(!err || err == MEMO_EDAMAGED);
    }
    close(fd);
    free(file);
}

int main(void)
{
    help_fill(value, 7, sizeof value);
    shuffle(1, 300, 40, 3000, 30);
    shuffle(1000000, 60, 2000, 20000, 45);
    shuffle(2000000, 200, 100, 500, 60);
    shuffle(3000000, 400, 3, 100000, 10);
    fill_and_empty();
    damage();
    help_clean();
    return check_result();
}

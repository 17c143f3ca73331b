/* test_disk.c - the disk tier as its users see it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "base/log.h"
#include "store/disk.h"
#include "unit/disk_help.h"

#define BIG ((size_t)3 << 20)

/* Small, half a page, overflow pages, a file; written, read, read by the next. */
static void put_and_get(void)
{
    static const size_t lens[] = {0, 1, 8, 100, 1900, 2100, 5000, 100000, 600000, BIG};
    const unsigned n = sizeof lens / sizeof *lens;
    struct memo__disk *d = help_open(help_new_dir());
    CHECK_EQ(help_get(d, 1, 0, 0), MEMO_EMISS);
    for (unsigned i = 0; i < n; i++)
        CHECK_EQ(help_put(d, 1, i, lens[i], 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < n; i++)
            CHECK_EQ(help_get(d, 1, i, lens[i]), 0);
        CHECK_EQ(help_get(d, 2, 0, 0), MEMO_EMISS);
        CHECK_EQ(help_get(d, 1, n, 0), MEMO_EMISS);
        memo__disk_close(d);
        d = help_open(help_dir);
    }
    CHECK_EQ(access(help_path("CACHEDIR.TAG"), F_OK), 0);
    CHECK_EQ(access(help_path(".gitignore"), F_OK), 0);
    memo__disk_close(d);
}

static void replace_and_delete(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    struct memo__disk_key key = help_key(1, 5);
    struct memo__disk_stats s;
    CHECK_EQ(memo__disk_del(d, &key), MEMO_EMISS);
    for (size_t len = 1; len < 4 * BIG; len = len * 5 + 3) {
        CHECK_EQ(help_put(d, 1, 5, len, 0), 0);
        CHECK_EQ(memo__disk_flush(d, 0), 0);
        CHECK_EQ(help_get(d, 1, 5, len), 0);
    }
    CHECK_EQ(help_put(d, 1, 5, BIG, 0), 0);
    CHECK_EQ(help_put(d, 1, 5, 9, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(help_get(d, 1, 5, 9), 0);
    memo__disk_stats(d, &s);
    CHECK(s.used_bytes < BIG); /* no file is counted any more */
    CHECK_EQ(help_put(d, 1, 5, BIG, 0), 0);
    CHECK_EQ(memo__disk_del(d, &key), 0); /* in order after the put */
    CHECK_EQ(help_get(d, 1, 5, BIG), MEMO_EMISS);
    CHECK_EQ(memo__disk_del(d, &key), MEMO_EMISS);
    memo__disk_stats(d, &s);
    CHECK(s.used_bytes < BIG);
    memo__disk_close(d);
}

static int count_entries(void *arg, const struct memo__disk_key *key, const struct memo__record *r,
                         uint64_t len)
{
    unsigned *n = arg;
    (void)key;
    CHECK(r != NULL);
    CHECK(len > 100);
    n[0]++;
    return 0;
}

static int count_functions(void *arg, uint64_t name, const unsigned char *identity,
                           const void *data, size_t len)
{
    unsigned *n = arg;
    CHECK_EQ(name, help_mix(2));
    CHECK_MEM(identity, help_digest, MEMO__DIGEST);
    CHECK_EQ(len, 4);
    CHECK_MEM(data, "text", 4);
    n[1]++;
    return 0;
}

static int stop_at_once(void *arg, const struct memo__disk_key *key, const struct memo__record *r,
                        uint64_t len)
{
    (void)key;
    (void)r;
    (void)len;
    ++*(unsigned *)arg;
    return -77;
}

static void by_name(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    uint64_t *hashes = NULL;
    size_t n = 99;
    unsigned counts[2] = {0, 0};
    struct memo__disk_visitor v = {count_entries, count_functions, counts};
    for (uint64_t name = 1; name <= 3; name++)
        for (uint64_t i = 0; i < 20000; i++)
            CHECK_EQ(help_put(d, name, i, i % 50, 0), 0);
    for (uint64_t i = 20000; i < 20010; i++) /* another code version of the same calls */
        CHECK_EQ(help_put(d, 2, i - 10, 5, 0), 0);
    CHECK_EQ(memo__disk_describe(d, help_mix(2), help_digest, "text", 4), 0);
    CHECK_EQ(memo__disk_describe(d, help_mix(2), help_digest, "late", 4), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(memo__disk_iterate(d, &v), 0);
    CHECK_EQ(counts[0], 60000);
    CHECK_EQ(counts[1], 1);
    CHECK_EQ(memo__disk_del_name(d, help_mix(2), &hashes, &n), 0);
    CHECK_EQ(n, 20000);
    for (size_t i = 0; hashes && i < n; i++)
        CHECK_EQ(hashes[i], i);
    memo__free(hashes);
    CHECK_EQ(help_get(d, 2, 7, 7), MEMO_EMISS);
    CHECK_EQ(help_get(d, 1, 7, 7), 0);
    CHECK_EQ(help_get(d, 3, 7, 7), 0);
    CHECK_EQ(memo__disk_del_name(d, help_mix(2), NULL, &n), 0);
    CHECK_EQ(n, 0);
    unsigned seen = 0;
    struct memo__disk_visitor stop = {stop_at_once, NULL, &seen};
    CHECK_EQ(memo__disk_iterate(d, &stop), -77);
    CHECK_EQ(seen, 1);
    CHECK_EQ(memo__disk_del_all(d, NULL, &n), 0);
    CHECK_EQ(n, 40000);
    CHECK_EQ(help_get(d, 1, 7, 7), MEMO_EMISS);
    memo__disk_close(d);
}

struct view_arg {
    uint64_t i;
    size_t len;
    const unsigned char *view;
    bool was_object;
};

static int use_view(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    struct view_arg *v = arg;
    (void)r;
    v->was_object = object != NULL;
    return object ? memo__object_view(object, 2, (const void **)&v->view) : 0;
}

static int get_view(struct memo__disk *d, struct view_arg *v)
{
    struct memo__disk_key key = help_key(1, v->i);
    v->view = NULL;
    return memo__disk_get(d, &key, use_view, v);
}

static void check_view(const struct view_arg *v)
{
    unsigned char *want = malloc(v->len);
    help_fill(want, v->i, v->len);
    CHECK(v->view != NULL);
    CHECK_EQ((uintptr_t)v->view % 64, 0);
    if (v->view)
        CHECK_MEM(v->view, want, v->len);
    free(want);
}

static void views(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    struct view_arg a = {1, 5000, NULL, false}, b = {1, 5000, NULL, false},
                    small = {2, 50, NULL, false}, big = {3, BIG, NULL, false};
    size_t n;
    int status;
    CHECK_EQ(help_put(d, 1, 1, 5000, MEMO__PUT_VIEW), 0);
    CHECK_EQ(help_put(d, 1, 2, 50, MEMO__PUT_VIEW), 0);
    CHECK_EQ(help_put(d, 1, 3, BIG, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(get_view(d, &a), 0);
    CHECK_EQ(get_view(d, &b), 0);
    CHECK_EQ(get_view(d, &big), 0);
    CHECK_EQ(get_view(d, &small), 0);
    CHECK(!small.was_object);
    CHECK(a.view != b.view);
    check_view(&a);
    CHECK(memo__view_release(a.view));
    CHECK(!memo__view_release(a.view));
    CHECK(!memo__view_release(&n));
    CHECK_EQ(memo__disk_del_all(d, NULL, &n), 0); /* the others outlive their files, */
    CHECK_EQ(n, 3);
    CHECK_EQ(get_view(d, &a), MEMO_EMISS);
    memo__disk_close(d); /* the store, */
    check_view(&b);
    check_view(&big);
    fflush(NULL);
    if (!fork()) { /* and the process */
        check_view(&big);
        _exit(check_failures || !memo__view_release(big.view));
    }
    wait(&status);
    CHECK_EQ(status, 0);
    CHECK(memo__view_release(b.view));
    CHECK(memo__view_release(big.view));
}

static struct memo__disk *shared;

static void *reader(void *arg)
{
    uint64_t seed = (uint64_t)(uintptr_t)arg;
    for (uint64_t k = 0; k < 20000; k++) {
        uint64_t i = help_mix(seed * 100000 + k) % 2000;
        int err = help_get(shared, 1, i, i % 300);
        if (err)
            CHECK_EQ(err, MEMO_EMISS);
    }
    return NULL;
}

static void *storer(void *arg)
{
    uint64_t from = (uint64_t)(uintptr_t)arg * 500;
    for (uint64_t i = from; i < from + 500; i++)
        CHECK_EQ(help_put(shared, 1, i, i % 300, 0), 0);
    return NULL;
}

static void threads(void)
{
    pthread_t t[8];
    shared = help_open(help_new_dir());
    for (uintptr_t k = 0; k < 8; k++)
        CHECK_EQ(pthread_create(&t[k], NULL, k % 2 ? reader : storer, (void *)(k / 2)), 0);
    for (int k = 0; k < 8; k++)
        pthread_join(t[k], NULL);
    CHECK_EQ(memo__disk_flush(shared, 0), 0);
    for (uint64_t i = 0; i < 2000; i++)
        CHECK_EQ(help_get(shared, 1, i, i % 300), 0);
    memo__disk_close(shared);
}

/* The child reads and stores through a database of its own. */
static void forked(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    int status;
    for (uint64_t i = 0; i < 50; i++)
        CHECK_EQ(help_put(d, 1, i, 10, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(help_get(d, 1, 1, 10), 0);
    for (uint64_t child = 0; child < 5; child++) {
        CHECK_EQ(help_put(d, 3, child, 10, 0), 0); /* queued by the parent alone */
        fflush(NULL);
        memo__disk_atfork_prepare(d);
        pid_t pid = fork();
        if (!pid) {
            memo__disk_atfork_child(d);
            for (uint64_t i = 0; i < 50; i++)
                CHECK_EQ(help_get(d, 1, i, 10), 0);
            CHECK_EQ(help_put(d, 2, child, 700000, 0), 0);
            CHECK_EQ(memo__disk_flush(d, 0), 0);
            CHECK_EQ(help_get(d, 2, child, 700000), 0);
            memo__disk_close(d);
            _exit(check_failures != 0);
        }
        memo__disk_atfork_parent(d);
        CHECK_EQ(help_get(d, 1, 2, 10), 0);
        waitpid(pid, &status, 0);
        CHECK_EQ(status, 0);
        CHECK_EQ(help_get(d, 2, child, 700000), 0);
    }
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    for (uint64_t child = 0; child < 5; child++)
        CHECK_EQ(help_get(d, 3, child, 10), 0);
    memo__disk_close(d);
}

static void read_only(void)
{
    struct memo__disk *d = NULL;
    struct memo__disk_options o = {help_new_dir(), 0, true};
    struct memo__disk_key key = help_key(1, 1);
    CHECK_EQ(memo__disk_open(&o, &d), MEMO_EREADONLY);
    CHECK(access(help_path("data.mdb"), F_OK) != 0);
    o.dir = help_path("none");
    CHECK_EQ(memo__disk_open(&o, &d), MEMO_EREADONLY);
    o.dir = help_dir;
    d = help_open(help_dir);
    CHECK_EQ(help_put(d, 1, 1, 100, 0), 0);
    CHECK_EQ(help_put(d, 1, 2, BIG, 0), 0);
    memo__disk_close(d);
    CHECK_EQ(memo__disk_open(&o, &d), 0);
    CHECK(!memo__disk_writable(d));
    CHECK_EQ(help_get(d, 1, 1, 100), 0);
    CHECK_EQ(help_get(d, 1, 2, BIG), 0);
    CHECK_EQ(help_put(d, 1, 3, 100, 0), MEMO_EREADONLY);
    CHECK_EQ(memo__disk_del(d, &key), MEMO_EREADONLY);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    memo__disk_close(d);
}

static int open_error(const char *dir)
{
    struct memo__disk *d = NULL;
    struct memo__disk_options o = {dir, 0, false};
    int err = memo__disk_open(&o, &d);
    memo__disk_close(d);
    return err;
}

static void refused_dirs(void)
{
    char path[1024];
    help_new_dir();
    memo__warn_reset();
    mkdir(help_path("open"), 0777);
    chmod(help_path("open"), 0777);
    CHECK_EQ(open_error(help_path("open")), MEMO_EREFUSED);
    chmod(help_path("open"), 0720);
    CHECK_EQ(open_error(help_path("open")), MEMO_EREFUSED);
    chmod(help_path("open"), 0755);
    CHECK_EQ(open_error(help_path("open")), 0);
    snprintf(path, sizeof path, "%s", help_path("file"));
    CHECK_EQ(memo__write_file(path, "x", 1), 0);
    CHECK_EQ(open_error(path), MEMO_EIO);
    if (geteuid()) {
        CHECK_EQ(open_error("/"), MEMO_EREFUSED);
    } else {
        mkdir(help_path("other"), 0700);
        CHECK_EQ(chown(help_path("other"), 12345, 12345), 0);
        CHECK_EQ(open_error(help_path("other")), MEMO_EREFUSED);
    }
    CHECK_EQ(open_error("/proc/nowhere/memocc"), MEMO_EIO);
    CHECK(memo__warn_count(MEMO__ONCE_DIR) >= 4);
}

static void default_dirs(void)
{
    struct memo__dir dir = {NULL, false};
    char want[1024];
    help_new_dir();
    setenv("XDG_CACHE_HOME", help_path("xdg"), 1);
    setenv("HOME", help_dir, 1);
    setenv("TMPDIR", help_dir, 1);
    CHECK_EQ(memo__dir_open(NULL, true, &dir), 0);
    CHECK_STR(dir.path, help_path("xdg/memocc"));
    memo__free(dir.path);
    unsetenv("XDG_CACHE_HOME");
    CHECK_EQ(memo__dir_open("", true, &dir), 0);
    CHECK_STR(dir.path, help_path(".cache/memocc"));
    memo__free(dir.path);
    char network[1024];
    snprintf(network, sizeof network, "%s", help_path("network"));
    CHECK_EQ(mkdir(network, 0700), 0);
    memo__fs_pretend(network, 0x6969);
    memo__warn_reset();
    CHECK_EQ(memo__dir_open(help_path("network/nfs"), true, &dir), 0);
    memo__fs_pretend("", 0);
    snprintf(want, sizeof want, "%s/memocc-%lu", help_dir, (unsigned long)geteuid());
    CHECK_STR(dir.path, want);
    CHECK_EQ(memo__warn_count(MEMO__ONCE_NETWORK), 1);
    CHECK(access(help_path("network/nfs"), F_OK) != 0);
    memo__free(dir.path);
    unsetenv("TMPDIR");
}

static void newer_format(void)
{
    struct memo__lmdb *db;
    struct memo__txn *t;
    uint64_t format = htole64(MEMO__STORE_FORMAT + 1);
    help_new_dir();
    CHECK_EQ(memo__lmdb_open(help_dir, 1 << 28, true, &db), 0);
    CHECK_EQ(memo__txn_begin(db, &t), 0);
    CHECK_EQ(memo__txn_put(t, (struct memo__bytes){MEMO__FORMAT_KEY, sizeof MEMO__FORMAT_KEY - 1},
                           (struct memo__bytes){&format, sizeof format}),
             0);
    CHECK_EQ(memo__txn_commit(t), 0);
    memo__lmdb_close(db);
    memo__warn_reset();
    CHECK_EQ(open_error(help_dir), MEMO_EVERSION);
    CHECK_EQ(memo__warn_count(MEMO__ONCE_VERSION), 1);
    CHECK_EQ(open_error(help_dir), MEMO_EVERSION); /* and it is left alone */
}

static int find_used(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    (void)object;
    *(uint64_t *)arg = r->used_ns;
    return 0;
}

/* An old date of last use is renewed by a hit, once. */
static void touches(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    struct memo__disk_key key = help_key(1, 1);
    struct memo__disk_stats s;
    uint64_t used = 0, long_ago = memo__realtime_ns() - 7200ull * 1000000000u, number = 1;
    struct memo__part parts[1] = {{&number, 8}};
    struct memo__record r = {.layout = help_digest,
                             .identity = help_digest,
                             .created_ns = long_ago,
                             .key = (const unsigned char *)&number,
                             .key_len = 8,
                             .key_total = 8,
                             .n_parts = 1};
    CHECK_EQ(memo__disk_put(d, &key, &r, parts, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    for (int i = 0; i < 100; i++)
        CHECK_EQ(memo__disk_get(d, &key, find_used, &used), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(memo__disk_get(d, &key, find_used, &used), 0);
    CHECK(used > long_ago + 7000ull * 1000000000u);
    memo__disk_stats(d, &s);
    CHECK_EQ(s.touched, 1);
    memo__disk_close(d);
}

static void *one_get(void *arg)
{
    CHECK_EQ(help_get(arg, 1, 1, 10), 0);
    return NULL;
}

/* Reader slots of threads that ended are free again. */
static void many_short_threads(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    CHECK_EQ(help_put(d, 1, 1, 10, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    for (int i = 0; i < 3000; i++) {
        pthread_t t;
        CHECK_EQ(pthread_create(&t, NULL, one_get, d), 0);
        pthread_join(t, NULL);
    }
    memo__disk_close(d);
}

/* Two stores, one after the other and then alternating, on one thread. */
static void two_stores(void)
{
    char other[1024];
    help_new_dir();
    snprintf(other, sizeof other, "%s", help_path("other"));
    struct memo__disk *a = help_open(help_path("a")), *b = help_open(other);
    CHECK_EQ(help_put(a, 1, 1, 10, 0), 0);
    CHECK_EQ(help_put(b, 1, 2, 10, 0), 0);
    CHECK_EQ(memo__disk_flush(a, 0), 0);
    CHECK_EQ(memo__disk_flush(b, 0), 0);
    for (int i = 0; i < 10; i++) {
        CHECK_EQ(help_get(a, 1, 1, 10), 0);
        CHECK_EQ(help_get(b, 1, 1, 10), MEMO_EMISS);
        CHECK_EQ(help_get(b, 1, 2, 10), 0);
    }
    memo__disk_close(a);
    CHECK_EQ(help_get(b, 1, 2, 10), 0);
    memo__disk_close(b);
}

/* ThreadSanitizer otherwise ends a child that starts a thread. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

int main(void)
{
    put_and_get();
    replace_and_delete();
    by_name();
    views();
    threads();
    forked();
    read_only();
    refused_dirs();
    newer_format();
    touches();
    many_short_threads();
    two_stores();
    default_dirs();
    help_clean();
    return check_result();
}

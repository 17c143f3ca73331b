/* store_lmdb.c - the database, in words of the store.
 *
 * The environment has a number, its generation, that no other environment of
 * this process ever has. A thread's reader remembers the generation that its
 * transaction belongs to; when the store has a newer one, the transaction is
 * dropped and made anew. So nobody waits for readers before the environment
 * is exchanged.
 *
 * Lock: `lock` guards the list of readers, the exchange of environments, and
 * `txn` and `generation` of readers against close. Gets don't take it, except a
 * thread's first of each generation. */
#include "store/store_lmdb.h"

#include <lmdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/quiet.h"
#include "base/trap.h"
#include "store/mdb_guard.h"
#include "store/mdb_open.h"
#include "store/mdb_stamp.h"

#define LEAST_PAGE 4096
#define MAX_ANEW 8u  /* each leaves an environment behind */
#define MAIN_TREE 1u /* what mdb_dbi_open(txn, NULL) always gives */

struct memo__lmdb {
    MDB_env *env;        /* lock; NULL: to be opened (after fork) */
    uint64_t generation; /* atomic; changes with env */
    uint64_t map_size, reopened;
    uint64_t waits_since; /* atomic: the writer, for LMDB's lock; 0: it doesn't */
    bool writable;
    bool is_faulty;  /* lock; of env: something in it was found damaged */
    unsigned n_anew; /* lock */
    char *path;
    struct memo__mdb_trust trust; /* the writer's */
};

struct memo__txn {
    struct memo__lmdb *db;
    MDB_env *env;
    MDB_txn *txn;
};

/* One for each thread that reads; of the pool; freed when the thread ends. */
struct reader {
    struct reader *next, **prev;
    uint64_t generation;
    MDB_txn *txn; /* NULL: none, or its environment is gone */
    bool active;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER; /* before `lock`; over calls of LMDB */

static struct reader *readers;
static uint64_t last_generation;
static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;
static bool have_thread_key;
static __thread struct reader *self __attribute__((tls_model("initial-exec")));

/* Called with `lock` held. */
static void install(struct memo__lmdb *db, MDB_env *env)
{
    db->env = env;
    db->is_faulty = false;
    __atomic_store_n(&db->generation, ++last_generation, __ATOMIC_RELEASE);
}

int memo__lmdb_open(const char *path, uint64_t map_size, bool writable, struct memo__lmdb **out)
{
    MDB_env *env;
    struct memo__lmdb *db = memo__calloc(1, sizeof *db);
    int err = MEMO_ENOMEM;
    if (!db)
        return err;
    db->map_size = map_size;
    db->writable = writable;
    if ((db->path = memo__strdup(path)) &&
        !(err = memo__mdb_open(path, map_size, writable, &env))) {
        pthread_mutex_lock(&lock);
        install(db, env);
        pthread_mutex_unlock(&lock);
        *out = db;
        return 0;
    }
    memo__free(db->path);
    memo__free(db);
    return err;
}

void memo__lmdb_close(struct memo__lmdb *db)
{
    if (!db)
        return;
    pthread_mutex_lock(&lock);
    for (struct reader *r = readers; r; r = r->next) {
        if (!r->txn || r->generation != db->generation)
            continue;
        mdb_txn_abort(r->txn);
        r->txn = NULL;
    }
    if (db->env)
        mdb_env_close(db->env);
    pthread_mutex_unlock(&lock);
    memo__free(db->path);
    memo__free(db);
}

/* Called with `lock` held, or alone. */
static void leave(struct memo__lmdb *db)
{
    if (db->env)
        memo__mdb_leave(db->env);
    db->env = NULL;
    db->is_faulty = false;
    __atomic_store_n(&db->generation, ++last_generation, __ATOMIC_RELEASE);
}

/* Passes err on. A fault in an environment that was left means nothing more. */
static int noted(struct memo__lmdb *db, const MDB_env *env, int err)
{
    if (err == MEMO_EDAMAGED || err == MEMO_ECORRUPT) {
        pthread_mutex_lock(&lock);
        db->is_faulty |= db->env == env;
        pthread_mutex_unlock(&lock);
    }
    return err;
}

/* What there is twice over, or what is usual. */
static uint64_t enough_map(const struct memo__lmdb *db)
{
    char path[4096];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/data.mdb", db->path);
    if (n < 0 || (size_t)n >= sizeof path || stat(path, &st) ||
        (uint64_t)st.st_size > INT64_MAX / 4)
        return db->map_size;
    uint64_t twice = ((uint64_t)st.st_size | 0xffff) * 2 + 2;
    return twice > db->map_size ? twice : db->map_size;
}

/* Called with `opening` held. */
static int open_missing(struct memo__lmdb *db, MDB_env **env, uint64_t *generation)
{
    bool is_short;
    int err = memo__mdb_guard(db->path, db->writable, &is_short);
    if (!err)
        err = memo__mdb_open(db->path, enough_map(db), db->writable, env);
    if (err)
        return err;
    pthread_mutex_lock(&lock);
    install(db, *env);
    *generation = db->generation;
    pthread_mutex_unlock(&lock);
    return 0;
}

static bool get_env(struct memo__lmdb *db, MDB_env **env, uint64_t *generation)
{
    pthread_mutex_lock(&lock);
    *env = db->env;
    *generation = db->generation;
    pthread_mutex_unlock(&lock);
    return *env;
}

/* The environment of this process, opened if there is none: after a fork, or
 * when it was left. By one thread: a second one would find the lock file its
 * own and empty it. */
static int current_env(struct memo__lmdb *db, MDB_env **env, uint64_t *generation)
{
    if (get_env(db, env, generation))
        return 0;
    pthread_mutex_lock(&opening);
    int err = get_env(db, env, generation) ? 0 : open_missing(db, env, generation);
    pthread_mutex_unlock(&opening);
    return err;
}

/* Another process needs a larger map than ours: leave this one, map anew. */
static void leave_env(struct memo__lmdb *db, MDB_env *env)
{
    pthread_mutex_lock(&lock);
    if (db->env == env) {
        leave(db);
        __atomic_add_fetch(&db->reopened, 1, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&lock);
}

static int abort_txn(void *txn)
{
    mdb_txn_abort(txn);
    return 0;
}

static void end_thread(void *arg)
{
    struct reader *r = arg;
    self = NULL;
    pthread_mutex_lock(&lock);
    if (r->txn)
        (void)memo__trap(abort_txn, r->txn);
    if ((*r->prev = r->next))
        r->next->prev = r->prev;
    pthread_mutex_unlock(&lock);
    memo__pool_free(r);
}

static void make_thread_key(void)
{
    have_thread_key = !pthread_key_create(&thread_key, end_thread);
}

static struct reader *new_reader(void)
{
    pthread_once(&thread_key_once, make_thread_key);
    struct reader *r = have_thread_key ? memo__pool_alloc(sizeof *r) : NULL;
    if (!r)
        return NULL;
    memset(r, 0, sizeof *r);
    if (pthread_setspecific(thread_key, r)) {
        memo__pool_free(r);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    r->prev = &readers;
    if ((r->next = readers))
        readers->prev = &r->next;
    readers = r;
    pthread_mutex_unlock(&lock);
    return self = r;
}

struct beginning {
    MDB_env *env;
    MDB_txn *txn;
    int rc;
};

static int begin_read(void *arg)
{
    struct beginning *b = arg;
    int dead;
    b->rc = mdb_txn_begin(b->env, NULL, MDB_RDONLY, &b->txn);
    if (b->rc == MDB_READERS_FULL && !mdb_reader_check(b->env, &dead) && dead)
        b->rc = mdb_txn_begin(b->env, NULL, MDB_RDONLY, &b->txn);
    return memo__mdb_code(b->rc);
}

/* This thread's first read in this generation. Begins a transaction. */
static int join_generation(struct memo__lmdb *db, struct reader *r)
{
    uint64_t generation;
    pthread_mutex_lock(&lock);
    if (r->txn)
        (void)memo__trap(abort_txn, r->txn);
    r->txn = NULL;
    pthread_mutex_unlock(&lock);
    for (int attempt = 0;; attempt++) {
        struct beginning b = {NULL, NULL, 0};
        int err = current_env(db, &b.env, &generation);
        if (err)
            return err;
        err = memo__trap(begin_read, &b);
        if (b.rc == MDB_MAP_RESIZED && !attempt) {
            leave_env(db, b.env);
            continue;
        }
        if (err)
            return noted(db, b.env, err);
        pthread_mutex_lock(&lock);
        r->txn = b.txn;
        r->generation = generation;
        pthread_mutex_unlock(&lock);
        return 0;
    }
}

/* As join_generation, for a thread's first read of all too. LMDB allocates. */
static int join(struct memo__lmdb *db, struct reader **r)
{
    sigset_t before;
    memo__signals_hold(&before);
    if (!*r)
        *r = new_reader();
    int err = *r ? join_generation(db, *r) : MEMO_ENOMEM;
    memo__signals_release(&before);
    return err;
}

/* One read: at the newest state, and given back again. All of it under one trap,
 * since LMDB looks at its maps in each of these. */
struct reading {
    MDB_txn *txn;
    bool must_renew;
    int renewed; /* LMDB's code */
    int (*body)(MDB_txn *txn, void *arg);
    void *arg;
};

static int read_trapped(void *arg)
{
    struct reading *r = arg;
    if (r->must_renew && (r->renewed = mdb_txn_renew(r->txn)))
        return memo__mdb_code(r->renewed);
    int err = r->body(r->txn, r->arg);
    mdb_txn_reset(r->txn);
    return err;
}

static int reset(void *txn)
{
    mdb_txn_reset(txn);
    return 0;
}

/* *must_renew: the thread has a transaction that isn't begun. */
static int find_reader(struct memo__lmdb *db, struct reader **out, bool *must_renew)
{
    struct reader *r = *out = self;
    if (r && r->active)
        return MEMO_EBUSY; /* from inside a callback */
    *must_renew =
        r && r->generation == __atomic_load_n(&db->generation, __ATOMIC_ACQUIRE) && r->txn;
    return *must_renew ? 0 : join(db, out);
}

static int read_txn(struct memo__lmdb *db, int (*body)(MDB_txn *txn, void *arg), void *arg)
{
    struct reader *r;
    struct reading reading = {.body = body, .arg = arg};
    for (int attempt = 0;; attempt++) {
        int err = find_reader(db, &r, &reading.must_renew);
        if (err)
            return err;
        MDB_env *env = mdb_txn_env(r->txn);
        reading.txn = r->txn;
        reading.renewed = 0;
        r->active = true;
        err = memo__trap(read_trapped, &reading);
        if (err == MEMO_EDAMAGED && memo__trap(reset, r->txn)) {
            memo__mdb_leave(r->txn);
            r->txn = NULL;
        }
        r->active = false;
        if (reading.renewed != MDB_MAP_RESIZED || attempt)
            return noted(db, env, err);
        leave_env(db, env);
    }
}

struct getting {
    MDB_val key;
    int (*use)(void *arg, struct memo__bytes value);
    void *arg;
};

static int get(MDB_txn *txn, void *arg)
{
    struct getting *g = arg;
    MDB_val v;
    int rc = mdb_get(txn, MAIN_TREE, &g->key, &v);
    return rc ? memo__mdb_code(rc) : g->use(g->arg, (struct memo__bytes){v.mv_data, v.mv_size});
}

int memo__lmdb_get(struct memo__lmdb *db, const void *key, size_t key_len,
                   int (*use)(void *arg, struct memo__bytes value), void *arg)
{
    struct getting g = {{key_len, (void *)(uintptr_t)key}, use, arg};
    return read_txn(db, get, &g);
}

struct scanning {
    MDB_txn *txn;       /* of writing */
    MDB_cursor *cursor; /* while it is open */
    struct memo__bytes from;
    memo__scan_fn *fn;
    void *arg;
};

static int scan(MDB_txn *txn, void *arg)
{
    struct scanning *s = arg;
    struct memo__bytes from = s->from;
    MDB_cursor *c;
    MDB_val k = {from.len, (void *)(uintptr_t)from.data}, v;
    int rc = mdb_cursor_open(txn, MAIN_TREE, &c);
    if (rc)
        return memo__mdb_code(rc);
    s->cursor = c;
    rc = mdb_cursor_get(c, &k, &v, from.len ? MDB_SET_RANGE : MDB_FIRST);
    while (!rc) {
        enum memo__scan what = s->fn(s->arg, (struct memo__bytes){k.mv_data, k.mv_size},
                                     (struct memo__bytes){v.mv_data, v.mv_size});
        if (what == MEMO__SCAN_STOP)
            break;
        if (what == MEMO__SCAN_DELETE && (rc = mdb_cursor_del(c, 0)))
            break;
        /* After a deletion the cursor stands on the next pair, and MDB_NEXT
         * stays there once (LMDB remembers it). */
        rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
    }
    mdb_cursor_close(c);
    s->cursor = NULL;
    return rc == MDB_NOTFOUND ? 0 : memo__mdb_code(rc);
}

static int scan_writing(void *arg)
{
    const struct scanning *s = arg;
    return scan(s->txn, arg);
}

int memo__lmdb_scan(struct memo__lmdb *db, struct memo__bytes from, memo__scan_fn *fn, void *arg)
{
    struct scanning s = {NULL, NULL, from, fn, arg};
    int err = read_txn(db, scan, &s);
    if (s.cursor) /* after a fault; a write transaction closes its own */
        mdb_cursor_close(s.cursor);
    return err;
}

static int env_fd(MDB_env *env)
{
    int fd = -1;
    (void)mdb_env_get_fd(env, &fd);
    return fd;
}

/* Before the first change: LMDB's writer believes whatever the pages say. */
static int trust(struct memo__txn *t)
{
    return memo__mdb_trust(&t->db->trust, t->db->path, env_fd(t->env), mdb_txn_id(t->txn) - 1);
}

static int begin_write(void *arg)
{
    struct beginning *b = arg;
    b->rc = mdb_txn_begin(b->env, NULL, 0, &b->txn);
    return memo__mdb_code(b->rc);
}

/* LMDB locks, then looks at the file: one that was cut is seen here before, since
 * after a fault nobody could unlock. */
static bool has_meta_pages(MDB_env *env)
{
    struct stat st;
    return !fstat(env_fd(env), &st) && st.st_size >= 2 * LEAST_PAGE;
}

static int try_begin(struct memo__lmdb *db, struct beginning *b)
{
    if (!has_meta_pages(b->env))
        return MEMO_EDAMAGED;
    __atomic_store_n(&db->waits_since, memo__monotonic_ns(), __ATOMIC_RELAXED);
    int err = memo__trap(begin_write, b);
    __atomic_store_n(&db->waits_since, 0, __ATOMIC_RELAXED);
    return err;
}

int memo__txn_begin(struct memo__lmdb *db, struct memo__txn **out)
{
    uint64_t generation;
    struct memo__txn *t = memo__calloc(1, sizeof *t);
    if (!t)
        return MEMO_ENOMEM;
    t->db = db;
    for (int attempt = 0;; attempt++) {
        struct beginning b = {NULL, NULL, 0};
        int err = current_env(db, &b.env, &generation);
        if (!err)
            err = try_begin(db, &b);
        if (b.rc == MDB_MAP_RESIZED && !attempt) {
            leave_env(db, b.env);
            continue;
        }
        t->env = b.env;
        t->txn = b.txn;
        if (!err && (err = trust(t)))
            mdb_txn_abort(t->txn);
        if (err) {
            err = noted(db, t->env, err);
            memo__free(t);
            return err;
        }
        *out = t;
        return 0;
    }
}

static int commit(void *txn)
{
    return memo__mdb_code(mdb_txn_commit(txn));
}

/* After a fault the transaction is undone, so that other processes may write. */
int memo__txn_commit(struct memo__txn *t)
{
    int err = noted(t->db, t->env, memo__trap(commit, t->txn));
    if (err == MEMO_EDAMAGED)
        (void)memo__trap(abort_txn, t->txn);
    else if (!err)
        memo__mdb_stamp(&t->db->trust, t->db->path, env_fd(t->env));
    memo__free(t);
    return err;
}

void memo__txn_abort(struct memo__txn *t)
{
    (void)memo__trap(abort_txn, t->txn);
    memo__free(t);
}

struct operation {
    MDB_txn *txn;
    MDB_val key, value;
    unsigned flags;
};

static int get_in(void *arg)
{
    struct operation *o = arg;
    return memo__mdb_code(mdb_get(o->txn, MAIN_TREE, &o->key, &o->value));
}

static int put_in(void *arg)
{
    struct operation *o = arg;
    return memo__mdb_code(mdb_put(o->txn, MAIN_TREE, &o->key, &o->value, o->flags));
}

static int del_in(void *arg)
{
    struct operation *o = arg;
    return memo__mdb_code(mdb_del(o->txn, MAIN_TREE, &o->key, NULL));
}

static MDB_val val(struct memo__bytes b)
{
    return (MDB_val){b.len, (void *)(uintptr_t)b.data};
}

int memo__txn_get(struct memo__txn *t, struct memo__bytes key, struct memo__bytes *value)
{
    struct operation o = {t->txn, val(key), {0, NULL}, 0};
    int err = noted(t->db, t->env, memo__trap(get_in, &o));
    if (!err)
        *value = (struct memo__bytes){o.value.mv_data, o.value.mv_size};
    return err;
}

int memo__txn_put(struct memo__txn *t, struct memo__bytes key, struct memo__bytes value)
{
    struct operation o = {t->txn, val(key), val(value), 0};
    return noted(t->db, t->env, memo__trap(put_in, &o));
}

int memo__txn_put_new(struct memo__txn *t, struct memo__bytes key, struct memo__bytes value,
                      struct memo__bytes *old)
{
    struct operation o = {t->txn, val(key), val(value), MDB_NOOVERWRITE};
    int err = noted(t->db, t->env, memo__trap(put_in, &o));
    if (err == MEMO_EBUSY)
        *old = (struct memo__bytes){o.value.mv_data, o.value.mv_size};
    return err;
}

int memo__txn_del(struct memo__txn *t, struct memo__bytes key)
{
    struct operation o = {t->txn, val(key), {0, NULL}, 0};
    return noted(t->db, t->env, memo__trap(del_in, &o));
}

int memo__txn_scan(struct memo__txn *t, struct memo__bytes from, memo__scan_fn *fn, void *arg)
{
    struct scanning s = {t->txn, NULL, from, fn, arg};
    return noted(t->db, t->env, memo__trap(scan_writing, &s));
}

static int size_of(MDB_txn *txn, void *arg)
{
    struct memo__lmdb_size *out = arg;
    MDB_stat s;
    int rc = mdb_stat(txn, MAIN_TREE, &s);
    if (rc)
        return memo__mdb_code(rc);
    out->used_bytes =
        (uint64_t)s.ms_psize * (s.ms_branch_pages + s.ms_leaf_pages + s.ms_overflow_pages + 2);
    out->keys = s.ms_entries;
    return 0;
}

int memo__txn_size(struct memo__txn *t, struct memo__lmdb_size *out)
{
    return size_of(t->txn, out);
}

int memo__lmdb_size(struct memo__lmdb *db, struct memo__lmdb_size *out)
{
    return read_txn(db, size_of, out);
}

int memo__lmdb_begin_anew(struct memo__lmdb *db)
{
    struct stat st;
    pthread_mutex_lock(&lock);
    MDB_env *env = db->env;
    bool is_left = env && !db->is_faulty;
    bool is_enough = !is_left && db->n_anew++ >= MAX_ANEW;
    uint64_t inode = env && !fstat(env_fd(env), &st) ? (uint64_t)st.st_ino : 0;
    pthread_mutex_unlock(&lock);
    if (is_left || is_enough)
        return is_left ? MEMO_EBUSY : MEMO_EIO;
    int err = memo__mdb_set_aside(db->path, inode != 0, inode);
    if (err)
        return err;
    pthread_mutex_lock(&lock);
    if (env && db->env == env)
        leave(db);
    pthread_mutex_unlock(&lock);
    return 0;
}

uint64_t memo__lmdb_reopened(const struct memo__lmdb *db)
{
    return __atomic_load_n(&db->reopened, __ATOMIC_RELAXED);
}

uint64_t memo__lmdb_waits_ns(const struct memo__lmdb *db)
{
    uint64_t since = __atomic_load_n(&db->waits_since, __ATOMIC_RELAXED);
    uint64_t now = since ? memo__monotonic_ns() : 0;
    return now > since ? now - since : 0;
}

void memo__lmdb_atfork_prepare(void)
{
    pthread_mutex_lock(&lock);
}

void memo__lmdb_atfork_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* The parent's environment and transactions are left where they are: to touch
 * them would give up the parent's places in the lock file. */
void memo__lmdb_atfork_child(struct memo__lmdb *db)
{
    pthread_mutex_init(&lock, NULL);
    pthread_mutex_init(&opening, NULL);
    for (struct reader *r = readers; r; r = r->next) {
        if (r->txn)
            memo__mdb_leave(r->txn);
        r->txn = NULL;
        r->active = false;
    }
    if (db) {
        leave(db);
        db->waits_since = 0;
    }
}

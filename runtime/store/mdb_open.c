/* mdb_open.c - see mdb_open.h. */
#include "store/mdb_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/trap.h"
#include "store/mdb_door.h"

#define MAX_READERS 2046u /* slots of 64 bytes in lock.mdb */
#define LOCK_FILE ((size_t)128 << 10)
#define MIN_MAP ((uint64_t)64 << 20)
#define FLAGS (MDB_NORDAHEAD | MDB_NOTLS | MDB_NOMETASYNC)

/* More than these few are not expected. Never read. */
#define LEFT 64u
static void *left_behind[LEFT]; /* atomic */
static unsigned n_left;         /* atomic */

void memo__mdb_leave(void *what)
{
    unsigned i = __atomic_fetch_add(&n_left, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&left_behind[i % LEFT], what, __ATOMIC_RELAXED);
}

static bool has_left(void)
{
    return __atomic_load_n(&n_left, __ATOMIC_RELAXED) != 0;
}

int memo__mdb_code(int rc)
{
    switch (rc) {
    case MDB_SUCCESS:
        return 0;
    case MDB_NOTFOUND:
        return MEMO_EMISS;
    case MDB_KEYEXIST:
    case MDB_READERS_FULL:
        return MEMO_EBUSY;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        return MEMO_EFULL;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
        return MEMO_ECORRUPT;
    case MDB_VERSION_MISMATCH:
        return MEMO_EVERSION;
    default:
        return rc > 0 ? memo__error_of_errno(rc) : MEMO_EIO;
    }
}

/* An assertion of LMDB's, on pages that can't be: it would abort. */
static void on_assertion(MDB_env *env, const char *text)
{
    (void)env;
    (void)text;
    memo__trap_spring();
}

/* LMDB learns how to compare the main tree's keys only by its being opened. */
static int open_tree(void *env)
{
    MDB_txn *txn;
    MDB_dbi tree;
    int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
    if (rc)
        return rc;
    rc = mdb_dbi_open(txn, NULL, 0, &tree);
    mdb_txn_abort(txn);
    return rc;
}

struct opening {
    const char *path;
    MDB_env *env;
    size_t map_size;
    unsigned flags;
};

static int open_trapped(void *arg)
{
    const struct opening *o = arg;
    int rc = mdb_env_set_maxreaders(o->env, MAX_READERS);
    if (!rc)
        rc = mdb_env_set_mapsize(o->env, o->map_size);
    return rc ? rc : mdb_env_open(o->env, o->path, o->flags, 0600);
}

/* 0 or a code of LMDB's; MEMO_EDAMAGED: a page of a file couldn't be had. */
static int open_mapped(struct opening *o)
{
    int rc, fd;
    for (;; o->map_size /= 2) {
        if ((rc = mdb_env_create(&o->env)))
            return rc;
        rc = memo__trap(open_trapped, o);
        if (rc == MEMO_EDAMAGED) { /* it is half made: nobody can close it */
            memo__mdb_leave(o->env);
            memo__door_unlock(o->path);
            return rc;
        }
        if (!rc)
            rc = mdb_env_set_assert(o->env, on_assertion);
        if (!rc)
            break;
        mdb_env_close(o->env);
        if (rc != ENOMEM || o->map_size / 2 < MIN_MAP)
            return rc;
    }
    if (!mdb_env_get_fd(o->env, &fd)) /* LMDB leaves it to programs that we start */
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    return 0;
}

int memo__mdb_open(const char *path, uint64_t map_size, bool writable, MDB_env **out)
{
    struct memo__door door;
    struct opening o = {path, NULL, (size_t)map_size, FLAGS | (writable ? 0 : MDB_RDONLY)};
    int rc, dead, err = memo__door_enter(&door, path);
    if (err)
        return err;
    if (writable && !has_left())
        err = memo__door_reserve(path, LOCK_FILE);
    if (!err && (rc = open_mapped(&o)))
        err = rc == MEMO_EDAMAGED ? MEMO_EFULL : memo__mdb_code(rc);
    if (!err) {
        (void)mdb_reader_check(o.env, &dead);
        rc = memo__trap(open_tree, o.env);
        err = rc == MEMO_EDAMAGED ? rc : memo__mdb_code(rc);
        if (rc == MEMO_EDAMAGED)
            memo__mdb_leave(o.env);
        else if (err)
            mdb_env_close(o.env);
    }
    memo__door_leave(&door);
    if (!err)
        *out = o.env;
    return err;
}

/* Places that are no store, or not one for this memocc: garbage, other versions,
 * another program's database, directories that belong to somebody or lie on a
 * network, things that aren't files. The program runs on without them, says one
 * line, and what isn't ours is left as it was. */
#include <lmdb.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "fault/interpose.h"

#define NOBODY 65534

static int child(const char *what)
{
    if (strcmp(what, "nobody") == 0 && getuid() == 0 &&
        (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        return 122;
    print_calls(0, 60);
    memo_flush();
    print_calls(0, 60);
    return 23;
}

static const char *in_store(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", getenv("MEMOCC_DIR"), name);
    return path;
}

static void new_store(void)
{
    remove_tree(getenv("MEMOCC_DIR"));
    CHECK_EQ(mkdir(getenv("MEMOCC_DIR"), 0700), 0);
}

static void write_text(const char *path, const char *text, size_t len)
{
    FILE *f = fopen(path, "w");

    CHECK(f != NULL);
    if (!f)
        return;
    CHECK_EQ(fwrite(text, 1, len, f), len);
    fclose(f);
}

static void says(const char *text)
{
    if (n_lines_of_ours("run.err") == 1 && strstr(text_of("run.err"), text))
        return;
    failures++;
    fprintf(stderr, "not one line with '%s':\n%s", text, text_of("run.err"));
}

/* ---- what data.mdb and its neighbours may be ---- */

static void garbage(void)
{
    static char text[70000];
    static const char *const names[] = {"data.mdb", "lock.mdb",    "stamp",
                                        "gc.lock",  "flight.lock", "objects"};

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)mixed(i);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static const size_t lens[] = {1, 100, 4096, 8192, sizeof text};

        for (size_t k = 0; k < sizeof lens / sizeof lens[0]; k++) {
            new_store();
            write_text(in_store(names[i]), text, lens[k]);
            SAME_AS_PLAIN("calls", NULL);
            CHECK(n_lines_of_ours("run.err") <= 1);
            if (i == 0)
                says("was damaged and is now data.mdb.damaged");
            SAME_AS_PLAIN("calls", "MEMOCC_MEMORY=0", NULL);
        }
    }
}

/* Pipes without a reader, sockets, devices, directories, links that lead nowhere or
 * in circles: opening one of them may block for ever. */
static void no_files(void)
{
    static const char *const names[] = {"data.mdb", "lock.mdb",    "stamp",     "gc.lock",
                                        "objects",  "flight.lock", ".gitignore"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (int kind = 0; kind < 6; kind++) {
            struct sockaddr_un address = {.sun_family = AF_UNIX};
            int s;

            new_store();
            switch (kind) {
            case 0:
                CHECK_EQ(mkfifo(in_store(names[i]), 0600), 0);
                break;
            case 1:
                CHECK_EQ(mkdir(in_store(names[i]), 0700), 0);
                break;
            case 2:
                CHECK_EQ(symlink("/nowhere/at/all", in_store(names[i])), 0);
                break;
            case 3:
                CHECK_EQ(symlink(names[i], in_store(names[i])), 0);
                break;
            case 4:
                snprintf(address.sun_path, sizeof address.sun_path, "store/%s", names[i]);
                s = socket(AF_UNIX, SOCK_STREAM, 0);
                (void)bind(s, (struct sockaddr *)&address, sizeof address);
                close(s);
                break;
            default:
                if (mknod(in_store(names[i]), S_IFCHR | 0600, makedev(1, 7)) != 0)
                    continue; /* /dev/full; only root makes it */
            }
            for (int warm = 0; warm < 2; warm++) {
                SAME_AS_PLAIN("calls", warm ? "MEMOCC_MEMORY=0" : "A=", NULL);
                if (n_lines_of_ours("run.err") > 2 || failures) {
                    failures++;
                    fprintf(stderr, "%s, kind %d:\n%s", names[i], kind, text_of("run.err"));
                    return;
                }
            }
        }
}

/* ---- databases ---- */

static void put(const char *key, size_t key_len, const void *value, size_t len)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi tree;
    MDB_val k = {key_len, (void *)(uintptr_t)key}, v = {len, (void *)(uintptr_t)value};

    CHECK_EQ(mdb_env_create(&env), 0);
    CHECK_EQ(mdb_env_set_maxreaders(env, 2046), 0);
    CHECK_EQ(mdb_env_set_mapsize(env, 1 << 30), 0);
    CHECK_EQ(mdb_env_open(env, getenv("MEMOCC_DIR"), 0, 0600), 0);
    CHECK_EQ(mdb_txn_begin(env, NULL, 0, &txn), 0);
    CHECK_EQ(mdb_dbi_open(txn, NULL, 0, &tree), 0);
    CHECK_EQ(mdb_put(txn, tree, &k, &v, 0), 0);
    CHECK_EQ(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static bool is_there(const char *key, size_t key_len)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi tree;
    MDB_val k = {key_len, (void *)(uintptr_t)key}, v;
    int rc;

    CHECK_EQ(mdb_env_create(&env), 0);
    CHECK_EQ(mdb_env_set_mapsize(env, 1 << 30), 0);
    CHECK_EQ(mdb_env_open(env, getenv("MEMOCC_DIR"), 0, 0600), 0);
    CHECK_EQ(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
    CHECK_EQ(mdb_dbi_open(txn, NULL, 0, &tree), 0);
    rc = mdb_get(txn, tree, &k, &v);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return rc == 0;
}

static void versions(void)
{
    for (uint64_t number = 0; number < 4; number++) {
        uint64_t big = number == 3 ? UINT64_MAX : number;

        new_store();
        put("memocc", 6, &big, sizeof big); /* of a machine like this one */
        for (int warm = 0; warm < 2; warm++) {
            SAME_AS_PLAIN("calls", NULL);
            if (number >= 2) {
                says("of a newer version");
                CHECK(is_there("memocc", 6));
                CHECK(access(in_store("data.mdb.damaged"), F_OK) != 0);
            }
        }
    }
    for (size_t len = 0; len < 20; len += 3) { /* no number at all */
        new_store();
        put("memocc", 6, "12345678901234567890", len);
        SAME_AS_PLAIN("calls", NULL);
        says("was damaged and is now data.mdb.damaged");
    }
}

static void foreign(void)
{
    char key[25] = "a key with the length of";

    for (int kind = 0; kind < 3; kind++) {
        size_t key_len = kind == 0 ? 3 : kind == 1 ? 24 : 7;

        new_store();
        put(kind == 2 ? "objects" : key, key_len, "somebody's", 10);
        for (int round = 0; round < 2; round++) {
            SAME_AS_PLAIN("calls", "MEMOCC_MAX_SIZE=1M", NULL);
            says("isn't memocc's");
        }
        CHECK(is_there(kind == 2 ? "objects" : key, key_len));
        CHECK(!is_there("memocc", 6));
    }
}

/* ---- directories ---- */

static void directories(void)
{
    const char *dir = getenv("MEMOCC_DIR");

    new_store();
    chmod(dir, 0777);
    SAME_AS_PLAIN("calls", NULL);
    says("can be written by other users");
    chmod(dir, 0770);
    SAME_AS_PLAIN("calls", NULL);
    says("can be written by other users");
    CHECK(access(in_store("data.mdb"), F_OK) != 0);

    new_store();
    CHECK_EQ(symlink(dir, "link"), 0);
    SAME_AS_PLAIN("calls", "MEMOCC_DIR=link", NULL); /* to one's own directory: fine */
    CHECK_EQ(n_lines_of_ours("run.err"), 0);
    CHECK_EQ(access(in_store("data.mdb"), F_OK), 0);

    SAME_AS_PLAIN("calls", "MEMOCC_DIR=/dev/null", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    SAME_AS_PLAIN("calls", "MEMOCC_DIR=/proc/self/fd/1/x", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
}

/* As somebody who isn't root: nobody, in a world that root made. */
static void of_others(void)
{
    const char *dir = getenv("MEMOCC_DIR");
    char path[512];

    if (getuid() != 0) {
        fprintf(stderr, "not root: directories of others aren't tested\n");
        return;
    }
    new_store();
    CHECK_EQ(chown(dir, NOBODY, NOBODY), 0);
    SAME_AS_PLAIN("calls", NULL);
    says("belongs to another user");
    CHECK_EQ(chown(dir, 0, 0), 0);

    for (snprintf(path, sizeof path, "%s", dir); strrchr(path, '/') > path;) {
        *strrchr(path, '/') = '\0';
        if (strcmp(path, "/tmp") != 0)
            chmod(path, 0755);
    }
    SAME_AS_PLAIN("nobody", NULL);
    says("belongs to another user");

    new_store();
    CHECK_EQ(chown(dir, NOBODY, NOBODY), 0);
    SAME_AS_PLAIN("nobody", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 0);
    chmod(dir, 0500); /* read-only, with a store in it */
    SAME_AS_PLAIN("nobody", "MEMOCC_MEMORY=0", NULL);
    says("can't be written");
    chmod(dir, 0000);
    SAME_AS_PLAIN("nobody", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    chmod(dir, 0700);
    chmod(in_store("data.mdb"), 0000);
    SAME_AS_PLAIN("nobody", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    chmod(in_store("data.mdb"), 0400);
    chmod(in_store("lock.mdb"), 0400);
    SAME_AS_PLAIN("nobody", NULL);
    CHECK_EQ(n_lines_of_ours("run.err"), 1);
    chown(dir, 0, 0);
}

/* NFS, FUSE, ...: another place, or none if that is no better. */
static void networks(void)
{
    static const char *const types[] = {"FILE_SYSTEM=6969", "FILE_SYSTEM=65735546",
                                        "FILE_SYSTEM=ff534d42"};
    char of[600], tmp[600], local[700];

    snprintf(of, sizeof of, "FILE_SYSTEM_OF=%s", getenv("MEMOCC_DIR"));
    snprintf(tmp, sizeof tmp, "%s/tmp", getenv("TMPDIR"));
    snprintf(local, sizeof local, "%s/memocc-%lu", tmp, (unsigned long)geteuid());
    mkdir(tmp, 0700);
    setenv("TMPDIR", tmp, 1);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        new_store();
        SAME_AS_PLAIN("calls", types[i], of, NULL);
        says("is on a network file system, which the store can't use; using");
        CHECK(access(in_store("data.mdb"), F_OK) != 0);
        CHECK_EQ(access(local, F_OK), 0);
        remove_tree(local);
        SAME_AS_PLAIN("calls", types[i], NULL); /* all file systems */
        says("are on network file systems");
        CHECK(access(local, F_OK) != 0);
    }
}

int main(int argc, char **argv)
{
    int status = program_main(argc, argv, child);

    if (status >= 0)
        return status;
    garbage();
    no_files();
    versions();
    foreign();
    directories();
    networks();
    of_others();
    return failures != 0;
}

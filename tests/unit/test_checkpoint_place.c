/* test_checkpoint_place.c - generations, side copies, what is left behind, who owns what. */
#include "unit/checkpoint_help.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/log.h"

static struct memo__ck_process process = {"/bin/p", "/tmp", "p\0-1", 5};
static struct memo__ck_identity outer, inner;
static struct memo__ck_file state;
static struct memo__ck_blob blobs[4];
static pid_t owner;

static void begin(void)
{
    memo__ck_places_exit();
    help_new_dir();
    memo__ck_pretend(&process);
    CHECK_EQ(memo__ck_identify("loop", false, 0, NULL, 0, &outer), 0);
    CHECK_EQ(memo__ck_identify("in", false, 0, &outer, 7, &inner), 0);
}

static void open_outer(struct memo__ck_place *p)
{
    CHECK_EQ(memo__ck_place_open(p, help_dir, &outer, false, &owner), 0);
}

static void save(struct memo__ck_place *p, uint64_t iteration)
{
    help_state(&state, blobs, help_bytes, iteration);
    state.iteration = iteration;
    CHECK_EQ(memo__ck_place_write(p, &state), 0);
}

/* The iteration of what is read, or -1. */
static long long restore(struct memo__ck_place *p, unsigned skip, unsigned n_damaged)
{
    struct memo__ck_damage damage;
    struct memo__ck_file got;
    int err = memo__ck_place_read(p, skip, &got, &damage);
    CHECK_EQ(damage.n_damaged, n_damaged);
    if (err) {
        CHECK_EQ(err, MEMO_EMISS);
        return -1;
    }
    CHECK_EQ(got.blobs[2].len, got.iteration);
    CHECK_MEM(got.blobs[2].data, help_bytes, got.iteration);
    long long iteration = (long long)got.iteration;
    memo__ck_file_release(&got);
    return iteration;
}

/* How many names have this text in them. */
static int count(const char *text)
{
    int n = 0;
    DIR *d = opendir(help_dir);
    for (struct dirent *entry; d && (entry = readdir(d));)
        n += entry->d_name[0] != '.' && strstr(entry->d_name, text);
    if (d)
        closedir(d);
    return n;
}

static char *file_of(const struct memo__ck_identity *identity, const char *suffix)
{
    char name[512];
    snprintf(name, sizeof name, "%s%s", identity->id, suffix);
    return help_path(name);
}

static void put_file(const char *path, const char *text)
{
    int fd = help_create(path);
    CHECK_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void two_generations(void)
{
    struct memo__ck_place p;
    begin();
    open_outer(&p);
    CHECK_EQ(restore(&p, 0, 0), -1);
    for (uint64_t i = 1; i <= 5; i++) {
        save(&p, i * 10);
        CHECK_EQ(state.sequence, i);
        CHECK_EQ(restore(&p, 0, 0), i * 10);
        CHECK_EQ(restore(&p, 1, 0), i > 1 ? (long long)(i - 1) * 10 : -1);
        CHECK_EQ(count(".ckpt"), i > 1 ? 2 : 1);
    }
    memo__ck_place_close(&p);
    open_outer(&p);
    CHECK_EQ(restore(&p, 0, 0), 50);
    CHECK_EQ(restore(&p, 2, 0), -1);
    save(&p, 60); /* over the older one */
    CHECK_EQ(state.sequence, 6);
    CHECK_EQ(restore(&p, 1, 0), 50);
    CHECK_EQ(count(".tmp"), 0);
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK_EQ(count(""), 0);
}

/* A damaged one is passed over, said, and the first to be overwritten. */
static void damaged_ones(void)
{
    struct memo__ck_place p;
    struct memo__ck_damage damage;
    struct memo__ck_file got;
    begin();
    open_outer(&p);
    save(&p, 10); /* a */
    save(&p, 20); /* b */
    CHECK_EQ(truncate(file_of(&outer, ".b.ckpt"), 700), 0);
    CHECK_EQ(restore(&p, 0, 1), 10);
    CHECK_EQ(restore(&p, 0, 0), 10); /* now it is the newest */
    CHECK_EQ(memo__ck_place_read(&p, 1, &got, &damage), MEMO_EMISS);
    CHECK(strstr(damage.text[0], ".b.ckpt': cut short"));
    save(&p, 30);
    CHECK_EQ(state.sequence, 3);
    CHECK_EQ(restore(&p, 0, 0), 30);
    CHECK_EQ(restore(&p, 1, 0), 10);
    memo__ck_place_close(&p);

    put_file(file_of(&outer, ".a.ckpt"), "no checkpoint");
    put_file(file_of(&outer, ".b.ckpt"), "");
    open_outer(&p);
    CHECK_EQ(restore(&p, 0, 2), -1);
    save(&p, 40);
    CHECK_EQ(restore(&p, 0, 0), 40);
    CHECK_EQ(unlink(file_of(&outer, ".a.ckpt")), 0); /* while the place is open */
    CHECK_EQ(restore(&p, 0, 2), -1);
    memo__ck_place_remove(&p);
}

/* The same name, but another loop: names have only a part of the digest. */
static void another_loop(void)
{
    struct memo__ck_place p;
    struct memo__ck_identity other = outer;
    begin();
    open_outer(&p);
    save(&p, 10);
    memo__ck_place_close(&p);
    other.digest[15] ^= 1;
    CHECK_EQ(memo__ck_place_open(&p, help_dir, &other, false, &owner), 0);
    CHECK_EQ(restore(&p, 0, 1), -1);
    save(&p, 20);
    CHECK_EQ(restore(&p, 0, 0), 20);
    CHECK_EQ(count(".ckpt"), 1);
    memo__ck_place_remove(&p);
}

/* What a killed writer left goes, but nothing of other loops. */
static void leftovers(void)
{
    struct memo__ck_place p;
    begin();
    put_file(file_of(&outer, ".tmp-1f-3"), "x");
    put_file(file_of(&inner, ".tmp-1f-4"), "x");
    put_file(file_of(&outer, ".stream-0-0"), "x");
    put_file(help_path("0123456789abcdef0123456789abcdef.0.tmp-1-1"), "x");
    put_file(help_path("notes"), "x");
    open_outer(&p);
    CHECK_EQ(count(""), 3); /* with the lock */
    save(&p, 1);
    memo__ck_place_close(&p);
    put_file(file_of(&outer, ".stream-0-0"), "x"); /* has a generation, which doesn't refer to it */
    put_file(file_of(&outer, ".stream-0-x"), "x");
    open_outer(&p);
    CHECK_EQ(count(".stream-0-0"), 0);
    CHECK_EQ(count(".stream-0-x"), 1);
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK_EQ(count(""), 2);
}

static void loops_inside(void)
{
    struct memo__ck_place p, in, in2;
    struct memo__ck_identity third;
    begin();
    CHECK_EQ(memo__ck_place_open(&in, help_dir, &inner, true, &owner), MEMO_EBUSY);
    open_outer(&p);
    CHECK_EQ(memo__ck_place_open(&in, help_dir, &inner, true, &owner), 0);
    CHECK_EQ(memo__ck_identify("in2", false, 1, &inner, 3, &third), 0);
    CHECK_EQ(memo__ck_place_open(&in2, help_dir, &third, true, &owner), 0);
    CHECK_EQ(count(""), 1); /* one lock */
    save(&in, 10);
    save(&in2, 20);
    memo__ck_place_close(&in2);
    memo__ck_place_close(&in);
    CHECK_EQ(count(".ckpt"), 2);
    memo__ck_place_remove_inner(&p, 7); /* entered in iteration 7 */
    CHECK_EQ(count(".ckpt"), 2);
    memo__ck_place_remove_inner(&p, 8);
    CHECK_EQ(count(".ckpt"), 0);

    CHECK_EQ(memo__ck_place_open(&in, help_dir, &inner, true, &owner), 0);
    save(&in, 10);
    memo__ck_place_close(&in);
    memo__ck_place_remove(&p); /* saved nothing itself */
    memo__ck_places_exit();
    CHECK_EQ(count(""), 0);
}

/* Names of one loop don't begin as those of another: 1 and 10. */
static void neighbours(void)
{
    struct memo__ck_identity one, ten;
    struct memo__ck_place p, q;
    begin();
    memo__ck_identify("loop", false, 1, NULL, 0, &one);
    memo__ck_identify("loop", false, 0x10, NULL, 0, &ten);
    CHECK_EQ(memo__ck_place_open(&p, help_dir, &one, false, &owner), 0);
    CHECK_EQ(memo__ck_place_open(&q, help_dir, &ten, false, &owner), 0);
    save(&p, 1);
    save(&q, 2);
    memo__ck_place_remove(&p);
    CHECK_EQ(restore(&q, 0, 0), 2);
    memo__ck_place_remove(&q);
    memo__ck_places_exit();
    CHECK_EQ(count(""), 0);
}

/* A generation that refers to copy k of stream 0. */
static void save_copy(struct memo__ck_place *p, uint64_t k)
{
    help_state(&state, blobs, help_bytes, 5);
    state.iteration = 5;
    blobs[1] = (struct memo__ck_blob){MEMO__CK_STREAM, "out", {0, k}, NULL, 0};
    blobs[3] = (struct memo__ck_blob){MEMO__CK_STREAM, "in", {1, MEMO__CK_NO_COPY}, NULL, 0};
    CHECK_EQ(memo__ck_place_write(p, &state), 0);
}

static void side_copies(void)
{
    struct memo__ck_place p;
    char text[16] = "";
    uint64_t k[3];
    int fd;
    begin();
    open_outer(&p);
    for (uint64_t i = 0; i < 3; i++) {
        CHECK_EQ(memo__ck_copy_new(&p, 0, &k[i], &fd), 0);
        CHECK_EQ(k[i], i);
        CHECK_EQ(memo__ck_copy_write(fd, 0, "0123456", 7), 0);
        CHECK_EQ(memo__ck_copy_write(fd, 5, "new", 3), 0);
        CHECK_EQ(memo__ck_copy_sync(fd), 0);
        close(fd);
    }
    CHECK_EQ(memo__ck_copy_open(&p, 0, 1, false, &fd), 0);
    CHECK_EQ(read(fd, text, sizeof text), 8);
    CHECK_STR(text, "01234new");
    CHECK(write(fd, "x", 1) < 0);
    close(fd);
    CHECK_EQ(memo__ck_copy_open(&p, 1, 0, false, &fd), MEMO_EMISS);
    save_copy(&p, 0);
    save_copy(&p, 1);
    CHECK_EQ(count(".stream"), 3);
    save_copy(&p, 1); /* nobody refers to 0 any more */
    CHECK_EQ(count(".stream-0-0"), 0);
    CHECK_EQ(count(".stream"), 2);
    memo__ck_place_close(&p);
    open_outer(&p); /* to 2 neither */
    CHECK_EQ(count(".stream-0-1"), 1);
    CHECK_EQ(count(".stream"), 1);
    save(&p, 10);
    CHECK_EQ(count(".stream"), 1);
    save(&p, 20);
    CHECK_EQ(count(".stream"), 0);
    CHECK_EQ(memo__ck_copy_new(&p, 0, &k[0], &fd), 0);
    close(fd);
    memo__ck_place_remove(&p);
    memo__ck_places_exit();
    CHECK_EQ(count(""), 0);
}

static void no_memory(void)
{
    struct memo__ck_place p;
    begin();
    open_outer(&p);
    save_copy(&p, 0);
    memo__ck_place_close(&p);
    memo__ck_places_exit();
    int n = 0;
    for (int err = MEMO_ENOMEM; err; n++) {
        memo__alloc_fail_at(n + 1, 0);
        err = memo__ck_place_open(&p, help_dir, &outer, false, &owner);
        CHECK(err == 0 || err == MEMO_ENOMEM);
    }
    CHECK_EQ(p.generations[0].sequence, 1);
    CHECK(n > 3);
    n = 0;
    for (int err = MEMO_ENOMEM; err; n++) {
        help_state(&state, blobs, help_bytes, 5);
        blobs[1] = (struct memo__ck_blob){MEMO__CK_STREAM, "out", {0, 0}, NULL, 0};
        memo__alloc_fail_at(n + 1, 0);
        err = memo__ck_place_write(&p, &state);
        CHECK(err == 0 || err == MEMO_ENOMEM);
    }
    CHECK(n > 2);
    memo__alloc_fail_at(0, 0);
    memo__ck_place_remove(&p);
}

static void directories(void)
{
    char why[MEMO__CK_WHY], *dir = NULL;
    struct stat st;
    begin();
    CHECK_EQ(memo__ck_dir(NULL, help_path("store"), &dir, why), 0);
    CHECK_STR(dir, help_path("store/checkpoints"));
    CHECK_EQ(stat(dir, &st), 0);
    CHECK_EQ(st.st_mode & 07777, 0700);
    memo__free(dir);
    CHECK_EQ(memo__ck_dir(help_path("a/b/c"), "/nowhere", &dir, why), 0);
    CHECK_STR(dir, help_path("a/b/c"));
    memo__free(dir);
    dir = NULL;
    chmod(help_path("a/b/c"), 0770);
    CHECK_EQ(memo__ck_dir(help_path("a/b/c"), NULL, &dir, why), MEMO_EREFUSED);
    CHECK(strstr(why, "/a/b/c' can be written by other users"));
    chmod(help_path("store"), 0777); /* its checkpoints could be exchanged */
    CHECK_EQ(memo__ck_dir(NULL, help_path("store"), &dir, why), MEMO_EREFUSED);
    put_file(help_path("file"), "");
    CHECK_EQ(memo__ck_dir(help_path("file"), NULL, &dir, why), MEMO_EIO);
    CHECK_EQ(memo__ck_dir(help_path("file/x"), NULL, &dir, why), MEMO_EIO);
    CHECK(!dir);
    if (!geteuid() && !mkdir(help_path("theirs"), 0700) && !chown(help_path("theirs"), 1, 1)) {
        CHECK_EQ(memo__ck_dir(help_path("theirs"), NULL, &dir, why), MEMO_EREFUSED);
        CHECK(strstr(why, "belongs to another user"));
    }
}

/* The directory is removed while the loop runs: the next save makes it again. */
static void directory_removed(void)
{
    struct memo__ck_place p;
    char dir[1100];
    begin();
    snprintf(dir, sizeof dir, "%s", help_path("sub"));
    mkdir(dir, 0700);
    CHECK_EQ(memo__ck_place_open(&p, dir, &outer, false, &owner), 0);
    save(&p, 10);
    CHECK_EQ(nftw(dir, help_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
    save(&p, 20);
    CHECK_EQ(restore(&p, 0, 0), 20);
    memo__ck_place_remove(&p);
}

int main(void)
{
    two_generations();
    damaged_ones();
    another_loop();
    leftovers();
    loops_inside();
    neighbours();
    side_copies();
    no_memory();
    directories();
    directory_removed();
    memo__ck_places_exit();
    help_clean();
    return check_result();
}

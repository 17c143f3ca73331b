/* test_disk_damage.c - files that were damaged, cut or taken away: misses, never
 * a crash and never another result. */
#include <fcntl.h>
#include <sys/mman.h>

#include "base/log.h"
#include "unit/disk_help.h"

#define BIG ((size_t)1200000)

static char found[1024];

static int find_object(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (flag == FTW_F)
        snprintf(found, sizeof found, "%s", path);
    return 0;
}

static const char *the_object(void)
{
    *found = '\0';
    nftw(help_path("objects"), find_object, 8, FTW_PHYS);
    return found;
}

static struct memo__disk *store_with_object(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    CHECK_EQ(help_put(d, 1, 1, BIG, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(help_get(d, 1, 1, BIG), 0);
    CHECK(*the_object());
    return d;
}

static int use_view(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    (void)r;
    return object ? memo__object_view(object, 2, arg) : MEMO_ECORRUPT;
}

static int use_check(void *arg, const struct memo__record *r, const struct memo__object *object)
{
    (void)arg;
    (void)r;
    return object ? memo__object_check(object) : MEMO_ECORRUPT;
}

/* A store whose object was damaged by `damage`: every way to it is a miss, the
 * first one removes it, and the result can be stored again. */
static void object_damage(void (*damage)(const char *path), int by_view)
{
    const void *view = NULL;
    struct memo__disk_stats s;
    struct memo__disk_key key = help_key(1, 1);
    struct memo__disk *d = store_with_object();
    usleep(20000); /* dates of files move in steps of some milliseconds */
    chmod(found, 0600);
    damage(found);
    int err = by_view == 2   ? memo__disk_get(d, &key, use_check, NULL)
              : by_view == 1 ? memo__disk_get(d, &key, use_view, &view)
                             : help_get(d, 1, 1, BIG);
    CHECK_EQ(err, MEMO_ECORRUPT);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(help_get(d, 1, 1, BIG), MEMO_EMISS);
    memo__disk_stats(d, &s);
    CHECK_EQ(s.corrupt, 1);
    CHECK(!*the_object());
    CHECK_EQ(help_put(d, 1, 1, BIG, 0), 0);
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    CHECK_EQ(help_get(d, 1, 1, BIG), 0);
    memo__disk_close(d);
}

static void flip(const char *path, off_t at)
{
    unsigned char c = 0;
    int fd = open(path, O_RDWR);
    CHECK_EQ(pread(fd, &c, 1, at), 1);
    c ^= 1;
    CHECK_EQ(pwrite(fd, &c, 1, at), 1);
    close(fd);
}

static void flip_header(const char *path)
{
    flip(path, 3);
}

static void flip_middle(const char *path)
{
    flip(path, 700001);
}

static void flip_last(const char *path)
{
    flip(path, (off_t)BIG);
}

static void cut(const char *path)
{
    CHECK_EQ(truncate(path, 5000), 0);
}

static void empty(const char *path)
{
    CHECK_EQ(truncate(path, 0), 0);
}

static void lengthen(const char *path)
{
    CHECK_EQ(truncate(path, BIG * 2), 0);
}

static void take_away(const char *path)
{
    CHECK_EQ(unlink(path), 0);
}

static void make_directory(const char *path)
{
    CHECK_EQ(unlink(path), 0);
    CHECK_EQ(mkdir(path, 0700), 0);
}

static void objects(void)
{
    static void (*const damages[])(const char *) = {flip_header, flip_middle, flip_last, cut,
                                                    empty,       lengthen,    take_away};
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++)
        for (int by_view = 0; by_view < 3; by_view++)
            object_damage(damages[i], by_view);
    struct memo__disk *d = store_with_object();
    make_directory(found);
    CHECK_EQ(help_get(d, 1, 1, BIG), MEMO_ECORRUPT);
    memo__disk_close(d);
}

/* Touched but equal: read once, then believed again. */
static void object_touched(void)
{
    const void *view = NULL;
    struct memo__disk_key key = help_key(1, 1);
    struct memo__disk *d = store_with_object();
    usleep(20000);
    chmod(found, 0600);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(memo__disk_get(d, &key, use_view, &view), 0);
        memo__view_release(view);
        CHECK_EQ(memo__disk_flush(d, 0), 0);
    }
    CHECK_EQ(help_get(d, 1, 1, BIG), 0);
    memo__disk_close(d);
}

/* Every byte of a small store's file, one after the other: whatever LMDB makes
 * of it, what comes back is right or isn't there. Pages of LMDB's own structure
 * are spared: it doesn't check them, and neither can we. */
static void record_bytes(void)
{
    enum { N = 4 };
    static const size_t lens[N] = {3, 40, 200, 3000};
    struct memo__disk *d = help_open(help_new_dir());
    for (uint64_t i = 0; i < N; i++)
        CHECK_EQ(help_put(d, 1, i, lens[i], 0), 0);
    memo__disk_close(d);
    int fd = open(help_path("data.mdb"), O_RDWR);
    struct stat st;
    CHECK_EQ(fstat(fd, &st), 0);
    unsigned char *file = malloc((size_t)st.st_size);
    CHECK_EQ(pread(fd, file, (size_t)st.st_size, 0), st.st_size);
    int found_records = 0, wrong = 0;
    d = help_open(help_dir);
    for (off_t at = 0; at + 8 < st.st_size; at += 2) {
        uint64_t len = 0;
        if (memcmp(file + at, "MMOR\1\0\0\0", 8))
            continue;
        for (unsigned i = 0; i < N; i++) { /* which one: by its key bytes */
            uint64_t number;
            memcpy(&number, file + at + 88, 8);
            if (number == i)
                len = 88 + 8 + 24 + 8 + (lens[i] + 7) / 8 * 8 + 8;
        }
        if (!len)
            continue;
        uint64_t i;
        memcpy(&i, file + at + 88, 8);
        found_records++;
        for (uint64_t k = 0; k < len; k++) {
            unsigned char c = file[at + (off_t)k] ^ 0x10;
            struct memo__disk_key key = help_key(1, i);
            struct help_want want = {i, lens[i], 0, 0};
            memo__disk_close(d);
            CHECK_EQ(pwrite(fd, file, (size_t)st.st_size, 0), st.st_size);
            CHECK_EQ(pwrite(fd, &c, 1, at + (off_t)k), 1);
            d = help_open(help_dir);
            int err = memo__disk_get(d, &key, help_use, &want);
            wrong += want.wrong;
            if (err != MEMO_ECORRUPT)
                wrong++;
            if (len > 1000 && k > 200)
                k += 37;
        }
    }
    CHECK(found_records >= N);
    CHECK_EQ(wrong, 0);
    memo__disk_close(d);
    close(fd);
    free(file);
}

/* Some have pages of their own. */
static size_t len_of(uint64_t i)
{
    return i % 20 ? i % 700 : 5000 + i % 7000;
}

/* The database cut anywhere, or with garbage for a head: put aside or misses. */
static void cut_database(void)
{
    struct memo__disk *d = help_open(help_new_dir());
    struct stat st;
    for (uint64_t i = 0; i < 3000; i++)
        CHECK_EQ(help_put(d, 1, i, len_of(i), 0), 0);
    memo__disk_close(d);
    int fd = open(help_path("data.mdb"), O_RDWR);
    CHECK_EQ(fstat(fd, &st), 0);
    unsigned char *file = malloc((size_t)st.st_size);
    CHECK_EQ(pread(fd, file, (size_t)st.st_size, 0), st.st_size);
    close(fd);
    static const off_t heads[] = {0, 1, 100, 4095, 4096, 5000, 8191, 8192, 12288, 20000};
    for (int i = 0; i < 60; i++) {
        off_t len = i < 10 ? heads[i] : (off_t)(help_mix((uint64_t)i) % (uint64_t)st.st_size);
        if (i % 2 && i >= 10)
            len &= ~(off_t)4095;
        unlink(help_path("data.mdb.damaged"));
        fd = open(help_path("data.mdb"), O_RDWR | O_CREAT | O_TRUNC, 0600);
        CHECK_EQ(pwrite(fd, file, (size_t)len, 0), len);
        close(fd);
        d = help_open(help_dir);
        unsigned there = 0;
        for (uint64_t k = 0; k < 3000; k++)
            there += !help_get(d, 1, k, len_of(k));
        if (i < 10) /* later on it may be pages out of use that were cut */
            CHECK(there < 3000);
        for (uint64_t k = 0; k < 3000; k += 150) /* what can't be read can be replaced */
            CHECK_EQ(help_put(d, 1, k, len_of(k), 0), 0);
        CHECK_EQ(help_put(d, 1, 9999, 100, 0), 0);
        CHECK_EQ(memo__disk_flush(d, 0), 0);
        CHECK_EQ(help_get(d, 1, 9999, 100), 0);
        memo__disk_close(d);
    }
    for (int i = 0; i < 40; i++) { /* bits of the two meta pages */
        fd = open(help_path("data.mdb"), O_RDWR | O_CREAT | O_TRUNC, 0600);
        CHECK_EQ(pwrite(fd, file, (size_t)st.st_size, 0), st.st_size);
        unsigned char noise[152];
        help_fill(noise, (uint64_t)i, sizeof noise);
        size_t n = i < 20 ? sizeof noise : 4;
        off_t at = i % 2 * 4096 + (i < 20 ? 0 : i % 10 * 15);
        CHECK_EQ(pwrite(fd, noise, n, at), n);
        close(fd);
        struct memo__disk_options o = {help_dir, 0, false};
        struct memo__disk *opened = NULL;
        if (!memo__disk_open(&o, &opened))
            for (uint64_t k = 0; k < 3000; k++)
                (void)help_get(opened, 1, k, len_of(k));
        memo__disk_close(opened);
    }
    free(file);
}

int main(void)
{
    objects();
    object_touched();
    record_bytes();
    cut_database();
    help_clean();
    return check_result();
}

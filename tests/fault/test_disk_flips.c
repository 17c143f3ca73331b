/* test_disk_flips.c - flipped bits inside the database's pages, each followed by
 * a process that reads all and writes much: right results or misses, exit status
 * 0, and what is written after that is there. */
#include <fcntl.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "store/mdb_format.h"
#include "unit/disk_help.h"

#define N 3000u
#define N_NEW 600u
#define N_FLIPS 240u
#define N_AT_ONCE 4u
#define PAGE 4096u

static unsigned char *sound, *broken;
static size_t size;

static size_t len_of(uint64_t i)
{
    return i % 40 ? i % 500 : 3000 + i % 9000;
}

static void make_store(void)
{
    struct stat st;
    struct memo__disk *d = help_open(help_new_dir());
    for (uint64_t i = 0; i < N; i++) {
        CHECK_EQ(help_put(d, i % 3, i, len_of(i), 0), 0);
        if (i % 500 == 499)
            CHECK_EQ(memo__disk_flush(d, 0), 0);
    }
    for (uint64_t i = 0; i < N; i += 7) {
        struct memo__disk_key key = help_key(i % 3, i);
        CHECK_EQ(memo__disk_del(d, &key), 0);
    }
    memo__disk_close(d);
    int fd = open(help_path("data.mdb"), O_RDONLY);
    CHECK_EQ(fstat(fd, &st), 0);
    size = (size_t)st.st_size;
    sound = malloc(size);
    broken = malloc(size);
    CHECK_EQ(pread(fd, sound, size, 0), size);
    close(fd);
}

static void write_database(const unsigned char *bytes)
{
    unlink(help_path("data.mdb.damaged"));
    unlink(help_path("lock.mdb.damaged"));
    unlink(help_path("stamp"));
    int fd = open(help_path("data.mdb"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_EQ(pwrite(fd, bytes, size, 0), size);
    close(fd);
}

/* Reads and replaces all, adds more; what was written last must be there. */
static int use_store(bool write_first)
{
    struct memo__disk_options o = {help_dir, 0, false};
    struct memo__disk *d = NULL;
    check_failures = 0;
    alarm(60);
    if (memo__disk_open(&o, &d))
        return check_failures != 0; /* of meta pages: the store is off */
    for (unsigned pass = write_first; pass < 3; pass++) {
        for (uint64_t i = 0; pass % 2 == 0 && i < N; i++)
            (void)help_get(d, i % 3, i, len_of(i));
        for (uint64_t i = 0; pass == 1 && i < N_NEW; i++) {
            uint64_t k = i % 2 ? i : N + i;
            CHECK_EQ(help_put(d, k % 3, k, len_of(k), 0), 0);
            if (i % 100 == 50) {
                struct memo__disk_key key = help_key((i + 1) % 3, i + 1);
                int err = memo__disk_del(d, &key);
                CHECK(!err || err == MEMO_EMISS);
            }
            if (i % 200 == 199)
                CHECK_EQ(memo__disk_flush(d, 0), 0);
        }
    }
    CHECK_EQ(memo__disk_flush(d, 0), 0);
    for (uint64_t i = N_NEW - 100; i < N_NEW - 60; i++) { /* none that others delete */
        uint64_t k = i % 2 ? i : N + i;
        CHECK_EQ(help_get(d, k % 3, k, len_of(k)), 0);
    }
    memo__disk_close(d);
    return check_failures != 0;
}

/* `n` processes at once. 0, or how one of them ended. */
static int run(unsigned n, bool write_first)
{
    pid_t pids[N_AT_ONCE];
    int status, worst = 0;
    fflush(NULL);
    for (unsigned i = 0; i < n; i++)
        if (!(pids[i] = fork()))
            _exit(use_store(write_first));
    for (unsigned i = 0; i < n; i++) {
        waitpid(pids[i], &status, 0);
        if (status)
            worst = status;
    }
    return worst;
}

static unsigned flags_of(size_t page)
{
    struct memo__mdb_page head;
    memcpy(&head, broken + page * PAGE, sizeof head);
    return head.number == page ? head.flags : 0;
}

static void flip_bit(size_t at, uint64_t bit)
{
    broken[at] ^= (unsigned char)(1u << bit % 8);
}

static uint16_t half_at(size_t at)
{
    uint16_t v;
    memcpy(&v, broken + at, sizeof v);
    return v;
}

static size_t random_page(uint64_t r, unsigned flags)
{
    size_t n = size / PAGE, page = 2 + (size_t)(r % (n - 2));
    for (size_t i = 0; i < n && !(flags_of(page) & flags); i++)
        page = page + 1 < n ? page + 1 : 2;
    return page * PAGE;
}

/* Kinds: 0 a leaf's table of offsets, 1 a page's head, 2 the head of a node,
 * 3 anywhere, 4 a burst anywhere, 5 a branch, 6 a meta page's trees. */
static void damage(uint64_t seed)
{
    uint64_t r = help_mix(seed), s = help_mix(r), bit = s >> 40;
    size_t at = random_page(r, MEMO__MDB_LEAF);
    unsigned n = (half_at(at + 12) - 16u) / 2;
    switch (seed % 7) {
    case 0:
        flip_bit(at + 16 + s % (2 * (uint64_t)n), bit);
        break;
    case 1:
        flip_bit(random_page(r, 7) + s % 16, bit);
        break;
    case 2:
        flip_bit(at + half_at(at + 16 + s % n * 2) + (s >> 20) % 8, bit);
        break;
    case 3:
        flip_bit(2 * PAGE + s % (size - 2 * PAGE), bit);
        break;
    case 4:
        at = 2 * PAGE + s % (size - 3 * PAGE);
        for (size_t i = 0; i < 8 + (s >> 50) % 200; i++)
            broken[at + i] = (unsigned char)(help_mix(s + i) >> 13);
        break;
    case 5:
        at = random_page(r, MEMO__MDB_BRANCH);
        n = half_at(at + 12);
        flip_bit(at + (s % 2 ? s % n : half_at(at + 12 + 2) + s % 200), bit);
        break;
    default:
        flip_bit(r % 2 * PAGE + 40 + s % 112, bit);
    }
}

static void flips(unsigned from, unsigned n)
{
    unsigned n_aside = 0;
    for (uint64_t seed = from; seed < from + n; seed++) {
        memcpy(broken, sound, size);
        damage(seed);
        write_database(broken);
        int status = run(seed % 10 ? 1 : N_AT_ONCE, seed / 7 % 2);
        if (status) {
            fprintf(stderr, "flip %llu: status %#x\n", (unsigned long long)seed, (unsigned)status);
            check_failures++;
        }
        n_aside += !access(help_path("data.mdb.damaged"), F_OK);
    }
    CHECK(n < N_FLIPS || n_aside > n / 4); /* the damage is real */
    CHECK(n < N_FLIPS || n_aside < n);
}

/* A stamp that is missing, old or torn costs a look at the database, no entry. */
static void stamps(void)
{
    static const char *const stamps[] = {NULL, "", "memostm1", "garbage that is longer than 40 bytes..."};
    for (unsigned i = 0; i < 4; i++) {
        write_database(sound);
        if (stamps[i])
            CHECK_EQ(memo__write_file(help_path("stamp"), stamps[i], strlen(stamps[i])), 0);
        struct memo__disk *d = help_open(help_dir);
        CHECK_EQ(help_put(d, 1, N + i, 10, 0), 0);
        CHECK_EQ(memo__disk_flush(d, 0), 0);
        for (uint64_t k = 0; k < N; k++)
            CHECK_EQ(help_get(d, k % 3, k, len_of(k)), k % 7 ? 0 : MEMO_EMISS);
        CHECK_EQ(help_get(d, 1, N + i, 10), 0);
        memo__disk_close(d);
        struct stat st;
        CHECK_EQ(stat(help_path("stamp"), &st), 0);
        CHECK(st.st_size >= 40);
        CHECK_EQ(st.st_mode & 0777, 0600);
        CHECK(access(help_path("data.mdb.damaged"), F_OK));
    }
}

/* Who only reads takes no look and leaves no stamp. */
static void reader(void)
{
    write_database(sound);
    struct memo__disk *d = help_open(help_dir);
    CHECK_EQ(help_get(d, 1, 1, len_of(1)), 0);
    memo__disk_close(d);
    CHECK(access(help_path("stamp"), F_OK));
}

/* Arguments: the first flip and how many, for longer runs. */
int main(int argc, char **argv)
{
    make_store();
    stamps();
    reader();
    flips(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0,
          argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : N_FLIPS);
    free(sound);
    free(broken);
    help_clean();
    return check_result();
}

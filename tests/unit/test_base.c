/* test_base.c - errors, buffers, sizes and durations, files, allocation, lines. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/parse.h"
#include "base/quiet.h"
#include "unit/disk_help.h"

static void sizes(void)
{
    static const struct {
        const char *text;
        uint64_t want;
    } good[] = {{"0", 0},
                {"4096", 4096},
                {"5G", 5ull << 30},
                {"256m", 256 << 20},
                {"1.5KiB", 1536},
                {" 10 MB ", 10 << 20},
                {"2T", 2ull << 41 >> 1},
                {"7b", 7},
                {"0.5k", 512},
                {"18446744073709551615", UINT64_MAX}};
    static const char *const bad[] = {"",      "G",   "-1",           "5X",
                                      "5 G B", "1e3", "99999999999T", "18446744073709551616",
                                      "5GG",   ".",   "0x10",         NULL};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t v = 77;
        CHECK_EQ(memo__parse_size(good[i].text, &v), 0);
        CHECK_EQ(v, good[i].want);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t v = 77;
        CHECK_EQ(memo__parse_size(bad[i], &v), MEMO_EINVALID);
        CHECK_EQ(v, 77);
    }
}

static void durations(void)
{
    static const struct {
        const char *text;
        uint64_t want;
    } good[] = {{"0", 0},
                {"500ms", 500000000},
                {"30s", 30000000000},
                {"2h", 7200000000000},
                {"1w", 604800000000000},
                {"1.5us", 1500},
                {"3 d", 259200000000000},
                {"10m", 600000000000},
                {"5ns", 5}};
    static const char *const bad[] = {"5", "ms", "-3s", "1y", "999999999999w", "", NULL};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t v = 77;
        CHECK_EQ(memo__parse_duration(good[i].text, &v), 0);
        CHECK_EQ(v, good[i].want);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t v = 77;
        CHECK_EQ(memo__parse_duration(bad[i], &v), MEMO_EINVALID);
        CHECK_EQ(v, 77);
    }
}

static void buffers(void)
{
    struct memo__buf b;
    char want[4000];
    memo__buf_init(&b);
    CHECK_EQ(memo__buf_add(&b, "", 0), 0);
    for (int i = 0; i < 400; i++)
        CHECK_EQ(memo__buf_addf(&b, "%010d", i), 0);
    CHECK_EQ(b.len, 4000);
    CHECK_EQ(b.data[b.len], 0);
    for (int i = 0; i < 400; i++) {
        char piece[16];
        snprintf(piece, sizeof piece, "%010d", i);
        memcpy(want + 10 * i, piece, 10);
    }
    CHECK_MEM(b.data, want, 4000);
    memo__alloc_fail_at(1, 1);
    CHECK_EQ(memo__buf_add(&b, want, sizeof want), MEMO_ENOMEM);
    CHECK_EQ(b.len, 4000);
    memo__alloc_fail_at(0, 0);
    CHECK_EQ(memo__buf_reserve(&b, SIZE_MAX / 2), MEMO_ENOMEM);
    memo__buf_release(&b);
    CHECK(!b.data);
}

static void allocation(void)
{
    memo__alloc_fail_at(2, 0);
    void *a = memo__malloc(1), *b = memo__malloc(1), *c = memo__calloc(1, 1);
    CHECK(a && !b && c);
    memo__free(a);
    memo__free(c);
    CHECK_EQ(memo__alloc_fail_at(0, 0), 3);
    for (size_t align = 0; align <= 4096; align = align ? align * 2 : 1) {
        char *p = memo__alloc_result(((size_t)8 << 20) + 3, align);
        CHECK(p);
        CHECK_EQ((uintptr_t)p % (align ? align : 16), 0);
        memset(p, 1, ((size_t)8 << 20) + 3);
        free(p);
    }
}

static void errors(void)
{
    CHECK_STR(memo__strerror(0), "success");
    CHECK_STR(memo__strerror(MEMO_EMISS), "no such entry");
    CHECK_STR(memo__strerror(-1000), "unknown error");
    CHECK_EQ(memo__error_of_errno(ENOSPC), MEMO_EFULL);
    CHECK_EQ(memo__error_of_errno(EROFS), MEMO_EREADONLY);
    CHECK_EQ(memo__error_of_errno(EBADF), MEMO_EIO);
}

static void files(void)
{
    char text[64] = "";
    struct stat st;
    help_new_dir();
    CHECK_EQ(memo__mkdirs(help_path("a//b/c/")), 0);
    CHECK_EQ(stat(help_path("a/b/c"), &st), 0);
    CHECK_EQ(st.st_mode & 0777, 0700);
    CHECK_EQ(memo__write_file(help_path("a/f"), "one", 3), 0);
    CHECK_EQ(memo__write_file(help_path("a/f"), "second", 6), 0);
    int fd = open(help_path("a/f"), O_RDONLY);
    CHECK_EQ(read(fd, text, sizeof text), 6);
    close(fd);
    CHECK_STR(text, "second");
    CHECK_EQ(memo__write_file(help_path("none/f"), "x", 1), MEMO_EIO);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(memo__mkdirs(help_path("a/f/x")), MEMO_EIO);
    CHECK(!memo__is_network_fs(help_dir));
    memo__fs_pretend("", 0x6969);
    CHECK(memo__is_network_fs(help_dir));
    memo__fs_pretend("", 0);
}

/* Standard error goes through a pipe; what a child writes comes back. */
static void lines(void)
{
    char text[8192];
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    int before = dup(2);
    dup2(ends[1], 2);
    errno = 5;
    memo__log("value %d", 7);
    CHECK_EQ(errno, 5);
    memo__warn_once(MEMO__ONCE_OTHER, "once");
    memo__warn_once(MEMO__ONCE_OTHER, "once");
    char *big = malloc(5001);
    memset(big, 'x', 5000);
    big[5000] = '\0';
    memo__log("%s", big);
    free(big);
    dup2(before, 2);
    close(ends[1]);
    ssize_t n = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    text[n > 0 ? n : 0] = '\0';
    CHECK(!strncmp(text, "memocc: value 7\nmemocc: once\nmemocc: xxx", 40));
    CHECK(n < 2200);
    CHECK_EQ(text[n - 1], '\n');
    CHECK_EQ(memo__warn_count(MEMO__ONCE_OTHER), 2);
    memo__warn_reset();
    CHECK_EQ(memo__warn_count(MEMO__ONCE_OTHER), 0);
    close(before);
}

/* A reader that went away must not end the program. */
static void closed_pipe(void)
{
    int ends[2], status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (!pid) {
        if (pipe(ends))
            _exit(3);
        close(ends[0]);
        dup2(ends[1], 2);
        memo__log("nobody reads this");
        sigset_t pending;
        sigpending(&pending);
        _exit(sigismember(&pending, SIGPIPE) ? 4 : 0);
    }
    waitpid(pid, &status, 0);
    CHECK_EQ(status, 0);
}

int main(void)
{
    sizes();
    durations();
    buffers();
    allocation();
    errors();
    files();
    lines();
    closed_pipe();
    help_clean();
    return check_result();
}

/* test_checkpoint_format.c - a state as a file: there and back, and all that can be wrong
 * with one. */
#include "unit/checkpoint_help.h"

#include <signal.h>
#include <sys/resource.h>

static struct memo__ck_file state;
static struct memo__ck_blob blobs[4];
static char why[MEMO__CK_WHY];

/* One that is read, of each way of reading: in memory, mapped, and the header alone. */
static void there_and_back(void)
{
    static const size_t lens[] = {
        0, 1, 63, 64, 65, 1 << 20, 999999, 4u << 20, 5u << 20, (1 << 20) - 1, (8 << 20) + 7};
    unsigned char *data = malloc(9 << 20);
    help_fill(data, 1, 9 << 20);
    for (unsigned i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct memo__ck_file got;
        struct stat st;
        help_state(&state, blobs, data, lens[i]);
        state.sequence = i;
        int fd = help_create(help_path("x"));
        CHECK_EQ(memo__ck_write(fd, &state), 0);
        CHECK_EQ(fstat(fd, &st), 0);
        CHECK_EQ(st.st_size, state.size);
        CHECK_EQ(memo__ck_read(fd, &got, why), 0);
        help_compare(&got, &state);
        const struct memo__ck_blob *found = memo__ck_find(&got, MEMO__CK_PIECE, "grid[:n * n]");
        CHECK(found == &got.blobs[2]);
        CHECK(memo__ck_find(&got, MEMO__CK_PIECE, NULL) == &got.blobs[1]);
        CHECK(!memo__ck_find(&got, MEMO__CK_STATE, NULL));
        memo__ck_file_release(&got);
        memo__ck_file_release(&got);

        CHECK_EQ(memo__ck_read_header(fd, &got, why), 0);
        CHECK_EQ(got.n_blobs, 4);
        CHECK_EQ(got.blobs[2].len, lens[i]);
        CHECK(!got.blobs[2].data);
        memo__ck_file_release(&got);
        close(fd);
    }
    free(data);
}

/* Nothing at all in it; and many small blobs, more than are gathered. */
static void extremes(void)
{
    struct memo__ck_file none = {0}, got;
    enum { N = 20000 };
    int fd = help_create(help_path("x"));
    CHECK_EQ(memo__ck_write(fd, &none), 0);
    CHECK_EQ(memo__ck_read(fd, &got, why), 0);
    CHECK_EQ(got.n_blobs, 0);
    CHECK_STR(got.name, "");
    memo__ck_file_release(&got);
    close(fd);

    struct memo__ck_blob *many = calloc(N, sizeof *many);
    uint64_t *values = calloc(N, sizeof *values);
    char(*names)[8] = calloc(N, sizeof *names);
    for (unsigned i = 0; i < N; i++) {
        values[i] = help_mix(i);
        snprintf(names[i], sizeof names[i], "p%u", i);
        many[i] = (struct memo__ck_blob){MEMO__CK_PIECE, names[i], {i}, &values[i], i % 9};
    }
    help_state(&state, many, NULL, 0);
    state.blobs = many;
    many[0] = many[1];
    many[2].data = values;
    state.n_blobs = N;
    fd = help_create(help_path("x"));
    CHECK_EQ(memo__ck_write(fd, &state), 0);
    CHECK_EQ(memo__ck_read(fd, &got, why), 0);
    help_compare(&got, &state);
    memo__ck_file_release(&got);
    state.n_blobs = MEMO__CK_MAX_BLOBS + 1;
    CHECK_EQ(memo__ck_write(fd, &state), MEMO_EINVALID);
    close(fd);
    free(many);
    free(values);
    free(names);
}

/* Every byte changed in two ways is found, as is every length; and bytes behind the end. */
static void damage(void)
{
    struct memo__ck_file got;
    size_t len;
    help_state(&state, blobs, help_bytes, 100);
    unsigned char *image = help_image(&state, &len), *copy = malloc(len + 64);
    memcpy(copy, image, len);
    CHECK_EQ(memo__ck_decode(copy, len, &got, why), 0);
    memo__ck_file_release(&got);
    for (size_t i = 0; i < len; i++)
        for (unsigned bit = 1; bit <= 128; bit *= 128) {
            copy[i] ^= (unsigned char)bit;
            why[0] = '\0';
            int err = memo__ck_decode(copy, len, &got, why);
            if (err != MEMO_ECORRUPT && err != MEMO_EVERSION)
                fprintf(stderr, "byte %zu ^ %u:\n", i, bit);
            CHECK(err == MEMO_ECORRUPT || err == MEMO_EVERSION);
            CHECK(why[0]);
            copy[i] = image[i];
        }
    for (size_t i = 0; i < len; i++) {
        unsigned char *part = malloc(i ? i : 1); /* a sanitizer sees what is read behind it */
        memcpy(part, image, i);
        CHECK_EQ(memo__ck_decode(part, i, &got, why), MEMO_ECORRUPT);
        free(part);
    }
    memset(copy + len, 0, 64);
    CHECK_EQ(memo__ck_decode(copy, len + 64, &got, why), MEMO_ECORRUPT);
    CHECK_STR(why, "there are bytes behind its end");
    free(copy);
    free(image);
}

/* Wrong numbers under right checksums: nothing outside is read, and no more is allocated than
 * the file explains. */
static void lies(void)
{
    static const uint64_t values[] = {
        0, 1, 7, 8, 1000, UINT32_MAX, INT64_MAX, UINT64_MAX, UINT64_MAX - 7, UINT64_MAX - 63};
    struct memo__ck_file got;
    size_t len;
    unsigned n_whole = 0;
    help_state(&state, blobs, help_bytes, 100);
    unsigned char *image = help_image(&state, &len), *copy = malloc(len);
    for (size_t at = 0; at + 8 <= len; at += 4)
        for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
            memcpy(copy, image, len);
            memcpy(copy + at, &values[i], at % 8 ? 4 : 8);
            memo__ck_seal(copy, len);
            if (!memo__ck_decode(copy, len, &got, why)) {
                n_whole++;
                for (size_t k = 0; k < got.n_blobs; k++)
                    CHECK(got.blobs[k].len <= len);
                memo__ck_file_release(&got);
            }
        }
    CHECK(n_whole > 100); /* the seal is right: numbers that mean nothing may be any */
    free(copy);
    free(image);
}

static void check_reason(size_t at, unsigned char byte, bool seal, int err, const char *reason)
{
    struct memo__ck_file got;
    size_t len;
    help_state(&state, blobs, help_bytes, 100);
    unsigned char *image = help_image(&state, &len);
    image[at < len ? at : len - (SIZE_MAX - at) - 1] ^= byte;
    if (seal)
        memo__ck_seal(image, len);
    CHECK_EQ(memo__ck_decode(image, len, &got, why), err);
    CHECK_STR(why, reason);
    free(image);
}

static void reasons(void)
{
    struct memo__ck_file got;
    CHECK_EQ(memo__ck_decode("", 0, &got, why), MEMO_ECORRUPT);
    CHECK_STR(why, "empty");
    CHECK_EQ(memo__ck_decode("abc", 3, &got, why), MEMO_ECORRUPT);
    CHECK_STR(why, "cut short");
    check_reason(0, 1, false, MEMO_ECORRUPT, "no checkpoint");
    check_reason(8, 2, true, MEMO_EVERSION, "written by a newer memocc");
    check_reason(8, 1, true, MEMO_ECORRUPT, "its version is wrong");
    check_reason(12, 1, true, MEMO_EVERSION, "written on a machine of another kind");
    check_reason(56, 1, false, MEMO_ECORRUPT, "checksum of its header is wrong");
    check_reason(88, 8, true, MEMO_ECORRUPT, "its kind of state is unknown");
    check_reason(SIZE_MAX - 127, 1, false, MEMO_ECORRUPT, "checksum of 'random' is wrong");
    check_reason(SIZE_MAX, 1, true, MEMO_ECORRUPT, "it is filled up wrongly");

    int fd = open(help_dir, O_RDONLY | O_DIRECTORY);
    CHECK_EQ(memo__ck_read(fd, &got, why), MEMO_ECORRUPT);
    CHECK_STR(why, "not a file");
    close(fd);
    CHECK_EQ(memo__ck_read(fd, &got, why), MEMO_EIO);
}

/* A large file is damaged, or cut off. */
static void large(void)
{
    enum { LEN = 6 << 20 };
    struct memo__ck_file got;
    unsigned char *data = calloc(1, LEN), byte = 1;
    help_state(&state, blobs, data, LEN);
    int fd = help_create(help_path("x"));
    CHECK_EQ(memo__ck_write(fd, &state), 0);
    CHECK_EQ(pwrite(fd, &byte, 1, LEN / 2), 1);
    CHECK_EQ(memo__ck_read(fd, &got, why), MEMO_ECORRUPT);
    CHECK_STR(why, "checksum of 'grid[:n * n]' is wrong");
    byte = 0;
    CHECK_EQ(pwrite(fd, &byte, 1, LEN / 2), 1);
    CHECK_EQ(memo__ck_read(fd, &got, why), 0);
    memo__ck_file_release(&got);
    CHECK_EQ(ftruncate(fd, LEN), 0);
    CHECK_EQ(memo__ck_read(fd, &got, why), MEMO_ECORRUPT);
    CHECK(strstr(why, "cut short: it has 6291456 of "));
    close(fd);
    free(data);
}

/* A limit ends the writing, not the program. */
static void limit(void)
{
    struct rlimit before, small;
    help_state(&state, blobs, help_bytes, 1000);
    int fd = help_create(help_path("x"));
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1000;
    setrlimit(RLIMIT_FSIZE, &small);
    CHECK_EQ(memo__ck_write(fd, &state), MEMO_EFULL);
    setrlimit(RLIMIT_FSIZE, &before);
    close(fd);
}

/* Each allocation fails once. */
static void no_memory(void)
{
    struct memo__ck_file got;
    help_state(&state, blobs, help_bytes, 100);
    int fd = help_create(help_path("x")), n = 0;
    CHECK_EQ(memo__ck_write(fd, &state), 0);
    for (int err = MEMO_ENOMEM; err; n++) {
        memo__alloc_fail_at(n + 1, 0);
        err = memo__ck_write(fd, &state);
        CHECK(err == 0 || err == MEMO_ENOMEM);
    }
    CHECK_EQ(n, 3);
    n = 0;
    for (int err = MEMO_ENOMEM; err; n++) {
        memo__alloc_fail_at(n + 1, 0);
        err = memo__ck_read(fd, &got, why);
        CHECK(err == 0 || err == MEMO_ENOMEM);
    }
    CHECK_EQ(n, 3);
    memo__alloc_fail_at(0, 0);
    memo__ck_file_release(&got);
    close(fd);
}

int main(void)
{
    help_new_dir();
    there_and_back();
    extremes();
    damage();
    lies();
    reasons();
    large();
    limit();
    no_memory();
    help_clean();
    return check_result();
}

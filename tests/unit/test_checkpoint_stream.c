/* test_checkpoint_stream.c - files are those of an uninterrupted run, however they are opened. */
#include "unit/checkpoint_help.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "checkpoint/stream.h"
#include "include/memo_abi.h"
#include "include/memo_checkpoint_abi.h"

static struct memo__ck_process process = {"/bin/p", "/tmp", "p", 2};
static struct memo__ck_identity identity;
static char why[MEMO__CK_WHY];
static char dir[600]; /* of the checkpoints; help_dir has the program's files */

static void begin(void)
{
    help_new_dir();
    snprintf(dir, sizeof dir, "%s/checkpoints", help_dir);
    CHECK_EQ(mkdir(dir, 0700), 0);
    memo__ck_pretend(&process);
    CHECK_EQ(memo__ck_identify("loop", false, 0, NULL, 0, &identity), 0);
}

/* One run of a program: its place and its streams. */
struct run {
    struct memo__ck_place place;
    struct memo__ck_streams *streams;
    void *files[3];
    unsigned n;
};
static const char *const names[] = {"out", "in", "log"};
static const unsigned char *flags; /* or NULL */

static void run_begin(struct run *r, FILE *a, FILE *b, FILE *c)
{
    pid_t owner;
    memset(r, 0, sizeof *r);
    r->files[0] = a;
    r->files[1] = b;
    r->files[2] = c;
    r->n = c ? 3 : b ? 2 : 1;
    CHECK_EQ(memo__ck_place_open(&r->place, dir, &identity, false, &owner), 0);
    CHECK((r->streams = memo__ck_streams_new(names, flags, r->n, &r->place)) != NULL);
}

static void run_end(struct run *r)
{
    memo__ck_streams_free(r->streams);
    memo__ck_place_close(&r->place);
}

/* The reason if it fails. */
static const char *save(struct run *r, uint64_t iteration, uint64_t *bytes)
{
    struct memo__ck_file f = {.name = "loop", .iteration = iteration};
    const struct memo__ck_blob *blobs;
    uint64_t copied;
    strcpy(why, "");
    if (memo__ck_streams_take(r->streams, r->files, &blobs, &f.n_blobs, &copied, why))
        return why;
    if (bytes)
        *bytes = copied;
    f.blobs = (struct memo__ck_blob *)blobs;
    CHECK_EQ(memo__ck_streams_sync(r->streams), 0);
    CHECK_EQ(memo__ck_place_write(&r->place, &f), 0);
    return "";
}

/* Restores a generation; the reason if it fails. */
static const char *restore(struct run *r, unsigned skip, uint64_t *iteration)
{
    struct memo__ck_damage damage;
    struct memo__ck_file f;
    CHECK_EQ(memo__ck_place_read(&r->place, skip, &f, &damage), 0);
    strcpy(why, "");
    bool is_there = !memo__ck_streams_prepare(r->streams, f.blobs, f.n_blobs, why) &&
                    !memo__ck_streams_fits(r->streams, r->files, why) &&
                    !memo__ck_streams_give(r->streams, r->files, why);
    CHECK_EQ(is_there, !*why);
    if (iteration)
        *iteration = f.iteration;
    memo__ck_file_release(&f);
    return why;
}

static char *content(const char *path, size_t *len)
{
    FILE *f = fopen(path, "r");
    char *text = calloc(1, 8 << 20);
    *len = f ? fread(text, 1, (8 << 20) - 1, f) : 0;
    if (f)
        fclose(f);
    return text;
}

/* ---- a program that writes, in each mode */

struct form {
    const char *name, *mode;
    bool has_old; /* the file was there before the program */
    int counts;   /* rewrites the head of the file every so many lines; 0: never */
    int line;     /* bytes of a line */
};

static void step(FILE *f, const struct form *form, uint64_t i)
{
    fprintf(f, "%*llu\n", form->line, (unsigned long long)(i * i));
    if (!form->counts || i % (uint64_t)form->counts)
        return;
    off_t at = ftello(f);
    rewind(f);
    if (*form->mode != 'w' || strchr(form->mode, '+')) { /* between reading and writing */
        (void)!fgetc(f);
        rewind(f);
    }
    fprintf(f, "%8llu", (unsigned long long)i);
    fseeko(f, at, SEEK_SET);
}

static FILE *start(const struct form *form, const char *path)
{
    FILE *f = fopen(path, form->mode);
    CHECK(f != NULL);
    if (form->counts || *form->mode == 'w')
        fprintf(f, "%8d of %s\n", 0, form->name);
    return f;
}

static void old_file(const struct form *form, const char *path)
{
    unlink(path);
    if (form->has_old) {
        FILE *f = fopen(path, "w");
        for (int i = 0; i < 1000; i++)
            fprintf(f, "old line %d\n", i);
        fclose(f);
    }
}

#define LINES 300

static void killed(const struct form *form)
{
    char whole[600], path[600];
    size_t want_len, len;
    begin();
    snprintf(whole, sizeof whole, "%s/whole", help_dir);
    snprintf(path, sizeof path, "%s/file", help_dir);
    old_file(form, whole);
    FILE *f = start(form, whole);
    for (uint64_t i = 0; i < LINES; i++)
        step(f, form, i);
    fclose(f);

    old_file(form, path);
    uint64_t at = 0, n_kills = 0, saved = 0;
    while (at < LINES) {
        struct run r;
        f = start(form, path);
        run_begin(&r, f, NULL, NULL);
        if (n_kills) {
            uint64_t iteration;
            fprintf(f, "what this run wrote before it came to the loop");
            unsigned skip = n_kills % 3 == 2; /* as if the newest were damaged */
            CHECK_STR(restore(&r, skip, &iteration), "");
            CHECK(skip || iteration == saved);
            at = iteration;
        }
        uint64_t end = at + 53 + 11 * n_kills;
        for (uint64_t from = at; at < LINES && at < end; at++) {
            if (at > from && at % 10 == 0) {
                CHECK_STR(save(&r, at, NULL), "");
                saved = at;
            }
            step(f, form, at);
        }
        fclose(f); /* a kill after everything has reached the file */
        run_end(&r);
        n_kills++;
    }
    CHECK(n_kills > 3);
    char *want = content(whole, &want_len), *got = content(path, &len);
    CHECK_EQ(len, want_len);
    CHECK_MEM(got, want, want_len < len ? want_len : len);
    if (check_failures)
        fprintf(stderr, "  with %s\n", form->name);
    free(want);
    free(got);
}

/* Only what is new is copied. */
static void copies_what_is_new(const char *mode)
{
    char path[600];
    uint64_t bytes;
    struct run r;
    begin();
    snprintf(path, sizeof path, "%s/file", help_dir);
    FILE *f = fopen(path, mode);
    run_begin(&r, f, NULL, NULL);
    for (int i = 0; i < 300000; i++)
        fprintf(f, "%9d\n", i);
    CHECK_STR(save(&r, 1, &bytes), "");
    CHECK_EQ(bytes, 3000000);
    CHECK_STR(save(&r, 2, &bytes), "");
    CHECK_EQ(bytes, 0);
    fprintf(f, "more\n");
    CHECK_STR(save(&r, 3, &bytes), "");
    CHECK_EQ(bytes, 5);
    fflush(f);
    CHECK_EQ(ftruncate(fileno(f), 10), 0); /* another content */
    CHECK_STR(save(&r, 4, &bytes), "");
    CHECK_EQ(bytes, 10);
    CHECK_STR(save(&r, 5, &bytes), "");
    fclose(f);
    run_end(&r);
    f = fopen(path, "w");
    run_begin(&r, f, NULL, NULL);
    CHECK_STR(restore(&r, 0, NULL), "");
    fclose(f);
    size_t len;
    char *got = content(path, &len);
    CHECK_STR(got, "        0\n");
    free(got);
    run_end(&r);
}

/* Of a file in which the loop only goes forward, what was copied isn't looked at again. */
static void reads_what_is_new(void)
{
    static const unsigned char forward[] = {MEMO_CK_FORWARD};
    char path[600];
    uint64_t bytes;
    struct run r;
    begin();
    snprintf(path, sizeof path, "%s/file", help_dir);
    flags = forward;
    FILE *f = fopen(path, "w"), *other = fopen(path, "r+");
    run_begin(&r, f, NULL, NULL);
    for (int i = 0; i < 300000; i++)
        fprintf(f, "%9d\n", i);
    CHECK_STR(save(&r, 1, NULL), "");
    fputc('x', other); /* nobody does that: it shows whether it is read */
    fclose(other);
    fprintf(f, "more\n");
    CHECK_STR(save(&r, 2, &bytes), "");
    CHECK_EQ(bytes, 5);
    fclose(f);
    run_end(&r);
    f = fopen(path, "w"); /* a run that goes on trusts in what it was given */
    run_begin(&r, f, NULL, NULL);
    CHECK_STR(restore(&r, 0, NULL), "");
    fprintf(f, "end\n");
    CHECK_STR(save(&r, 3, &bytes), "");
    CHECK_EQ(bytes, 4);
    rewind(f); /* it was told that nobody does that */
    fputc('x', f);
    CHECK_STR(save(&r, 4, &bytes), "");
    CHECK_EQ(bytes, 0);
    CHECK_STR(save(&r, 5, &bytes), ""); /* not at the end: all is looked at */
    CHECK_EQ(bytes, 3000009);
    fclose(f);
    flags = NULL;
    run_end(&r);
}

/* A file that could be written, and isn't, is one that is read. */
static void could_be_written(void)
{
    static const unsigned char input[] = {MEMO_CK_INPUT | MEMO_CK_FORWARD};
    char path[600], line[20];
    uint64_t bytes;
    struct run r;
    begin();
    snprintf(path, sizeof path, "%s/file", help_dir);
    flags = input;
    for (int run = 0; run < 2; run++) {
        FILE *f = fopen(path, "w+");
        fprintf(f, "one\ntwo\nthree\n%s", run ? "four\n" : "");
        rewind(f);
        run_begin(&r, f, NULL, NULL);
        CHECK(!memo__ck_streams_begin(r.streams, r.files, NULL));
        if (run)
            CHECK_STR(restore(&r, 0, NULL), "");
        CHECK(fgets(line, sizeof line, f) != NULL);
        CHECK_STR(line, run ? "two\n" : "one\n");
        CHECK_STR(save(&r, 1, &bytes), "");
        CHECK_EQ(bytes, 0);
        fclose(f);
        run_end(&r);
    }
    FILE *f = fopen(path, "w+");
    fprintf(f, "one\ntow\nthree\nfour\n"); /* still in its buffer */
    run_begin(&r, f, NULL, NULL);
    CHECK_STR(restore(&r, 0, NULL), "'out' isn't the file that was read: its content differs");
    fclose(f);
    flags = NULL;
    run_end(&r);
}

/* ---- streams that are read */

static void reads(void)
{
    char path[600];
    struct run r;
    begin();
    snprintf(path, sizeof path, "%s/in", help_dir);
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 5000; i++)
        fprintf(f, "%d\n", i);
    fclose(f);
    int last = 0;
    for (int run = 0; run < 3; run++) {
        FILE *in = fopen(path, "r");
        int i = -1;
        if (run < 2) {
            for (int k = 0; k < 10; k++)
                CHECK_EQ(fscanf(in, "%d", &i), 1);
        }
        run_begin(&r, NULL, in, NULL);
        r.n = 2;
        memo__ck_streams_free(r.streams);
        r.streams = memo__ck_streams_new(names, NULL, 2, &r.place);
        if (run) {
            CHECK_STR(restore(&r, 0, NULL), "");
            CHECK_EQ(feof(in) != 0, run == 2);
        }
        if (run < 2)
            for (int k = 0; k < 1000; k++) {
                CHECK_EQ(fscanf(in, "%d", &i), 1);
                if (!k && run)
                    CHECK_EQ(i, last + 1);
            }
        last = i;
        if (run == 1) /* to the end */
            while (fscanf(in, "%d", &i) == 1)
                ;
        if (run == 0) {
            int c = getc(in);
            ungetc(c, in); /* what was read: as if it hadn't been */
        }
        CHECK_STR(save(&r, 1, NULL), "");
        if (run == 0) {
            CHECK_EQ(getc(in), '\n');
            ungetc('x', in); /* what wasn't */
            CHECK_STR(save(&r, 2, NULL), "'in' has characters that ungetc pushed back");
            CHECK_EQ(getc(in), 'x');
            CHECK_STR(save(&r, 3, NULL), "");
            CHECK_EQ(fscanf(in, "%d", &i), 1); /* undisturbed */
            CHECK_EQ(i, last + 1);
        }
        fclose(in);
        run_end(&r);
    }
    CHECK_EQ(truncate(path, 100), 0);
    FILE *in = fopen(path, "r");
    run_begin(&r, NULL, in, NULL);
    CHECK_STR(restore(&r, 0, NULL), "'in' is shorter than what was read of it");
    fclose(in);
    run_end(&r);
}

/* ---- what isn't a file */

static void stream_in_memory(void)
{
    struct run r;
    begin();
    char *text = NULL;
    size_t len;
    FILE *f = open_memstream(&text, &len);
    run_begin(&r, f, NULL, NULL);
    CHECK_STR(save(&r, 1, NULL), "'out' is written, and isn't a file");
    fclose(f);
    free(text);
    run_end(&r);
}

static void others(void)
{
    struct run r;
    int fd[2];
    begin();
    CHECK_EQ(pipe(fd), 0);
    FILE *in = fdopen(fd[0], "r"), *out = fdopen(fd[1], "w"), *none = fopen("/dev/null", "w");
    char text[20] = "abc";
    run_begin(&r, none, in, NULL);
    CHECK_STR(save(&r, 1, NULL), "'in' is a pipe or terminal, which can't be read again");
    r.files[0] = out;
    r.files[1] = NULL;
    CHECK_STR(save(&r, 1, NULL), "'out' is a pipe, and what was written to it can't be taken back");
    dup2(fd[1], 1);
    r.files[0] = stdout;
    fprintf(stdout, "hello\n");
    CHECK_STR(save(&r, 1, NULL), "");
    CHECK_EQ(read(fd[0], text, 6), 6); /* it was flushed */
    CHECK_STR(restore(&r, 0, NULL), "");
    r.files[0] = none;
    r.files[1] = fmemopen(text, 3, "r");
    CHECK_STR(save(&r, 1, NULL), "'in' isn't a file that can be read again");
    fclose(r.files[1]);
    r.files[1] = fopen("/dev/null", "r");
    CHECK_STR(save(&r, 1, NULL), "");
    fclose(r.files[1]);
    r.files[1] = NULL;

    /* A file then, a pipe now; and the other way round. */
    char path[600];
    snprintf(path, sizeof path, "%s/file", help_dir);
    FILE *file = fopen(path, "w");
    CHECK_STR(save(&r, 1, NULL), "");
    r.files[0] = file;
    CHECK_STR(restore(&r, 0, NULL), "'out' was no regular file at the save");
    fprintf(file, "text");
    CHECK_STR(save(&r, 1, NULL), "");
    r.files[0] = none;
    CHECK_STR(restore(&r, 0, NULL), "'out' is no regular file in this run");
    r.files[0] = NULL;
    CHECK_STR(restore(&r, 0, NULL), "'out' is no regular file in this run");
    r.files[0] = file;
    CHECK_STR(restore(&r, 0, NULL), "");
    fclose(file);
    fclose(in);
    fclose(out);
    fclose(none);
    run_end(&r);
}

/* Two streams on one file, as of `>log 2>&1`, and one that has the file to itself. */
static void shared(void)
{
    char path[600], path2[600];
    begin();
    snprintf(path, sizeof path, "%s/log", help_dir);
    snprintf(path2, sizeof path2, "%s/out", help_dir);
    for (int run = 0; run < 2; run++) {
        struct run r;
        FILE *out = fopen(path, "w"), *own = fopen(path2, "w");
        FILE *err = fdopen(dup(fileno(out)), "w");
        setvbuf(err, NULL, _IONBF, 0);
        fprintf(err, "memocc: a line\n");
        run_begin(&r, out, own, err);
        if (run) {
            fprintf(own, "goes away");
            CHECK_STR(restore(&r, 0, NULL), "");
            fprintf(err, "and after\n");
        } else {
            fprintf(out, "one\n");
            fflush(out);
            fprintf(err, "two\n");
            fprintf(out, "three\n");
            fprintf(own, "own\n");
            CHECK_STR(save(&r, 1, NULL), "");
            fprintf(err, "after\n");
        }
        fclose(out);
        fclose(err);
        fclose(own);
        run_end(&r);
    }
    size_t len;
    char *got = content(path, &len);
    CHECK_STR(got, "memocc: a line\none\ntwo\nthree\nand after\n");
    free(got);
    got = content(path2, &len);
    CHECK_STR(got, "own\n");
    free(got);
    struct run r;
    FILE *a = fopen(path, "w"), *b = fopen(path2, "w"), *c = fopen(path2, "r+");
    run_begin(&r, a, b, c);
    CHECK_STR(restore(&r, 0, NULL), "'log' shares its file with other streams now");
    fclose(a);
    fclose(b);
    fclose(c);
    run_end(&r);
}

/* A copy that isn't what it was. */
static void damaged(void)
{
    char path[600], copy[1024];
    struct run r;
    begin();
    snprintf(path, sizeof path, "%s/file", help_dir);
    FILE *f = fopen(path, "w");
    run_begin(&r, f, NULL, NULL);
    fprintf(f, "some text");
    CHECK_STR(save(&r, 1, NULL), "");
    snprintf(copy, sizeof copy, "%s/%s.stream-0-0", dir, identity.id);
    if (access(copy, F_OK))
        snprintf(copy, sizeof copy, "%s/%s.stream-0-1", dir, identity.id);
    FILE *c = fopen(copy, "r+");
    CHECK(c != NULL);
    if (c) {
        fprintf(c, "S");
        fclose(c);
    }
    CHECK_STR(restore(&r, 0, NULL), "'out' has a damaged copy");
    CHECK_EQ(truncate(copy, 3), 0);
    CHECK_STR(restore(&r, 0, NULL), "'out' has a damaged copy");
    CHECK_EQ(unlink(copy), 0);
    CHECK_STR(restore(&r, 0, NULL), "'out' has lost its copy");
    CHECK_EQ(ftello(f), 9);
    fclose(f);
    run_end(&r);
}

int main(void)
{
    static const struct form forms[] = {
        {"w", "w", true, 0, 10},           {"w+", "w+", true, 7, 10},
        {"w, seeks", "w", false, 40, 10},  {"a", "a", false, 0, 10},
        {"a, on", "a", true, 0, 10},       {"a+", "a+", true, 0, 10},
        {"r+", "r+", true, 7, 10},         {"w, long", "w", false, 0, 20000},
        {"a, long", "a", false, 0, 20000}, {"w+, long", "w+", false, 9, 20000},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        killed(&forms[i]);
    copies_what_is_new("w");
    copies_what_is_new("a");
    reads_what_is_new();
    could_be_written();
    reads();
    stream_in_memory();
    others();
    shared();
    damaged();
    memo__ck_places_exit();
    help_clean();
    return check_result();
}

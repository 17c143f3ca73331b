/* fuzz_checkpoint.c - the decoder of checkpoint files on any bytes; once as they are, and
 * once with right checksums, so that what lies behind them is reached. Besides not crashing: what
 * was read is written and read the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "checkpoint/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sink;

static void must(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "violated: %s\n", what);
    abort();
}

static void touch(const void *data, size_t len)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < len; i++)
        sink += p[i];
}

static void touch_all(const struct memo__ck_file *f)
{
    const char *texts[] = {f->name,      f->file, f->function,  f->program,
                           f->directory, f->host, f->components};
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        touch(texts[i], strlen(texts[i]) + 1);
    touch(f->arguments, f->arguments_len + 1);
    must(!f->arguments_len || !f->arguments[f->arguments_len - 1], "arguments end");
    for (size_t i = 0; i < f->n_blobs; i++) {
        touch(f->blobs[i].name, strlen(f->blobs[i].name) + 1);
        touch(f->blobs[i].data, f->blobs[i].len);
    }
}

static void compare(const struct memo__ck_file *a, const struct memo__ck_file *b)
{
    must(a->sequence == b->sequence && a->iteration == b->iteration && a->final == b->final &&
             a->line == b->line && a->n_blobs == b->n_blobs && !strcmp(a->name, b->name) &&
             !strcmp(a->components, b->components) && a->arguments_len == b->arguments_len,
         "the header is the same");
    for (size_t i = 0; i < a->n_blobs; i++) {
        const struct memo__ck_blob *x = &a->blobs[i], *y = &b->blobs[i];
        must(x->kind == y->kind && !strcmp(x->name, y->name) && x->len == y->len &&
                 !memcmp(x->meta, y->meta, sizeof x->meta) &&
                 (!x->len || !memcmp(x->data, y->data, x->len)),
             "each part is the same");
    }
}

static void write_and_read(struct memo__ck_file *f)
{
    struct memo__ck_file again;
    char why[MEMO__CK_WHY];
    int fd = memfd_create("checkpoint", MFD_CLOEXEC);
    if (fd < 0)
        return;
    must(memo__ck_write(fd, f) == 0, "it can be written");
    must(memo__ck_read(fd, &again, why) == 0, "and read");
    compare(f, &again);
    memo__ck_file_release(&again);
    close(fd);
}

static void try_one(const unsigned char *data, size_t size)
{
    struct memo__ck_file f;
    char why[MEMO__CK_WHY] = "";
    if (memo__ck_decode(data, size, &f, why)) {
        must(*why && memchr(why, 0, sizeof why), "there is a reason");
        must(!f.blobs && !f.memory && !f.map, "nothing is left");
        return;
    }
    touch_all(&f);
    write_and_read(&f);
    memo__ck_file_release(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *copy = malloc(size ? size : 1);
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    try_one(copy, size);
    memo__ck_seal(copy, size);
    try_one(copy, size);
    free(copy);
    return 0;
}

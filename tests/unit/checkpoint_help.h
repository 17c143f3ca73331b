/* checkpoint_help.h - for tests of checkpoint files: a state with one of everything, and
 * whether one is the same as another. */
#ifndef CHECKPOINT_HELP_H
#define CHECKPOINT_HELP_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/format.h"
#include "checkpoint/place.h"
#include "unit/disk_help.h"

static unsigned char help_bytes[1000];

__attribute__((constructor)) static void help_bytes_fill(void) /* threads read them */
{
    help_fill(help_bytes, 2, sizeof help_bytes);
}

/* Of the four parts, the third has `len` bytes at `data`. */
static inline void help_state(struct memo__ck_file *f, struct memo__ck_blob blobs[4],
                              const void *data, size_t len)
{
    static const double x = 2.5;
    memset(f, 0, sizeof *f);
    blobs[0] = (struct memo__ck_blob){MEMO__CK_INPUT, "n", {1, 2, 3, 4, 5, 6}, &x, sizeof x};
    blobs[1] = (struct memo__ck_blob){MEMO__CK_PIECE, "", {0}, NULL, 0};
    blobs[2] = (struct memo__ck_blob){MEMO__CK_PIECE, "grid[:n * n]", {UINT64_MAX}, data, len};
    blobs[3] = (struct memo__ck_blob){MEMO__CK_RANDOM, "random", {0}, help_bytes, 77};
    f->saved_ns = 1600000000000000000;
    f->spent_ns = 12;
    f->iteration = 1200;
    f->ordinal = 3;
    f->outer_iteration = 4;
    f->process = 5;
    f->final = 1;
    f->flags = 0x11;
    f->line = 40;
    memcpy(f->identity, "identity........", 16);
    memcpy(f->outer, "outer...........", 16);
    memcpy(f->code, "code............", 16);
    f->name = "heat.c:run:1";
    f->file = "heat.c";
    f->function = "run";
    f->program = "/usr/bin/heat";
    f->directory = "/tmp";
    f->components = "f run 0123\nv x 4567\n";
    f->arguments = "heat\0-n\0\0-v"; /* and its NUL */
    f->arguments_len = 12;
    f->blobs = blobs;
    f->n_blobs = 4;
}

static inline void help_compare(const struct memo__ck_file *got, const struct memo__ck_file *want)
{
    CHECK_EQ(got->sequence, want->sequence);
    CHECK_EQ(got->saved_ns, want->saved_ns);
    CHECK_EQ(got->spent_ns, want->spent_ns);
    CHECK_EQ(got->iteration, want->iteration);
    CHECK_EQ(got->ordinal, want->ordinal);
    CHECK_EQ(got->outer_iteration, want->outer_iteration);
    CHECK_EQ(got->process, want->process);
    CHECK_EQ(got->final, want->final);
    CHECK_EQ(got->flags, want->flags);
    CHECK_EQ(got->line, want->line);
    CHECK_MEM(got->identity, want->identity, 16);
    CHECK_MEM(got->outer, want->outer, 16);
    CHECK_MEM(got->code, want->code, 16);
    CHECK_STR(got->name, want->name);
    CHECK_STR(got->file, want->file);
    CHECK_STR(got->function, want->function);
    CHECK_STR(got->program, want->program);
    CHECK_STR(got->directory, want->directory);
    CHECK_STR(got->host, want->host ? want->host : "");
    CHECK_STR(got->components, want->components);
    CHECK_EQ(got->arguments_len, want->arguments_len);
    CHECK_MEM(got->arguments, want->arguments, want->arguments_len);
    CHECK_EQ(got->size, want->size);
    CHECK_EQ(got->n_blobs, want->n_blobs);
    for (size_t i = 0; i < want->n_blobs && got->n_blobs == want->n_blobs; i++) {
        const struct memo__ck_blob *g = &got->blobs[i], *w = &want->blobs[i];
        CHECK_EQ(g->kind, w->kind);
        CHECK_STR(g->name, w->name);
        CHECK_MEM(g->meta, w->meta, sizeof w->meta);
        CHECK_EQ(g->len, w->len);
        if (w->len && g->len == w->len)
            CHECK_MEM(g->data, w->data, w->len);
        CHECK_EQ((uintptr_t)g->data % 64, 0);
    }
}

static inline int help_create(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    return fd;
}

/* The bytes of a small state; free. */
static inline unsigned char *help_image(struct memo__ck_file *f, size_t *len)
{
    int fd = help_create(help_path("image"));
    CHECK_EQ(memo__ck_write(fd, f), 0);
    *len = (size_t)lseek(fd, 0, SEEK_END);
    unsigned char *image = malloc(*len);
    CHECK_EQ(pread(fd, image, *len, 0), (ssize_t)*len);
    close(fd);
    return image;
}

#endif

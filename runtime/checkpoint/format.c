/* format.c - a file becomes a state again, if it is whole. */
#include "checkpoint/format.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "checkpoint/format_layout.h"

#define SMALL ((uint64_t)4 << 20) /* files up to this are read, larger ones mapped */

/* A source gives bytes, from a file or from memory. */
struct source {
    int fd;
    const unsigned char *memory; /* NULL: fd */
    uint64_t size;
    unsigned char *block; /* BLOCK bytes, with fd */
    char *why;
};

__attribute__((format(printf, 3, 4))) static int wrong(const struct source *s, int err,
                                                       const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(s->why, MEMO__CK_WHY, fmt, args);
    va_end(args);
    return err;
}

static int no_memory(const struct source *s)
{
    return wrong(s, MEMO_ENOMEM, "no memory to read it");
}

static int read_at(const struct source *s, uint64_t at, void *to, size_t len)
{
    unsigned char *p = to;
    if (s->memory) {
        memcpy(to, s->memory + at, len);
        return 0;
    }
    while (len) {
        ssize_t n = pread(s->fd, p, len < (1u << 30) ? len : 1u << 30, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return wrong(s, MEMO_EIO, "cannot be read: %s", strerror(errno));
        if (!n)
            return wrong(s, MEMO_ECORRUPT, "cut short");
        p += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

/* What says how the rest is to be read. */
static int check_start(const struct source *s, const unsigned char *p, uint64_t *header)
{
    unsigned char machine[4];
    fill_machine(machine);
    if (memcmp(p + AT_MAGIC, MAGIC, 8))
        return wrong(s, MEMO_ECORRUPT, "no checkpoint");
    if (get32(p + AT_VERSION) > MEMO__CK_VERSION)
        return wrong(s, MEMO_EVERSION, "written by a newer memocc");
    if (get32(p + AT_VERSION) < MEMO__CK_VERSION)
        return wrong(s, MEMO_ECORRUPT, "its version is wrong");
    if (memcmp(p + AT_MACHINE, machine, sizeof machine))
        return wrong(s, MEMO_EVERSION, "written on a machine of another kind");
    *header = get64(p + AT_HEADER_LEN);
    if (*header > s->size && *header <= MEMO__CK_MAX_HEADER)
        return wrong(s, MEMO_ECORRUPT, "cut short");
    if (*header < FIXED + N_TEXTS + SUM || *header % 8 || *header > MEMO__CK_MAX_HEADER)
        return wrong(s, MEMO_ECORRUPT, "the length of its header is wrong");
    return 0;
}

/* A text of `len` bytes and its NUL at *at, before `end`. */
static const char *take_text(const unsigned char *head, uint64_t *at, uint64_t end, uint64_t len,
                             bool has_nuls)
{
    const char *text = (const char *)head + *at;
    if (len >= end - *at || text[len])
        return NULL;
    if (has_nuls ? len && text[len - 1] : memchr(text, 0, (size_t)len) != NULL)
        return NULL;
    *at += len + 1;
    return text;
}

static void take_numbers(const unsigned char *p, struct memo__ck_file *out)
{
    out->size = get64(p + AT_SIZE);
    out->sequence = get64(p + AT_SEQUENCE);
    out->saved_ns = get64(p + AT_SAVED);
    out->spent_ns = get64(p + AT_SPENT);
    out->iteration = get64(p + AT_ITERATION);
    out->ordinal = get64(p + AT_ORDINAL);
    out->outer_iteration = get64(p + AT_OUTER_ITERATION);
    out->process = get64(p + AT_PROCESS);
    out->final = get32(p + AT_FINAL);
    out->flags = get32(p + AT_FLAGS);
    out->line = get32(p + AT_LINE);
    out->n_blobs = get32(p + AT_N_BLOBS);
    memcpy(out->identity, p + AT_IDENTITY, MEMO__CK_DIGEST);
    memcpy(out->outer, p + AT_OUTER, MEMO__CK_DIGEST);
    memcpy(out->code, p + AT_CODE, MEMO__CK_DIGEST);
}

/* *at: behind the texts. */
static int take_texts(const struct source *s, const unsigned char *head, uint64_t end,
                      struct memo__ck_file *out, uint64_t *at)
{
    const char *texts[N_TEXTS];
    *at = FIXED;
    for (int i = 0; i < N_TEXTS; i++) {
        uint64_t len = get64(head + AT_TEXTS + 8 * i);
        if (!(texts[i] = take_text(head, at, end, len, i == ARGUMENTS)))
            return wrong(s, MEMO_ECORRUPT, "a text in its header is wrong");
    }
    out->name = texts[0];
    out->file = texts[1];
    out->function = texts[2];
    out->program = texts[3];
    out->directory = texts[4];
    out->host = texts[5];
    out->components = texts[6];
    out->arguments = texts[ARGUMENTS];
    out->arguments_len = (size_t)get64(head + AT_TEXTS + 8 * ARGUMENTS);
    return 0;
}

/* The table and the names; and whether the lengths make up the file. */
static int take_blobs(const struct source *s, const unsigned char *head, uint64_t end,
                      struct memo__ck_file *out, uint64_t at)
{
    const unsigned char *table = head + at;
    uint64_t place = pad(end + SUM);
    if (out->n_blobs > MEMO__CK_MAX_BLOBS || out->n_blobs > (end - at) / BLOB)
        return wrong(s, MEMO_ECORRUPT, "the number of its parts is wrong");
    if (!(out->blobs = memo__calloc(out->n_blobs + 1, sizeof *out->blobs)))
        return no_memory(s);
    at += BLOB * out->n_blobs;
    for (size_t i = 0; i < out->n_blobs; i++) {
        struct memo__ck_blob *b = &out->blobs[i];
        const unsigned char *line = table + BLOB * i;
        uint64_t len = get64(line + BLOB_LEN);
        b->kind = get32(line + BLOB_KIND);
        if (!(b->name = take_text(head, &at, end, get32(line + BLOB_NAME_LEN), false)))
            return wrong(s, MEMO_ECORRUPT, "a name in its header is wrong");
        for (int k = 0; k < MEMO__CK_META; k++)
            b->meta[k] = get64(line + BLOB_META + 8 * k);
        if (place > out->size || len > out->size - place)
            return wrong(s, MEMO_ECORRUPT, "the length of '%s' is wrong", b->name);
        b->len = (size_t)len;
        place += pad(len);
    }
    if (pad8(at) != end)
        return wrong(s, MEMO_ECORRUPT, "its header is too long");
    while (at < end)
        if (head[at++])
            return wrong(s, MEMO_ECORRUPT, "its header is filled up wrongly");
    if (place != out->size)
        return wrong(s, MEMO_ECORRUPT, "its size is not that of its parts");
    return 0;
}

/* `head` has `header` bytes, and stays. */
static int take_header(const struct source *s, const unsigned char *head, uint64_t header,
                       struct memo__ck_file *out)
{
    uint64_t end = header - SUM, at;
    if (memo__checksum(head, (size_t)end) != get64(head + end))
        return wrong(s, MEMO_ECORRUPT, "checksum of its header is wrong");
    take_numbers(head, out);
    if (s->size < out->size)
        return wrong(s, MEMO_ECORRUPT, "cut short: it has %llu of %llu bytes",
                     (unsigned long long)s->size, (unsigned long long)out->size);
    if (s->size > out->size)
        return wrong(s, MEMO_ECORRUPT, "there are bytes behind its end");
    if (out->final > 2)
        return wrong(s, MEMO_ECORRUPT, "its kind of state is unknown");
    int err = take_texts(s, head, end, out, &at);
    return err ? err : take_blobs(s, head, end, out, at);
}

static bool is_zero(const unsigned char *p, size_t len)
{
    while (len && !*p)
        p++, len--;
    return !len;
}

/* Whether what fills up to the next blob is zeros; `at` may be the end. */
static int check_fill(const struct source *s, uint64_t at)
{
    unsigned char fill[ALIGN];
    size_t len = (size_t)(pad(at) - at);
    int err = read_at(s, at, fill, len);
    if (!err && !is_zero(fill, len))
        err = wrong(s, MEMO_ECORRUPT, "it is filled up wrongly");
    return err;
}

static int read_sum(const struct source *s, uint64_t at, size_t len, uint64_t *sum)
{
    int err = 0;
    *sum = 0;
    if (s->memory) {
        *sum = sum_of(s->memory + at, len);
        return 0;
    }
    for (size_t done = 0, n; done < len && !err; done += n) {
        n = len - done < BLOCK ? len - done : BLOCK;
        err = read_at(s, at + done, s->block, n);
        if (!err)
            *sum = memo__checksum_block(*sum, s->block, n);
    }
    return err;
}

/* Checks all blobs and says where they are; the file's first byte is at `base`. */
static int take_data(const struct source *s, const unsigned char *head, uint64_t header,
                     struct memo__ck_file *out, const unsigned char *base)
{
    uint64_t at = pad(header), sum, table = FIXED;
    int err = check_fill(s, header);
    for (int i = 0; i < N_TEXTS; i++)
        table += get64(head + AT_TEXTS + 8 * i) + 1;
    for (size_t i = 0; i < out->n_blobs && !err; i++) {
        struct memo__ck_blob *b = &out->blobs[i];
        err = read_sum(s, at, b->len, &sum);
        if (!err && sum != get64(head + table + BLOB * i + BLOB_SUM))
            err = wrong(s, MEMO_ECORRUPT, "checksum of '%s' is wrong", b->name);
        if (!err)
            err = check_fill(s, at + b->len);
        b->data = base + at;
        at += pad(b->len);
    }
    return err;
}

/* `base` NULL: the header only. */
static int read_source(const struct source *s, const unsigned char *base, struct memo__ck_file *out)
{
    unsigned char start[FIXED];
    uint64_t header = 0;
    if (s->size < FIXED)
        return wrong(s, MEMO_ECORRUPT, s->size ? "cut short" : "empty");
    int err = read_at(s, 0, start, sizeof start);
    if (!err)
        err = check_start(s, start, &header);
    if (err)
        return err;
    const unsigned char *head = s->memory;
    if (!head) {
        if (!(out->memory = memo__malloc((size_t)header)))
            return no_memory(s);
        if ((err = read_at(s, 0, out->memory, (size_t)header)))
            return err;
        head = out->memory;
        if (memcmp(head, start, sizeof start))
            return wrong(s, MEMO_ECORRUPT, "changed while it was read");
    }
    err = take_header(s, head, header, out);
    return err || !base ? err : take_data(s, head, header, out, base);
}

/* A large file is mapped, so that nothing is copied that is copied again into the program's
 * variables; but checked by read(2), which reports errors of the disk: its pages are in memory
 * then. */
static int read_mapped(struct source *s, struct memo__ck_file *out)
{
    if (!(s->block = memo__malloc(BLOCK)))
        return no_memory(s);
    int err = read_source(s, out->map, out);
    memo__free(s->block);
    return err;
}

static int read_whole(struct source *s, struct memo__ck_file *out)
{
    if (s->size >= SIZE_MAX / 2 || !(out->map = memo__alloc_result((size_t)s->size, ALIGN)))
        return no_memory(s);
    int err = read_at(s, 0, out->map, (size_t)s->size);
    s->memory = out->map;
    return err ? err : read_source(s, out->map, out);
}

static int read_data(struct source *s, struct memo__ck_file *out)
{
    if (s->size > SMALL && s->size < SIZE_MAX / 2) {
        void *map = mmap(NULL, (size_t)s->size, PROT_READ, MAP_PRIVATE, s->fd, 0);
        if (map != MAP_FAILED) {
            out->map = map;
            out->map_len = (size_t)s->size;
            return read_mapped(s, out);
        }
    }
    return read_whole(s, out);
}

static int read_file(int fd, bool has_data, struct memo__ck_file *out, char *why)
{
    struct source s = {.fd = fd, .why = why};
    struct stat st;
    memset(out, 0, sizeof *out);
    if (fstat(fd, &st))
        return wrong(&s, MEMO_EIO, "cannot be read: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return wrong(&s, MEMO_ECORRUPT, "not a file");
    s.size = (uint64_t)st.st_size;
    int err = has_data ? read_data(&s, out) : read_source(&s, NULL, out);
    if (err)
        memo__ck_file_release(out);
    return err;
}

int memo__ck_read(int fd, struct memo__ck_file *out, char why[MEMO__CK_WHY])
{
    return read_file(fd, true, out, why);
}

int memo__ck_read_header(int fd, struct memo__ck_file *out, char why[MEMO__CK_WHY])
{
    return read_file(fd, false, out, why);
}

int memo__ck_decode(const void *data, size_t len, struct memo__ck_file *out, char why[MEMO__CK_WHY])
{
    struct source s = {.fd = -1, .memory = data, .size = len, .why = why};
    memset(out, 0, sizeof *out);
    int err = read_source(&s, data, out);
    if (err)
        memo__ck_file_release(out);
    return err;
}

void memo__ck_file_release(struct memo__ck_file *f)
{
    if (f->map_len)
        munmap(f->map, f->map_len);
    else
        free(f->map); /* memo__alloc_result's */
    memo__free(f->memory);
    if (f->blobs)
        memo__free(f->blobs);
    memset(f, 0, sizeof *f);
}

const struct memo__ck_blob *memo__ck_find(const struct memo__ck_file *f, uint32_t kind,
                                          const char *name)
{
    for (size_t i = 0; i < f->n_blobs; i++)
        if (f->blobs[i].kind == kind && (!name || !strcmp(f->blobs[i].name, name)))
            return &f->blobs[i];
    return NULL;
}

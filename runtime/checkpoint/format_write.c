/* format_write.c - a state becomes a file.
 *
 * The header is written last: a file that was cut off has none. */
#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/quiet.h"
#include "checkpoint/format_layout.h"

struct text {
    const char *text;
    size_t len;
};

static void texts_of(const struct memo__ck_file *f, struct text out[N_TEXTS])
{
    const char *const texts[ARGUMENTS] = {f->name,      f->file, f->function,  f->program,
                                          f->directory, f->host, f->components};
    for (int i = 0; i < ARGUMENTS; i++)
        out[i] = (struct text){texts[i] ? texts[i] : "", texts[i] ? strlen(texts[i]) : 0};
    out[ARGUMENTS] = (struct text){f->arguments ? f->arguments : "", f->arguments_len};
}

/* Bytes of the header and of the file. */
static int sizes_of(const struct memo__ck_file *f, uint64_t *header, uint64_t *size)
{
    struct text texts[N_TEXTS];
    uint64_t sum = FIXED;
    if (f->n_blobs > MEMO__CK_MAX_BLOBS)
        return MEMO_EINVALID;
    texts_of(f, texts);
    for (int i = 0; i < N_TEXTS; i++)
        sum += texts[i].len + 1;
    for (size_t i = 0; i < f->n_blobs; i++)
        sum += BLOB + strlen(f->blobs[i].name) + 1;
    *header = pad8(sum) + SUM;
    if (sum > MEMO__CK_MAX_HEADER - 2 * SUM)
        return MEMO_EINVALID;
    *size = pad(*header);
    for (size_t i = 0; i < f->n_blobs; i++) {
        if (f->blobs[i].len > MAX_SIZE || *size > MAX_SIZE)
            return MEMO_EINVALID;
        *size += pad(f->blobs[i].len);
    }
    return 0;
}

static unsigned char *put_text(unsigned char *p, const char *text, size_t len)
{
    memcpy(p, text, len); /* what follows is 0 already */
    return p + len + 1;
}

/* All but the checksums; `p` is zeros. Returns where the table is. */
static unsigned char *fill_header(const struct memo__ck_file *f, unsigned char *p, uint64_t header)
{
    struct text texts[N_TEXTS];
    texts_of(f, texts);
    memcpy(p + AT_MAGIC, MAGIC, 8);
    set32(p + AT_VERSION, MEMO__CK_VERSION);
    fill_machine(p + AT_MACHINE);
    set64(p + AT_HEADER_LEN, header);
    set64(p + AT_SIZE, f->size);
    set64(p + AT_SEQUENCE, f->sequence);
    set64(p + AT_SAVED, f->saved_ns);
    set64(p + AT_SPENT, f->spent_ns);
    set64(p + AT_ITERATION, f->iteration);
    set64(p + AT_ORDINAL, f->ordinal);
    set64(p + AT_OUTER_ITERATION, f->outer_iteration);
    set64(p + AT_PROCESS, f->process);
    set32(p + AT_FINAL, f->final);
    set32(p + AT_FLAGS, f->flags);
    set32(p + AT_LINE, f->line);
    set32(p + AT_N_BLOBS, (uint32_t)f->n_blobs);
    memcpy(p + AT_IDENTITY, f->identity, MEMO__CK_DIGEST);
    memcpy(p + AT_OUTER, f->outer, MEMO__CK_DIGEST);
    memcpy(p + AT_CODE, f->code, MEMO__CK_DIGEST);
    unsigned char *to = p + FIXED;
    for (int i = 0; i < N_TEXTS; i++) {
        set64(p + AT_TEXTS + 8 * i, texts[i].len);
        to = put_text(to, texts[i].text, texts[i].len);
    }
    unsigned char *table = to;
    to += BLOB * f->n_blobs;
    for (size_t i = 0; i < f->n_blobs; i++) {
        const struct memo__ck_blob *b = &f->blobs[i];
        unsigned char *line = table + BLOB * i;
        size_t len = strlen(b->name);
        set32(line + BLOB_KIND, b->kind);
        set32(line + BLOB_NAME_LEN, (uint32_t)len);
        set64(line + BLOB_LEN, b->len);
        for (int k = 0; k < MEMO__CK_META; k++)
            set64(line + BLOB_META + 8 * k, b->meta[k]);
        to = put_text(to, b->name, len);
    }
    return table;
}

/* Small blobs are gathered, so that many of them don't cost a call each. */
struct sink {
    int fd;
    uint64_t at; /* in the file, of the first byte gathered */
    unsigned char *gathered;
    size_t len, cap;
    const struct memo__ck_file *file;
};

int memo__ck_write_at(int fd, uint64_t at, const void *data, size_t len)
{
    const unsigned char *p = data;
    while (len) {
        ssize_t n = pwrite(fd, p, len < (1u << 30) ? len : 1u << 30, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            if (!n)
                errno = EIO;
            return memo__error_of_errno(errno);
        }
        p += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

static int flush(struct sink *s)
{
    int err = memo__ck_write_at(s->fd, s->at, s->gathered, s->len);
    s->at += s->len;
    s->len = 0;
    return err;
}

/* Blocks are summed just before they are written, while they are on their way through
 * the cache anyway. */
static int put_large(struct sink *s, const unsigned char *p, size_t len, uint64_t *sum)
{
    int err = flush(s);
    for (size_t at = 0, n; at < len && !err; at += n) {
        if (memo__ck_is_dropped(s->file))
            return MEMO_EOFF;
        n = len - at < BLOCK ? len - at : BLOCK;
        *sum = memo__checksum_block(*sum, p + at, n);
        err = memo__ck_write_at(s->fd, s->at, p + at, n);
        s->at += n;
    }
    return err;
}

static int put_blob(struct sink *s, const struct memo__ck_blob *b, uint64_t *sum)
{
    size_t fill = (size_t)(pad(b->len) - b->len);
    int err = 0;
    *sum = 0;
    if (b->len + fill > s->cap) {
        err = put_large(s, b->data, b->len, sum);
    } else {
        if (b->len + fill > s->cap - s->len)
            err = flush(s);
        *sum = sum_of(b->data, b->len);
        if (b->len)
            memcpy(s->gathered + s->len, b->data, b->len);
        s->len += b->len;
    }
    memset(s->gathered + s->len, 0, fill);
    s->len += fill;
    return err;
}

static int write_all(int fd, struct memo__ck_file *f, uint64_t header, unsigned char *head,
                     unsigned char *buffer, size_t cap)
{
    unsigned char *table = fill_header(f, head, header);
    struct sink s = {fd, header, buffer, (size_t)(pad(header) - header), cap, f};
    uint64_t sum;
    int err = 0;
    memset(buffer, 0, s.len);
    for (size_t i = 0; i < f->n_blobs && !err; i++) {
        err = put_blob(&s, &f->blobs[i], &sum);
        set64(table + BLOB * i + BLOB_SUM, sum);
    }
    if (!err)
        err = flush(&s);
    set64(head + header - SUM, memo__checksum(head, (size_t)header - SUM));
    return err ? err : memo__ck_write_at(fd, 0, head, (size_t)header);
}

int memo__ck_write(int fd, struct memo__ck_file *f)
{
    struct memo__quiet quiet;
    uint64_t header;
    int err = sizes_of(f, &header, &f->size);
    if (err)
        return err;
    size_t cap = f->size - header < BLOCK ? (size_t)(f->size - header) + ALIGN : BLOCK;
    unsigned char *head = memo__calloc(1, (size_t)header), *buffer = memo__malloc(cap);
    if (!head || !buffer) {
        memo__free(head);
        memo__free(buffer);
        errno = ENOMEM;
        return MEMO_ENOMEM;
    }
    memo__quiet_begin(&quiet, SIGXFSZ);
    err = write_all(fd, f, header, head, buffer, cap);
    int saved = errno;
    memo__quiet_end(&quiet);
    memo__free(head);
    memo__free(buffer);
    errno = saved;
    return err;
}

void memo__ck_seal(void *data, size_t len)
{
    unsigned char *p = data;
    uint64_t header, texts = FIXED, at;
    if (len < FIXED || (header = get64(p + AT_HEADER_LEN)) > len || header < FIXED + SUM)
        return;
    at = pad(header);
    for (int i = 0; i < N_TEXTS; i++)
        texts += get64(p + AT_TEXTS + 8 * i) + 1;
    for (uint64_t i = 0; i < get32(p + AT_N_BLOBS); i++) {
        uint64_t line = texts + BLOB * i;
        if (texts > len || line + BLOB > header - SUM)
            break;
        uint64_t blob = get64(p + line + BLOB_LEN);
        if (at > len || blob > len - at)
            break;
        set64(p + line + BLOB_SUM, sum_of(p + at, (size_t)blob));
        at += pad(blob);
    }
    set64(p + header - SUM, memo__checksum(p, (size_t)header - SUM));
}

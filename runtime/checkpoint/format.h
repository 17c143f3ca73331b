/* format.h - one saved state of a loop as a file: a header and a list of blobs.
 *
 * What a blob means is known to image.c, stream.c and loop.c; here it is a kind, a name,
 * some numbers and bytes. Header and blobs have a checksum each, and reading believes
 * nothing before it was checked: sizes, counts, texts, padding, the end of the file. The
 * file byte by byte: docs/checkpoint-format.md.
 *
 * Threads: no state; a struct belongs to one thread at a time. errno may change. */
#ifndef MEMO_CHECKPOINT_FORMAT_H
#define MEMO_CHECKPOINT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMO__CK_VERSION 1u /* of the format */
#define MEMO__CK_DIGEST 16
#define MEMO__CK_META 6
#define MEMO__CK_WHY 256 /* bytes of a reason, its NUL included */
#define MEMO__CK_MAX_BLOBS (1u << 20)
#define MEMO__CK_MAX_HEADER ((uint64_t)256 << 20)

/* Kinds stand in files: append only. One that isn't here is no error of the format. */
enum memo__ck_kind {
    MEMO__CK_INPUT = 1, /* what was matched */
    MEMO__CK_PIECE,     /* bytes of a piece */
    MEMO__CK_POINTERS,  /* pointers of a piece, as offsets */
    MEMO__CK_RANDOM,    /* random(), rand() */
    MEMO__CK_RAND48,    /* drand48() and its kin */
    MEMO__CK_STATE,     /* what `state` gave */
    MEMO__CK_STREAM,    /* a stream of `file`: meta[0] is its number in the site, meta[1] that of
                           its side copy (place.h), or MEMO__CK_NO_COPY */
    MEMO__CK_COUNTER,   /* reserved */
    MEMO__CK_NOTE       /* by name: for messages and comparisons of loop.c */
};
#define MEMO__CK_NO_COPY UINT64_MAX

/* name: never NULL. data may be NULL if len is 0, and is NULL after
 * memo__ck_read_header; else, after memo__ck_read, it lies at a multiple of 64. */
struct memo__ck_blob {
    uint32_t kind;
    const char *name;
    uint64_t meta[MEMO__CK_META];
    const void *data;
    size_t len;
};

/* For writing, all belongs to the caller and is only read. After reading, all that
 * pointers lead to belongs to the struct: memo__ck_file_release. */
struct memo__ck_file {
    uint64_t sequence;        /* of this loop's saves; place.c counts */
    uint64_t saved_ns;        /* date, since 1970 */
    uint64_t spent_ns;        /* in the loop until then, over all runs; 0: not known */
    uint64_t iteration;       /* completed ones: it goes on before this one, counted from 0 */
    uint64_t ordinal;         /* how often the loop was entered before */
    uint64_t outer_iteration; /* of the loop around it, or 0 */
    uint64_t process;         /* which wrote it */
    uint32_t final;           /* 0, MEMO_CK_TOP or MEMO_CK_END */
    uint32_t flags;           /* of the site, MEMO_CK_NAMED and so on */
    uint32_t line;
    unsigned char identity[MEMO__CK_DIGEST]; /* identity.h */
    unsigned char outer[MEMO__CK_DIGEST];    /* of the loop around it; zeros: none */
    unsigned char code[MEMO__CK_DIGEST];     /* of the loop */
    /* Texts; NULL counts as "" when written, and isn't there after reading. */
    const char *name, *file, *function, *program, *directory, *host;
    const char *components; /* of the code, as memo__identify gives them */
    const char *arguments;  /* each with its NUL, argv[0] first */
    size_t arguments_len;   /* with all NULs */
    struct memo__ck_blob *blobs;
    size_t n_blobs;
    uint64_t size;          /* of the file; set by reading and by memo__ck_write */
    const bool *is_dropped; /* __atomic; true: it needn't be written any more. Or NULL */
    /* format.c's */
    void *memory, *map;
    size_t map_len;
};

/* Writes to a new file, from its start; blobs aren't copied. `fd` stays the caller's, who
 * removes the file after a failure, and syncs it. Raises no SIGXFSZ. 0; MEMO_EFULL
 * (no space, quota, limit), MEMO_EIO, MEMO_ENOMEM, errno as the failed call left it;
 * MEMO_EINVALID: too many blobs, sizes overflow; MEMO_EOFF: it was dropped. */
int memo__ck_write(int fd, struct memo__ck_file *f);

static inline bool memo__ck_is_dropped(const struct memo__ck_file *f)
{
    return f->is_dropped && __atomic_load_n(f->is_dropped, __ATOMIC_RELAXED);
}

/* Reads and checks everything. Large files stay mapped: nobody may write to or truncate
 * them before the release (place.c replaces files, and never changes them). 0, or with a
 * reason in `why` ("checksum of 'grid' is wrong"; no file name) and *out as after
 * memo__ck_file_release: MEMO_ECORRUPT; MEMO_EVERSION (of a newer memocc, or a machine of
 * another kind); MEMO_EIO; MEMO_ENOMEM. */
int memo__ck_read(int fd, struct memo__ck_file *out, char why[MEMO__CK_WHY]);

/* The same for listings: the blobs' data is NULL and unchecked, their lengths are there. */
int memo__ck_read_header(int fd, struct memo__ck_file *out, char why[MEMO__CK_WHY]);

/* As memo__ck_read, from memory that stays the caller's for as long as *out is used. */
int memo__ck_decode(const void *data, size_t len, struct memo__ck_file *out,
                    char why[MEMO__CK_WHY]);

void memo__ck_file_release(struct memo__ck_file *f); /* twice does no harm */

/* The first blob of that kind and name (NULL: any), or NULL. */
const struct memo__ck_blob *memo__ck_find(const struct memo__ck_file *f, uint32_t kind,
                                          const char *name);

/* All bytes at this place of a file, whatever pwrite(2) takes at a time. 0; MEMO_EFULL, MEMO_EIO,
 * MEMO_EREADONLY. */
int memo__ck_write_at(int fd, uint64_t at, const void *data, size_t len);

/* Tests only: sets all checksums of what was changed in memory, as far as its sizes make
 * sense. */
void memo__ck_seal(void *data, size_t len);

#endif

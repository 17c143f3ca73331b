/* image_private.h - what the files image*.c share.
 *
 * image.c takes, image_extent.c says which bytes a piece is and what an address leads to,
 * image_prepare.c checks what a file has, image_restore.c gives it back, image_leads.c
 * compares pointers that are inputs.
 *
 * Blobs, one for each piece, in order:
 *     meta[0]  role; bit 31: with gaps (GAPS); index of the piece << 32
 *     meta[1]  bytes of an element
 *     meta[2]  VARIABLE, SECTION, ALLOC, OBJECT: elements (STRING: 0); MORE: rows; POINTER that is
 *              an input: 1 + index of another POINTER that was equal at the entry, or 0
 *     meta[3]  digest of the layout
 *     meta[4]  SECTION, ALLOC: place, a target (below); MORE: stride; POINTER: 1 if there is none,
 *              because what should hold it is behind NULL
 *     meta[5]  SECTION: m_first; ALLOC: alignment; POINTER that is an input: where it led at
 *              the entry, a target; LEADS_ELSEWHERE; 0: not known, or nothing is compared
 *     data     VARIABLE, SECTION: bytes, rows one behind the other; saved pointers are zero
 *              (or anything: they aren't read)
 * and one MEMO__CK_POINTERS: meta[0] targets of 8 bytes. In order of the pieces: POINTER with
 * CHANGED has two, where the pointer itself lies (0: where the span says) and where it leads;
 * VARIABLE and SECTION have one for each pointer with CHANGED in each element.
 *
 * A *target* is 0 (NULL), or index + 1 of a piece << 48 and bytes behind its m_data +
 * 2^47. As the place of a section, a POINTER piece stands for its value at the start. */
#ifndef MEMO_CHECKPOINT_IMAGE_PRIVATE_H
#define MEMO_CHECKPOINT_IMAGE_PRIVATE_H

#include "checkpoint/image.h"

#define GAPS 0x80000000u
#define FRESH_BLOCK UINT64_MAX /* place of an ALLOC: a new block */
#define LEADS_ELSEWHERE 1u     /* of a pointer that is an input: into no piece */
#define MAX_PIECES 65000u
#define TARGET_BIAS ((int64_t)1 << 47)

static inline uint64_t target_of(unsigned piece, int64_t offset)
{
    return ((uint64_t)piece + 1) << 48 | (uint64_t)(offset + TARGET_BIAS);
}

/* Addresses are numbers where they are compared and counted with. */
static inline void *memo__ck_at(uintptr_t address)
{
    return (void *)address; /* NOLINT(performance-no-int-to-ptr) */
}

static inline unsigned target_piece(uint64_t target) /* not of 0 */
{
    return (unsigned)(target >> 48) - 1;
}

static inline int64_t target_offset(uint64_t target)
{
    return (int64_t)(target & (((uint64_t)1 << 48) - 1)) - TARGET_BIAS;
}

/* Which bytes: n_runs times run_len. */
struct memo__ck_extent {
    uintptr_t base;      /* m_data */
    uintptr_t low, high; /* saved pointers may lead here, `high` included */
    size_t first, count;
    size_t run_len, n_runs;
    size_t bytes;      /* run_len * n_runs */
    unsigned n_levels; /* of rows: pieces that follow */
};

/* Ordered by low. */
struct memo__ck_range {
    uintptr_t low, high;
    uintptr_t reach; /* the highest `high` up to this one */
    unsigned piece;
};

struct memo__ck_image {
    const struct memo_ck_site *site;
    unsigned n;

    /* of the entry; POINTER: its value then; else m_data */
    uintptr_t *start;

    /* taking */
    struct memo__ck_extent *extents;
    uint64_t *places;
    struct memo__ck_range *ranges;
    unsigned n_ranges;
    struct memo__ck_blob *blobs; /* n + 1 */
    char *copy;
    size_t copy_cap;
    uint64_t *targets;
    size_t targets_cap;

    struct memo__ck_prepared *prepared; /* or NULL */
};

/* image_extent.c */

/* Of the address of run r. `strides`: n_levels spans. */
uintptr_t memo__ck_run(uintptr_t begin, const struct memo_ck_span *levels, unsigned n_levels,
                       size_t r);
/* 0, or MEMO_EINVALID: counts are bad. */
int memo__ck_measure(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                     unsigned i, struct memo__ck_extent *out);
/* Levels of rows behind piece i. */
unsigned memo__ck_levels(const struct memo_ck_site *site, unsigned i);
/* Pointers with CHANGED in an element. */
size_t memo__ck_pointers_in_element(const struct memo_ck_piece *p);
/* After all extents were measured. */
void memo__ck_sort(struct memo__ck_image *image);
/* The target that `address` is, among pieces whose role has a bit of `roles` and that aren't
 * `except`; 0: none. */
uint64_t memo__ck_lookup(const struct memo__ck_image *image, uintptr_t address, unsigned roles,
                         unsigned except);
/* Is it inside one of the program's objects, by what start knows? */
bool memo__ck_is_object(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                        uintptr_t address);
/* A POINTER piece that a section or ALLOC starts from, and whose value at the start was `address`;
 * or MEMO_CK_NONE. */
unsigned memo__ck_base_at(const struct memo__ck_image *image, uintptr_t address, unsigned except);
/* Fills image->places. 0, or MEMO_EINVALID with a reason. */
int memo__ck_place_sections(struct memo__ck_image *image, char why[MEMO__CK_WHY]);

/* image_leads.c */

/* meta[2] and [5] of piece i, a POINTER. Places are known. */
void memo__ck_leads_note(const struct memo__ck_image *image, unsigned i, struct memo__ck_blob *out);
/* Do they lead where they led? 0, or MEMO_EINVALID with a reason. It is known where pieces go. */
int memo__ck_leads_fit(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                       char why[MEMO__CK_WHY]);

/* image_restore.c, of what was prepared, where pieces go to being known: the begin of the bytes of
 * piece i; 0: it has none. */
uintptr_t memo__ck_goes_to(const struct memo__ck_image *image, const struct memo_ck_span *spans,
                           unsigned i);

/* image_block.c: false if no block of malloc of `len` bytes, or more, begins there. */
bool memo__ck_is_block(uintptr_t at, size_t len);
/* Do these bytes lie in the block that begins at `start`, but not at its begin? false: nobody
 * knows. */
bool memo__ck_is_inside(uintptr_t start, uintptr_t at, size_t len);

/* image_writable.c: the same state of things. 0, or MEMO_EINVALID with a reason. */
int memo__ck_image_writable(struct memo__ck_image *image, const struct memo_ck_span *spans,
                            char why[MEMO__CK_WHY]);

/* image_prepare.c */
void memo__ck_prepared_free(struct memo__ck_prepared *p);

/* What a file says of a piece. */
struct memo__ck_saved {
    const struct memo__ck_blob *blob;
    size_t first, count, run_len, n_runs;
    int64_t low, high;           /* offsets that a target may have */
    uint64_t place;              /* SECTION, ALLOC; POINTER: not 0: there was none */
    uint64_t target, equal;      /* POINTER: meta[5], meta[2] */
    struct memo_ck_span *levels; /* of rows */
    unsigned n_levels;
    void *block; /* ALLOC: the new one; NULL: none needed, or given away */
    /* known from memo__ck_image_fits on */
    uintptr_t base; /* SECTION, ALLOC: where it goes to; POINTER: its value moved along */
    uintptr_t old;  /* ALLOC: the rerun's block, or 0 */
};

struct memo__ck_moved {
    uintptr_t old, now;
    size_t len;
};

/* A block that nothing uses after the restore. */
struct memo__ck_leftover {
    uintptr_t at;
    size_t len;
    bool is_used;
};

struct memo__ck_overwritten {
    void *at;
    size_t len;
    const char *bytes;
};

struct memo__ck_prepared {
    struct memo__ck_saved *pieces;
    unsigned n;
    struct memo_ck_span *levels; /* of all */
    const char *targets;
    size_t n_targets;
    char *element; /* scratch: the largest element */
    struct memo__ck_moved *moved;
    struct memo__ck_leftover *leftovers;
    unsigned n_moved, n_leftovers;
    bool keeps_bytes; /* elements have some that keep their value */
    bool is_restored;
    bool can_undo;
    uintptr_t *start; /* of before the restore */
    struct memo__ck_overwritten *overwritten;
    size_t n_overwritten;
    char *kept;
    size_t n_kept;
};

/* image_restore.c */

/* Where what was at this address is now that blocks have moved. */
uintptr_t memo__ck_forward(const struct memo__ck_prepared *p, uintptr_t address);

#endif

/* result.h - results between the user's memory and the bytes in a tier.
 *
 * A result is a list of parts: those of the site's table with MEMO_RESULT, in
 * order, and last errno (4 bytes, or none if the call didn't set it). Capturing
 * takes them after the call, restoring puts them back on a hit. Restoring is all
 * or nothing: every length is checked and all memory allocated before the first
 * byte of the user's is written. */
#ifndef MEMO_CACHE_RESULT_H
#define MEMO_CACHE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/site.h"
#include "store/record.h"
#include "store/store_files.h"

#define MEMO__FEW_PARTS 12

/* A role beside those of memo_abi.h, for MEMO_LATE: m_count before the call is
 * the room there; a longer stored result doesn't fit. */
#define MEMO__CAPACITY 0x80000000u

struct memo__errno {
    bool is_set;
    int value;
};

/* The parts of one result. Their bytes are the user's, or lie in here. */
struct memo__capture {
    struct memo__part *parts;
    unsigned n;
    uint64_t total; /* bytes of all parts */
    struct memo__part few[MEMO__FEW_PARTS];
    uint64_t few_words[MEMO__FEW_PARTS];
    uint64_t *words; /* offsets of pointers */
    int errno_value;
    void *memory;                /* of many parts; memo__free */
    void *rows[MEMO__FEW_PARTS]; /* gathered rows; memo__free */
    unsigned n_rows;
};

/* Fills *c, which must be released whatever comes back. 0; MEMO_EINVALID: this
 * result can't be stored (a pointer into an argument, a bad count, overlap);
 * MEMO_ENOMEM. `spans` are those of memo_abi_end. */
int memo__result_capture(struct memo__site *s, struct memo_span *spans, struct memo__errno e,
                         struct memo__capture *c);
void memo__capture_release(struct memo__capture *c);

/* Where a stored result is: parts as above, whose bytes are in `object` if that
 * isn't NULL. */
struct memo__source {
    const struct memo__part *parts;
    unsigned n;
    const struct memo__object *object;
};

/* 0: all is in place, *e says what becomes of errno. MEMO_EMISS: doesn't fit
 * this call (lengths, overlap) or no memory; MEMO_ECORRUPT: the object file is
 * damaged. After a failure nothing of the user's has changed, except that
 * m_count of MEMO_LATE and MEMO_ALLOC spans may have; after a hit they are right. */
int memo__result_restore(const struct memo__site *s, struct memo_span *spans,
                         const struct memo__source *from, struct memo__errno *e);

/* Zeros for what the wrapper returns, on a call that is asked and not made. */
void memo__result_zero(const struct memo__site *s, struct memo_span *spans);

#endif

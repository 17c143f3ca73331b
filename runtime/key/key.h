/* key.h - the canonical key of a call: which bytes tell it from all others.
 *
 * A key is, part by part in the order of the site's table:
 *
 *   packed scalars     their bytes
 *   section            tag (0: NULL, 1: there); count (u64; of rows their counts,
 *                      too); for MEMO_KEY the elements' bytes, without padding
 *   string             tag, length with NUL, bytes
 *   late, allocated    tag alone
 *   environment        tag, length, value
 *   file               tag (0: missing), XXH3-128 of the content
 *   code               tag, 16 bytes of identity
 *
 * and last a few bytes of the caller's (MEMO__STATE_...). Element bytes of
 * more than MEMO__KEY_INLINE are replaced by their XXH3-128. Nothing in it
 * depends on addresses. Integers are in the machine's order (the identity of
 * the function has the toolchain in it).
 *
 * The hash is the XXH3-128 of the key, xor the function's identity. Keys of up to
 * 64 bytes are kept whole, so that tiers compare them; of longer ones the head,
 * for listings. */
#ifndef MEMO_KEY_KEY_H
#define MEMO_KEY_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call_key.h"
#include "include/memo_abi.h"

#define MEMO__KEY_INLINE 256u

enum memo__key_result {
    MEMO__KEY_OK,
    MEMO__KEY_BAD_COUNT, /* negative or overflowing */
    MEMO__KEY_NULL,      /* a NULL section that isn't empty */
    MEMO__KEY_OVERLAP,   /* a section that is written overlaps another */
    MEMO__KEY_CODE,      /* a function that isn't in this program */
    MEMO__KEY_FILE,      /* a file that can't be read as one */
};

/* What a key ends with where it isn't as in a new process: a byte that says what, and
 * four of its value. */
#define MEMO__STATE_FP 'r'     /* rounding mode, flush-to-zero */
#define MEMO__STATE_ERRNO 'e'  /* of functions that may read it: always */
#define MEMO__STATE_LOCALE 'l' /* hash of its name */

/* The identity of a function's code, 16 bytes; false: it has none. */
typedef bool memo__key_code(void *arg, const void *code, unsigned char *identity);

/* The key of a call; anything but OK means that the call is to be computed,
 * uncached. Reads the user's memory through the spans; allocates only for
 * files. errno may change. */
enum memo__key_result memo__key_build(const struct memo_site *site, const struct memo_span *spans,
                                      const unsigned char identity[16], const void *extra,
                                      size_t extra_len, memo__key_code *code, void *arg,
                                      struct memo__key *out);

/* Whether the files still hold what they held when the key was built. */
bool memo__key_files_unchanged(const struct memo__key *key, const struct memo_site *site,
                               const struct memo_span *spans);

/* With the counts of MEMO_LATE parts known: does what was written overlap
 * another section? 0: no. */
int memo__key_check_late(const struct memo_site *site, const struct memo_span *spans);

#endif

/* input.h - what a loop reads and doesn't change: kept as keys (key/key.h), one for each input.
 *
 * Short values are kept whole, so that a line can say what they were; of all others their
 * length and digest. Padding takes no part. */
#ifndef MEMO_CHECKPOINT_INPUT_H
#define MEMO_CHECKPOINT_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/call_key.h"
#include "checkpoint/format.h"
#include "include/memo_abi.h"
#include "include/memo_checkpoint_abi.h"
#include "key/key.h"

struct memo__ck_input {
    unsigned part; /* of the site; with MEMO_MORE ones behind it */
    struct memo__key key;
};

struct memo__ck_inputs {
    struct memo__ck_input *list; /* memo__free */
    size_t n, cap;
};

/* 0; MEMO_ENOMEM; MEMO_EINVALID with a reason ("bounds of 'p[:n]' are negative"): such a loop can't
 * be matched. `code` as in key.h, with the site as its arg. *out is the caller's, at first zeros;
 * its
 * memory is used again: memo__ck_inputs_release. */
int memo__ck_inputs_take(const struct memo_ck_site *site, const struct memo_span *spans,
                         memo__key_code *code, struct memo__ck_inputs *out, char why[MEMO__CK_WHY]);
void memo__ck_inputs_release(struct memo__ck_inputs *in);

/* One blob, which refers to the input. */
void memo__ck_input_blob(const struct memo_ck_site *site, const struct memo__ck_input *input,
                         struct memo__ck_blob *out);

/* The first input that isn't as in the file, of those named in `skip`, or of the others; false:
 * all are. `text` says it: "input 'n' was 10 and is 20". */
typedef void memo__ck_show(char *out, size_t size, const struct memo_site *site, const void *key,
                           size_t len, uint64_t total);
bool memo__ck_inputs_differ(const struct memo_ck_site *site, const struct memo__ck_inputs *in,
                            const struct memo__ck_file *file, bool skipped, memo__ck_show *show,
                            char text[MEMO__CK_WHY]);

#endif

/* diag_verify.h - compare diagnostics with expected-* comments (--memo-verify).
 *
 *   int f(void *p); // expected-error {{has no shape}}
 *   // expected-note@-1 2 {{write 'in}}
 *   // expected-no-diagnostics
 *
 * The text in braces is a part of the message. @N, @+N and @-N name a line, a
 * number how often. Notes that no comment names are not counted. */
#ifndef MEMOCC_DIAG_VERIFY_H
#define MEMOCC_DIAG_VERIFY_H

#include "diag.h"

#define DIAG_VERIFY_MAX 256

struct diag_verify {
    struct diag_consumer consumer; /* first, so that it can be cast back */
    const struct source *src;
    unsigned n_expected, n_unexpected;
    bool says_none; /* expected-no-diagnostics was found */
    struct diag_expect {
        enum diag_severity severity;
        size_t line, text_len;
        const char *text; /* points into src */
        unsigned left;    /* how many are still to come */
    } expected[DIAG_VERIFY_MAX];
};

/* Read the expectations in `src`, which has to outlive `v`. */
void diag_verify_init(struct diag_verify *v, const struct source *src);

/* Print what is missing to stderr. Returns true if all was as expected. */
bool diag_verify_finish(const struct diag_verify *v);

#endif

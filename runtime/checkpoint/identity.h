/* identity.h - which entry into which loop of which run: what a state is found under.
 *
 * Name of the loop, program, arguments (unless `name` was given), working directory, how
 * often the loop was entered before; and for a loop inside another one's iteration, that
 * entry and that iteration. Code and inputs aren't in it: they are compared, so that a
 * line can say what differs.
 *
 * The identity is a digest and a text, which the names of files begin with (place.h):
 *
 *     <loop>.<ordinal>                          <loop>: 32 hex digits of name, program, ...
 *     <outer>-<iteration>.<16 hex digits>       inside another loop; numbers are hex */
#ifndef MEMO_CHECKPOINT_IDENTITY_H
#define MEMO_CHECKPOINT_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/format.h"

#define MEMO__CK_ID 208 /* bytes of the text, NUL included: a file name has 255 */

struct memo__ck_identity {
    unsigned char digest[MEMO__CK_DIGEST];
    char id[MEMO__CK_ID];
};

/* What the process is, as it was before main: programs change their arguments and their
 * directory. Never NULL; unknown: "". Read once; threads: any. */
struct memo__ck_process {
    const char *program;   /* its real path */
    const char *directory; /* the working directory */
    const char *arguments; /* each with its NUL, argv[0] first */
    size_t arguments_len;  /* with all NULs */
};
const struct memo__ck_process *memo__ck_process(void);
/* Was this process forked from one that had begun the program? */
bool memo__ck_is_forked(void);

/* `outer` NULL: not inside another loop's entry; else `outer_iteration` counts, and
 * `ordinal` is counted within that iteration. 0, or MEMO_EFULL: nested too deeply for
 * names of files (8 levels and more are possible). argv[0] isn't part of it, the real path is. */
int memo__ck_identify(const char *name, bool is_named, uint64_t ordinal,
                      const struct memo__ck_identity *outer, uint64_t outer_iteration,
                      struct memo__ck_identity *out);

/* Tests only: another process than this one. The strings stay the caller's. NULL: this one. */
void memo__ck_pretend(const struct memo__ck_process *p);

#endif

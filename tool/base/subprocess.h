/* subprocess.h - start a program and wait for it.
 *
 * While one runs, SIGINT, SIGTERM and SIGHUP are passed on to it, and
 * subprocess_run() still returns, so that temporary files can be removed;
 * subprocess_finish() then ends this process in the same way. Not for threads. */
#ifndef MEMOCC_SUBPROCESS_H
#define MEMOCC_SUBPROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct subprocess {
    const char *path;        /* of the program, not searched for */
    const char *const *argv; /* ends with NULL */
    const char *input;       /* what it reads from stdin: input_len bytes; NULL: our stdin */
    size_t input_len;
    struct strbuf *out, *err; /* append its output here; NULL: ours */
};

/* Returns the wait status. Ends the tool if the program can't be started. */
int subprocess_run(const struct subprocess *p);

static inline bool subprocess_is_success(int wait_status)
{
    return wait_status == 0;
}

/* The signal that came for us while a child ran, or 0. */
int subprocess_signal(void);

/* Replace this process; ends the tool if that fails. With input, the program
 * reads that instead of our stdin. */
__attribute__((noreturn)) void subprocess_exec(const struct subprocess *p);

/* End this process as the child ended: same exit status, or same signal. If a
 * signal came for us, by that. The caller has cleaned up. */
__attribute__((noreturn)) void subprocess_finish(int wait_status);

#endif

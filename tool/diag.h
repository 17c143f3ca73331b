/* diag.h - report problems in the user's source, in clang's form.
 *
 *   file:line:col: warning: text [-Wmemo-impure]
 *
 * diag.def has one line for each diagnostic. A consumer receives each as data;
 * only diag_print() turns one into text, and diag_verify.c compares them with
 * expected-* comments. A note belongs to the diagnostic before it and is
 * silent where that one was. */
#ifndef MEMOCC_DIAG_H
#define MEMOCC_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "source.h"

enum diag_severity { DIAG_NOTE, DIAG_REMARK, DIAG_WARNING, DIAG_ERROR };

enum diag_id {
#define DIAG(id, severity, flag, format) DIAG_##id,
#include "diag.def"
#undef DIAG
    DIAG_COUNT
};

struct diagnostic {
    enum diag_id id;
    enum diag_severity severity; /* as reported: a warning may have become an error */
    struct src_range range;      /* src NULL: of the unit as a whole */
    const char *text;            /* formatted, without severity and flag */
};

struct diag_consumer {
    void (*handle)(struct diag_consumer *self, const struct diagnostic *d);
};

struct diag_engine {
    struct diag_consumer *consumer; /* not owned */
    unsigned n_errors, n_warnings;
    bool last_was_muted;       /* then its notes are, too */
    bool has_no_warnings;      /* -w, which comes before all other options */
    bool muted[DIAG_COUNT];    /* warnings: -Wno-memo-...; remarks start muted */
    bool is_error[DIAG_COUNT]; /* -Werror=memo-... */
};

/* Remarks off, warnings on. */
void diag_init(struct diag_engine *e, struct diag_consumer *consumer);

/* Apply an option: "-Wmemo-x", "-Wno-memo-x", "-Werror=memo-x",
 * "-Wno-error=memo-x", "-Rmemo", "-Rmemo-x", "-Rno-memo...", and "memo" for all
 * of a kind. Returns false if no diagnostic has that flag. */
bool diag_option(struct diag_engine *e, const char *option);

/* The known flag nearest to that of `option`, with its "-W" or "-R", or NULL. */
const char *diag_option_nearest(const char *option);

/* Report diagnostic `id` at `range`. Returns true if it counts as an error.
 * The format comes from diag.def, so the compiler checks the arguments. */
#define diag_report(e, id, range, ...)                                                             \
    diag_report_as(e, DIAG_##id, range, diag_format_##id, ##__VA_ARGS__)

__attribute__((format(printf, 4, 5))) bool diag_report_as(struct diag_engine *e, enum diag_id id,
                                                          struct src_range range,
                                                          const char *format, ...);

#define DIAG(id, severity, flag, format)                                                           \
    static const char diag_format_##id[] __attribute__((unused)) = format;
#include "diag.def"
#undef DIAG

/* Write `d` to `out` with the source line, a caret and tildes. */
void diag_print(FILE *out, const struct diagnostic *d);

/* The consumer that prints to stderr. */
extern struct diag_consumer diag_stderr;

const char *diag_flag(enum diag_id id); /* "memo-impure", or "" */
const char *diag_name(enum diag_id id); /* "warn_memo_impure" */

#endif

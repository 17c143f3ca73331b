/* options.h - memocc's own options, taken out of the command line.
 *
 * They are --memo-..., -W[no-][error=]memo..., -Wno-error=memo... and
 * -R[no-]memo.... What remains is the real compiler's, in its order. */
#ifndef MEMOCC_OPTIONS_H
#define MEMOCC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "ccargs.h"

struct arena;
struct diag_engine;

#define MEMOCC_VERSION_NUMBER 10000
#ifndef MEMOCC_VERSION
#define MEMOCC_VERSION "1.0.0"
#endif

enum option_id {
#define OPTION(id, name, takes, help) OPTION_##id,
#include "options.def"
#undef OPTION
    OPTION_COUNT
};

struct options {
    bool is_set[OPTION_COUNT];
    const char *libclang;  /* version or path, or NULL */
    struct word_list diag; /* -W and -R options, in order */
    struct word_list rest; /* the compiler's words */
    bool has_response;     /* an option of ours stood in a response file: it is expanded in rest */
};

/* argv[0..n) without memocc's name. Ends the tool on an unknown --memo- option. */
void options_parse(struct options *o, struct arena *a, const char *const *argv, size_t n);

/* Apply -W and -R; unknown ones are warned about, with the nearest spelling. */
void options_apply_diag(const struct options *o, struct diag_engine *e);

void options_print_help(void);

#endif

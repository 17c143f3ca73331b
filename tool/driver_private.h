/* driver_private.h - shared by the files of the driver.
 *
 *   driver.c         finds the units and rewrites them
 *   driver_compile.c runs the real compiler on what was rewritten
 *   driver_link.c    links programs that have memoized functions
 */
#ifndef MEMOCC_DRIVER_PRIVATE_H
#define MEMOCC_DRIVER_PRIVATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "ccargs.h"
#include "compiler.h"
#include "deliver.h"
#include "diag.h"
#include "driver.h"
#include "link.h"
#include "options.h"

struct session {
    struct arena *arena;
    const struct options *options;
    struct compiler compiler;
    struct ccargs cmd;
    struct runtime runtime;
    struct delivery delivery;
    struct diag_engine diag;
    struct unit *units; /* the C sources of the command, in order */
    size_t n_units;
    struct unit *stdin_unit;
};

/* End this process: as the child did, or with a status of our own. Removes
 * temporary files. */
__attribute__((noreturn)) void driver_finish(int wait_status);
__attribute__((noreturn)) void driver_quit(int status);

/* Ends this process if a signal came for it while a child ran. */
void driver_check_signal(void);

void driver_add_compiler(const struct session *s, struct word_list *words);
void driver_add_words(struct session *s, struct word_list *out, const struct word_list *words);

/* The unit of an input, or NULL. */
struct unit *driver_unit_of(const struct session *s, const struct cc_item *item);

/* Run the compiler; of stdin_unit it gets the text. Returns the wait status; ends this
 * process if a signal came. */
int driver_run_compiler(struct session *s, struct word_list *words, const struct unit *stdin_unit);

/* Compile one input alone, u being its unit or NULL. In a link the object goes to a
 * file of ours, *object; otherwise to where the compiler puts it. */
int driver_compile_alone(struct session *s, const struct cc_item *item, struct unit *u,
                         const char **object);

/* Compile (and, without memoized functions, link) what was rewritten. */
__attribute__((noreturn)) void driver_compile(struct session *s);

/* Compile each source, look at the program as a whole, link it with its table. */
__attribute__((noreturn)) void driver_link(struct session *s);

#endif

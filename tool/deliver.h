/* deliver.h - the rewritten text of a unit on its way into the real compiler.
 *
 * The compiler must do what it would have done with the user's file: find the
 * same headers, give the same names to what it makes, write the same
 * dependencies. clang can be told to read other bytes in place of a file; gcc
 * gets a file of the same name in a folder of its own, with options that lead
 * it back; and what came from stdin goes to stdin again. */
#ifndef MEMOCC_DELIVER_H
#define MEMOCC_DELIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "ccargs.h"
#include "compiler.h"
#include "unit.h"

struct arena;
struct scan;

/* What names the compiler itself would choose, from its -###. */
struct output_names {
    bool is_known;
    const char *deps;         /* file of the dependencies, or NULL */
    struct word_list targets; /* -MQ or -MT with its word, ... */
    struct word_list dump;    /* -dumpdir and so on, with their words */
};

/* A source of the command that may hold annotations. */
struct unit {
    struct cc_item *item;
    struct strbuf source; /* its text; empty until it is read */
    bool is_read, is_stdin;
    unsigned bits; /* SCAN_... */
    struct unit_result result;
    struct strbuf warnings; /* of the step that resolved the includes */
    struct output_names names;

    /* of the delivery */
    const char *temp_path;  /* NULL: none */
    bool has_dot_dir;       /* the current folder is DELIVER_DOT_DIR in names of headers */
    const char *header_dir; /* absolute, for headers of an ambiguous unit; or NULL */
};

struct delivery {
    struct arena *arena;
    const struct compiler *compiler;
    enum compiler_flavor flavor;
    const struct ccargs *cmd;
    struct scan *scan;
    const char *include_dir; /* of memo.h, or NULL */
};

bool unit_is_rewritten(const struct unit *u);

/* Options for every unit that mentions us: __MEMOCC__ and where memo.h is. */
void deliver_add_ours(const struct delivery *d, struct word_list *out);

/* Put text in place and say how to compile it: `first` goes before the user's
 * options, `input` stands for the input, `last` follows the user's options. The
 * process must be given u->result.text as input if u->is_stdin. */
void deliver_unit(const struct delivery *d, struct unit *u, struct word_list *first,
                  struct word_list *input, struct word_list *last);

/* Is this option to be left out when u is compiled, because of its form? */
bool deliver_drops(const struct delivery *d, const struct unit *u, const struct cc_item *item);

/* Ask the compiler for the names it would choose for u. */
void deliver_find_names(const struct delivery *d, struct unit *u);

/* unit_request.directives_only */
bool deliver_directives_only(const struct delivery *d, struct unit *u, struct strbuf *out);

/* After a compilation: the dependencies speak of the user's files again. */
void deliver_fix_dependencies(const struct delivery *d, struct unit *u);

#endif

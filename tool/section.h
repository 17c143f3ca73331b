/* section.h - what an annotated unit tells the link step.
 *
 * memocc writes it as text into the section ".memocc" of the unit's object (not
 * loaded into memory; an `ld -r` joins those of several units), and the link
 * step reads it back. A line is a word and its fields, separated by tabs; in a
 * field \t, \n and \\ stand for the characters. A unit is
 *
 *     memocc-unit 1 FILE                the source, as given to the compiler
 *     toolchain TEXT                    of the unit, anywhere: compiler and options
 *     function NAME SYMBOL KIND CODE    a definition in this unit. KIND: memo, plain
 *                                       (which objects are, too, that are constant
 *                                       and lead to no function), or checkpoint: a loop,
 *                                       SYMBOL then is no name of the linker's. CODE: its
 *                                       fingerprint in sight, 32 hex digits. NAME: `name`,
 *                                       or the C name
 *       at FILE LINE COLUMN             its name
 *       version TEXT                    `version`: counts in place of CODE
 *       pure                            no call of it is to be judged
 *       trust NAME                      nor is a callee of that name
 *       key NAME                        a global whose value is in the key
 *       keep NAME                       (checkpoint only, like the next) a variable that the
 *                                       loop saves, or that needn't be saved
 *       covers WORD                     what else is saved: state (what nobody names),
 *                                       random, rand48, stdin, stdout, stream (some other)
 *       state SYMBOL                    saves or restores what it uses (`state`; two of them)
 *       inline SYMBOL                   its body is in sight, and another unit may have
 *                                       one that counts instead
 *       use SYMBOL                      out of sight: a function or an object that
 *                                       the code in sight names; once each
 *       global SYMBOL                   the same of an object that isn't constant: of no
 *                                       meaning to the function itself, which has it in
 *                                       its key, but to its callers in other units
 *       program                         it calls through a pointer whose targets
 *                                       aren't in sight: anything in the program
 *       call SYMBOL KIND                (not plain) a call out of sight that the link
 *                                       step judges. KIND: listed (libcalls.def knows
 *                                       that name) or open
 *       via CALLER CALLEE FILE LINE COLUMN
 *                                       of the call before: how it is reached, outermost
 *                                       first; the last one is the call itself
 *       pointer NAME                    (not plain) a call through a pointer; NAME: of
 *                                       the parameter or variable, or empty; `via` follow
 *
 * A line whose word isn't known is skipped; a number other than 1 is another
 * format, which isn't read. The reader believes nothing: objects come from
 * anywhere. */
#ifndef MEMOCC_SECTION_H
#define MEMOCC_SECTION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

#define SECTION_NAME ".memocc"

struct section_place {
    const char *file;
    unsigned line, column; /* from 1; 0: unknown */
};

struct section_step {
    const char *caller, *callee; /* as the user calls them */
    struct section_place at;
};

struct section_call {
    const char *symbol; /* NULL: through a pointer */
    const char *name;   /* of the pointer, or "" */
    bool is_listed;
    struct section_step *via;
    size_t n_via, cap_via;
};

/* What a loop's checkpoint holds beside variables. */
#define SECTION_COVERS_STATE 1u
#define SECTION_COVERS_RANDOM 2u
#define SECTION_COVERS_RAND48 4u
#define SECTION_COVERS_STDIN 8u
#define SECTION_COVERS_STDOUT 16u
#define SECTION_COVERS_STREAM 32u

struct section_function {
    const char *name, *symbol, *version; /* version: NULL if it has none */
    bool is_memo, is_loop, is_pure, uses_program;
    unsigned covers; /* SECTION_COVERS_... */
    unsigned char code[16];
    struct section_place at;
    const char **uses, **globals;
    size_t n_uses, cap_uses, n_globals, cap_globals;
    struct section_call *calls;
    size_t n_calls, cap_calls;
    const char **trusted; /* NULL-terminated; NULL: none */
    size_t n_trusted, cap_trusted;
    const char **keyed; /* the same */
    size_t n_keyed, cap_keyed;
    const char **kept; /* the same */
    size_t n_kept, cap_kept;
    const char **state; /* the same */
    size_t n_state, cap_state;
    const char **inlines;
    size_t n_inlines, cap_inlines;
    const struct section_unit *unit;
};

struct section_unit {
    const char *file;
    const char *toolchain; /* NULL: not told */
    struct section_function *functions;
    size_t n_functions, cap_functions;
    const struct section_unit *next; /* of the same section, or NULL */
};

/* The units in a section of len bytes; NULL if there is none that can be read.
 * Lives in the arena; text isn't kept. */
struct section_unit *section_read(struct arena *a, const char *text, size_t len);

/* The text of one unit; `next` isn't followed. */
void section_write(struct strbuf *out, const struct section_unit *u);

/* The function with that symbol in u or those behind it, or NULL. */
const struct section_function *section_find(const struct section_unit *u, const char *symbol);

#endif

/* libcalls.h - what is known of the C library, libm, POSIX, and the builtins.
 *
 * libcalls.def holds one line for each function; this is the way in. The table
 * says what a call does besides computing its value: which pointer arguments
 * it reads and writes through, where the returned pointer leads, and which
 * effects it has. It says nothing of values. */
#ifndef MEMOCC_LIBCALLS_H
#define MEMOCC_LIBCALLS_H

#include "effects.h"

/* Bits of struct libcall.effects beyond 1u << enum effect_kind. */
#define LIBCALL_ERRNO (1u << 30) /* may set errno */

/* What a call does with one argument; LIBCALL_NOTHING for scalars, streams,
 * and pointers that aren't followed. */
enum libcall_use {
    LIBCALL_NOTHING = '-',
    LIBCALL_READS = 'r',
    LIBCALL_WRITES = 'w',
    LIBCALL_MODIFIES = 'm',    /* reads and writes */
    LIBCALL_PATH = 'p',        /* reads a string that names a file or a variable */
    LIBCALL_FILLS = 'b',       /* writes bytes that hold no pointers */
    LIBCALL_FREES = 'k',       /* writes all of it, reads what is kept */
    LIBCALL_PRINT = 'f',       /* reads a format; the arguments after `...` are as it says */
    LIBCALL_SCAN = 'F',        /* reads a format; the arguments after `...` are written */
    LIBCALL_STORE_FIRST = 'o', /* writes a pointer into argument 0's object there */
    LIBCALL_STORE_NEW = 'a',   /* reads and writes a pointer there: to fresh malloc memory */
    LIBCALL_STORE_OWN = 'l',   /* as before; memory of the library's */
    LIBCALL_CALLS = 'c', /* a function that is called with pointers into the other arguments */
};

/* Where a returned pointer leads. */
enum libcall_result {
    LIBCALL_NO_POINTER = 0,
    LIBCALL_NEW = 'n',      /* fresh memory that free() takes */
    LIBCALL_ZEROED = 'z',   /* the same, all zeros */
    LIBCALL_LOADED = '*',   /* what argument 0's object holds */
    LIBCALL_OWN = 'l',      /* memory of the library's or of the stack frame */
    LIBCALL_STATIC = 'c',   /* static memory of the library's */
    LIBCALL_ERRNO_AT = 'e', /* errno itself */
    /* '0'..'9': the object that this argument points to */
};

struct libcall {
    const char *name;
    unsigned effects; /* 1u << enum effect_kind, LIBCALL_... */
    const char *args; /* one enum libcall_use each; '=' and an enum libcall_result; '&' if the
                         pointers in argument 1's object (0's for LIBCALL_NEW) are copied along */
};

/* The line of that function, or NULL. The prefixes __builtin_, __isoc99_ and
 * __isoc23_ are seen through where the longer name has no line of its own, and so is
 * the size behind names with __sync_. */
const struct libcall *libcall_find(const char *name);

/* The same of a name as objects refer to it: glibc's forms that check sizes
 * (__fgets_chk), inner names (__open, open64) are seen through, too. */
const struct libcall *libcall_find_symbol(const char *symbol);

/* Does what that function does depend on the locale in force? Names of the linker's
 * too, like __ctype_b_loc. */
bool libcall_uses_locale(const char *name);

/* Argument i as the table has it; LIBCALL_NOTHING beyond. */
enum libcall_use libcall_use(const struct libcall *c, size_t i);
/* The index of the first argument after `...`: that behind the format. */
size_t libcall_n_args(const struct libcall *c);
int libcall_result(const struct libcall *c);
bool libcall_copies(const struct libcall *c);

/* All lines, for tests. */
const struct libcall *libcall_all(size_t *n);

#endif

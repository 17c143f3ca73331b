/* program_private.h - the program as its parts see it: objects, global symbols, and
 * pieces with what they refer to.
 *
 * A piece is the range of one symbol (or of several that overlap) in a section, or a
 * range between symbols. A section's pieces cover it without gaps. They are made
 * when somebody first asks for one of the object, and what a piece refers to is
 * found when somebody first asks for that. */
#ifndef MEMOCC_PROGRAM_PRIVATE_H
#define MEMOCC_PROGRAM_PRIVATE_H

#include "elf_file.h"
#include "program.h"

/* What a reference is for, as far as it can be told. */
#define USE_CALL 1u
#define USE_READ 2u
#define USE_WRITE 4u
#define USE_ADDRESS 8u   /* the address goes where it can't be followed: anything may be done */
#define USE_RETURN 16u   /* the address may be what the function returns */
#define USE_RESULT 32u   /* of a function: what it returns is used */
#define USE_DOOMED 128u  /* alone: called only where the program then ends */
#define USE_PASS 64u     /* ... or may be returned by the caller */
#define USE_GUESSED 256u /* with others: more likely it is of the neighbour */

struct global;
struct piece;

struct ref {
    struct piece *piece;   /* NULL: not in an object of the program */
    struct global *global; /* the symbol, if it isn't a local one */
    unsigned use;          /* USE_...; 0: the address is only compared */
};

enum piece_kind { PIECE_CODE, PIECE_CONSTANT, PIECE_STATE };

struct piece {
    struct object *object;
    const char *name; /* "": no symbol */
    uint32_t section;
    uint64_t start, end;
    enum piece_kind kind;
    bool is_exported;         /* one of its symbols can be seen from other modules */
    bool has_local, has_size; /* a local symbol; a symbol that says how long it is */
    bool is_joined;           /* of symbols that begin at different places */
    bool has_refs;            /* refs are found */
    bool is_gathered;         /* what the whole program does with it is known: */
    bool changes;             /* PIECE_STATE: it isn't what it was at the start */
    bool has_used_result;     /* PIECE_CODE: somebody uses what it returns */
    struct piece **passers;   /* PIECE_CODE: functions that may return what it returns;
                                 PIECE_STATE: ... that may return its address */
    size_t n_passers, cap_passers;
    bool is_listed_known;                  /* listed is found */
    const struct section_function *listed; /* in the annotated unit it belongs to, or NULL */
    unsigned effects;            /* PIECE_CODE: 1u << enum effect_kind, by its instructions */
    const struct piece *writer;  /* PIECE_STATE: a function known to write it, or NULL */
    const struct piece *writer2; /* another one */
    const struct section_function *saved_by; /* PIECE_STATE: a loop whose `state` uses it; of
                                                program.state_of only */
    struct ref *refs;
    size_t n_refs, cap_refs;
    unsigned mark;           /* number of the walk that has seen it */
    const struct piece *via; /* how that walk came here; NULL: it begins here */
    unsigned char returns;   /* a function, program_x86.c: 0 not known, RETURNS_... */
};

struct pieces {
    struct piece *items;
    size_t n;
};

struct object {
    struct program_object out; /* first, so that it can be cast back */
    struct elf_bytes bytes;
    struct elf elf;
    size_t index;
    struct global **globals; /* of symbols elf.first_global and on; NULL for what has no name */
    struct pieces *pieces;   /* by section; NULL: not made yet */
    struct piece **commons;  /* by symbol from elf.first_global on; NULL: none */
    struct piece **colds;    /* unlikely parts of functions */
    size_t n_colds, cap_colds;
    struct piece *opaque;      /* all of an object that can't be looked at */
    struct elf_reloc **relocs; /* by section, sorted by offset; NULL: none */
    size_t *n_relocs;
    bool is_x86, is_sanitized;
    bool has_uses; /* what its pieces do to variables is noted there */
    unsigned mark; /* number of the walk that has seen it */
};

struct library {
    const char *soname;
    const struct section_unit *units;
    bool is_toolchain;
    const char **names; /* that it defines or uses; none of the toolchain's */
    size_t n_names, cap_names;
    const struct library *next;
};

/* A name that objects share. */
struct global {
    const char *name;
    struct object *object; /* that defines it, as symbol `index`; NULL: none does */
    uint32_t index;
    unsigned char strength; /* of that definition */
    bool is_needed;         /* some object refers to it, and not only weakly */
    bool is_library_need;   /* the same of a library that is linked */
    bool in_library;        /* a library defines or uses that name */
    bool is_library_data, is_library_constant;
    struct library *library; /* that defines it first, or NULL */
};

struct program {
    struct arena *arena;
    struct object **objects;
    size_t n_objects, cap_objects;
    struct global **slots; /* open addressing; n_slots is a power of 2 */
    size_t n_slots, n_globals;
    struct archive *archives, **last_archive;
    const struct program_rename *renames; /* ends with NULL; or NULL */
    const struct library *libraries;
    bool is_library; /* there is no main: what is linked is itself a shared library */
    bool has_opaque;
    const struct section_function *state_of; /* a loop for which saved_by is set; or NULL */
    struct elf_bytes *files;                 /* that are mapped */
    size_t n_files, cap_files;
    unsigned walks, n_scripts;
};

/* ---- program.c ---- */

struct global *program_global(const struct program *p, const char *name); /* NULL: unknown */
/* What a reference to that name means. */
const char *program_renamed(const struct program *p, const char *name);
/* Do the objects that can't be looked at mention that name? */
bool program_is_mentioned(const struct program *p, const char *name);

/* ---- program_piece.c: where things are ---- */

/* The piece that holds that place; NULL if the section isn't loaded. */
struct piece *piece_at(struct program *p, struct object *o, uint32_t section, uint64_t offset);
/* The piece of an object's symbol; NULL if it isn't defined there in a loaded section. */
struct piece *piece_of_symbol(struct program *p, struct object *o, uint32_t index);
/* The piece of a global, or NULL; what is opaque is one piece. */
struct piece *piece_of_global(struct program *p, const struct global *g);
/* All pieces of an object. */
void object_split(struct program *p, struct object *o);
/* The function of the annotated unit that the piece belongs to: listed under its name,
 * with or without the compiler's suffixes. NULL: none. */
const struct section_function *piece_listed(struct program *p, struct piece *x);

/* ---- program_refs.c: what pieces refer to ---- */

/* Find x->refs, once. */
void piece_refs(struct program *p, struct piece *x);
void piece_add_ref(struct program *p, struct piece *x, struct piece *to, struct global *global,
                   unsigned use);
/* The relocations in [x->start, x->end). */
const struct elf_reloc *piece_relocs(const struct piece *x, size_t *n);
/* Does the relocation name a section instead of a symbol? Then the place is an offset. */
bool reloc_names_section(const struct piece *x, const struct elf_reloc *r, uint32_t *section);
/* The piece before x or behind it in its section, or NULL. */
struct piece *piece_before(const struct piece *x);
struct piece *piece_behind(const struct piece *x);
/* Refer to the symbol or section of a relocation; offset: in that section. */
void piece_refer(struct program *p, struct piece *x, const struct elf_reloc *r, int64_t offset,
                 unsigned use);

/* ---- program_state.c ---- */

/* Set saved_by of all that the functions of f's `state` may use. */
void program_mark_state(struct program *p, const struct section_function *f);

/* ---- program_x86.c ---- */

enum { RETURNS_ASKED = 1, RETURNS_MAYBE, RETURNS_NEVER };

/* As piece_refs(), for x86-64 code. */
void piece_refs_x86(struct program *p, struct piece *x);

/* ---- names ---- */

/* Without .cold, .part.0, .isra.0, .constprop.0, .lto_priv.0; in the arena if it differs. */
const char *name_strip(struct arena *a, const char *name);
/* Of memocc's own functions and data; those of an annotated unit count as such there
 * only. o: that defines it, or NULL. */
bool name_is_ours(const char *name, const struct object *o);
/* Helpers of compilers, sanitizers, profilers and OpenMP: what they do isn't the
 * program's doing. */
bool name_is_helper(const char *name);
/* A function of the C library that doesn't return: exit, abort, longjmp ... */
bool name_ends_program(const char *name);
/* A helper that is told an address, and does nothing with what is there. */
bool name_is_report(const char *name);
/* The public functions of the runtime. */
bool name_is_runtime(const char *name);
/* An object that belongs to such, or that is only used through calls judged by themselves. */
bool name_is_harmless_data(const char *name);

#endif

/* effects_loop.h - what one loop of a function does, as seen from the function around it.
 *
 * The function is walked as for effects.h; then the loop alone is recorded. Its accesses are
 * to objects of the function: variables declared outside the loop (the function's own locals
 * and parameters too), and memory behind them. */
#ifndef MEMOCC_EFFECTS_LOOP_H
#define MEMOCC_EFFECTS_LOOP_H

#include "effects.h"

struct loc; /* effects_private.h */

/* One object or part of one. */
struct loop_access {
    enum {
        LOOP_VARIABLE, /* var, or its member at `path` (".a.b") */
        LOOP_BEHIND,   /* memory that isn't a variable: behind parameters, globals, or allocated */
        LOOP_UNKNOWN,  /* can't be traced */
    } kind;
    struct variable *var; /* VARIABLE */
    const char *path;
    const struct loc *loc; /* for loop_covers() and the like */
    bool is_write, is_whole;
    const struct node *where;
    const struct call_step *via;
};

struct loop_effects {
    struct effects *all; /* effects, unseen calls, callees; its accesses aren't filled in */
    struct loop_access *accesses;
    size_t n_accesses, cap_accesses;
    void *walk; /* the function's memory, for the questions below */
};

struct loop_effects *effects_of_loop(struct frontend *fe, struct arena *arena, struct function *fn,
                                     const struct node *loop);

/* What a pointer may lead to: each may be asked with loop_target_... */
struct loop_target {
    enum {
        TARGET_NULL,
        TARGET_VARIABLE, /* var */
        TARGET_FUNCTION, /* fn */
        TARGET_MEMORY,   /* loc: memory behind a parameter, a global, or allocated */
        TARGET_LITERAL,  /* string literals, constants of the library's */
        TARGET_UNKNOWN,
    } kind;
    struct variable *var;
    struct function *fn;
    const struct loc *loc;
};

/* Where the pointers at an access's place may lead to; or a variable's, with the path of a
 * member that is a pointer (".next", "" for the variable itself). At most max; the number
 * may be larger. */
size_t loop_targets_of_variable(struct loop_effects *fx, struct variable *var, const char *path,
                                struct loop_target *out, size_t max);
size_t loop_targets_at(struct loop_effects *fx, const struct loc *loc, struct loop_target *out,
                       size_t max);

/* The objects that the lvalue `root path` denotes ("*" follows a pointer, ".m" a member; as
 * scope_path() has it). */
size_t loop_places(struct loop_effects *fx, struct variable *root, const char *path,
                   struct loop_target *out, size_t max);
/* Is `part` the object `whole`, or inside it (no pointer between)? */
bool loop_is_within(const struct loc *part, const struct loc *whole);

#endif

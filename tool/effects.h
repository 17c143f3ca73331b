/* effects.h - what a function reads, writes and calls, over all callees in
 * sight.
 *
 * The summary of a function is a set of accesses, each a place (parameter,
 * global, static local, or unknown memory) and a path that leads from it to
 * the bytes: "*" follows a pointer, ".name" goes to a member; an index into an
 * array object adds nothing. `m->data[i]` is parameter m, "*.data*"; `p[i].x`
 * is p, "*.x". Local pointers are followed back to where their values come
 * from (flow-insensitively); callees' summaries are mapped onto the arguments.
 * Recursion is iterated to a fixpoint. What is too long or too wild becomes an
 * access to unknown memory: never fewer accesses than there are.
 *
 * Calls out of sight are judged by libcalls.def where they are listed there,
 * else by the types of their parameters: through a pointer to const the callee
 * reads, through any other it reads and writes an unknown extent. */
#ifndef MEMOCC_EFFECTS_H
#define MEMOCC_EFFECTS_H

#include "facts.h"

enum place {
    PLACE_PARAM,   /* var: the parameter's pointee(s); path starts with "*" (or ".m*" of a struct by
                      value) */
    PLACE_GLOBAL,  /* var: file scope object; path as above, "" for the object itself */
    PLACE_STATIC,  /* var: static local */
    PLACE_UNKNOWN, /* memory that can't be traced */
};

struct access {
    enum place place;
    struct variable *var;
    const char *path;
    bool is_write;
    bool is_whole;      /* unknown extent: passed to a callee out of sight, or the path was cut */
    bool is_unexpanded; /* by an operator that a macro made (worst case assumed) */
    const struct type *type; /* of the lvalues; NULL: of several types, bytes, members of unions, or
                                what a call out of sight does */
    const struct variable *behind; /* PLACE_UNKNOWN: it is all that can be reached from there; or
                                      NULL */
    const struct node *where;      /* the innermost expression, maybe in a callee */
    const struct call_step *via;   /* how it is reached; NULL: in the function itself */
};

/* One call on the way: `caller` calls `callee` at where; next leads on to the access. */
struct call_step {
    struct function *caller, *callee;
    const struct node *where;
    const struct call_step *next;
    size_t n; /* steps from this one on */
};

enum effect_kind {
    EFFECT_OUTPUT, /* printf, fwrite, write, ... */
    EFFECT_INPUT,  /* scanf, fread, read, ... */
    EFFECT_FILE,   /* fopen, remove, stat...; what: the path argument if any */
    EFFECT_TIME,
    EFFECT_RANDOM,      /* rand, drand48, getrandom */
    EFFECT_ENVIRONMENT, /* getenv, setenv; literal: the variable's name if it is a literal */
    EFFECT_LOCALE,
    EFFECT_EXIT, /* exit, abort; only their presence is told: a call that leaves so stores nothing
                  */
    EFFECT_LONGJMP,
    EFFECT_STATE,   /* hidden state: strtok, asctime, lgamma's signgam ... */
    EFFECT_THREAD,  /* creates threads, locks */
    EFFECT_PROCESS, /* fork, exec, system, signals */
    EFFECT_ASM,
    EFFECT_VOLATILE,
    EFFECT_DATE,       /* __DATE__ __TIME__ __TIMESTAMP__ */
    EFFECT_FENV_WRITE, /* fesetround ... */
    EFFECT_KINDS
};
struct effect {
    enum effect_kind kind;
    const char *callee;  /* of a call; "" otherwise */
    const char *literal; /* a string literal argument that matters (getenv, fopen), or NULL */
    const struct node *literal_expr; /* that argument, also when it isn't a literal */
    const struct node *where;
    const struct call_step *via;
};

/* A callee out of sight, or a call through a pointer (fn NULL). */
struct unseen {
    struct function *fn;
    const struct node *where;
    const struct call_step *via;
    bool is_listed;   /* in libcalls.def: the C library, libm, POSIX */
    bool is_promised; /* GNU const or pure, or builtin */
};

/* A record type whose padding can reach a result: its objects are copied into
 * a result, seen by character type or memcpy, or their address leaves our sight. */
struct effects {
    struct access *accesses;
    size_t n_accesses, cap_accesses;
    struct effect *effects;
    size_t n_effects, cap_effects;
    struct unseen *unseen;
    size_t n_unseen, cap_unseen;
    struct function **callees; /* in sight, transitively, without itself */
    size_t n_callees, cap_callees;
    const struct record **raw_records;
    size_t n_raw_records, cap_raw_records;
    bool reads_errno, may_set_errno; /* reads: in the user's code in sight only */
    bool uses_float; /* any floating-point operation or value, or code out of sight */
    bool may_longjmp;
    bool returns_allocated; /* every returned pointer in sight comes from malloc's family, strdup,
                               or a callee in sight for which this holds (NULL is fine) */
    const struct node *returned_other;      /* a return of another kind, or NULL */
    const struct variable *returned_global; /* one that isn't const and may be what the result
                                               points to, or NULL */
    bool returns_static; /* some returned pointer is a string literal or static object */
    size_t alloc_align;  /* largest constant alignment asked of aligned_alloc/posix_memalign, 0 */
};

/* The effects of fn (which has a body in sight). Computed once for each
 * function; lives in the arena. */
struct effects *effects_of(struct frontend *fe, struct arena *arena, struct function *fn);

/* Does libcalls.def know that function? */
bool effects_is_listed(const char *name);

const char *effect_kind_name(enum effect_kind kind); /* "writes output", for messages */

#endif

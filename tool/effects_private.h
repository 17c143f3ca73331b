/* effects_private.h - shared by the files of the effects analysis.
 *
 *   effects.c        the call graph, summaries
 *   effects_record.c what is recorded of a function
 *   effects_paths.c  locations, sets of them, and what memory holds
 *   effects_eval.c   expressions and statements of one function
 *   effects_call.c   calls: in sight, out of sight, through pointers
 *   effects_library.c calls of functions in libcalls.def
 *   effects_raw.c    padding and floating point
 *   effects_loop.c   one loop alone
 *   effects_globals.c pointers in globals, as such a loop finds them
 *
 * A *location* is an object: a root and the path of members and pointers that
 * leads to it from there. The value of a pointer is a *set* of locations, what
 * it may point to. A record or an array as a value is the set of locations it
 * may be a copy of. Memory holds sets: what was stored at a location is kept
 * beside it (flow-insensitively: stores only add), and a load gives that and,
 * for memory that isn't ours, what a pointer there led to at entry.
 *
 * A function is walked until no store adds anything; then once more, and now
 * accesses, effects and unseen calls are recorded. */
#ifndef MEMOCC_EFFECTS_PRIVATE_H
#define MEMOCC_EFFECTS_PRIVATE_H

#include "effects.h"
#include "frontend.h"
#include "libcalls.h"

/* ---- locations (effects_paths.c) ---- */

enum loc_kind {
    LOC_PARAM,    /* base: the variable. Without a '*' in the path: the parameter object itself,
                     which is the function's own; with one: memory of the caller's */
    LOC_GLOBAL,   /* base: the variable */
    LOC_STATIC,   /* base: the variable */
    LOC_UNKNOWN,  /* anywhere */
    LOC_ERRNO,    /* errno itself */
    LOC_LOCAL,    /* base: the variable */
    LOC_HEAP,     /* base: the call that allocates it */
    LOC_TEMP,     /* base: the node that makes it: a compound literal, a returned record, memory of
                     a library's that a call returns */
    LOC_CONST,    /* string literals, static memory of the library's */
    LOC_NULL,     /* no object: what NULL points to */
    LOC_FUNCTION, /* base: the function */
    LOC_RESULT,   /* the function's own result, as an object */
};

#define MAX_STARS 6    /* pointers followed in a path */
#define MAX_MEMBERS 12 /* members named between two of them */
#define MAX_SET 16
#define MAX_INNER 2 /* calls through which allocated objects are told apart */

struct loc;
struct set {
    size_t n;
    bool is_cut; /* too many: at[0] is the unknown location, and it stays so */
    struct loc *at[MAX_SET];
};

/* Pointers stored at a location of an object. */
struct cell {
    struct loc *loc;
    struct set set;
    struct cell *next;
};

struct loc {
    enum loc_kind kind;
    const void *base;
    const struct loc
        *inner;         /* of memory that a callee made: its location there; base is the call */
    unsigned n_inner;   /* how many calls deep */
    struct loc *parent; /* one step less; NULL: the root */
    struct loc *object; /* without the members after the last '*'; maybe itself */
    const char *member; /* last step; NULL: '*' */
    const struct record *record; /* the type that member is looked up in */
    const char *path;
    unsigned n_stars, n_members;
    bool is_reach;    /* all that can be reached from the root: what a path too long becomes. In
                         the answer it is unknown memory; a caller may know what it stands for.
                         record: if it was looked at by members, the type */
    bool is_interior; /* behind the beginning of allocated memory: not for free() */
    const struct record *view; /* the type by which members were first looked up here */
    /* Of objects only. */
    bool is_seeded; /* a global: all the pointers that it may hold at entry are in its cells */
    bool is_punned; /* looked at by two types: its members can't be told apart */
    bool is_raw;    /* bytes stored by character type: pointers in it are unknown */
    struct cell *cells;
    struct loc *twin;  /* the interior one */
    struct loc *reach; /* of a root: the list of its reach locations, by next_reach */
    struct loc *next_reach;
    struct loc *hash_next;
    struct loc *next; /* all objects of the function */
};

/* ---- one function (effects.c) ---- */

/* A call through a pointer that the caller may be able to resolve. */
struct pointer_call {
    struct set callee, *args;
    size_t n_args;
    const struct node *where;
};

struct stored { /* what the call leaves in memory of the caller's, or in its result */
    struct loc *loc;
    struct set set;
    bool is_punned, is_raw;
};

/* The place of an access as the callee's callers need it. */
struct recorded_at {
    struct loc *loc;
    bool is_whole; /* by itself, not because the location is unknown */
};

/* What a callee out of sight may change through pointers in what it gets by value, or as const. */
struct lent {
    struct loc *loc;
    const struct node *where;
    const struct call_step *via;
};

/* What is recorded of a function, each thing once: by the shortest way. */
struct recorder {
    struct effects out;
    struct lent *lent; /* no writes to memo and sync, whose prototypes say what is written */
    size_t n_lent, cap_lent;
    struct recorded_at *access_locs; /* parallel to out.accesses */
    size_t cap_access_locs;
    struct record_slot *slots; /* open addressing; malloc's, until it is sealed */
    size_t n_slots, n_used;
};

struct summary {
    struct function *fn;
    struct recorder own;  /* whatever calls it */
    struct recorder open; /* if nobody resolves its pointer_calls */
    struct stored *stored;
    size_t n_stored, cap_stored;
    struct pointer_call *pointer_calls;
    size_t n_pointer_calls, cap_pointer_calls;
    struct effects *final; /* own and open; NULL: not asked yet */
    /* The call graph by names. */
    struct function **named;
    size_t n_named, cap_named;
    unsigned order, low; /* Tarjan's; 0: not visited */
    bool is_on_stack, is_cyclic;
    bool is_ready; /* complete, or a step of the iteration over its cycle */
};

/* Calls that lead from the function at work into summaries: outermost last. */
struct frame {
    struct function *caller, *callee;
    const struct node *where;
    const struct frame *up;
    size_t n; /* with those above */
};

struct walk {
    struct frontend *fe;
    struct arena *arena;
    struct function *fn;
    struct summary *sum;
    struct loc **table; /* by hash */
    size_t n_locs;
    struct loc *objects;
    struct loc *unknown, *constant, *null, *errno_at, *result;
    struct recorder *recorder, *open; /* open: see struct summary */
    const struct frame *frames;
    const struct access *again; /* of a callee's, about to be recorded as its caller sees it */
    unsigned depth;             /* of callees resolved through pointers */
    bool is_recording;          /* last pass */
    bool records_own;           /* for one loop: accesses to the function's own objects count, and static
                                  memory of the library's, that a call before the loop returned */
    bool is_changed;            /* a store added something in this pass */
    bool is_unexpanded;         /* inside a NODE_OPERATOR */
};

struct summary *effects_summary(struct walk *w, struct function *fn);

/* ---- effects_paths.c ---- */

void walk_init(struct walk *w, struct frontend *fe, struct arena *arena, struct summary *sum);
struct loc *loc_root(struct walk *w, enum loc_kind kind, const void *base);
/* The callee's own object, as left behind by the call at node. Those of a function
 * that calls itself are one. */
struct loc *loc_inner(struct walk *w, const struct loc *callees, const struct node *node,
                      bool is_recursive);
struct loc *loc_member(struct walk *w, struct loc *l, const struct record *r, const char *name);
struct loc *loc_reach(struct walk *w, struct loc *l, const struct record *r);
struct loc *loc_interior(struct walk *w, struct loc *l);
/* Memory that nobody outside the call can see, or that nobody can change. */
bool loc_is_own(const struct loc *l);
/* A constant object of this unit with an initializer in sight: its pointers are known. */
bool loc_has_known_value(const struct loc *l);

bool set_add(struct walk *w, struct set *s, struct loc *l); /* true: it is new */
bool set_add_all(struct walk *w, struct set *s, const struct set *from);
struct set set_of(struct loc *l);
struct set set_member(struct walk *w, const struct set *s, const struct record *r,
                      const char *name);
struct set set_interior(struct walk *w, const struct set *s);

/* The pointers that may lie at these locations; in them anywhere. */
struct set memory_load(struct walk *w, const struct set *at);
struct set memory_load_any(struct walk *w, const struct set *at);
/* The pointers in an object of type t, member by member, are added to out. */
void memory_load_leaves(struct walk *w, const struct set *at, const struct type *t,
                        struct set *out);
/* Stores add; nothing is ever taken out. */
void memory_store(struct walk *w, const struct set *at, const struct set *value);
/* Copy the pointers of an object of type t. */
void memory_copy(struct walk *w, const struct set *to, const struct set *from,
                 const struct type *t);
void memory_copy_any(struct walk *w, const struct set *to, const struct set *from);
/* Its bytes are overwritten by values we can't follow. */
void memory_store_bytes(struct walk *w, const struct set *at);
void memory_pun(struct walk *w, const struct set *at);
/* All that can be reached from the locations, they too. */
struct set memory_reach(struct walk *w, const struct set *from);

/* Can an object of this type hold a pointer? */
bool type_holds_pointers(const struct type *t);
/* Is the member part of a union, or itself nameless? Then it stands for the whole. */
bool record_hides(const struct record *r, const char *name);

/* ---- effects_globals.c ---- */

/* Globals whose pointers at entry are known by name get them. All functions of the unit are
 * summarized for that. */
void walk_seed_globals(struct walk *w);

/* ---- effects_eval.c ---- */

struct set eval(struct walk *w, const struct node *n);
struct set eval_place(struct walk *w, const struct node *n); /* an lvalue, not read */
/* The object at `at`, of type t, gets its initial value. */
void eval_initializer(struct walk *w, const struct set *at, const struct node *init,
                      const struct type *t);
bool is_pointer_like(const struct type *t);
/* Without casts around it. */
const struct node *strip_casts(const struct node *n);

/* ---- effects_call.c, effects_library.c ---- */

struct call {
    const struct node *node;
    struct function *fn;
    const struct set *args;
    size_t n_args;
    struct node *const *arg_nodes; /* NULL: called back */
};

/* What argument i points to, as its parameter has it, or NULL; and before the
 * conversion to the parameter's type. */
const struct type *call_pointee(const struct call *c, size_t i);
const struct type *call_pointee_before(const struct call *c, size_t i);

struct libcall;
struct set call_library(struct walk *w, const struct call *c, const struct libcall *lib);
struct set call_pointer(struct walk *w, const struct call *c, const struct set *callee);
/* The functions of the set are called with pointers into all the other arguments. */
void call_back(struct walk *w, const struct call *c, const struct set *callee);

struct set eval_call(struct walk *w, const struct node *n);

/* ---- effects_record.c: nothing happens before the last pass ---- */

/* At `where`, through every location of `at`; an empty set is unknown memory.
 * is_whole: its extent is unknown. `via` leads on from the innermost frame. */
void record_access(struct walk *w, const struct set *at, bool is_write, bool is_whole,
                   const struct node *where, const struct call_step *via);
/* For one loop (records_own) a write of unknown extent; otherwise kept for those that call. */
void record_lent(struct walk *w, const struct set *at, const struct node *where,
                 const struct call_step *via);
void record_effect(struct walk *w, enum effect_kind kind, const char *callee,
                   const struct node *literal_expr, const struct node *where,
                   const struct call_step *via);
void record_unseen(struct walk *w, struct function *fn, bool is_listed, bool is_promised,
                   const struct node *where, const struct call_step *via);
/* Returns false if it is known already. */
bool record_callee(struct walk *w, struct function *fn);
void record_raw(struct walk *w, const struct record *r);
/* EFFECT_DATE, if the string n is made of __DATE__ or its like. */
void record_date(struct walk *w, const struct node *n);
/* Nothing more will be recorded: gives back the index. */
void recorder_seal(struct recorder *r);
/* All of what another function's recorder holds, but for its accesses. */
void record_others(struct walk *w, const struct effects *from);

/* ---- effects_raw.c ---- */

/* Adds raw records, and sets uses_float. */
void raw_scan(struct walk *w, const struct node *body);

#endif

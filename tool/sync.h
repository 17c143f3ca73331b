/* sync.h - what becomes of one region of synchronized code, as data.
 *
 * sync_plan() builds a tree of items from the region's statements, decides for
 * each whether it is carried out at once or deferred (sync_forms.c,
 * sync_defer.c), joins neighbours to segments (sync_segment.c), and finds to a
 * fixpoint over the graph of statements before which of them a synchronization
 * event or a test of addresses must stand (sync_graph.c, sync_events.c).
 * emit_sync.c writes that down; explain_sync.c says it in words. */
#ifndef MEMOCC_SYNC_H
#define MEMOCC_SYNC_H

#include "concurrent.h"
#include "stmt.h"
#include "touch.h"

enum sync_kind {
    SYNC_ONCE,      /* carried out at once, as it is */
    SYNC_DEFERRED,  /* the whole statement */
    SYNC_SITE,      /* calls are taken out of it; the rest is deferred */
    SYNC_STRUCTURE, /* a compound statement or label: its parts are items of their own */
};

/* A call of a concurrent function in an item. */
struct sync_call {
    const struct node *node;
    struct concurrent_function *cf;
    unsigned ordinal; /* among the calls of that function in the item's text, from 0 */
    bool is_out;      /* runs as (part of) a task */
    bool is_pending;  /* an argument holds another call that is taken out: evaluated in the task */
    const char *name; /* of its result in the record: "memo_v0"; NULL for void */
    /* Locals that arguments name and that earlier calls of the same segment give: both run in
     * one task. */
    struct sync_source {
        struct variable *var;
        const struct sync_call *call;
    } * sources;
    size_t n_sources, cap_sources;
    struct variable **copies; /* by argument: the local whose address it is, and of which each
                                 record has a copy; or NULL */
    struct touches *args_touched, *call_touched; /* sync_defer.c: found once */
    unsigned args_skipped;
    bool *copies_in;   /* the call only reads it: the copy is made where the statement stands.
                          Else it only writes: the deferred part assigns the copy */
    const char **args; /* C text of the arguments */
    size_t n_args;
    const char *why_not; /* a phrase: why it runs in its place; NULL if is_out */
};

enum sync_form {
    FORM_WHOLE,       /* the statement's text with results in place of calls */
    FORM_CALL,        /* nothing but the call: no deferred part */
    FORM_ASSIGN,      /* the destination's address is taken at once: *to op= right side */
    FORM_DECLARATION, /* initializations of locals that live in the environment */
};

struct sync_variable;
struct sync_segment;
struct sync_point;
struct sync_item {
    enum sync_kind kind;
    const struct node *node;
    struct src_range range; /* with its semicolon; if has_range */
    bool has_range;
    bool in_block;             /* directly in a block: statements may be put in front of it */
    struct sync_item *parent;  /* the structure around it */
    const struct node **loops; /* around it, in the region; outermost first */
    size_t n_loops;
    bool has_jump;                /* a jump out of it, or a label */
    bool is_inner;                /* the root of an inner region */
    bool calls_stay;              /* in an inner region, or under a directive of OpenMP */
    bool is_pinned;               /* the start of a for: no statement may stand in its place */
    bool is_declaration;          /* a declaration statement */
    const char *why_not_deferred; /* a phrase, or NULL: it may be deferred */

    struct sync_call *calls; /* of concurrent functions, in order of the text */
    size_t n_calls, cap_calls;
    enum sync_form form;
    const char *text;            /* SITE, DEFERRED: expanded as far as needed, calls replaced */
    const char *to, *op, *right; /* FORM_ASSIGN */
    const struct node *to_node;  /* FORM_ASSIGN: the destination */
    struct sync_segment *segment;
    struct sync_item **kids; /* STRUCTURE: for `for`: init, body; if: then, else */
    size_t n_kids, cap_kids;
    struct sync_point *point; /* where it starts; of a segment: that of its first item */
    /* `if (COND) leave;` that commits may stop at: node and range are COND's. */
    const struct node *exit_node;
    struct src_range exit_range;
    struct sync_item *exit_body; /* carried out at once, with nothing pending */
    bool is_lexed[4];            /* by form: why_not_by_name is known */
    const char *why_not_by_name[4];
    struct sync_cache *cache[2]; /* sync_defer.c: what it touches at once; as it is now */
};

/* A local variable that deferred text names. */
enum sync_storage {
    STORAGE_COPIED,  /* in the record, as it was where the statement stands */
    STORAGE_POINTED, /* the user's own object, through a pointer in the environment */
    STORAGE_HOISTED, /* it lives in the environment: its block may end before it is used */
    STORAGE_INSIDE,  /* declared and used in one segment's deferred text */
};
struct sync_variable {
    struct variable *var;
    enum sync_storage storage;
    const char *name;     /* of the member: "memo_x3_sum" */
    bool is_written;      /* by deferred text, somewhere in the region */
    bool is_used_at_once; /* outside deferred text, too */
    bool is_address_taken;
    bool is_private;          /* only calls write it, through its address: each record has a copy */
    bool is_declared_at_once; /* its declaration isn't deferred */
    const struct node *block; /* the block or `for` that declares it; NULL: outside, or parameter */
    struct sync_segment *declared_by; /* whose deferred text does */
    struct sync_segment *first_segment;
    bool is_shared;   /* more than one segment names it */
    bool is_within;   /* its declaration is part of a text that is deferred as a whole */
    bool is_restored; /* HOISTED, and used at once behind the exit (sync_plan.exit) */
};

struct sync_segment {
    unsigned id;
    struct sync_item **items;
    size_t n_items, cap_items;
    struct sync_variable **copied; /* in the record */
    size_t n_copied, cap_copied;
    struct sync_variable **others; /* reached through the environment */
    size_t n_others, cap_others;
    struct sync_variable **inside; /* of its own */
    size_t n_inside, cap_inside;
    struct sync_variable **named; /* all of them */
    size_t n_named, cap_named;
    bool has_calls, has_deferred;
    bool may_set_errno;
    struct sync_point *point;
};

/* ---- the graph ---- */

struct sync_edge {
    struct sync_point *to;
    const struct node *back; /* it leads back to the head of that loop; or NULL */
};
enum sync_point_kind {
    POINT_STATEMENT, /* item; a segment has one point */
    POINT_CONDITION, /* of if, while, do, for, switch */
    POINT_INCREMENT, /* of for */
    POINT_LOOP,      /* before a loop is entered: nothing happens there but events */
    POINT_SCOPE,     /* the end of a block: objects die */
    POINT_WAIT,      /* `synchronized wait` */
    POINT_EXIT,      /* control leaves the region */
    POINT_JOIN,      /* nothing */
};
struct sync_test {
    const struct touch *noted, *touch; /* of a pending segment; of this point */
    unsigned set;                      /* index of the noted one's set of ranges */
    bool for_call;                     /* touch is of this point's calls: tested when the arguments
                                          are known */
};
struct sync_point {
    enum sync_point_kind kind;
    unsigned index;
    struct sync_item *item;
    const struct node *node; /* the expression or statement for its place */
    const struct node **loops;
    size_t n_loops;
    struct touches at_once, call, deferred;
    struct sync_edge *next;
    size_t n_next, cap_next;
    struct sync_segment *segment;
    bool is_reached;
    bool *pending; /* by index of the point: records put there may be pending here */
    bool event;    /* unconditional */
    bool is_idle;  /* nothing can be pending there */
    const struct touch *event_earlier, *event_later; /* why; NULL: exit, wait, end of life */
    const char *event_why;
    struct sync_test *tests;
    size_t n_tests, cap_tests;
};

/* Touches of segments whose addresses are noted when a record is put. */
struct sync_set {
    const struct touch *touch;
    const struct sync_point *point;
};

struct sync_plan {
    struct sync_region *region;
    const struct concurrency *all;
    struct frontend *fe;
    struct arena *arena;
    struct diag_engine *diag;
    struct touch_scope *scope;
    unsigned id; /* in the unit */
    struct sync_staying {
        const struct node *call;
        const char *why;
    } * staying; /* calls that run in their place for good */
    size_t n_staying, cap_staying;
    unsigned version;        /* changes whenever some sync_variable.is_written does */
    bool has_memory_streams; /* open_memstream, fmemopen or setvbuf stand in the text */
    bool is_without_calls;   /* of concurrent functions that could be tasks: nothing to be said */
    const char *why_serial;  /* nothing is done with it; a phrase */
    struct src_range why_range;
    struct sync_item *root;
    struct sync_variable **variables;
    size_t n_variables, cap_variables;
    struct sync_segment **segments;
    size_t n_segments, cap_segments;
    struct sync_point **points;
    size_t n_points, cap_points;
    struct sync_set *sets;
    size_t n_sets, cap_sets;
    const char *const *local_names;
    size_t n_local_names;
    struct sync_point *entry, *end; /* end: the last statement's way out */
    struct sync_item **exits;       /* items that leave the region: return, goto, break */
    size_t n_exits, cap_exits;
    /* `speculate`: the condition at which commits may stop, and the loop it leaves. */
    struct sync_item *exit, *exit_loop;
    struct sync_point *exit_after; /* behind that loop: an event */
    bool is_without_exit;          /* it was tried, and can't be had */
    const char *why_not_ahead;     /* a phrase */
    struct sync_variable **saved;  /* each record of the exit's site has their values */
    size_t n_saved, cap_saved;
};

/* A variable's type as an object: parameters declared as arrays are pointers. */
const struct type *sync_type(struct sync_plan *p, const struct variable *v);

/* Calls cb for each use of a variable in n, declarations included (is_declared). Code in
 * `skip` is left out. */
struct variable_use {
    struct variable *var;
    const struct node *where;
    bool is_read, is_written, is_address; /* address: taken, or an array that decays */
    bool is_declared;
};
typedef void use_callback(void *arg, const struct variable_use *use);
void sync_uses(const struct node *n, const struct node *const *skip, size_t n_skip,
               use_callback *cb, void *arg);

/* Is it a pointer to an array of variable size? Records keep it as void *. */
bool sync_is_variable_pointer(const struct type *t);

/* Does deferred text know v by a macro, since others may know its address, or by an object of
 * that name? */
bool sync_is_by_macro(struct sync_plan *p, struct variable *v);

/* NULL: not looked at. */
const struct sync_variable *sync_find_variable(const struct sync_plan *p, const struct variable *v);

struct sync_plan *sync_plan(struct frontend *fe, struct arena *arena, struct diag_engine *diag,
                            const struct concurrency *all, struct touch_scope *scope,
                            struct sync_region *region, unsigned id);

/* Text with expressions in place of variables' names. *needs_macros: a macro of the user's is
 * used in it, whose expansion may hold the names as well: they have to be macros, too. */
struct sync_name {
    const char *name, *text;
};
const char *sync_put_names(struct sync_plan *p, const char *text, const struct sync_name *names,
                           size_t n_names, bool *needs_macros);

/* Are the segment's records in a loop that runs ahead of the results that end it? */
bool sync_is_ahead(const struct sync_plan *p, const struct sync_segment *s);

/* Remarks (-Rmemo-sync), and -Wmemo-serial for a region without tasks. */
void sync_report(struct sync_plan *p);
/* "'x'", "what 'p' points to", ... */
const char *sync_describe(struct arena *a, const struct touch *t);

#endif

/* checkpoint.h - loops with `#pragma checkpoint`: what was found, and what will be saved.
 *
 * annotations_checkpoint.c finds the loops; checkpoint_state.c, with what effects_loop.h says
 * the loop does, decides what is saved, matched or skipped, and refuses what can't be;
 * emit_checkpoint.c writes that down (runtime/include/memo_checkpoint_abi.h has the shape),
 * explain_checkpoint.c says it in words. */
#ifndef MEMOCC_CHECKPOINT_H
#define MEMOCC_CHECKPOINT_H

#include <stdbool.h>

#include "effects.h"
#include "effects_loop.h"
#include "frontend.h"
#include "pragma.h"
#include "shape.h"
#include "stmt.h"

/* `#pragma checkpoint now`, to become a statement. */
struct checkpoint_now {
    const struct pragma_site *site;
    const struct unit_file *file;
    const struct node *block; /* the innermost block it stands in */
    size_t before;            /* index in block->kids of the statement that follows, or that it
                                 stands in (alone, behind a label); n_kids: none */
    const struct node *alone; /* not NULL: this statement behind it is all of a branch or of a
                                 loop's body: both get braces around them */
};

struct checkpoint_loop {
    const struct annotation *annotation;
    const struct pragma_site *site;
    const struct unit_file *file;
    struct function *fn;
    const struct node *root; /* the `for`, `while` or `do` */
    struct src_range range;  /* stmt_range() of it */
    struct for_parts parts;  /* of a `for` */
    bool has_errors;         /* reported */
    struct checkpoint_loop *outer; /* the annotated loop around it in the same function, or NULL */
    unsigned ordinal;              /* of the annotated loops of its function, from 1 */
    unsigned id;                   /* of those of the unit, from 0 */
    struct scope scope;            /* of its clauses; what a `for` declares is in sight */
    struct scope outside;          /* of `match`: in front of the loop */
    struct variable **visible;     /* locals and parameters in sight in front of the loop, inner
                                      ones first; none of them is hidden by another */
    size_t n_visible;
    struct checkpoint_now *nows; /* directly in it, not in an annotated loop inside */
    size_t n_nows, cap_nows;
};

struct checkpoints {
    struct checkpoint_loop **loops; /* outer ones first, in order of the text */
    size_t n_loops, cap_loops;
};

/* ---- what will be saved ---- */

/* Bytes inside an object: `count` pieces of `size` bytes, `stride` apart. */
struct checkpoint_pointer {
    const char *name; /* ".next" */
    size_t offset, size, count, stride;
    bool is_changed; /* a pointer that the loop may change: saved as an offset into a piece.
                        Otherwise: a pointer, or other bytes, that the loop doesn't change, and that
                        keep their value at restore */
};

enum checkpoint_how {
    CHECKPOINT_SAVED,
    CHECKPOINT_MATCHED, /* what of it the loop reads and doesn't change; an object of which only a
                           part is read has an entry for each member (text "s.n"), or, where that
                           has no name, `parts` */
    CHECKPOINT_ENTRY,   /* as MATCHED: the value of a SAVED variable in front of the loop */
    CHECKPOINT_TARGETS, /* `pointers` of it, which the loop reads and doesn't change, are matched by
                           where they lead; those of one entry are all of one kind */
    CHECKPOINT_SKIPPED, /* named in `skip` */
    CHECKPOINT_MOVED,   /* a pointer that the loop doesn't change: MEMO_CK_POINTER; it is matched by
                           whether it is NULL if the loop reads it */
    CHECKPOINT_DEAD,    /* set in each iteration before it is read: not saved */
    CHECKPOINT_OBJECT,  /* only its address counts: saved pointers may lead to it */
};

/* What pointers that are matched by where they lead point to; those to functions are told by code. */
enum checkpoint_pointee { POINTS_TO_ANYTHING, POINTS_TO_TEXT, POINTEE_KINDS };

/* A variable, named in the source. */
struct checkpoint_variable {
    enum checkpoint_how how;
    struct variable *var;     /* NULL: fn */
    struct function *fn;      /* OBJECT: a function that saved pointers may lead to */
    const char *text;         /* C text of the lvalue in the loop's function: its name, or "s.n" */
    const struct type *type;  /* of that */
    bool needs_address;       /* pointers may lead into it, or it is large: no copy of it */
    bool is_read;             /* the loop reads it */
    enum checkpoint_pointee pointee; /* TARGETS */
    bool is_foreign_static;   /* a static local of a callee, or one out of scope: emit_checkpoint.c
                                 makes it reachable; `text` is then the lvalue to be declared */
    bool is_declared_later;   /* a global, or fn, declared behind the loop, or hidden there:
                                 emit_checkpoint.c makes it reachable */
    struct checkpoint_pointer *pointers; /* SAVED: see above. MATCHED: the bytes that are compared;
                                            none: all but padding */
    size_t n_pointers, cap_pointers;
    const struct node *where; /* an access in the loop, or NULL */
    const struct call_step *via;
};

/* Memory behind a pointer: a shape of save, alloc, rng or match. */
struct checkpoint_section { /* saved pointers may lead into those of `match`, too */
    const struct shape *shape;
    const struct clause *clause;
    enum clause_id id;           /* CLAUSE_save, CLAUSE_alloc, CLAUSE_rng, CLAUSE_match */
    const struct cexpr *pointer; /* the pointer lvalue it starts from; NULL: an array or object */
    bool is_pointer_changed;     /* the loop may change that pointer */
    bool is_start_matched;       /* what it holds in front of the loop */
    const struct type *element;
    struct checkpoint_pointer *pointers; /* in an element */
    size_t n_pointers, cap_pointers;
    /* In an element, too: pointers that the loop reads and doesn't change, matched by where they
     * lead. */
    struct {
        struct checkpoint_pointer *at;
        size_t n, cap;
    } targets[POINTEE_KINDS];
};

struct checkpoint_plan {
    struct checkpoint_loop *loop;
    struct arena *arena;
    struct frontend *fe;
    const struct unit_request *request;
    struct loop_effects *loop_effects; /* of the loop, as seen from its function */
    struct effects *effects;           /* loop_effects->all */
    struct checkpoint_variable *variables;
    size_t n_variables, cap_variables;
    struct checkpoint_section *sections;
    size_t n_sections, cap_sections;
    bool uses_random, uses_rand48; /* by clause or by calls */
    unsigned char *file_flags; /* MEMO_CK_INPUT and so on, for each stream in `file` */
    size_t n_files;
    bool condition_writes;         /* the condition changes what is saved (MEMO_CK_CONDITION) */
    const char *name;              /* `name`, or "file:function:ordinal" */
    struct fingerprint fingerprint; /* of the loop's code: frontend_fingerprint_loop() */
};

/* Decide. NULL: it can't be saved; reported. */
struct checkpoint_plan *checkpoint_plan(struct frontend *fe, struct arena *arena,
                                        struct checkpoint_loop *loop,
                                        const struct unit_request *request);

#endif

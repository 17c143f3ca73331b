/* emit_checkpoint_private.h - between emit_checkpoint.c (text in place), emit_checkpoint_state.c
 * (pieces and inputs, with the C text that finds them), emit_checkpoint_file.c (tables at file
 * scope) and emit_checkpoint_static.c (objects whose names mean nothing in the loop's function). */
#ifndef MEMOCC_EMIT_CHECKPOINT_PRIVATE_H
#define MEMOCC_EMIT_CHECKPOINT_PRIVATE_H

#include "emit.h"
#include "emit_checkpoint.h"
#include "plan_private.h"

/* Text as it stands at one save, and at memo_ck_begin. */
struct ck_piece {
    const char *name;
    unsigned role, base; /* MEMO_CK_... */
    const char *size;    /* of an element; a number */
    const struct type *type;
    const struct checkpoint_pointer *pointers;
    size_t n_pointers;
    const char *data, *first, *count;
    const char *member; /* by copy: the copy, "memo_cv_0.m_3"; or NULL */
    const char *declare, *fill, *back;
    bool is_in_register;        /* it may be: behind a save it comes from its copy */
    bool is_inner;              /* declared by the `for`: its copy stands behind that */
    bool comes_back_anyway;     /* at the start: even if nothing was restored */
    const struct variable *var; /* POINTER to a variable */
    const struct cexpr *lvalue; /* POINTER to another lvalue */
};

struct ck_input {
    const char *name, *kind, *size;
    unsigned role;
    const struct type *type; /* see struct part_plan */
    const char *excluded;
    const struct checkpoint_pointer *parts; /* the bytes that are compared; none: as type says */
    size_t n_parts;
    const char *setup, *data, *count;
    const char *object; /* it is a piece, too: the count of its elements; or NULL */
};

struct ck_emitter {
    struct checkpoint_plan *plan;
    struct checkpoint_loop *loop;
    struct arena *arena;
    struct frontend *fe;
    struct edit_list *edits;
    const struct unit_file *file;
    struct checkpoint_emission *all;
    unsigned id;
    struct memo_plan memo; /* the loop, as far as emission of parts asks */
    struct memo_function mf;
    struct planner planner;
    const char *event;   /* of synchronized code around the loop: statements */
    const char *refresh; /* before shapes are looked at: statements */
    struct ck_piece *pieces;
    size_t n_pieces, cap_pieces;
    struct ck_input *inputs;
    size_t n_inputs, cap_inputs;
    size_t n_objects;     /* of inputs with `object` */
    size_t at;            /* the line of what is written now */
    struct strbuf before; /* declarations at file scope, before the function */
};

/* emit_checkpoint_state.c. False: reported. */
bool emit_checkpoint_state(struct ck_emitter *e);

/* emit_checkpoint_file.c: tables and site, to e->before. */
void emit_checkpoint_tables(struct ck_emitter *e);

/* emit_checkpoint_static.c: the address of v as C text of type void *, which means the same
 * everywhere in the loop's function. NULL: it can't be had; reported. Of a static local the text
 * may mean NULL: compilers leave out functions that are never called. */
const char *emit_checkpoint_address(struct ck_emitter *e, const struct checkpoint_variable *v);

/* Where synchronized code keeps a local of its region, as C text; NULL: in its place. */
const char *emit_checkpoint_moved(struct ck_emitter *e, const struct checkpoint_variable *v);

/* A scalar is 0 where it is declared, if no macro declares it. */
void emit_checkpoint_initialize(struct ck_emitter *e, const struct variable *v);

#endif

/* touch_private.h - shared by touch*.c and depend*.c.
 *
 *   touch_scope.c  the variables of a function: what is assigned to them, and whose address is
 * taken touch_place.c  lvalues and pointers: which object, and where in it touch.c expressions and
 * statements touch_call.c   calls
 *
 * A *place* is an object, or a part of it: a base and steps that lead on from there. A pointer
 * is a place and the number of elements that it stands behind its beginning. */
#ifndef MEMOCC_TOUCH_PRIVATE_H
#define MEMOCC_TOUCH_PRIVATE_H

#include "touch.h"

/* ---- touch_scope.c ---- */

struct touch_pointer;
struct variable_facts {
    const struct variable *var;
    bool is_exposed;
    bool is_searched; /* touch_global.c */
    /* NODE_DECL with initializer, NODE_ASSIGN, NODE_INCDEC, or what may assign in some
     * other way. Members and elements count as the whole. */
    const struct node **assigned;
    size_t n_assigned, cap_assigned;
    const struct node *block;     /* which holds its declaration; NULL: a parameter, or unknown */
    bool is_followed;             /* its sources are being looked at */
    struct touch_pointer *origin; /* touch_place.c: what it points to; NULL: not asked yet */
};
struct touch_data {
    unsigned depth;                /* of variables followed */
    struct variable_facts **facts; /* open addressing by var */
    size_t n, cap;
    bool goes_back; /* a goto may lead to code before it: loops in disguise */
    bool has_assembler;
    const struct node *all_of; /* depend_base.c: all that this node touches */
    struct touches all;
};

struct variable_facts *touch_facts(struct touch_scope *s, const struct variable *v);
/* The variable that lvalue n is, or is a part of; NULL: it is reached through a pointer. */
const struct variable *touch_root(const struct node *n);
bool touch_is_local(const struct variable *v); /* automatic, or a parameter */
/* Is n inside root, or root itself? */
bool touch_is_inside(const struct node *n, const struct node *root);
/* Is it an expression that names an object? */
bool touch_is_lvalue(const struct node *n);
bool touch_is_array(const struct type *t);
/* Kinds of nodes whose operands may be read, written, and have their address taken. */
bool touch_is_opaque(const struct node *n);

/* Adds what the body of fn does with variables. */
void touch_scan(struct touch_scope *s, struct function *fn);

/* ---- touch_global.c ---- */

/* A static object that is never reached but by its name, in functions of this unit. */
bool touch_is_hidden(struct touch_scope *s, const struct variable *v);

/* ---- touch_place.c ---- */

#define TOUCH_STEPS 12

struct touch_place {
    bool is_nothing; /* no object that anybody could change: constants, values */
    enum touch_base base;
    const struct variable *var;
    struct touch_index indices[TOUCH_STEPS];
    size_t n_indices;
    const char *path;
    bool is_exact;
    bool is_frozen; /* nothing more can be said of where in the object */
    bool is_any;    /* through a union, or of a type that tells nothing */
};
struct touch_pointer {
    struct touch_place at;    /* the array, or the object */
    bool is_single;           /* at is the object pointed to, not an array of such */
    const struct node *index; /* NULL: unknown */
    const struct type *element;
    bool is_derived; /* by arithmetic or through a variable: may leave the row it began in */
};

struct touch_place touch_place_of(struct touch_scope *s, const struct node *lvalue);
struct touch_pointer touch_pointer_of(struct touch_scope *s, const struct node *value);
/* The pointer by so many elements further; by NULL: unknown. */
struct touch_pointer touch_pointer_at(struct touch_scope *s, struct touch_pointer p,
                                      const struct node *by);
struct touch_place touch_deref(struct touch_scope *s, const struct touch_pointer *p,
                               const struct type *type);
/* Some unknown part of the object that the place lies in. */
void touch_place_widen(struct touch_place *p);
struct touch touch_of_place(struct touch_scope *s, const struct touch_place *p, bool is_write,
                            const struct type *type, const struct node *where);
/* Can the address of n be computed early; see touch.lvalue. loads: may be NULL; set if it
 * takes loads, which aren't allowed where it is NULL. */
bool touch_is_computable(const struct node *lvalue, bool *loads);
/* Is the value of v the same whenever code inside the block of `user` looks at it (user: a
 * variable declared there and set by its initializer alone)? */
bool touch_is_constant_for(struct touch_scope *s, const struct variable *v,
                           const struct variable *user);

/* The same of an expression: it is made of such variables and arithmetic alone. */
bool touch_keeps_value(struct touch_scope *s, const struct node *n, const struct variable *user);
/* Do objects of the two types have the same layout, qualifiers aside? */
bool touch_same_layout(const struct type *a, const struct type *b);
/* A constant of the text: a number, or an expression of such. */
bool touch_constant(const struct node *n, long long *value);

/* ---- touch.c ---- */

struct touch_walk {
    struct touch_scope *scope;
    const struct node *root;
    const struct node *const *skip;
    size_t n_skip;
    struct touches *out;
};
void touch_value(struct touch_walk *w, const struct node *n);
void touch_add(struct touch_walk *w, struct touch t);
/* Read or write of the place, volatile counted. */
void touch_add_place(struct touch_walk *w, const struct touch_place *p, bool is_write,
                     const struct type *type, const struct node *lvalue);
void touch_add_base(struct touch_walk *w, enum touch_base base, bool is_write,
                    const struct node *where);
/* All memory, and everything else. */
void touch_add_all(struct touch_walk *w, const struct node *where);

/* ---- touch_call.c ---- */

void touch_call(struct touch_walk *w, const struct node *call);

/* ---- depend_types.c ---- */

/* May lvalues of these types lead to one object? NULL: any type. */
bool depend_types_meet(const struct touch_scope *s, const struct type *a, const struct type *b);

#endif

/* effects_loop.h - what one loop of a function does, as seen from the function around it.
 *
 * The function is walked as for effects.h, so that it is known where its pointers may lead;
 * then the loop alone is recorded. Its accesses are to objects of the function: variables
 * declared outside the loop (its own locals and parameters, too), and memory behind them. What the
 * loop declares itself isn't told, but for the variables that a `for` declares in its head. */
#ifndef MEMOCC_EFFECTS_LOOP_H
#define MEMOCC_EFFECTS_LOOP_H

#include "effects.h"
#include "shape.h"

struct loc; /* a place in memory, or a set of places that can't be told apart */

struct loop_access {
    enum {
        LOOP_VARIABLE, /* var, or a part of it */
        LOOP_BEHIND,   /* memory that isn't a variable: behind parameters, globals, or allocated */
        LOOP_UNKNOWN,  /* can't be traced */
    } kind;
    struct variable *var;
    const struct loc *loc; /* NULL: UNKNOWN */
    bool is_write;
    bool is_whole;    /* of unknown extent: by a callee out of sight */
    bool is_stream;   /* what a FILE * points to */
    const struct node *where;
    const struct call_step *via;
};

struct loop_effects {
    struct effects *all; /* effects, unseen calls, callees. Its accesses aren't filled in */
    struct loop_access *accesses;
    size_t n_accesses, cap_accesses;
    struct walk *walk; /* the function's memory, for the questions below */
    const struct node *loop;
};

/* loop: any statement or expression of fn's body. */
struct loop_effects *effects_of_loop(struct frontend *fe, struct arena *arena, struct function *fn,
                                     const struct node *loop);

/* FILE *? NULL is none. */
bool effects_is_stream(const struct type *t);

/* Is the variable declared in the loop's body? */
bool loop_declares(const struct loop_effects *fx, const struct variable *v);

#define LOOP_MAX_PLACES 16 /* more are one that can't be traced */
struct loop_places {
    size_t n;
    const struct loc *at[LOOP_MAX_PLACES];
};
/* The places of a variable; of a member of such a place (path: ".a.b"; "" is itself); of an lvalue
 * in a clause. */
struct loop_places loop_places_of(struct loop_effects *fx, struct variable *v);
struct loop_places loop_places_member(struct loop_effects *fx, const struct loop_places *p,
                                      const struct type *t, const char *path);
struct loop_places loop_places_lvalue(struct loop_effects *fx, const struct scope *s,
                                      const struct cexpr *e);
/* Where pointers that lie there may lead. */
struct loop_places loop_places_load(struct loop_effects *fx, const struct loop_places *p);

/* What a place is. */
enum loop_place_kind {
    PLACE_IS_NULL,
    PLACE_IS_VARIABLE, /* *var */
    PLACE_IS_FUNCTION, /* *fn */
    PLACE_IS_MEMORY,   /* behind a parameter or global, or allocated before the loop */
    PLACE_IS_NEW,      /* allocated in the loop */
    PLACE_IS_LITERAL,  /* a string literal, or constant memory of the library's */
    PLACE_IS_UNKNOWN,
};
enum loop_place_kind loop_place_kind(const struct loop_effects *fx, const struct loc *l,
                                     struct variable **var, struct function **fn);

/* Is `part` the place `whole`, or in it (no pointer between)? Places of which little is known
 * are in none. */
bool loop_is_within(const struct loc *part, const struct loc *whole);
/* Does a flexible array member stand on the way from whole to part? */
bool loop_is_flexible(const struct loc *part, const struct loc *whole);
/* Is it one name for any number of objects: memory that a loop in front allocates? */
bool loop_is_many(const struct loc *l);
/* May they share bytes? */
bool loop_may_overlap(const struct loc *a, const struct loc *b);
/* Is it where a pointer that lay in `from` led to at entry, unknown otherwise? */
bool loop_is_behind(const struct loc *l, const struct loc *from);
/* The same over any number of pointers, each a member for which is_link says yes (its path:
 * ".next"), the first of them in `from`. all: every pointer there is one. */
bool loop_is_linked(const struct loc *l, const struct loc *from, bool all,
                    bool (*is_link)(const void *arg, const char *member), const void *arg);
/* Do both start from the same variable? */
bool loop_same_root(const struct loc *a, const struct loc *b);

#endif

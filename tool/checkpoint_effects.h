/* checkpoint_effects.h - what a checkpointed loop does beside changing variables: streams,
 * random numbers, state of the system's.
 *
 * The text of the loop and of the functions in sight that it calls is gone through call by
 * call. What isn't in sight is judged when the program is linked (section.h). */
#ifndef MEMOCC_CHECKPOINT_EFFECTS_H
#define MEMOCC_CHECKPOINT_EFFECTS_H

#include "checkpoint.h"

/* Warn of what a checkpoint can't hold: streams that no `file` names, hidden state, threads.
 * Adds to plan->uses_random and plan->uses_rand48 what the calls say. plan->loop_effects must
 * be there. */
void checkpoint_effects(struct checkpoint_plan *plan);

/* ---- the parts among themselves ---- */

/* A function on the way from the loop to a call. */
struct checkpoint_frame {
    const struct checkpoint_frame *up; /* NULL: the loop's function */
    const struct node *call;           /* in up->fn; NULL: reached through a pointer */
    struct function *fn;
};

/* Which stream does an expression stand for? (checkpoint_stream.c) */
struct checkpoint_stream {
    enum {
        STREAM_FREE,    /* opened and closed within the iteration; or stderr */
        STREAM_NAMED,   /* in `file` */
        STREAM_UNNAMED, /* var, path */
        STREAM_UNKNOWN, /* can't be traced to a variable */
    } kind;
    const struct variable *var;
    const char *path;
    const struct node *adds; /* FREE: how it is opened, if what is written may be added to a file */
    const char *text;        /* as it is called in the loop's function if it can be; or NULL */
};
/* NAMED: is `name`, of a `file` clause, a name of it? */
bool checkpoint_is_stream_named(struct checkpoint_plan *plan, const struct checkpoint_stream *s,
                                const struct cexpr *name);
struct checkpoint_stream checkpoint_stream(struct checkpoint_plan *plan,
                                           const struct checkpoint_frame *frame,
                                           const struct node *expr);
/* The same of the C library's, by name: "stdin", "stdout". */
struct checkpoint_stream checkpoint_standard_stream(struct checkpoint_plan *plan, const char *name);
/* Is the value of that call, like a descriptor or a directory, kept in a variable that is gone
 * when the iteration ends? */
bool checkpoint_is_kept_briefly(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                                const struct node *call);
/* Is it such a variable, with nothing else in it? *adds: as checkpoint_stream.adds. */
bool checkpoint_is_brief(struct checkpoint_plan *plan, const struct checkpoint_frame *frame,
                         const struct node *expr, const struct node **adds);

#endif

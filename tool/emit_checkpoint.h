/* emit_checkpoint.h - loops with checkpoints: the text that carries their plans out. */
#ifndef MEMOCC_EMIT_CHECKPOINT_H
#define MEMOCC_EMIT_CHECKPOINT_H

#include "checkpoint.h"
#include "edit.h"
#include "sync.h"

/* All of a unit's. What is in `loops` is owned by the caller; `tail` is text that goes to the
 * unit's end, appended to. */
struct checkpoint_emission {
    struct edit_list *edits;
    const struct unit_request *request;
    struct checkpoint_plan *const *plans; /* outer loops first */
    size_t n_plans;
    struct sync_plan *const *syncs; /* of synchronized code that isn't serial */
    size_t n_syncs;
    struct strbuf *tail;
};

/* Behind emit_sync(), before emit_memo() of the functions that the loops stand in. Errors are
 * reported; there are edits for the other loops all the same. */
void emit_checkpoints(struct checkpoint_emission *all);

#endif

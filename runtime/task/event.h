/* event.h - an activation of synchronized code: its start, its records, its events.
 *
 * The functions behind memo_task_abi.h, which says what they are for. */
#ifndef MEMO_TASK_EVENT_H
#define MEMO_TASK_EVENT_H

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"
#include "task/order.h"
#include "task/redo.h"

/* From the environment and the rest of the runtime. Constant once the engine has started. */
struct memo__task_settings {
    struct memo__order order;
    bool is_verify; /* MEMOCC=verify */
    struct memo__redo_settings redo;
};

/* Once, before the other functions. */
void memo__task_start(const struct memo__task_settings *settings);

void memo__sync_begin(struct memo_sync *s);

/* The same where the runtime can't be had: all calls are carried out in place. */
void memo__sync_begin_in_place(struct memo_sync *s);

int memo__sync_event(struct memo_sync *s);
void memo__sync_end(struct memo_sync *s);
void memo__task_verify(struct memo_sync *s);
void *memo__task_room(struct memo_sync *s, struct memo_task_site *site);

#endif

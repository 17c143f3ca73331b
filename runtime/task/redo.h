/* redo.h - MEMOCC=verify: calls are carried out at once, and again at the event.
 *
 * What the program computes with is the serial run. At the event everything that the
 * deferred parts assigned is put back to what it was, the calls are made again in
 * reverse order, and their results are held against the first ones: a call that
 * reads what another one's deferred part writes, or state that nobody declared, shows. Then
 * the serial values are restored. Calls that write more than their record (m_again
 * is 0) are made once. */
#ifndef MEMO_TASK_REDO_H
#define MEMO_TASK_REDO_H

#include "task/batch.h"

struct memo__redo_settings {
    uint32_t fraction; /* of calls that are made again; UINT32_MAX: all */
    bool is_fatal;     /* the first difference ends the program */
    /* A call's record from the serial run, and from the second one, results of other bytes.
     * Returns whether their values differ. Several threads may call it. */
    bool (*report)(const struct memo_task_site *site, const void *serial, const void *again);
};

void memo__redo_start(const struct memo__redo_settings *settings);

/* The record just put is carried out. errno is what the serial program's would be. */
void memo__redo_first(struct memo__batch *b, struct memo_task_site *site, void *record);

/* At the event: again, and compare. */
void memo__redo_again(struct memo__batch *b);

void memo__redo_release(struct memo__batch *b);

/* Calls are being made again on this thread: nothing inside is deferred. */
bool memo__redo_is_on(void);

/* Of this process. */
void memo__redo_counts(uint64_t *n_again, uint64_t *n_differed);

#endif

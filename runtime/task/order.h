/* order.h - MEMOCC_ORDER: the order in which calls are carried out, for tests.
 *
 * All but the default use one thread. */
#ifndef MEMO_TASK_ORDER_H
#define MEMO_TASK_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "task/batch.h"

enum memo__order_kind {
    MEMO__ORDER_ANY,     /* the default: on many threads */
    MEMO__ORDER_SERIAL,  /* where they stand */
    MEMO__ORDER_LATE,    /* at the event, in the order of the program */
    MEMO__ORDER_REVERSE, /* at the event, last first */
    MEMO__ORDER_RANDOM   /* at the event, shuffled */
};

struct memo__order {
    enum memo__order_kind kind;
    uint64_t seed;
};

/* From a text such as "random:7"; false: it isn't understood, *order is the default. */
bool memo__order_parse(const char *text, struct memo__order *order);

/* Carries out the calls of a batch in that order: LATE, REVERSE or RANDOM. */
void memo__order_run(struct memo__batch *b, const struct memo__order *order);

#endif

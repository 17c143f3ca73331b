/* direct.h - which calls are carried out where they stand, without a record.
 *
 * A record costs some nanoseconds, and a team some microseconds: where the work
 * between two events is less than that, records are a loss. Each batch is measured; after
 * some cheap ones in a row, activations of that site at that depth of nesting carry
 * out a number of calls in place before the next record is put, and some of them are
 * chosen to be measured again. That is how a recursion cuts itself off. */
#ifndef MEMO_TASK_DIRECT_H
#define MEMO_TASK_DIRECT_H

#include <stdbool.h>
#include <stdint.h>

#include "include/memo_abi.h"
#include "include/memo_task_abi.h"

#define MEMO__UNLIMITED (~0u)

/* At the start of an activation that the generated code doesn't decide by itself:
 * how many calls are carried out in place. */
unsigned memo__direct_begin(struct memo_sync *s, unsigned n_threads);

/* A batch of n records took spent_ns, on all threads together. */
void memo__direct_judge(struct memo_sync *s, uint32_t n, uint64_t spent_ns);

#endif

/* tally.h - what MEMOCC_STATS says of checkpoints. */
#ifndef MEMO_CHECKPOINT_TALLY_H
#define MEMO_CHECKPOINT_TALLY_H

#include <stdbool.h>
#include <stdint.h>

/* Of one loop of the program, over all its entries. */
struct memo__ck_tally {
    uint64_t entered, restored;
    uint64_t iteration; /* that it went on at, the last time */
    uint64_t saves, failed;
    uint64_t bytes;             /* written, all saves together */
    uint64_t copy_ns, write_ns; /* on the loop's thread; of the writer, CPU and disk */
};

struct memo__buf;

/* For memo__stats_add_checkpoints (cache/stats.h). Loops of one name are one row. */
bool memo__ck_tally_has_any(void);
int memo__ck_tally_add_json(struct memo__buf *b);
void memo__ck_tally_print(void);

#endif

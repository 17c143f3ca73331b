/* stats.h - MEMOCC_STATS: what was hit, missed and saved, at exit. */
#ifndef MEMO_CACHE_STATS_H
#define MEMO_CACHE_STATS_H

#include <stdbool.h>

/* Prints the table on standard error, or writes the JSON file, as asked for. */
void memo__stats_report(void);

struct memo__buf;

/* What stands under "concurrent", and under "checkpoints": other parts of the runtime say it. */
struct memo__stats_part {
    bool (*has_any)(void);
    int (*add_json)(struct memo__buf *b); /* the members of the array */
    void (*print)(void);                  /* lines of the table */
};
void memo__stats_add(const struct memo__stats_part *concurrent);
void memo__stats_add_checkpoints(const struct memo__stats_part *checkpoints);

/* In a forked child, whose counters are at zero: no report unless it calls. */
void memo__stats_fork_child(void);

#endif

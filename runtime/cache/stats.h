/* stats.h - MEMOCC_STATS: what was hit, missed and saved, at exit. */
#ifndef MEMO_CACHE_STATS_H
#define MEMO_CACHE_STATS_H

/* Prints the table on standard error, or writes the JSON file, as asked for. */
void memo__stats_report(void);

/* In a forked child, whose counters are at zero: no report unless it calls. */
void memo__stats_fork_child(void);

#endif

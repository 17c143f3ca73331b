/* schedule.h - when a save is due.
 *
 * every(30s): that long after the entry, or after the state of the last save was taken.
 * every(1%): when what saving has cost, with what the next save will cost, is no more than that
 * share of the CPU time of the process, and of what it used since the entry. The background thread
 * looks at these; every(n iterations) is counted by the loop.
 *
 * Nothing here waits or knows a thread. All under memo__ck_lock (background.h). */
#ifndef MEMO_CHECKPOINT_SCHEDULE_H
#define MEMO_CHECKPOINT_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memo__ck_schedule {
    char unit; /* 's', 'i', '%' */
    uint64_t every;
    uint64_t look_ns;              /* monotonic; when to look again; UINT64_MAX: not by the clock */
    uint64_t entry_cpu_ns;         /* of the process, at the first look */
    uint64_t spent_ns;             /* CPU time for saves of this entry */
    uint64_t cost_ns;              /* CPU time of the last save; 0: there was none */
    uint64_t bytes;                /* of the state, then */
    uint64_t wall_ns;              /* that it took to write */
    uint64_t ended_ns;             /* when; monotonic */
    uint64_t seen_ns, seen_cpu_ns; /* at the last look, 0: none: how fast CPU time goes by */
};

void memo__ck_schedule_init(struct memo__ck_schedule *s, char unit, uint64_t every,
                            uint64_t now_ns);

/* Whether a save is due; else s->look_ns is when to ask again. */
bool memo__ck_schedule_look(struct memo__ck_schedule *s, uint64_t now_ns);

/* With the size of the state known: may it be saved now? Else look_ns is put off. */
bool memo__ck_schedule_allows(struct memo__ck_schedule *s, uint64_t bytes, uint64_t now_ns);

/* A save was asked for: nothing is due until it is done. */
void memo__ck_schedule_taken(struct memo__ck_schedule *s, uint64_t now_ns);

/* The last save, of so many bytes, was written, or failed: what it cost altogether. */
void memo__ck_schedule_done(struct memo__ck_schedule *s, uint64_t bytes, uint64_t cpu_ns,
                            uint64_t wall_ns, uint64_t now_ns);

/* For loops that must look at the clock themselves: in how many iterations, if the last `n` took
 * `ns`. */
uint64_t memo__ck_schedule_step(const struct memo__ck_schedule *s, uint64_t n, uint64_t ns,
                                uint64_t now_ns);

/* What saving has cost the process: CPU time, of the background thread too. */
uint64_t memo__ck_spent(void);
void memo__ck_spend(uint64_t ns);

#endif

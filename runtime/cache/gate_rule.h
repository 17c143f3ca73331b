/* gate_rule.h - what the cost gate decides, from numbers alone.
 *
 * A window is some hundreds of a function's calls that went through the
 * runtime. From what was measured in it, memo__gate_rule_step says which tiers
 * the function may use from now on. Nothing here reads a clock: the same numbers
 * give the same decisions.
 *
 * What counts is the sum, not the single call: a tier is left out when all that
 * it cost in a window is more than all that it saved (by more than a tenth of what
 * computing takes), and taken in again only when it costs less than seven tenths. Where a hit is
 * cheaper than computing, so that more hits would change the verdict, many windows in a row must
 * lose; where computing is cheaper than the hit itself, two are enough. A tier that was left out is
 * tried again after a while that grows fourfold each time.
 *
 * Of a function that stays for the sake of its dear calls alone, cheap results aren't
 * stored any more, by the same rules. */
#ifndef MEMO_CACHE_GATE_RULE_H
#define MEMO_CACHE_GATE_RULE_H

#include <stdbool.h>
#include <stdint.h>

/* Calls that take longer are never in question: they are found again, and go to
 * disk, whatever the rest of the function's calls is like. */
#define MEMO__GATE_DEAR_NS ((uint64_t)4000)

enum memo__gate_level {
    MEMO__GATE_ALL,    /* all tiers that the function may use */
    MEMO__GATE_MEMORY, /* without the disk; dear results still go there */
    MEMO__GATE_NONE    /* computed; the wrapper doesn't come to the runtime */
};

/* Of one window. Times are means in ns, sums where it says so; 0: not measured. */
struct memo__gate_figures {
    double fast_hits, memory_hits, dear_hits, disk_hits, misses; /* how many; memory_hits: cheap */
    double compute_fast_ns, compute_ns;                /* what a hit would have computed */
    double compute_miss_ns;                            /* a miss that isn't dear */
    double dear_misses;                                /* how many of the misses */
    double dear_hits_ns, dear_misses_ns, disk_hits_ns; /* sums of what they cost to compute */
    double hit_memory_ns, hit_disk_ns;
    double miss_ns;      /* what a miss costs beside computing and the disk */
    double disk_miss_ns; /* asking the disk in vain, and giving it the result */
};

/* Two windows as one. */
void memo__gate_figures_add(struct memo__gate_figures *a, const struct memo__gate_figures *f);

struct memo__gate_rule {
    bool has_memory, has_disk;
    enum memo__gate_level level;
    bool is_trial;     /* this window decides whether the level above the last one holds */
    unsigned n_losing; /* windows that lose together, and their sums */
    double sum_cost, sum_saving, sum_plain, sum_calls;
    unsigned n_disk_losing;          /* windows in a row */
    bool is_choosy;                  /* cheap results aren't stored */
    unsigned n_cheap_losing;         /* windows in a row */
    unsigned n_choosy;               /* times cheap results were left out, at most 31 */
    unsigned n_until_cheap;          /* windows until they are stored again */
    unsigned n_off;                  /* times the function was bypassed, at most 31 */
    unsigned n_disk_off;             /* times the disk was left out, at most 31 */
    unsigned n_until_disk;           /* windows until the disk is tried again */
    unsigned window;                 /* calls in the next window */
    uint64_t n_bypass;               /* MEMO__GATE_NONE: calls until the next trial */
    double memory_ratio, disk_ratio; /* cost : saving, in the last window */
    double disk_loss;                /* (cost - saving) : what computing would have taken */
    double memory_share, disk_share; /* cost : what computing would have taken */
    struct memo__gate_figures known; /* the last value of each mean that was measured */
};

void memo__gate_rule_init(struct memo__gate_rule *r, bool has_memory, bool has_disk);

/* Judges a window. Returns whether the level has changed. */
bool memo__gate_rule_step(struct memo__gate_rule *r, const struct memo__gate_figures *f);

/* A bypassed function is to be tried now: its calls were counted down
 * (`is_due`), or one turned out dear. */
void memo__gate_rule_try(struct memo__gate_rule *r);

/* All tiers again, for good: the function is none for the gate. */
void memo__gate_rule_give_up(struct memo__gate_rule *r);

#endif

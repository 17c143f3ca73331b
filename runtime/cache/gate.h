/* gate.h - the cost gate: caching turns itself off where it loses.
 *
 * What calls cost is measured while they are made: of some, how long the tiers
 * take; of misses, and of some hits on cheap entries, how long computing takes.
 * Each thread sums this up over a window of calls; when the window is full, the
 * rule (gate_rule.h) decides for the function in all threads. A function at the
 * level MEMO__GATE_NONE is bypassed: its wrapper counts down a number of calls
 * that it was granted and computes them without coming here.
 *
 * Only functions whose misses make no memoized calls on their thread are judged:
 * of others it isn't known what computing takes without a cache. A recursive
 * function is therefore never bypassed.
 *
 * Windows belong to their thread. The rule is guarded by a lock that nobody waits
 * for; what other threads read of it is __atomic. */
#ifndef MEMO_CACHE_GATE_H
#define MEMO_CACHE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/gate_rule.h"
#include "include/memo_abi.h"

struct memo__site;
struct memo__thread;

#define MEMO__GATE_RECENT 32
#define MEMO__GATE_PURSE_NS 8000000

/* Of one function. */
struct memo__gate {
    bool is_on;                            /* constant: the function is judged at all */
    bool has_given_up;                     /* __atomic; its calls can't be judged */
    enum memo__gate_level level;           /* __atomic; copy of the rule's */
    bool is_choosy;                        /* __atomic; copy */
    unsigned epoch;                        /* __atomic; counts changes of it */
    unsigned window;                       /* __atomic; copy */
    unsigned n_cheap, n_dear;              /* __atomic; calls computed of late */
    unsigned recent_ns[MEMO__GATE_RECENT]; /* __atomic; what cheap ones took */
    int64_t purse_ns;                      /* __atomic; for putting cheap results on disk */
    uint64_t compute_ns, hit_ns, hit_disk_ns, miss_ns; /* __atomic; for texts */
    uint64_t n_bypass;                                 /* __atomic; copy */
    struct memo__gate_rule rule;                       /* the gate's lock */
    /* Synchronized code asks for hits (memo_abi_hit) on one thread, and misses are computed
     * on others: their windows are judged together, while there are hits. */
    bool is_asked;                       /* __atomic */
    unsigned n_answered;                 /* __atomic; hits since the last window was judged */
    unsigned n_together, together_epoch; /* the gate's lock; windows in: */
    struct memo__gate_figures together;
};

/* The smaller one of each two measured times: a thread that loses its processor
 * is no reason to leave a tier out. */
struct memo__gate_time {
    uint64_t sum_ns, waiting_ns;
    unsigned n;
};

/* An entry in memory that is hit often, though what computing it takes is known
 * from a single call that may have been cold, or have lost its processor. */
struct memo__gate_doubt {
    uint64_t key; /* a hash; 0: there is none */
    uint64_t cost_ns;
    unsigned n_hits, n_others;
    unsigned n_right; /* how often a doubt was none, at most 6 */
};

/* Of one function in one thread: the window that is open. */
struct memo__gate_window {
    unsigned epoch;
    int n; /* calls; below 0: not measured yet, all is cold */
    unsigned n_memory, n_dear_hits, n_disk, n_misses, n_dear_misses;
    unsigned n_samples, n_computed; /* hits that were computed all the same; misses not dear */
    uint64_t sample_ns, computed_ns, cheap_hits_ns, dear_hits_ns, dear_misses_ns, disk_hits_ns;
    struct memo__gate_time hit_memory, hit_disk, miss, disk_miss;
    uint64_t fast_before;      /* hits in the scalar table when it began */
    uint64_t mark_ns, n_waits; /* of the thread, some calls ago: its CPU time, how often it slept */
    /* Not cleared with the window: */
    uint64_t n_all_computed; /* misses not dear, of late */
    uint64_t n_granted;      /* calls given to m_left, ever */
    uint64_t n_left;         /* to be granted until a trial, */
    unsigned left_epoch;     /* in this epoch */
    unsigned n_pauses;       /* in a row, after windows that left no doubt */
    bool has_begun;
    unsigned n_in_vain;   /* asked for by memo_abi_hit, since something was found */
    uint64_t hits_before; /* in the scalar table, when it was asked last */
    struct memo__gate_doubt doubt;
};

/* One call, as the gate sees it. */
struct memo__gate_try {
    struct memo__gate_window *window; /* NULL: it isn't measured */
    struct memo__gate_doubt *doubt;   /* NULL: hits aren't doubted */
    uint64_t entry_ns;                /* 0: tiers aren't timed */
    uint64_t begin_ns, disk_ns;       /* what they took */
    uint64_t n_calls;                 /* of the thread, at its beginning */
    bool is_bypassed;                 /* the function is, but this call has to be looked at */
    bool is_sample;                   /* computed though it may be known; not stored */
    bool is_check;                    /* a sample of the entry in doubt */
    bool is_correction;               /* which is to be stored with what it took now */
    bool is_disturbed;                /* its time says nothing: the thread lost its processor */
};

void memo__gate_init(struct memo__site *s);

/* A call begins; *g is zero. true: it is to be computed, and that is all. */
bool memo__gate_enter_slow(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g);
static inline bool memo__gate_enter(struct memo__thread *t, struct memo__site *s,
                                    struct memo__gate *gate, struct memo__gate_try *g)
{
    if (!gate->is_on || __atomic_load_n(&gate->has_given_up, __ATOMIC_RELAXED))
        return false;
    return memo__gate_enter_slow(t, s, g);
}

/* The same for memo_abi_hit. true: it isn't to be looked up. If it was found, _answered;
 * else *g is dropped: the call begins anew in its wrapper, as one that wasn't asked for. */
bool memo__gate_asked(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g);
void memo__gate_answered(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g);

/* Hits on an entry in doubt until it is computed again. */
static inline unsigned memo__gate_trust(const struct memo__gate_doubt *d)
{
    return d->cost_ns < MEMO__GATE_DEAR_NS ? 16 : 64u << d->n_right;
}

/* Some calls are computed though they may be known, to see what that takes: this
 * one, if the entry that is found for it is in memory, and cheap or in doubt. */
static inline bool memo__gate_may_sample(struct memo__gate_try *g, uint64_t key)
{
    g->is_check =
        g->doubt && g->doubt->key == key && g->doubt->n_hits >= memo__gate_trust(g->doubt);
    return g->is_check || (g->window ? g->window->n % 16 == 3 : g->is_sample);
}
bool memo__gate_samples(struct memo__gate_try *g, bool is_disk, uint64_t cost_ns);

/* The call was a hit on an entry that once took cost_ns. */
void memo__gate_hit_slow(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g,
                         uint64_t key, bool is_disk, uint64_t cost_ns);
static inline void memo__gate_hit(struct memo__thread *t, struct memo__site *s,
                                  struct memo__gate_try *g, uint64_t key, bool is_disk,
                                  uint64_t cost_ns)
{
    if (g->doubt || g->is_bypassed)
        memo__gate_hit_slow(t, s, g, key, is_disk, cost_ns);
}

/* Computing begins, with the clock at start_ns; it has ended, and the runtime was
 * just entered again: whether it made no memoized calls (a disturbed call isn't
 * to be stored, a sample only if it is a correction); the call is over, its result stored, the
 * clock having said end_ns when computing ended. */
void memo__gate_computes(struct memo__thread *t, struct memo__gate_try *g, uint64_t start_ns);
bool memo__gate_ends(struct memo__thread *t, struct memo__gate_try *g, uint64_t cost_ns);
void memo__gate_computed(struct memo__thread *t, struct memo__site *s, struct memo__gate_try *g,
                         bool is_leaf, uint64_t cost_ns, uint64_t end_ns);

/* Whether the disk is asked; whether a result that cost this much is put there,
 * or into the scalar table, whose hits can't be told from each other. */
/* Whether a result that cost this much is stored at all. */
static inline bool memo__gate_stores(const struct memo__gate *gate, const struct memo__gate_try *g,
                                     uint64_t cost_ns)
{
    if (g->is_disturbed)
        return false;
    if (g->is_sample)
        return g->is_correction;
    return cost_ns >= MEMO__GATE_DEAR_NS || !__atomic_load_n(&gate->is_choosy, __ATOMIC_RELAXED);
}

bool memo__gate_asks_disk(const struct memo__site *s);
bool memo__gate_puts_disk(struct memo__site *s, uint64_t cost_ns);
bool memo__gate_puts_fast(const struct memo__site *s, uint64_t cost_ns);

/* What computing what the scalar table's hits gave would have taken, each. */
double memo__gate_fast_ns(const struct memo__site *s);

/* Round what the disk does in a call that is timed. */
uint64_t memo__gate_disk_begin(void);
void memo__gate_disk_end(uint64_t began_ns);

/* Calls of site id that thread t bypassed. */
uint64_t memo__gate_bypassed(const struct memo__thread *t, unsigned id);

/* Whether memo_thread.m_last speaks of a bypassed call. */
bool memo__gate_is_left(const struct memo__thread *t, const void *m_last);

/* What the gate does about a function, e.g. "disk off: computing takes 800 ns, a
 * hit on disk 2.1 us"; "" if nothing. Fills and returns text. Any thread. */
#define MEMO__GATE_TEXT 160
const char *memo__gate_text(const struct memo__site *s, char text[MEMO__GATE_TEXT]);

/* In a forked child. */
void memo__gate_fork_child(void);

#endif
